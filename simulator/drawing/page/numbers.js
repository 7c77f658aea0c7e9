/* Numbers as people read them: the same as errsurf/system/numbers.py. */

const MINUS = "\u2212";

function shortNumber(value, digits = 4) {
  if (!Number.isFinite(value)) return "\u2013";
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  if (size >= 1000 && size < 1e6) {
    const whole = Number(value.toPrecision(Math.max(digits, Math.floor(Math.log10(size)) + 1)));
    return whole.toLocaleString("en", { maximumFractionDigits: 9 }).replace("-", MINUS);
  }
  const text = size !== 0 && (size >= 1e6 || size < 1e-4) ? rounded.toExponential().replace("e+", "e") : String(rounded);
  return text.replaceAll("-", MINUS);
}

/* A loss with as many decimals as the chart tells apart. */
function lossText(value) {
  if (!Number.isFinite(value) || recording.decimals === null || Math.abs(value) >= 1e5) return shortNumber(value, 3);
  const { decimals } = run;
  const text = value.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return text.replace(/^-(?=[0.]*$)/, "").replace("-", MINUS);
}

function whole(value) {
  return Math.round(value).toLocaleString("en");
}

function counted(value, word) {
  return `${whole(value)} ${word}${Math.round(value) === 1 ? "" : "s"}`;
}

function percent(share) {
  const whole = Math.round(100 * share);
  if (whole === 0 && share > 0) return "<1%";
  return whole === 100 && share < 1 ? ">99%" : `${whole}%`;
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
