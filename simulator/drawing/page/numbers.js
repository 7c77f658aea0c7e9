/* Numbers as people read them. */

const MINUS = "\u2212";

function shortNumber(value, digits = 4) {
  if (!Number.isFinite(value)) return "\u2013";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e5 || size < 1e-4)) {
    return value.toExponential(digits > 4 ? digits - 1 : Math.min(digits - 1, 2)).replace("e+", "e").replaceAll("-", MINUS);
  }
  return String(Number(value.toPrecision(digits))).replace("-", MINUS);
}

/* A loss with as many decimals as the chart tells apart. */
function lossText(value) {
  if (!Number.isFinite(value) || run.decimals === null || Math.abs(value) >= 1e5) return shortNumber(value, 3);
  return value.toFixed(run.decimals).replace(/^-(?=[0.]*$)/, "").replace("-", MINUS);
}

function whole(value) {
  return Math.round(value).toLocaleString("en");
}

function counted(value, word) {
  return `${whole(value)} ${word}${Math.round(value) === 1 ? "" : "s"}`;
}

function percent(share) {
  return `${Math.round(100 * share)}%`;
}

/* About `count` round numbers from low to high. */
function roundMarks(low, high, count) {
  const rough = (high - low) / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9));
  const marks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * (high - low); k++) marks.push(k === 0 ? 0 : k * step);
  const digits = Math.max(1, Math.ceil(Math.log10(Math.max(Math.abs(low), Math.abs(high)) / step)) + 1);
  return marks.map((value) => [value, shortNumber(value, digits)]);
}
