/* Scales of charts and the numbers beside them: the same as charts/_scales.py, with the charts that a live page has. */

const [ZERO_ROOM, HIGHEST] = [0.12, 1e300];

/* The lowest and highest of some numbers that have a place on a scale. */
function drawable(values) {
  const found = { low: Infinity, high: -Infinity, smallest: Infinity, zeros: false };
  for (const value of values) {
    if (!(Math.abs(value) <= HIGHEST)) continue;
    if (value < found.low) found.low = value;
    if (value > found.high) found.high = value;
    if (value > 0 && value < found.smallest) found.smallest = value;
    if (value <= 0) found.zeros = true;
  }
  return found;
}

/* From the lowest to the highest value, which counts up to `top` only; logarithmic where all are positive and span more
   than this factor. */
function spanning(values, { top = Infinity, factor = 200 } = {}) {
  let { low, high } = drawable(values);
  if (low > high) [low, high] = [0, 1];
  if (low < top) high = Math.min(high, top);
  if (low > 0 && high > factor * low) return { low: Math.max(low, high * 1e-12), high: high * 1.2, log: true };
  const size = Math.max(Math.abs(low), Math.abs(high));
  const margin = high - low > 1e-12 * size ? 0.05 * (high - low) : Math.max(0.5, 1e-3 * size);
  return { low: low - margin, high: high + margin };
}

/* As `spanning`, for sizes: a linear scale begins with 0, and a logarithmic one has a place for zeros. */
function sizeScale(values, factor = 200) {
  const { high: most, smallest, zeros } = drawable(values);
  const [low, high] = smallest <= most ? [smallest, most] : [1, 1];
  if (high <= factor * low) return { low: 0, high: 1.05 * high };
  return { low: Math.max(low, 1e-8 * high), high: 1.2 * high, log: true, zero: zeros };
}

/* Place of a value between the bottom, 0, and the top, 1, and at most one chart's height beyond. */
function scaleHeight({ low, high, log, zero }, value) {
  let part = (Math.min(Math.max(value, -HIGHEST), HIGHEST) - low) / (high - low);
  if (log) {
    part = Math.log(Math.max(value, low) / low) / Math.log(high / low);
    if (zero) part = value === 0 ? 0 : ZERO_ROOM + (1 - ZERO_ROOM) * part;
  }
  return Number.isNaN(part) ? NaN : Math.min(Math.max(part, -1), 2);
}

/* As many decimals as tell values apart by a few thousandths of the range; null on a logarithmic scale. */
function scaleDecimals({ low, high, log }) {
  const needed = Math.ceil(-Math.log10((high - low) / 3)) + 2;
  return log || needed > 8 ? null : Math.max(needed, 0);
}

function scaleMarks({ low, high, log, zero }) {
  if (!log) return roundMarks(low, high, 6).map(([value, text]) => [value, text]);
  const [first, last] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))];
  const powers = Array.from({ length: Math.max(last - first + 1, 0) }, (_, k) => Number(`1e${first + k}`));
  const steps = Array.from({ length: last - first + 2 }, (_, k) => [1, 2, 5].map((base) => Number(`${base}e${first - 1 + k}`))).flat();
  const values = last > first ? powers : steps.filter((value) => value >= low && value <= high);
  return [...(zero ? [[0, "0"]] : []), ...values.map((value) => [value, shortNumber(value)])];
}

function shareMarks({ low, high, log, zero }) {
  const shares = log ? [-6, -5, -4, -3, -2, -1, 0].map((k) => Number(`1e${k}`)) : [0, 0.5, 1];
  return [...(zero ? [[0, "0%"]] : []), ...shares.filter((share) => share >= low && share <= high).map((share) => [share, `${shortNumber(100 * share)}%`])];
}

/* Clock values to write below a chart, as shares of its width: both ends, or powers of ten. */
function clockMarks({ end, pace }) {
  const between = [];
  if (pace.kind === "log") for (let k = Math.ceil(Math.log10(pace.first)); k < Math.log10(Math.max(end, 1)) - 0.3; k++) between.push(10 ** k);
  return [0, ...between, end].map((value) => [value < end ? alongChart(value) : 1, whole(value)]);
}

const RAW = ["line", "low", "high", "dashed"];
const SCALES = {
  loss: (values) => spanning(values, { top: live.top }),
  basins: () => ({ low: -0.02, high: 1.02 }),
  "theta x": (values) => spanning(values, { factor: Infinity }),
  "theta y": (values) => spanning(values, { factor: Infinity }),
  gap: (values) => spanning([...values, 0]),
  sharpness: (values) => spanning(values, { factor: Infinity }),
  "gradient norm": (values) => sizeScale(values),
  "noise scale": (values) => sizeScale(values),
  near: (_values, groups) => (live.near.log ? { low: Math.min(0.7 / groups[0].particles, 0.05), high: 1.3, log: true } : { low: -0.02, high: 1.02 }),
  lr: (_values, groups) => {
    const peaks = groups.flatMap(({ raw, clock }) => [0, 3].map((column) => {
      const line = raw.lr.subarray(0, RAW.length * clock.length).filter((_, at) => at % RAW.length === column);
      return Math.max(...line);
    }));
    const found = sizeScale(peaks, 30);
    return found.log ? { ...found, low: 0.03 * found.low } : found;
  },
};
const IN_SHARES = ["basins", "near"];

/* Groups that keep half of their particles in the map to the end, or all if none does. */
function staying(groups) {
  const stays = groups.filter((group) => {
    const { outside, diverged } = numbersAt(group, group.clock.length - 1);
    return group.clock.length && 2 * (outside + diverged) < group.particles;
  });
  return stays.length ? stays : groups;
}

/* The scale of a chart of some groups, and each group's curve in shares of its sides. */
function curvesOf(name, groups) {
  const some = name === "lr" ? groups : staying(groups);
  const values = some.flatMap((group) => [...(group.raw[name] || []).subarray(0, RAW.length * group.clock.length)]);
  const scale = SCALES[name](values, groups);
  const curves = groups.map((group) => {
    const raw = group.raw[name];
    const rows = new Float32Array(run.curve.length * group.clock.length).fill(NaN);
    for (let frame = 0; frame < group.clock.length; frame++) {
      for (let k = 0; k < RAW.length; k++) rows[run.curve.length * frame + 1 + k] = scaleHeight(scale, raw[RAW.length * frame + k]);
    }
    return rows;
  });
  return { scale, curves };
}
