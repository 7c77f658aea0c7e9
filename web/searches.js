/* What is looked up, ranked or chosen in arrays, and products of several. */

Object.assign(
  np,
  (() => {
    const { Nd, made, get, where, maximum, minimum, broadcast_to } = np;
    const { product, isArray, strides, outer, over, ops, along, rising } = np.own;
    const asarray = (x) => (x instanceof Nd ? x : np.asarray(isArray(x) ? x : [x]));

    const divide = (a, b, { out, where: kept } = {}) =>
      kept === undefined ? ops.div(a, b) : where(kept, ops.div(a, b), out);
    const select = (conditions, values, otherwise = 0) =>
      [...conditions].reduceRight((found, condition, k) => where(condition, values[k], found), otherwise);
    const clip = (x, low, high) => minimum(maximum(x, low), high);
    const take = (x, at) => get(asarray(x), at);
    function below(sorted, v) {
      let [low, high] = [0, sorted.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (sorted[middle] < v) low = middle + 1;
        else high = middle;
      }
      return low;
    }
    function searchsorted(sorted, x, { side = "left" } = {}) {
      const list = asarray(sorted).data;
      return over((v) => {
        let [low, high] = [0, list.length];
        while (low < high) {
          const middle = (low + high) >> 1;
          if (rising(list[middle], v) < 0 || (side === "right" && rising(list[middle], v) === 0)) low = middle + 1;
          else high = middle;
        }
        return low;
      })(x);
    }
    function interp(x, at, heights) {
      [at, heights] = [asarray(at).data, asarray(heights).data];
      const last = at.length - 1;
      const left = clip(ops.sub(searchsorted(at, x, { side: "right" }), 1), 0, Math.max(last - 1, 0));
      return over((v, k) => {
        const next = Math.min(k + 1, last);
        const found = ((heights[next] - heights[k]) / (at[next] - at[k])) * (v - at[k]) + heights[k];
        return v < at[0] ? heights[0] : v >= at[last] ? heights[last] : found;
      })(x, left);
    }
    function unique(x, options = {}) {
      const counts = new Map();
      for (const v of asarray(x).ravel().data.slice().sort()) counts.set(v, (counts.get(v) ?? 0) + 1);
      return options.return_counts
        ? [asarray([...counts.keys()]), asarray([...counts.values()])]
        : asarray([...counts.keys()]);
    }
    /* Ranks from 1 along the first axis, ties at their mean: scipy.stats.rankdata. */
    const rankdata = (x, { axis = 0 } = {}) =>
      along(asarray(x), axis, (lane) => {
        const sorted = lane.slice().sort();
        const means = sorted.slice();
        for (let k = 0, end = 0; k < sorted.length; k = end) {
          for (end = k; end < sorted.length && sorted[end] === sorted[k];) end++;
          means.fill((k + 1 + end) / 2, k, end);
        }
        return lane.map((v) => means[below(sorted, v)]);
      });
    function einsum(text, ...given) {
      const [from, to] = text.split("->");
      const names = from.split(",");
      const parts = given.map(asarray);
      const open = Math.max(
        ...names.map((name, k) => (name.includes("...") ? parts[k].ndim - name.replace("...", "").length : 0)),
      );
      const head = Array.from({ length: open }, (_, k) => String(k));
      const axes = (name, all) =>
        name.includes("...") ? [...head.slice(open - all), ...name.replace("...", "")] : [...name];
      const labels = names.map((name, k) => axes(name, parts[k].ndim - name.replace("...", "").length));
      const size = {};
      labels.forEach((own, k) =>
        own.forEach((label, a) => (size[label] = Math.max(size[label] ?? 1, parts[k].shape[a]))),
      );
      const kept = axes(to, open);
      const summedUp = Object.keys(size).filter((label) => !kept.includes(label));
      const every = [...kept, ...summedUp];
      const at = parts.map((part, k) => {
        const steps = strides(part.shape);
        return outer(
          every.map((label) =>
            Array.from({ length: size[label] }, (_, i) =>
              labels[k].includes(label) && part.shape[labels[k].indexOf(label)] > 1
                ? i * steps[labels[k].indexOf(label)]
                : 0,
            ),
          ),
        );
      });
      const inside = product(summedUp.map((label) => size[label]));
      const found = new Float64Array(at[0].length / inside);
      at[0].forEach(
        (_, k) => (found[Math.floor(k / inside)] += parts.reduce((all, part, p) => all * part.data[at[p][k]], 1)),
      );
      return made(
        found,
        kept.map((label) => size[label]),
      );
    }
    function matmul(a, b) {
      [a, b] = [asarray(a), asarray(b)];
      return einsum(b.ndim === 1 ? "...j,j->..." : "...ij,...jk->...ik", a, b);
    }
    function put_along_axis(x, at, values, axis) {
      if ((axis.axis ?? axis) !== x.ndim - 1) throw new Error("put_along_axis along another axis");
      const from = broadcast_to(values, at.shape);
      const n = x.shape.at(-1);
      at.data.forEach((k, i) => (x.data[Math.floor(i / at.shape.at(-1)) * n + k] = from.data[i]));
    }
    function fill_diagonal(x, value) {
      for (let k = 0; k < Math.min(...x.shape); k++) x.data[k * (x.shape[1] + 1)] = value;
    }

    return {
      divide,
      select,
      clip,
      take,
      searchsorted,
      interp,
      unique,
      rankdata,
      einsum,
      matmul,
      put_along_axis,
      fill_diagonal,
    };
  })(),
);
