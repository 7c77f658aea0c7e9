/* Runs the modules of FORMULAS, and compares their sums with those of the graph, node by node. */
const memory = new WebAssembly.Memory({ initial: 64 });
const env = { ...MATH_IMPORTS, __linear_memory: memory };
const numbers = (seed) => Array.from({ length: 60 }, (_, k) => Math.sin(seed + 3 * k) / 2 + 1);
const table = numbers(1).slice(0, 35).map((value, k) => (k % 5 < 2 ? value / 5 : value));
const [lanes, columns, rows] = [16, 5, 7];
const [x, y] = [2, 4].map((seed) => numbers(seed).slice(0, lanes).map((value) => Math.fround(value + 0.3)));
const index = Array.from({ length: rows * lanes }, (_, k) => (k * 5 + (k >> 3)) % rows);

function block(at, slots, values) {
  const words = new BigInt64Array(memory.buffer, at, slots.length);
  slots.forEach((slot, k) => (words[k] = BigInt(values[slot] ?? 0)));
}

function exact(made, kinds, p, used) {
  const sums = new Array(8).fill(0);
  for (const row of used) {
    const [sx, sy, scale, tx, ty] = table.slice(5 * row, 5 * row + 5);
    const parts = kinds.flatMap((kind) => evaluated(made.graph, made[kind], x[p] - sx, y[p] - sy).map((v, k) => scale * v + (kind === "gradient" ? [tx, ty][k] : 0)));
    [...parts, parts[0] ** 2, parts[0] * parts[1], parts[1] ** 2].forEach((part, k) => (sums[k] += part));
  }
  return sums;
}

let compared = 0;
function compare(a, b, tolerance) {
  compared += 1;
  if (Number.isNaN(a) && Number.isNaN(b)) return;
  const away = a === b ? 0 : Math.abs(a - b) / (Math.abs(b) + 1) / tolerance;
  if (!(away < 1)) throw Error([a, b, tolerance, compare.text].join());
}
for (const text of FORMULAS) {
  compare.text = text;
  const made = derivedFormula(text);
  for (const precision of ["float32", "float64"]) {
    const Kind = precision === "float32" ? Float32Array : Float64Array;
    const module = formulaBatches(made, precision, "all");
    const loops = new WebAssembly.Instance(new WebAssembly.Module(module.bytes), { env }).exports;
    const [s, tables, byColumn, indices, args] = [65536, 262144, 270000 & ~7, 280000 & ~7, 290000 & ~7];
    new Kind(memory.buffer, tables, 35).set(table);
    new Kind(memory.buffer, byColumn, 35).set(Array.from({ length: 35 }, (_, k) => table[(k % 7) * 5 + Math.floor(k / 7)]));
    new Uint32Array(memory.buffer, indices, index.length).set(index);
    const rowsOf = (k) => new Kind(memory.buffer, s + k * 256 * Kind.BYTES_PER_ELEMENT, lanes);
    rowsOf(3).set(x);
    rowsOf(4).set(y);
    const values = { width: lanes, particles: lanes, index: indices, "index.0": rows, "index.1": lanes, table: tables, "table.0": 35 };
    for (const loop of ["own", "shared", "wide", "full"]) {
      const name = loop === "full" ? "wide" : loop;
      block(args, module.exports[`${name}_batch`], loop === "full" ? { ...values, "index.0": 0, table: byColumn } : values);
      const [first, last] = loop === "full" ? [3, 3 + rows] : [1, rows];
      loops[`${name}_batch`](s, first, last, args);
      for (let p = 0; p < lanes; p++) {
        const slots = Array.from({ length: last - first }, (_, k) => first + k);
        const used = slots.map((slot) => (loop === "full" ? slot - first : loop === "shared" ? index[slot] : index[slot * lanes + p]));
        exact(made, ["gradient", "hessian"], p, used).forEach((sum, k) => compare(rowsOf(5 + k)[p], sum, precision === "float32" ? 3e-4 : 1e-11));
      }
    }
  }
  const totals = formulaTotals(made);
  const sums = new WebAssembly.Instance(new WebAssembly.Module(totals.bytes), { env }).exports;
  const [points, tables, out, args] = [65536, 262144, 300000 & ~7, 290000 & ~7];
  new Float64Array(memory.buffer, points, 2 * lanes).set([...x, ...y]);
  new Float64Array(memory.buffer, tables, 35).set(table);
  for (const [kind, parts] of [["loss", 1], ["gradient", 2], ["hessian", 3]]) {
    const results = new Float64Array(memory.buffer, out, parts * lanes).fill(0);
    block(args, totals.exports[`sum_${kind}`], { points, "points.0": 2, "points.1": lanes, table: tables, "table.0": 35, out, "out.1": lanes });
    sums[`sum_${kind}`](args);
    for (let p = 0; p < lanes; p++) {
      const tilts = table.reduce((sum, value, k) => sum + (k % 5 === 3 ? value * x[p] : k % 5 === 4 ? value * y[p] : 0), 0);
      exact(made, [kind], p, [0, 1, 2, 3, 4, 5, 6]).slice(0, parts).forEach((sum, k) => compare(results[k * lanes + p], sum + (kind === "loss" ? tilts : 0), 1e-12));
    }
  }
}
console.log(JSON.stringify(compared));
