/* Arrays of float64 with the part of NumPy that formulas use, and random numbers.  A formula of one number is a number
   here: there are no arrays without an axis.  Elementary functions are those of `errsurf.portable`, in every bit. */

const np = (() => {
  class Nd {
    constructor(data, shape, bool = false) {
      Object.assign(this, { data, shape, bool });
    }
    get length() {
      return this.shape[0];
    }
    get ndim() {
      return this.shape.length;
    }
    get size() {
      return this.data.length;
    }
    get T() {
      return transpose(this);
    }
    *[Symbol.iterator]() {
      for (let k = 0; k < this.shape[0]; k++) yield get(this, k);
    }
    astype(kind) {
      if (kind === "float32") return made(this.data.map(Math.fround), this.shape);
      return made(kind === int64 ? this.data.map(Math.trunc) : kind === bool_ ? this.data.map((v) => v !== 0) : this.data, this.shape, kind === bool_ || (kind === undefined && this.bool));
    }
    reshape(...shape) {
      shape = shape.length === 1 && Array.isArray(shape[0]) ? [...shape[0]] : shape;
      const open = shape.indexOf(-1);
      if (open >= 0) shape[open] = this.size / shape.reduce((a, b, k) => (k === open ? a : a * b), 1);
      if (product(shape) !== this.size) throw new Error(`${this.shape} as ${shape}`);
      return made(this.data, shape, this.bool);
    }
    ravel() {
      return this.reshape(-1);
    }
    copy() {
      return new Nd(this.data.slice(), this.shape, this.bool);
    }
    tolist() {
      return [...this].map((part) => (part instanceof Nd ? part.tolist() : part));
    }
    item() {
      return this.data[0];
    }
  }

  const product = (shape) => shape.reduce((a, b) => a * b, 1);
  const isArray = (x) => x instanceof Nd || Array.isArray(x) || ArrayBuffer.isView(x);
  const truth = (x) => (isArray(x) ? (x instanceof Nd && x.size === 1 ? x.data[0] !== 0 : x.length > 0) : Boolean(x));

  /* An array, or the number itself where there is no axis. */
  function made(data, shape, bool = false) {
    if (!shape.length) return bool ? data[0] !== 0 : data[0];
    return new Nd(data, shape, bool);
  }

  function asarray(x) {
    if (x instanceof Nd) return x;
    if (typeof x === "number" || typeof x === "boolean") return new Nd(Float64Array.of(x), [], typeof x === "boolean");
    if (ArrayBuffer.isView(x)) return new Nd(Float64Array.from(x), [x.length]);
    if (!Array.isArray(x)) throw new TypeError(`no array: ${x}`);
    return x.length ? stack(x) : new Nd(new Float64Array(0), [0]);
  }
  const array = (x, { dtype } = {}) => (typeof x === "number" || typeof x === "boolean" ? x : asarray(x).astype(dtype).copy());

  /* Steps from entry to entry along each axis, and flat places of all entries of `shape` in an array broadcast to it. */
  const strides = (shape) => shape.map((_, k) => product(shape.slice(k + 1)));
  function places(from, shape) {
    const steps = strides(from).map((step, k) => (from[k] === 1 ? 0 : step));
    return outer([...shape.slice(0, shape.length - from.length).map((n) => new Array(n).fill(0)), ...steps.map((step, k) => Array.from({ length: shape[shape.length - from.length + k] }, (_, i) => i * step))]);
  }
  /* All sums of one number of each list, the last list's changing fastest. */
  function outer(lists) {
    let found = Int32Array.of(0);
    for (const list of lists) {
      const next = new Int32Array(found.length * list.length);
      for (let i = 0, k = 0; i < found.length; i++) for (let j = 0; j < list.length; j++) next[k++] = found[i] + list[j];
      found = next;
    }
    return found;
  }
  function at(data, from) {
    const found = new Float64Array(from.length);
    for (let k = 0; k < from.length; k++) found[k] = data[from[k]];
    return found;
  }
  function joint(...shapes) {
    const axes = Math.max(...shapes.map((shape) => shape.length));
    return Array.from({ length: axes }, (_, k) => {
      const sizes = shapes.map((shape) => shape[k - axes + shape.length] ?? 1);
      const size = sizes.find((n) => n !== 1) ?? 1;
      if (sizes.some((n) => n !== 1 && n !== size)) throw new Error(`shapes ${shapes.join(" and ")}`);
      return size;
    });
  }
  function broadcast_to(x, shape) {
    x = asarray(x);
    return made(at(x.data, places(x.shape, shape)), shape, x.bool);
  }

  const same = (a, b) => a.length === b.length && a.every((n, k) => n === b[k]);
  /* A function of numbers over arrays; `bool` of its result: always, or where all arguments are (null). */
  function over(f, bool = false) {
    const applied = (a, b) => {
      if (!isArray(a) && !isArray(b)) return f(a, b);
      [a, b] = [asarray(a), b === undefined ? b : asarray(b)];
      const flag = bool ?? (a.bool && (b === undefined || b.bool));
      if (b === undefined) return made(a.data.map((v) => f(v)), a.shape, flag);
      const [x, y] = [a.data, b.data];
      if (same(a.shape, b.shape)) return made(x.map((v, k) => f(v, y[k])), a.shape, flag);
      if (y.length === 1 && b.ndim <= a.ndim) return made(x.map((v) => f(v, y[0])), a.shape, flag);
      if (x.length === 1 && a.ndim <= b.ndim) return made(y.map((v) => f(x[0], v)), b.shape, flag);
      const shape = joint(a.shape, b.shape);
      const [v, w] = [at(x, places(a.shape, shape)), at(y, places(b.shape, shape))];
      return made(v.map((one, k) => f(one, w[k])), shape, flag);
    };
    applied.accumulate = (x, axis = 0) => along(asarray(x), axis.axis ?? axis, (lane) => lane.map((_, k) => (k ? (lane[k] = f(lane[k - 1], lane[k])) : lane[0])), bool ?? asarray(x).bool);
    return applied;
  }

  const modulo = (a, b) => {
    const left = a % b;
    return left ? ((b < 0) !== (left < 0) ? left + b : left) : b < 0 ? -0 : 0 * left;
  };
  const floordiv = (a, b) => {
    const whole = (a - modulo(a, b)) / b;
    const below = Math.floor(whole);
    return whole - below > 0.5 ? below + 1 : below;
  };
  const bits = (f, g) => over((a, b) => (typeof a === "boolean" && typeof b === "boolean" ? g(a, b) : f(a, b)), null);
  const sum = over((a, b) => a + b);
  const add = (a, b) => (typeof a === "string" || (Array.isArray(a) && Array.isArray(b)) ? a.concat(b) : sum(a, b));
  const maximum = over((a, b) => (a > b || a !== a ? a : b));
  const minimum = over((a, b) => (a < b || a !== a ? a : b));
  /* Truth values are numbers too; records are equal where all their fields are. */
  const equal = (a, b) => a === b || (a !== null && b !== null && (typeof a === "object" && typeof b === "object" ? JSON.stringify(a) === JSON.stringify(b) : typeof a !== typeof b && Number(a) === Number(b)));
  const eq = over(equal, true);
  const abs = over(Math.abs);
  const and = bits((a, b) => a & b, (a, b) => a && b);
  const or = bits((a, b) => a | b, (a, b) => a || b);
  const not = over((a) => !a, true);
  const inv = (x) => (typeof x === "boolean" || x.bool ? not(x) : over((a) => ~a)(x));
  const ops = {
    add, and, or, inv, eq,
    sub: over((a, b) => a - b),
    mul: over((a, b) => a * b),
    div: over((a, b) => a / b),
    mod: over(modulo),
    floordiv: over(floordiv),
    neg: over((a) => -a),
    xor: bits((a, b) => a ^ b, (a, b) => a !== b),
    ne: over((a, b) => !equal(a, b), true),
    lt: over((a, b) => a < b, true),
    le: over((a, b) => a <= b, true),
    gt: over((a, b) => a > b, true),
    ge: over((a, b) => a >= b, true),
  };

  /* Flat places and shape of what an index chooses. */
  const dots = Symbol("...");
  class Slice {
    constructor(begin, end, step) {
      Object.assign(this, { begin, end, step: step ?? 1 });
    }
    of(n) {
      const back = this.step < 0;
      const cut = (at, other) => (at === null || at === undefined ? other : Math.max(back ? -1 : 0, Math.min(back ? n - 1 : n, at < 0 ? at + n : at)));
      const [begin, end] = [cut(this.begin, back ? n - 1 : 0), cut(this.end, back ? -1 : n)];
      return Array.from({ length: Math.max(0, Math.ceil((end - begin) / this.step)) }, (_, k) => begin + k * this.step);
    }
  }
  function chosen(x, index) {
    index = index.map((at) => (isArray(at) ? asarray(at) : at)).flatMap((at) => (at instanceof Nd && at.bool ? nonzero(at) : [at]));
    const open = x.ndim - index.filter((at) => at !== null && at !== dots).length;
    const at = index.indexOf(dots);
    const full = Array.from({ length: open }, () => new Slice(null, null));
    index = at < 0 ? [...index, ...full] : [...index.slice(0, at), ...full, ...index.slice(at + 1)];
    const steps = strides(x.shape);
    const several = index.some((each) => each instanceof Nd);
    const fancy = several ? joint(...index.map((each) => (each instanceof Nd ? each.shape : []))) : [];
    const parts = [];
    const spots = [];
    let sums = null;
    let axis = 0;
    const moved = (value, n) => {
      const found = value < 0 ? value + n : value;
      if (!(found >= 0 && found < n)) throw new RangeError(`index ${value} of ${n}`);
      return found;
    };
    for (const each of index) {
      if (each === null) {
        parts.push({ shape: [1], list: [0] });
        continue;
      }
      const [n, step] = [x.shape[axis], steps[axis++]];
      if (each instanceof Slice) {
        const list = each.of(n).map((k) => k * step);
        parts.push({ shape: [list.length], list });
      } else if (several) {
        const list = broadcast_to(each, fancy);
        const flat = Array.from(isArray(list) ? list.data : [list], (k) => moved(k, n) * step);
        sums = sums ? sums.map((a, k) => a + flat[k]) : flat;
        if (parts.at(-1) !== fancy) parts.push(fancy);
        spots.push(parts.length - 1);
      } else {
        parts.push({ shape: [], list: [moved(each, n) * step] });
      }
    }
    const apart = new Set(spots).size > 1;
    const found = parts.filter((part) => part !== fancy);
    if (several) found.splice(apart ? 0 : spots[0], 0, { shape: fancy, list: sums });
    return { places: outer(found.map(({ list }) => list)), shape: found.flatMap(({ shape }) => shape) };
  }
  /* The parts along the first axis with these numbers; or those for which a truth value holds. */
  function picked(x, index) {
    const [n, step, rows] = [x.length, strides(x.shape)[0], index.bool ? held(index.data) : index.data];
    const data = new Float64Array(rows.length * step);
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k] < 0 ? rows[k] + n : rows[k];
      if (!(row >= 0 && row < n)) throw new RangeError(`index ${row} of ${n}`);
      for (let j = 0; j < step; j++) data[k * step + j] = x.data[row * step + j];
    }
    return new Nd(data, [rows.length, ...x.shape.slice(1)], x.bool);
  }
  function held(data) {
    const rows = new Int32Array(data.length);
    let count = 0;
    for (let k = 0; k < data.length; k++) if (data[k]) rows[count++] = k;
    return rows.subarray(0, count);
  }
  function get(x, ...index) {
    const [first] = index;
    if (x instanceof Nd) {
      if (index.length === 1 && index[0] instanceof Nd && index[0].ndim === 1) return picked(x, index[0]);
      const found = chosen(x, index);
      return made(at(x.data, found.places), found.shape, x.bool);
    }
    if (isArray(x) || typeof x === "string") {
      if (isArray(first)) return get(asarray(x), ...index);
      if (!(first instanceof Slice)) return x[first < 0 ? first + x.length : first];
      const some = first.of(x.length).map((k) => x[k]);
      return typeof x === "string" ? some.join("") : some;
    }
    if (typeof first === "number" || first instanceof Slice) return get(Object.values(x), first);
    return x[first];
  }
  function set(x, index, value) {
    if (!(x instanceof Nd)) {
      x[index[0] < 0 ? index[0] + x.length : index[0]] = value;
      return;
    }
    const found = chosen(x, index);
    const from = asarray(value);
    const at = places(from.shape, found.shape);
    found.places.forEach((k, i) => (x.data[k] = from.data[at[i]]));
  }

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
    const rows = [];
    for (let o = 0; o < outside; o++) {
      for (let i = 0; i < inner; i++) {
        const lane = new Float64Array(n);
        for (let k = 0; k < n; k++) lane[k] = x.data[(o * n + k) * inner + i];
        rows.push(f(lane, inner));
      }
    }
    if (!rows.length || typeof rows[0] !== "object") return made(Float64Array.from(rows), x.shape.toSpliced ? x.shape.toSpliced(axis, 1) : x.shape.filter((_, k) => k !== axis), bool);
    const m = rows[0].length;
    const data = new Float64Array(rows.length * m);
    rows.forEach((row, r) => row.forEach((v, k) => (data[(Math.floor(r / inner) * m + k) * inner + (r % inner)] = v)));
    return made(data, x.shape.map((size, k) => (k === axis ? m : size)), bool);
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
  const first = (f) => (lane) => lane.reduce((best, v, k) => (lane[best] !== lane[best] || !(f(v, lane[best]) || v !== v) ? best : k), 0);
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
  const quantile = (x, q) => (isArray(q) ? asarray(Array.from(q, (each) => quantiles(asarray(x).ravel().data.slice(), each))) : quantiles(asarray(x).ravel().data.slice(), q));

  /* Shapes. */
  function moved(x, order) {
    const steps = strides(x.shape);
    const shape = order.map((k) => x.shape[k]);
    const from = outer(order.map((k) => Array.from({ length: x.shape[k] }, (_, i) => i * steps[k])));
    return made(at(x.data, from), shape, x.bool);
  }
  const transpose = (x, axes) => moved(asarray(x), axes ?? asarray(x).shape.map((_, k) => k).reverse());
  function moveaxis(x, from, to) {
    const order = x.shape.map((_, k) => k);
    order.splice(to < 0 ? to + x.ndim : to, 0, ...order.splice(from, 1));
    return moved(x, order);
  }
  function concatenate(list, { axis = 0 } = {}) {
    const parts = [...list].map(asarray);
    if (axis !== 0) return moveaxis(concatenate(parts.map((part) => moveaxis(part, axis, 0))), 0, axis);
    const data = new Float64Array(parts.reduce((n, part) => n + part.size, 0));
    parts.reduce((at, part) => (data.set(part.data, at), at + part.size), 0);
    return made(data, [parts.reduce((n, part) => n + part.length, 0), ...parts[0].shape.slice(1)], parts.every((part) => part.bool));
  }
  function stack(list, { axis = 0 } = {}) {
    const parts = [...list].map(asarray);
    if (parts.some((part) => !same(part.shape, parts[0].shape))) throw new Error("parts of different shapes");
    const found = concatenate(parts.map((part) => new Nd(part.data, [1, ...part.shape], part.bool)));
    return axis === 0 ? found : moveaxis(found, 0, axis < 0 ? axis + found.ndim : axis);
  }
  const sizes = (shape) => (isArray(shape) ? [...shape] : [shape]);
  const full = (shape, value, kind = {}) => {
    const one = asarray(value);
    return made(at(one.data, places(one.shape, sizes(shape))), sizes(shape), one.bool || (kind.dtype ?? kind) === bool_);
  };
  const like = (value) => (x) => full(asarray(x).shape, value);
  function arange(begin, end, step = 1) {
    if (typeof end !== "number") [begin, end] = [0, begin];
    if (typeof step !== "number") step = 1;
    return new Nd(Float64Array.from({ length: Math.max(0, Math.ceil((end - begin) / step)) }, (_, k) => begin + k * step), [Math.max(0, Math.ceil((end - begin) / step))]);
  }
  const linspace = (a, b, n) => asarray(Float64Array.from({ length: n }, (_, k) => (k === n - 1 && n > 1 ? b : a + k * ((b - a) / Math.max(1, n - 1)))));
  function resize(x, shape) {
    const data = asarray(x).data;
    return made(Float64Array.from({ length: product(sizes(shape)) }, (_, k) => data[k % data.length]), sizes(shape));
  }
  function tile(x, counts) {
    x = asarray(x);
    counts = sizes(counts);
    const shape = [...new Array(Math.max(0, counts.length - x.ndim)).fill(1), ...x.shape];
    counts = [...new Array(shape.length - counts.length).fill(1), ...counts];
    const steps = strides(shape);
    const from = outer(shape.map((n, k) => Array.from({ length: n * counts[k] }, (_, i) => (i % n) * steps[k])));
    return made(at(x.data, from), shape.map((n, k) => n * counts[k]), x.bool);
  }
  const repeat = (x, counts, { axis } = {}) => {
    if (axis) throw new Error("repeat along an axis");
    return asarray(Float64Array.from(asarray(x).data).constructor.from([...asarray(x).data].flatMap((v, k) => new Array(isArray(counts) ? get(asarray(counts), k) : counts).fill(v))));
  };

  /* Choices. */
  function nonzero(x) {
    const steps = strides(x.shape);
    const flat = Array.from(x.data.keys()).filter((k) => x.data[k] !== 0);
    return x.shape.map((n, a) => asarray(Float64Array.from(flat, (k) => Math.floor(k / steps[a]) % n)));
  }
  const flatnonzero = (x) => nonzero(asarray(x).ravel())[0];
  function where(condition, a, b) {
    if (a === undefined) return nonzero(asarray(condition));
    if (!isArray(condition) && !isArray(a) && !isArray(b)) return condition ? a : b;
    const [c, x, y] = [condition, a, b].map(asarray);
    const shape = joint(c.shape, x.shape, y.shape);
    const [kept, one, other] = [c, x, y].map((each) => at(each.data, places(each.shape, shape)));
    return made(kept.map((v, k) => (v ? one[k] : other[k])), shape, x.bool && y.bool);
  }
  const divide = (a, b, { out, where: kept } = {}) => (kept === undefined ? ops.div(a, b) : where(kept, ops.div(a, b), out));
  const select = (conditions, values, otherwise = 0) => [...conditions].reduceRight((found, condition, k) => where(condition, values[k], found), otherwise);
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
    return options.return_counts ? [asarray([...counts.keys()]), asarray([...counts.values()])] : asarray([...counts.keys()]);
  }
  /* Ranks from 1 along the first axis, ties at their mean: scipy.stats.rankdata. */
  const rankdata = (x, { axis = 0 } = {}) =>
    along(asarray(x), axis, (lane) => {
      const sorted = lane.slice().sort();
      const means = sorted.slice();
      for (let k = 0, end = 0; k < sorted.length; k = end) {
        for (end = k; end < sorted.length && sorted[end] === sorted[k]; ) end++;
        means.fill((k + 1 + end) / 2, k, end);
      }
      return lane.map((v) => means[below(sorted, v)]);
    });
  function einsum(text, ...given) {
    const [from, to] = text.split("->");
    const names = from.split(",");
    const parts = given.map(asarray);
    const open = Math.max(...names.map((name, k) => (name.includes("...") ? parts[k].ndim - name.replace("...", "").length : 0)));
    const head = Array.from({ length: open }, (_, k) => String(k));
    const axes = (name, all) => (name.includes("...") ? [...head.slice(open - all), ...name.replace("...", "")] : [...name]);
    const labels = names.map((name, k) => axes(name, parts[k].ndim - name.replace("...", "").length));
    const size = {};
    labels.forEach((own, k) => own.forEach((label, a) => (size[label] = Math.max(size[label] ?? 1, parts[k].shape[a]))));
    const kept = axes(to, open);
    const summedUp = Object.keys(size).filter((label) => !kept.includes(label));
    const every = [...kept, ...summedUp];
    const at = parts.map((part, k) => {
      const steps = strides(part.shape);
      return outer(every.map((label) => Array.from({ length: size[label] }, (_, i) => (labels[k].includes(label) && part.shape[labels[k].indexOf(label)] > 1 ? i * steps[labels[k].indexOf(label)] : 0))));
    });
    const inside = product(summedUp.map((label) => size[label]));
    const found = new Float64Array(at[0].length / inside);
    at[0].forEach((_, k) => (found[Math.floor(k / inside)] += parts.reduce((all, part, p) => all * part.data[at[p][k]], 1)));
    return made(found, kept.map((label) => size[label]));
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

  /* Elementary functions in portable bits. */
  const f8 = new Float64Array(1);
  const i4 = new Int32Array(f8.buffer);
  const ROUND = 6755399441055744.0;
  const [HIGH, LOW] = [0x3fe6a09e, 0x667f3bcd];
  function growth(x, t) {
    const n = t - ROUND;
    const r = x - n * 0.69314718036912381649 - n * 1.90821492927058770002e-10;
    let p = r / 6227020800 + 1 / 479001600;
    p = ((p * r + 1 / 39916800) * r + 1 / 3628800) * r + 1 / 362880;
    p = ((p * r + 1 / 40320) * r + 1 / 5040) * r + 1 / 720;
    p = ((p * r + 1 / 120) * r + 1 / 24) * r + 1 / 6;
    return ((p * r + 0.5) * r + 1) * r;
  }
  function exp(x) {
    const t = x * 1.4426950408889634 + ROUND;
    const q = growth(x, t);
    f8[0] = t;
    const k = i4[0];
    f8[0] = q + 1;
    i4[1] += k << 20;
    return x < -708.3 ? 0 : x > 709.7 ? Infinity : f8[0];
  }
  function tanh(x) {
    const size = Math.min(Math.abs(x), 20);
    const n = (size + size) * 1.4426950408889634 + ROUND;
    const q = growth(size + size, n);
    const scaled = (p) => {
      f8[0] = n;
      const k = i4[0];
      f8[0] = p;
      i4[1] += k << 20;
      return f8[0];
    };
    const e = scaled(q) + (scaled(1) - 1);
    return x < 0 ? -(e / (e + 2)) : e / (e + 2);
  }
  function hypot(x, y) {
    const [a, b] = [Math.abs(x), Math.abs(y)];
    const size = a > b || a !== a ? a : b;
    const unit = size > 0 && size < Infinity ? size : 1;
    return Math.sqrt((a / unit) * (a / unit) + (b / unit) * (b / unit)) * unit;
  }
  function log(x) {
    f8[0] = x;
    const low = i4[0] >>> 0;
    const high = (i4[1] - HIGH - (low < LOW ? 1 : 0)) | 0;
    const down = ((low - LOW) >>> 0) + LOW;
    i4[0] = down;
    i4[1] = (high & 0xfffff) + HIGH + (down > 0xffffffff ? 1 : 0);
    const f = f8[0] - 1;
    const s = f / (2 + f);
    const z = s * s;
    let p = ((z * 2) / 23 + 2 / 21) * z + 2 / 19;
    p = ((p * z + 2 / 17) * z + 2 / 15) * z + 2 / 13;
    p = ((p * z + 2 / 11) * z + 2 / 9) * z + 2 / 7;
    p = ((p * z + 2 / 5) * z + 2 / 3) * z;
    const y = (high >> 20) * 0.6931471805599453 + (2 * s + s * p);
    return x > 0 ? (x < Infinity ? y : x) : x === 0 ? -Infinity : NaN;
  }
  function log1p(x) {
    const u = 1 + x;
    const lost = u < Infinity ? (x - (u - 1)) / u : 0;
    return log(u) + (u > 0 ? lost : 0);
  }
  function sine(x, quarter) {
    const t = x * 0.6366197723675814 + ROUND;
    const n = t - ROUND;
    const r = x - n * 1.57079632673412561417 - n * 6.0771005063039659766e-11 - n * 2.02226624879595063154e-21;
    f8[0] = t;
    const q = i4[0] + quarter;
    const z = r * r;
    let y = 0;
    if (q & 1) {
      let p = (1 / 20922789888000 - z / 6402373705728000) * z - 1 / 87178291200;
      p = ((p * z + 1 / 479001600) * z - 1 / 3628800) * z + 1 / 40320;
      y = 1 - 0.5 * z + z * z * ((p * z - 1 / 720) * z + 1 / 24);
    } else {
      let p = (z / 355687428096000 - 1 / 1307674368000) * z + 1 / 6227020800;
      p = ((p * z - 1 / 39916800) * z + 1 / 362880) * z - 1 / 5040;
      y = r + r * z * ((p * z + 1 / 120) * z - 1 / 6);
    }
    y = Math.abs(x) > 1e8 ? 0 : y;
    return q & 2 ? -y : y;
  }
  const sin = (x) => sine(x, 0);
  const cos = (x) => sine(x, 1);
  function power(x, y) {
    if (y !== Math.floor(y) || Math.abs(y) >= 2 ** 53) return y === 0.5 ? Math.sqrt(x) : exp(y * log(x));
    let found = 1;
    for (let left = Math.abs(y); left; left = Math.floor(left / 2)) {
      if (left % 2 === 1) found *= x;
      x *= x;
    }
    return y < 0 ? 1 / found : found;
  }

  /* Python's own functions. */
  const iter = (x) => (typeof x[Symbol.iterator] === "function" ? x : Object.values(x));
  const smallest = (better) => (...given) => {
    const list = given.length === 1 ? [...iter(given[0])] : given;
    return list.reduce((best, v) => (better(v, best) ? v : best));
  };
  const python = {
    iter,
    truth,
    len: (x) => x.length ?? Object.keys(x).length,
    list: (x) => [...iter(x)],
    range: (a, b, step = 1) => (b === undefined ? [...Array(Math.max(0, a)).keys()] : Array.from({ length: Math.max(0, Math.ceil((b - a) / step)) }, (_, k) => a + k * step)),
    zip: (...lists) => {
      const all = lists.map((list) => [...iter(list)]);
      return Array.from({ length: Math.min(...all.map((list) => list.length)) }, (_, k) => all.map((list) => list[k]));
    },
    enumerate: (x, begin = 0) => [...iter(x)].map((v, k) => [k + begin, v]),
    pairwise: (x) => [...iter(x)].slice(1).map((v, k) => [[...iter(x)][k], v]),
    reversed: (x) => [...iter(x)].reverse(),
    sorted: (x) => [...iter(x)].sort((a, b) => a - b),
    map: (f, ...lists) => python.zip(...lists).map((row) => f(...row)),
    pymin: smallest((a, b) => a < b),
    pymax: smallest((a, b) => a > b),
    next: (x, otherwise) => {
      for (const v of iter(x)) return v;
      return otherwise;
    },
    each: (x, f) => Array.from(iter(x), f),
    lazy: function* lazy(x, f) {
      for (const v of iter(x)) yield f(v);
    },
    kept: function* kept(x, f) {
      for (const v of iter(x)) if (truth(f(v))) yield v;
    },
    flat: function* flat(x) {
      for (const v of iter(x)) yield* v;
    },
    record: (names, values) => Object.fromEntries(names.map((name, k) => [name, values[k]])),
    pysum: (x) => [...iter(x)].reduce((a, b) => add(a, b), 0),
    pyany: (x) => [...iter(x)].some(truth),
    pyall: (x) => [...iter(x)].every(truth),
    pyround: (x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x)),
    int: (x) => Math.trunc(Number(x)),
    float: Number,
    bool: truth,
    has: (x, v) => (typeof x === "string" ? x.includes(v) : [...iter(x)].includes(v)),
    either: (a, b) => (truth(a) ? a : b()),
    both: (a, b) => (truth(a) ? b() : a),
  };
  const [int64, float64, bool_] = [Math.trunc, Number, Boolean].map((f) => over((x) => f(x), f === Boolean));
  const isnan = over((x) => x !== x, true);

  /* Random numbers: see errsurf/sampling/philox.py. */
  const high = (a, b) => {
    const [al, ah, bl, bh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
    const middle = ah * bl + ((al * bl) >>> 16);
    return ah * bh + (middle >>> 16) + ((al * bh + (middle & 0xffff)) >>> 16);
  };
  const low = (a, b) => Math.imul(a, b) >>> 0;
  /* NumPy's default generator of a seed, PCG64: O'Neill 2014; whole numbers as in Lemire 2019, arXiv:1805.10941. */
  class Generator {
    constructor(start) {
      const words = (number) => [0, 32, 64, 96].map((by) => Number((BigInt(number) >> BigInt(by)) & 0xffffffffn));
      [[this.s0, this.s1, this.s2, this.s3], this.increment] = start.map(words);
      this.spare = null;
    }
    word() {
      if (this.spare !== null) {
        const word = this.spare;
        this.spare = null;
        return word;
      }
      /* The next state: the last one times a constant, plus the increment, 128 bits in four words. */
      const { s0, s1, s2, s3, increment } = this;
      const [m0, m1, m2, m3] = [0x9fccf645, 0x4385df64, 0x1fc65da4, 0x2360ed05];
      const c0 = low(s0, m0) + increment[0];
      let c1 = high(s0, m0) + low(s0, m1) + low(s1, m0) + increment[1];
      let c2 = high(s0, m1) + high(s1, m0) + low(s0, m2) + low(s1, m1) + low(s2, m0) + increment[2];
      let c3 = high(s0, m2) + high(s1, m1) + high(s2, m0) + low(s0, m3) + low(s1, m2) + low(s2, m1) + low(s3, m0);
      c1 += c0 > 0xffffffff ? 1 : 0;
      c2 += Math.floor(c1 / 4294967296);
      c3 += increment[3] + Math.floor(c2 / 4294967296);
      [this.s0, this.s1, this.s2, this.s3] = [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
      const [x, y] = [this.s0 ^ this.s2, this.s1 ^ this.s3];
      const turn = (this.s3 >>> 26) & 31;
      const [a, b] = this.s3 >>> 31 ? [y, x] : [x, y];
      this.spare = (turn ? (b >>> turn) | (a << (32 - turn)) : b) >>> 0;
      return (turn ? (a >>> turn) | (b << (32 - turn)) : a) >>> 0;
    }
    integers(begin, end, size) {
      const count = end - begin;
      const data = new Float64Array(size);
      const least = 4294967296 % count;
      for (let k = 0; k < size; k++) {
        let word = this.word();
        while (low(word, count) < least) word = this.word();
        data[k] = begin + high(word, count);
      }
      return new Nd(data, [size]);
    }
  }
  class Draw {
    constructor(seed, stream) {
      const number = BigInt(seed);
      this.key = [Number(number & 0xffffffffn), Number((number >> 32n) & 0xffffffffn)];
      this.stream = stream;
      this.used = 0;
    }
    fill(data) {
      for (let k = 0; k < data.length; k++, this.used++) {
        let [c0, c1, c2, c3] = [this.used >>> 0, 0, Math.floor(this.used / 4294967296), this.stream];
        let [k0, k1] = this.key;
        for (let round = 0; round < 10; round++) {
          const [h0, h1] = [high(c0, 0xd2511f53), high(c2, 0xcd9e8d57)];
          const [l0, l1] = [Math.imul(c0, 0xd2511f53), Math.imul(c2, 0xcd9e8d57)];
          [c0, c1, c2, c3] = [h1 ^ c1 ^ k0, l1, h0 ^ c3 ^ k1, l0];
          [k0, k1] = [(k0 + 0x9e3779b9) | 0, (k1 + 0xbb67ae85) | 0];
        }
        data[k] = ((c0 >>> 0) * 2097152 + (c1 & 0x1fffff)) * 2 ** -53;
      }
      return data;
    }
    uniform(...shape) {
      return made(this.fill(new Float64Array(product(shape))), shape);
    }
    normal(...shape) {
      const pairs = this.fill(new Float64Array(2 * product(shape)));
      const data = new Float64Array(product(shape));
      for (let k = 0; k < data.length; k++) data[k] = Math.sqrt(-2 * log1p(-pairs[2 * k])) * cos(2 * Math.PI * pairs[2 * k + 1]);
      return made(data, shape);
    }
  }

  return {
    Nd, Draw, Generator, dots, get, set, array, made, asarray: (x) => (typeof x === "number" || typeof x === "boolean" ? x : asarray(x)), along, ...ops, ...reductions, ...python, quantile,
    nd: (data, shape, bool) => made(Float64Array.from(data), shape, bool),
    slice: (a, b, c) => new Slice(a, b, c),
    transpose, moveaxis, concatenate, stack, full, arange, linspace, resize, tile, repeat, broadcast_to,
    zeros: (shape, kind) => full(shape, 0, kind), ones: (shape, kind) => full(shape, 1, kind), empty: (shape) => full(shape, 0),
    zeros_like: like(0), ones_like: like(1), empty_like: like(0), full_like: (x, value) => full(asarray(x).shape, value),
    flatnonzero, where, divide, select, clip, take, searchsorted, interp, unique, rankdata, einsum, matmul, put_along_axis, fill_diagonal,
    divmod: (a, b) => [ops.floordiv(a, b), ops.mod(a, b)],
    maximum, minimum, abs, absolute: abs, int64, float64, bool_, isnan,
    logical_or: or, logical_and: and, logical_not: not,
    isfinite: over(Number.isFinite, true), isinf: over((x) => Math.abs(x) === Infinity, true),
    sign: over(Math.sign), sqrt: over(Math.sqrt), floor: over(Math.floor), ceil: over(Math.ceil), trunc: over(Math.trunc),
    exp: over(exp), log: over(log), log1p: over(log1p), sin: over(sin), cos: over(cos), pow: over(power), power: over(power),
    hypot: over(hypot), arctan2: over(Math.atan2), expm1: over(Math.expm1), tanh: over(tanh),
    pi: Math.PI, inf: Infinity, nan: NaN,
  };
})();
