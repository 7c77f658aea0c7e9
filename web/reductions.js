/* Sums, extremes, medians and the like, along an axis or of all numbers, and what sorts. */

Object.assign(
  np,
  (() => {
    const { Nd, made } = np;
    const { product, isArray } = np.own;
    const asarray = (x) => (x instanceof Nd ? x : np.asarray(isArray(x) ? x : [x]));

    /* The lanes of an axis, each changed or reduced by a function that may write in its own copy. */
    function along(x, axis, f, bool = false) {
      if (axis === undefined || axis === null) [x, axis] = [x.ravel(), 0];
      if (x.ndim === 1) {
        const found = f(Float64Array.from(x.data), 1);
        return typeof found === "object" ? made(found, [found.length], bool) : bool ? found !== 0 : found;
      }
      if (axis < 0) axis += x.ndim;
      const n = x.shape[axis];
      const inner = product(x.shape.slice(axis + 1));
      const outside = product(x.shape.slice(0, axis));
      const read = (lane, r) => {
        const from = Math.floor(r / inner) * n * inner + (r % inner);
        for (let k = 0; k < n; k++) lane[k] = x.data[from + k * inner];
        return lane;
      };
      const lanes = outside * inner;
      const first = lanes ? f(read(new Float64Array(n), 0), inner) : 0;
      if (typeof first !== "object") {
        const data = new Float64Array(lanes).fill(first, 0, Math.min(1, lanes));
        const lane = new Float64Array(n);
        for (let r = 1; r < lanes; r++) data[r] = f(read(lane, r), inner);
        return made(
          data,
          x.shape.filter((_, k) => k !== axis),
          bool,
        );
      }
      const m = first.length;
      const data = new Float64Array(lanes * m);
      for (let r = 0; r < lanes; r++) {
        const lane = r ? f(read(new Float64Array(n), r), inner) : first;
        for (let k = 0; k < m; k++) data[(Math.floor(r / inner) * m + k) * inner + (r % inner)] = lane[k];
      }
      return made(
        data,
        x.shape.map((size, k) => (k === axis ? m : size)),
        bool,
      );
    }
    /* NumPy's order of sums: eight at once in one lane, one after the other across lanes. */
    function summed(lane, inner = 1, begin = 0, n = lane.length) {
      let total = 0;
      if (inner > 1 || n < 8) {
        for (let k = 0; k < n; k++) total = k ? total + lane[begin + k] : lane[begin];
        return total;
      }
      if (n > 128) {
        const half = Math.floor(n / 2) - (Math.floor(n / 2) % 8);
        return summed(lane, inner, begin, half) + summed(lane, inner, begin + half, n - half);
      }
      const r = lane.slice(begin, begin + 8);
      let k = 8;
      for (; k < n - (n % 8); k += 8) for (let j = 0; j < 8; j++) r[j] += lane[begin + k + j];
      total = r[0] + r[1] + (r[2] + r[3]) + (r[4] + r[5] + (r[6] + r[7]));
      for (; k < n; k++) total += lane[begin + k];
      return total;
    }
    const first = (f) => (lane) =>
      lane.reduce((best, v, k) => (lane[best] !== lane[best] || !(f(v, lane[best]) || v !== v) ? best : k), 0);
    const rising = (a, b) => (a !== a ? (b !== b ? 0 : 1) : b !== b ? -1 : a - b || 0);
    const quantiles = (lane, q) => {
      if (lane.some((v) => v !== v) || !lane.length) return NaN;
      const sorted = lane.sort();
      const at = q * (sorted.length - 1);
      const [k, part] = [Math.floor(at), at - Math.floor(at)];
      const [a, b] = [sorted[k], sorted[Math.min(k + 1, sorted.length - 1)]];
      if (!part || a === b) return a;
      return part < 0.5 ? a + (b - a) * part : b - (b - a) * (1 - part);
    };
    /* The number of a rank, counted from 0, with all smaller ones moved before it: Hoare's FIND. */
    function ranked(lane, rank) {
      let [low, end] = [0, lane.length - 1];
      while (low < end) {
        const pivot = lane[(low + end) >> 1];
        let [i, j] = [low, end];
        while (i <= j) {
          while (lane[i] < pivot) i++;
          while (lane[j] > pivot) j--;
          if (i > j) break;
          const other = lane[i];
          lane[i++] = lane[j];
          lane[j--] = other;
        }
        if (rank <= j) end = j;
        else if (rank >= i) low = i;
        else break;
      }
      return lane[rank];
    }
    const unknown = (lane) => {
      for (let k = 0; k < lane.length; k++) if (lane[k] !== lane[k]) return true;
      return !lane.length;
    };
    const median = (lane) => {
      if (unknown(lane)) return NaN;
      const middle = lane.length >> 1;
      const upper = ranked(lane, middle);
      if (lane.length % 2) return upper;
      let lower = -Infinity;
      for (let k = 0; k < middle; k++) if (lane[k] > lower) lower = lane[k];
      return (lower + upper) / 2;
    };
    const extreme = (better, initial) => (lane) => {
      if (!lane.length && initial === undefined) throw new Error("no values");
      return lane.reduce((best, v) => (best !== best || !(better(v, best) || v !== v) ? best : v), initial ?? lane[0]);
    };
    /* Reductions are functions of an array and methods of it; the axis stands alone or among the options. */
    const reducers = {
      sum: () => summed,
      prod: () => (lane) => lane.reduce((a, b) => a * b, 1),
      mean: () => (lane, inner) => summed(lane, inner) / lane.length,
      median: () => median,
      min: ({ initial }) => extreme((a, b) => a < b, initial),
      max: ({ initial }) => extreme((a, b) => a > b, initial),
      argmax: () => first((a, b) => a > b),
      argmin: () => first((a, b) => a < b),
      cumsum: () => (lane) => lane.map((_, k) => (k ? (lane[k] += lane[k - 1]) : lane[0])),
      cumprod: () => (lane) => lane.map((_, k) => (k ? (lane[k] *= lane[k - 1]) : lane[0])),
      sort: () => (lane) => lane.sort(),
      argsort: () => (lane) => Float64Array.from(Array.from(lane.keys()).sort((a, b) => rising(lane[a], lane[b]))),
      diff: () => (lane) => lane.slice(1).map((v, k) => v - lane[k]),
      any: () => (lane) => Number(lane.some((v) => v !== 0)),
      all: () => (lane) => Number(lane.every((v) => v !== 0)),
    };
    const usual = { sort: -1, argsort: -1, diff: -1 };
    const reductions = {};
    for (const [name, reducer] of Object.entries(reducers)) {
      reductions[name] = (x, axis, options = {}) => {
        if (axis !== null && typeof axis === "object") [axis, options] = [axis.axis, axis];
        return along(asarray(x), axis ?? usual[name], reducer(options), name === "any" || name === "all");
      };
      Nd.prototype[name] = function reduced(...rest) {
        return reductions[name](this, ...rest);
      };
    }
    const quantile = (x, q) =>
      isArray(q)
        ? asarray(Array.from(q, (each) => quantiles(asarray(x).ravel().data.slice(), each)))
        : quantiles(asarray(x).ravel().data.slice(), q);

    Object.assign(np.own, { along, rising });
    return { along, ...reductions, quantile };
  })(),
);
