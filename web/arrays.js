/* Arrays of float64 with the part of NumPy that formulas use: indices, shapes and arithmetic.  A formula of one number
   is a number here: there are no arrays without an axis. */

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
      return made(
        kind === int64 ? this.data.map(Math.trunc) : kind === bool_ ? this.data.map((v) => v !== 0) : this.data,
        this.shape,
        kind === bool_ || (kind === undefined && this.bool),
      );
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
  const array = (x, { dtype } = {}) =>
    typeof x === "number" || typeof x === "boolean" ? x : asarray(x).astype(dtype).copy();

  /* Steps from entry to entry along each axis; flat places of all entries of `shape` in an array broadcast to it. */
  const strides = (shape) => shape.map((_, k) => product(shape.slice(k + 1)));
  function places(from, shape) {
    const steps = strides(from).map((step, k) => (from[k] === 1 ? 0 : step));
    return outer([
      ...shape.slice(0, shape.length - from.length).map((n) => new Array(n).fill(0)),
      ...steps.map((step, k) => Array.from({ length: shape[shape.length - from.length + k] }, (_, i) => i * step)),
    ]);
  }
  /* All sums of one number of each list, the last list's changing fastest. */
  function outer(lists) {
    let found = Int32Array.of(0);
    for (const list of lists) {
      const next = new Int32Array(found.length * list.length);
      for (let i = 0, k = 0; i < found.length; i++)
        for (let j = 0; j < list.length; j++) next[k++] = found[i] + list[j];
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
      if (b === undefined)
        return made(
          a.data.map((v) => f(v)),
          a.shape,
          flag,
        );
      const [x, y] = [a.data, b.data];
      if (same(a.shape, b.shape))
        return made(
          x.map((v, k) => f(v, y[k])),
          a.shape,
          flag,
        );
      if (y.length === 1 && b.ndim <= a.ndim)
        return made(
          x.map((v) => f(v, y[0])),
          a.shape,
          flag,
        );
      if (x.length === 1 && a.ndim <= b.ndim)
        return made(
          y.map((v) => f(x[0], v)),
          b.shape,
          flag,
        );
      const shape = joint(a.shape, b.shape);
      const [v, w] = [at(x, places(a.shape, shape)), at(y, places(b.shape, shape))];
      return made(
        v.map((one, k) => f(one, w[k])),
        shape,
        flag,
      );
    };
    applied.accumulate = (x, axis = 0) =>
      np.own.along(
        asarray(x),
        axis.axis ?? axis,
        (lane) => lane.map((_, k) => (k ? (lane[k] = f(lane[k - 1], lane[k])) : lane[0])),
        bool ?? asarray(x).bool,
      );
    return applied;
  }

  const modulo = (a, b) => {
    const left = a % b;
    return left ? (b < 0 !== left < 0 ? left + b : left) : b < 0 ? -0 : 0 * left;
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
  const equal = (a, b) =>
    a === b ||
    (a !== null &&
      b !== null &&
      (typeof a === "object" && typeof b === "object"
        ? JSON.stringify(a) === JSON.stringify(b)
        : typeof a !== typeof b && Number(a) === Number(b)));
  const eq = over(equal, true);
  const abs = over(Math.abs);
  const and = bits(
    (a, b) => a & b,
    (a, b) => a && b,
  );
  const or = bits(
    (a, b) => a | b,
    (a, b) => a || b,
  );
  const not = over((a) => !a, true);
  const inv = (x) => (typeof x === "boolean" || x.bool ? not(x) : over((a) => ~a)(x));
  const ops = {
    add,
    and,
    or,
    inv,
    eq,
    sub: over((a, b) => a - b),
    mul: over((a, b) => a * b),
    div: over((a, b) => a / b),
    mod: over(modulo),
    floordiv: over(floordiv),
    neg: over((a) => -a),
    xor: bits(
      (a, b) => a ^ b,
      (a, b) => a !== b,
    ),
    ne: over((a, b) => !equal(a, b), true),
    lt: over((a, b) => a < b, true),
    le: over((a, b) => a <= b, true),
    gt: over((a, b) => a > b, true),
    ge: over((a, b) => a >= b, true),
  };

  const [int64, float64, bool_] = [Math.trunc, Number, Boolean].map((f) => over((x) => f(x), f === Boolean));

  /* Flat places and shape of what an index chooses. */
  const dots = Symbol("...");
  class Slice {
    constructor(start, end, step) {
      Object.assign(this, { start, end, step: step ?? 1 });
    }
    of(n) {
      const back = this.step < 0;
      const cut = (at, other) =>
        at === null || at === undefined
          ? other
          : Math.max(back ? -1 : 0, Math.min(back ? n - 1 : n, at < 0 ? at + n : at));
      const [begin, end] = [cut(this.start, back ? n - 1 : 0), cut(this.end, back ? -1 : n)];
      return Array.from({ length: Math.max(0, Math.ceil((end - begin) / this.step)) }, (_, k) => begin + k * this.step);
    }
  }
  function chosen(x, index) {
    index = index
      .map((at) => (isArray(at) ? asarray(at) : at))
      .flatMap((at) => (at instanceof Nd && at.bool ? nonzero(at) : [at]));
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

  /* Shapes. */
  function moved(x, order) {
    const steps = strides(x.shape);
    const shape = order.map((k) => x.shape[k]);
    const from = outer(order.map((k) => Array.from({ length: x.shape[k] }, (_, i) => i * steps[k])));
    return made(at(x.data, from), shape, x.bool);
  }
  const transpose = (x, axes) =>
    moved(
      asarray(x),
      axes ??
        asarray(x)
          .shape.map((_, k) => k)
          .reverse(),
    );
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
    return made(
      data,
      [parts.reduce((n, part) => n + part.length, 0), ...parts[0].shape.slice(1)],
      parts.every((part) => part.bool),
    );
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
    return made(
      at(one.data, places(one.shape, sizes(shape))),
      sizes(shape),
      one.bool || (kind.dtype ?? kind) === bool_,
    );
  };
  const like = (value) => (x) => full(asarray(x).shape, value);
  function arange(begin, end, step = 1) {
    if (typeof end !== "number") [begin, end] = [0, begin];
    if (typeof step !== "number") step = 1;
    return new Nd(
      Float64Array.from({ length: Math.max(0, Math.ceil((end - begin) / step)) }, (_, k) => begin + k * step),
      [Math.max(0, Math.ceil((end - begin) / step))],
    );
  }
  const linspace = (a, b, n) =>
    asarray(
      Float64Array.from({ length: n }, (_, k) => (k === n - 1 && n > 1 ? b : a + k * ((b - a) / Math.max(1, n - 1)))),
    );
  function resize(x, shape) {
    const data = asarray(x).data;
    return made(
      Float64Array.from({ length: product(sizes(shape)) }, (_, k) => data[k % data.length]),
      sizes(shape),
    );
  }
  function tile(x, counts) {
    x = asarray(x);
    counts = sizes(counts);
    const shape = [...new Array(Math.max(0, counts.length - x.ndim)).fill(1), ...x.shape];
    counts = [...new Array(shape.length - counts.length).fill(1), ...counts];
    const steps = strides(shape);
    const from = outer(shape.map((n, k) => Array.from({ length: n * counts[k] }, (_, i) => (i % n) * steps[k])));
    return made(
      at(x.data, from),
      shape.map((n, k) => n * counts[k]),
      x.bool,
    );
  }
  const repeat = (x, counts, { axis } = {}) => {
    if (axis) throw new Error("repeat along an axis");
    return asarray(
      Float64Array.from(asarray(x).data).constructor.from(
        [...asarray(x).data].flatMap((v, k) => new Array(isArray(counts) ? get(asarray(counts), k) : counts).fill(v)),
      ),
    );
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
    return made(
      kept.map((v, k) => (v ? one[k] : other[k])),
      shape,
      x.bool && y.bool,
    );
  }

  return {
    /* What the next scripts are made of. */
    own: { product, isArray, strides, outer, over, and, or, not, ops },
    Nd,
    dots,
    get,
    set,
    made,
    array,
    asarray: (x) => (typeof x === "number" || typeof x === "boolean" ? x : asarray(x)),
    ...ops,
    truth,
    nd: (data, shape, bool) => made(Float64Array.from(data), shape, bool),
    slice: (a, b, c) => new Slice(a, b, c),
    transpose,
    moveaxis,
    concatenate,
    stack,
    full,
    arange,
    linspace,
    resize,
    tile,
    repeat,
    broadcast_to,
    zeros: (shape, kind) => full(shape, 0, kind),
    ones: (shape, kind) => full(shape, 1, kind),
    empty: (shape) => full(shape, 0),
    zeros_like: like(0),
    ones_like: like(1),
    empty_like: like(0),
    full_like: (x, value) => full(asarray(x).shape, value),
    flatnonzero,
    where,
    maximum,
    minimum,
    abs,
    absolute: abs,
    int64,
    float64,
    bool_,
    isnan: over((x) => x !== x, true),
    isfinite: over(Number.isFinite, true),
    isinf: over((x) => Math.abs(x) === Infinity, true),
    divmod: (a, b) => [ops.floordiv(a, b), ops.mod(a, b)],
    logical_or: or,
    logical_and: and,
    logical_not: not,
    sign: over(Math.sign),
    sqrt: over(Math.sqrt),
    floor: over(Math.floor),
    ceil: over(Math.ceil),
    trunc: over(Math.trunc),
    arctan2: over(Math.atan2),
    expm1: over(Math.expm1),
    ...Object.fromEntries(Object.entries(elementary).map(([name, f]) => [name, over(f)])),
    pow: over(elementary.power),
    pi: Math.PI,
    inf: Infinity,
    nan: NaN,
  };
})();
