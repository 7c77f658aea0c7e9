/* A formula's graph as WebAssembly: modules with the exports and the blocks of arguments of those that Python makes, see
   errsurf/web/surface_modules.py.  Every example is a row of five numbers: shift_x, shift_y, scale, tilt_x, tilt_y. */

const I32 = 0x7f;
const REALS = {
  float32: {
    type: 0x7d, size: 4, align: 2, load: 0x2a, store: 0x38, constant: 0x43, add: 0x92, subtract: 0x93, multiply: 0x94, divide: 0x95,
    negative: 0x8c, abs: 0x8b, sqrt: 0x91, min: 0x96, max: 0x97, above: 0x5e, below: 0x5d, atLeast: 0x60, unlike: 0x5c, toDouble: [0xbb], fromDouble: [0xb6],
  },
  float64: {
    type: 0x7c, size: 8, align: 3, load: 0x2b, store: 0x39, constant: 0x44, add: 0xa0, subtract: 0xa1, multiply: 0xa2, divide: 0xa3,
    negative: 0x9a, abs: 0x99, sqrt: 0x9f, min: 0xa4, max: 0xa5, above: 0x64, below: 0x63, atLeast: 0x66, unlike: 0x62, toDouble: [], fromDouble: [],
  },
};
/* What WebAssembly has no instruction for is imported, in float64. */
const MATH_IMPORTS = {
  exp: Math.exp, log: Math.log, sin: Math.sin, cos: Math.cos, tan: Math.tan, arctan: Math.atan, sinh: Math.sinh,
  cosh: Math.cosh, tanh: Math.tanh, erf: errorFunction, power: Math.pow,
};
const MATH_NAMES = Object.keys(MATH_IMPORTS);
const FORMULA_LANES = 256;
const FORMULA_ROWS = { at: 3, sum: 5 };
const EXAMPLE = { shift_x: 0, shift_y: 1, scale: 2, tilt_x: 3, tilt_y: 4, columns: 5 };
const BATCH_SLOTS = {
  own: ["width", "index", "index.0", "index.1", "table", "table.0", "terms_table", "terms_table.0", "terms_table.1", "varying"],
  shared: ["width", "index", "index.0", "table", "table.0", "terms_table", "terms_table.0", "terms_table.1", "varying"],
};
BATCH_SLOTS.wide = [...BATCH_SLOTS.own, "particles"];
const TOTAL_SLOTS = ["points", "points.0", "points.1", "table", "table.0", "terms_table", "terms_table.0", "terms_table.1", "out", "out.0", "out.1"];

function unsigned(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

function signed(value) {
  const bytes = [];
  for (;;) {
    const low = value & 127;
    value >>= 7;
    if ((value === 0 && !(low & 64)) || (value === -1 && low & 64)) return [...bytes, low];
    bytes.push(low | 128);
  }
}

const whole = {
  number: (value) => [0x41, ...signed(value)],
  add: (a, b) => [...a, ...b, 0x6a],
  subtract: (a, b) => [...a, ...b, 0x6b],
  times: (a, factor) => [...a, ...whole.number(factor), 0x6c],
  product: (a, b) => [...a, ...b, 0x6c],
  load: (address) => [...address, 0x28, 2, 0],
};

/* A function's code: locals by number, loops, and the values of a graph's nodes. */
function codeWriter(parameters, graph, real) {
  const types = [];
  const local = (type) => parameters + types.push(type) - 1;
  const get = (at) => [0x20, ...unsigned(at)];
  const set = (at, value) => [...value, 0x21, ...unsigned(at)];
  const number = (value) => {
    const bytes = new Uint8Array(real.size === 4 ? new Float32Array([value]).buffer : new Float64Array([value]).buffer);
    return [real.constant, ...bytes];
  };
  const load = (address) => [...address, real.load, real.align, 0];
  const store = (address, value) => [...address, ...value, real.store, real.align, 0];
  const whenLess = (a, b) => [...a, ...b, 0x48];
  const loop = (at, from, to, body) => [
    ...set(at, from), 0x02, 0x40, 0x03, 0x40, ...get(at), ...to, 0x4e, 0x0d, 1, ...body,
    ...set(at, whole.add(get(at), whole.number(1))), 0x0c, 0, 0x0b, 0x0b,
  ];
  const picked = (a, b, condition) => [...a, ...b, ...condition, 0x1b];
  const called = (name, args) => [...args.flatMap((arg) => [...arg, ...real.toDouble]), 0x10, ...unsigned(MATH_NAMES.indexOf(name)), ...real.fromDouble];

  /* Code that writes the values of some nodes into locals, which it returns too. */
  function values(wanted, x, y) {
    const places = new Map();
    const code = [];
    const place = (node) => {
      if (places.has(node)) return places.get(node);
      const { op, args, value } = graph.nodes[node];
      const [a, b, c] = args.map((arg) => get(place(arg)));
      let made;
      if (op === "number") made = number(value);
      else if (op === "name") made = get(value === "x" ? x : y);
      else if (op === "where") made = picked(b, c, [...a, ...number(0), real.above]);
      else if (op === "inside") made = picked(b, number(NaN), [...a, ...number(0), real.atLeast]);
      else if (op === "rate") made = picked([...a, ...b, real.divide], [...number(0), ...b, real.multiply], [...a, ...number(0), real.unlike]);
      else if (op === "sign") made = picked(number(1), picked(number(-1), number(0), [...a, ...number(0), real.below]), [...a, ...number(0), real.above]);
      else if (MATH_NAMES.includes(op)) made = called(op, b ? [a, b] : [a]);
      else made = [...a, ...(b || []), real[op]];
      const at = local(real.type);
      code.push(...set(at, made));
      places.set(node, at);
      return at;
    };
    const found = wanted.map(place);
    return { code, places: found };
  }

  return { local, get, set, number, load, store, loop, whenLess, picked, values, types, real };
}

/* Code that adds one example's `kind` ("loss", "gradient", "hessian" or several) to locals `sums`. */
function addExample(write, made, kinds, { x, y, row, step, sums, products }) {
  const { get, set, load, local, real } = write;
  const column = (k) => load(whole.add(get(row), whole.times(whole.product(get(step), whole.number(k)), real.size)));
  const [u, v, scale] = [local(real.type), local(real.type), local(real.type)];
  const op = (name, a, b) => [...a, ...b, real[name]];
  const { code, places } = write.values(kinds.flatMap((kind) => made[kind]), u, v);
  const tilts = { loss: [op("add", op("multiply", column(EXAMPLE.tilt_x), get(x)), op("multiply", column(EXAMPLE.tilt_y), get(y)))], gradient: [column(EXAMPLE.tilt_x), column(EXAMPLE.tilt_y)] };
  const tilted = kinds.flatMap((kind) => tilts[kind] || made[kind].map(() => null));
  const parts = places.map(() => local(real.type));
  return [
    ...set(u, op("subtract", get(x), column(EXAMPLE.shift_x))), ...set(v, op("subtract", get(y), column(EXAMPLE.shift_y))),
    ...set(scale, column(EXAMPLE.scale)), ...code,
    ...places.flatMap((place, k) => {
      const scaled = op("multiply", get(scale), get(place));
      return [...set(parts[k], tilted[k] ? op("add", scaled, tilted[k]) : scaled), ...set(sums[k], op("add", get(sums[k]), get(parts[k])))];
    }),
    ...(products || []).flatMap(([sum, a, b]) => set(sum, op("add", get(sum), op("multiply", get(parts[a]), get(parts[b]))))),
  ];
}

const PARAMETERS = { s: 0, first: 1, last: 2, block: 3 };

/* One of the loops over a batch, for the sums of `kinds`, and of products of the gradient's parts. */
function batchFunction(made, precision, loopName, kinds, withProducts) {
  const write = codeWriter(4, made.graph, REALS[precision]);
  const { local, get, set, number, load, store, loop, real } = write;
  const slot = (name) => whole.load(whole.add(get(PARAMETERS.block), whole.number(8 * BATCH_SLOTS[loopName].indexOf(name))));
  const [lane, at, row, step, full, inner, until] = Array.from({ length: 7 }, () => local(I32));
  const [x, y] = [local(real.type), local(real.type)];
  const count = kinds.flatMap((kind) => made[kind]).length;
  const sums = Array.from({ length: count + (withProducts ? 3 : 0) }, () => local(real.type));
  const totals = sums.map(() => local(real.type));
  const cell = (rowNumber) => whole.add(get(PARAMETERS.s), whole.times(whole.add(get(lane), whole.number(rowNumber * FORMULA_LANES)), real.size));
  const products = withProducts ? [[sums[count], 0, 0], [sums[count + 1], 0, 1], [sums[count + 2], 1, 1]] : null;
  const shared = loopName === "shared";
  const indexed = shared ? whole.add(slot("index"), whole.times(get(inner), 4))
    : whole.add(slot("index"), whole.times(whole.add(whole.product(get(inner), slot("index.1")), get(lane)), 4));
  const example = [
    ...set(row, [0x20, ...unsigned(full), 0x04, I32, ...whole.subtract(get(inner), get(PARAMETERS.first)), 0x05, ...whole.times(whole.load(indexed), EXAMPLE.columns), 0x0b]),
    ...set(row, whole.add(slot("table"), whole.times(get(row), real.size))),
    ...addExample(write, made, kinds, { x, y, row, step, sums, products }),
  ];
  const clear = (places) => places.flatMap((place) => set(place, number(0)));
  const addTotals = totals.flatMap((total, k) => set(total, [...get(total), ...get(sums[k]), real.add]));
  /* Four examples, where there are as many, are added up before they join the total. */
  const fours = [
    ...set(at, get(PARAMETERS.first)), 0x02, 0x40, 0x03, 0x40, ...get(at), ...get(PARAMETERS.last), 0x4e, 0x0d, 1,
    ...set(until, whole.add(get(at), write.picked(whole.number(4), whole.number(1), [...whole.add(get(at), whole.number(4)), ...get(PARAMETERS.last), 0x4c]))),
    ...clear(sums), ...loop(inner, get(at), get(until), example), ...addTotals, ...set(at, get(until)), 0x0c, 0, 0x0b, 0x0b,
  ];
  const body = loop(lane, whole.number(0), slot(loopName === "wide" ? "particles" : "width"), [
    ...set(x, load(cell(FORMULA_ROWS.at))), ...set(y, load(cell(FORMULA_ROWS.at + 1))), ...clear(sums), ...clear(totals),
    ...(shared ? fours : [...loop(inner, get(PARAMETERS.first), get(PARAMETERS.last), example), ...addTotals]),
    ...totals.flatMap((total, k) => store(cell(FORMULA_ROWS.sum + k), get(total))),
  ]);
  const columnsApart = loopName === "wide" ? [...slot("index.0"), 0x45] : whole.number(0);
  const begin = [
    ...set(full, columnsApart),
    ...set(step, write.picked([...slot("table.0"), ...whole.number(EXAMPLE.columns), 0x6e], whole.number(1), get(full))),
  ];
  return { name: `${loopName}_batch`, parameters: 4, types: write.types, code: [...begin, ...body, ...whole.number(0)], slots: BATCH_SLOTS[loopName] };
}

/* Sums over all examples at points (2, n) into out (parts, n), in float64. */
function totalFunction(made, kind, withProducts = false) {
  const write = codeWriter(1, made.graph, REALS.float64);
  const { local, get, set, number, load, store, loop, real } = write;
  const slots = withProducts ? [...TOTAL_SLOTS.slice(0, 3), "center", "center.0", "center.1", ...TOTAL_SLOTS.slice(3)] : TOTAL_SLOTS;
  const slot = (name) => whole.load(whole.add(get(0), whole.number(8 * slots.indexOf(name))));
  const [point, inner, row, step] = Array.from({ length: 4 }, () => local(I32));
  const [x, y] = [local(real.type), local(real.type)];
  const sums = made[kind].map(() => local(real.type));
  const totals = Array.from({ length: withProducts ? 3 : sums.length }, () => local(real.type));
  const place = (array, part) => whole.add(slot(array), whole.times(whole.add(whole.product(slot(`${array}.1`), whole.number(part)), get(point)), 8));
  const one = addExample(write, made, [kind], { x, y, row, step, sums });
  const off = (k) => [...get(sums[k]), ...load(place("center", k)), real.subtract];
  const pairs = [[0, 0], [0, 1], [1, 1]];
  const added = withProducts ? (k) => [...off(pairs[k][0]), ...off(pairs[k][1]), real.multiply] : (k) => get(sums[k]);
  const code = [
    ...set(step, whole.number(1)),
    ...loop(point, whole.number(0), slot("points.1"), [
      ...set(x, load(place("points", 0))), ...set(y, load(place("points", 1))), ...totals.flatMap((total) => set(total, number(0))),
      ...loop(inner, whole.number(0), [...slot("table.0"), ...whole.number(EXAMPLE.columns), 0x6e], [
        ...set(row, whole.add(slot("table"), whole.times(whole.times(get(inner), EXAMPLE.columns), 8))),
        ...sums.flatMap((sum) => set(sum, number(0))), ...one,
        ...totals.flatMap((total, k) => set(total, [...get(total), ...added(k), real.add])),
      ]),
      ...totals.flatMap((total, k) => store(place("out", k), [...load(place("out", k)), ...get(total), real.add])),
    ]),
    ...whole.number(0),
  ];
  return { name: withProducts ? "sum_products" : `sum_${kind}`, parameters: 1, types: write.types, code, slots };
}

/* A module of these functions, {bytes, exports, imports}, as engine.js takes it. */
function assembled(functions) {
  const list = (items) => [...unsigned(items.length), ...items.flat()];
  const text = (name) => [...unsigned(name.length), ...new TextEncoder().encode(name)];
  const section = (kind, content) => [kind, ...unsigned(content.length), ...content];
  const arity = (name) => (name === "power" ? 2 : 1);
  const math = MATH_NAMES.map((name) => [0x60, ...list(Array.from({ length: arity(name) }, () => [REALS.float64.type])), 1, REALS.float64.type]);
  const own = functions.map(({ parameters }) => [0x60, ...list(Array.from({ length: parameters }, () => [I32])), 1, I32]);
  const imports = [
    [...text("env"), ...text("__linear_memory"), 2, 0, 1],
    ...MATH_NAMES.map((name, k) => [...text("env"), ...text(name), 0, ...unsigned(k)]),
  ];
  const bodies = functions.map(({ types, code }) => {
    const content = [...list(types.map((type) => [1, type])), ...code, 0x0b];
    return [...unsigned(content.length), ...content];
  });
  const bytes = new Uint8Array([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, list([...math, ...own])), ...section(2, list(imports)),
    ...section(3, list(functions.map((_, k) => unsigned(math.length + k)))),
    ...section(7, list(functions.map(({ name }, k) => [...text(name), 0, ...unsigned(math.length + k)]))), ...section(10, list(bodies)),
  ]);
  return { bytes, exports: Object.fromEntries(functions.map(({ name, slots }) => [name, slots])), imports: MATH_IMPORTS };
}

/* The modules of a formula's batches: `kind` is "gradient", "curvature" or "all", as in Python. */
function formulaBatches(made, precision, kind) {
  const kinds = kind === "gradient" ? ["gradient"] : ["gradient", "hessian"];
  return assembled(["own", "shared", "wide"].map((name) => batchFunction(made, precision, name, kinds, kind === "all")));
}

/* The module of a formula's losses and derivatives at any points. */
function formulaTotals(made) {
  return assembled([...["loss", "gradient", "hessian"].map((kind) => totalFunction(made, kind)), totalFunction(made, "gradient", true)]);
}
