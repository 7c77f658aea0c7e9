/* The map of a surface that is made in the page: its losses, the levels of its contours, and the light on it.  See
   history/contours.py and history/heights.py of errsurf/drawing, some functions of which are in `formulas`. */

const LAMP = [-0.6, -0.34, 0.72];
const HEIGHTS = { rise: 0.29, middle: 0.42, reach: 60, plain: 1e-3, sharpest: 0.01, straight: 1e3, contrast: 1.1 };

/* The nodes of a grid (rows, columns) over a window, row 0 at the smallest y. */
function windowPoints([[x0, x1], [y0, y1]], columns, rows) {
  const [x, y] = [linspace(x0, x1, columns), linspace(y0, y1, rows)];
  const points = new Float64Array(2 * columns * rows);
  for (let k = 0; k < columns * rows; k++) points.set([x[k % columns], y[Math.floor(k / columns)]], 2 * k);
  return points;
}

/* Rising levels, one more than there are bands. */
function contourLevels(loss, bands, scale) {
  const drawn = formulas.drawable(np.asarray(loss));
  let [low, high] = [Infinity, -Infinity];
  for (const value of drawn.data) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (isLevel(low, high)) high = low + Math.max(1, Math.abs(low));
  const levels = unique([...formulas.even_levels(drawn, low, high, bands, scale).data]);
  return levels.length === bands + 1 ? roundedLevels(levels) : linspace(low, high, bands + 1);
}

function isLevel(low, high) {
  return !(high - low > 1e-12 * Math.max(Math.abs(low), Math.abs(high)));
}

/* Levels with as few digits as leave all but the first and last within a tenth of their distance. */
function roundedLevels(levels) {
  return levels.map((level, k) => {
    if (k === 0 || k === levels.length - 1) return level;
    const gap = 0.1 * Math.min(level - levels[k - 1], levels[k + 1] - level);
    for (let digits = 0; digits < 17; digits++) {
      const value = Number(level.toExponential(digits));
      if (Math.abs(value - level) <= gap) return value;
    }
    return level;
  });
}

/* How losses become heights: straight where the loss is small, ever flatter above `bend`. */
function heightScale(loss, scale) {
  const drawn = formulas.drawable(np.asarray(loss)).data;
  const low = drawn.reduce((least, value) => Math.min(least, value), Infinity);
  const high = drawn.reduce((most, value) => Math.max(most, value), -Infinity);
  if (isLevel(low, high)) return { low, high: low + Math.max(1, Math.abs(low)), bend: 1e9 * Math.max(1, Math.abs(low)) };
  const span = high - low;
  if (scale === "log") return { low, high, bend: Math.max(1e-4 * span, low > 0 ? Math.min(low, span) : 0) };
  const middle = quantiles(drawn, [0.5])[0] - low;
  const { plain, middle: share, reach, straight } = HEIGHTS;
  if (scale === "linear" || !(middle > plain * span && middle < share * span)) return { low, high, bend: straight * span };
  const drawnSpan = Math.min(span, reach * middle);
  return { low, high: low + drawnSpan, bend: drawnSpan * bendOf(middle / drawnSpan) };
}

/* The bend, in units of the span, that brings this share of it to the middle height, or near to it. */
function bendOf(middle) {
  const above = (bend) => Math.asinh(middle / bend) / Math.asinh(1 / bend) - HEIGHTS.middle;
  if (above(HEIGHTS.sharpest) <= 0) return HEIGHTS.sharpest;
  let [low, high] = [Math.log(HEIGHTS.sharpest), Math.log(HEIGHTS.straight)];
  for (let k = 0; k < 60; k++) {
    const half = (low + high) / 2;
    if (above(Math.exp(half)) > 0) low = half;
    else high = half;
  }
  return Math.exp((low + high) / 2);
}

/* How bright the surface is from 0 to 255, seen from above with a lamp at the upper left. */
function lightFromAbove(loss, columns, rows, aspect, scale) {
  const { low, high, bend } = heightScale(loss, scale);
  const top = (high - low) / bend;
  const height = Float64Array.from(loss, (value) => {
    const part = ((Number.isNaN(value) ? high : Math.min(Math.max(value, -1e308), high)) - low) / bend;
    return (HEIGHTS.rise * Math.asinh(Math.min(Math.max(part, 0), top))) / Math.asinh(top);
  });
  const unit = Math.hypot(aspect, 1);
  const [dx, dy] = [aspect / unit / (columns - 1), 1 / unit / (rows - 1)];
  const slope = (at, step, place, count, distance) => {
    const [before, after] = [place ? at - step : at, place < count - 1 ? at + step : at];
    return (height[after] - height[before]) / (((after - before) / step) * distance);
  };
  const size = Math.hypot(...LAMP);
  const [right, away, up] = [LAMP[0] / size, -LAMP[1] / size, LAMP[2] / size];
  return Uint8Array.from(height, (_, at) => {
    const [column, row] = [at % columns, Math.floor(at / columns)];
    const [across, down] = [slope(at, 1, column, columns, dx), slope(at, columns, row, rows, dy)];
    const lit = (up - right * across - away * down) / Math.sqrt(1 + across * across + down * down);
    return roundHalfEven(255 * Math.min(Math.max(0.5 + HEIGHTS.contrast * (lit - up), 0), 1));
  });
}

const LABELS = { most: 5, margin: 0.1, apart: [0.16, 0.1] };

/* The losses of a few contours, {level, x, y, band}: each where its line is far from others, and from marks.  `grid` are
   losses above the first level; see map/level_labels.py. */
function levelLabels(grid, levels, [[x0, x1], [y0, y1]], columns, rows, marks) {
  const taken = marks.map(({ x, y }) => [(x - x0) / (x1 - x0), (y - y0) / (y1 - y0)]);
  const free = (place) => taken.every((other) => place.some((value, axis) => Math.abs(value - other[axis]) > LABELS.apart[axis]));
  const length = (k) => String(Number(levels[k].toPrecision(6))).length;
  const count = levels.length - 2;
  const found = [];
  for (let part = 0; part < Math.min(LABELS.most, count); part++) {
    const [first, last] = [part, part + 1].map((edge) => 1 + Math.floor((edge * count) / Math.min(LABELS.most, count)));
    const some = Array.from({ length: last - first }, (_, k) => first + k).sort((a, b) => length(a) - length(b) || Math.abs(a - (first + last) / 2) - Math.abs(b - (first + last) / 2));
    for (const k of some) {
      const place = linePlaces(grid, levels[k] - levels[0], columns, rows).find(free);
      if (!place) continue;
      taken.push(place);
      found.push({ level: levels[k], x: x0 + place[0] * (x1 - x0), y: y0 + place[1] * (y1 - y0), band: k - 1 });
      break;
    }
  }
  return found;
}

/* Where a contour crosses columns of the grid, in shares of the map, away from its edges: where it is flat first. */
function linePlaces(grid, level, columns, rows) {
  const found = [];
  for (let column = Math.ceil(LABELS.margin * columns); column < (1 - LABELS.margin) * columns; column += 3) {
    for (let row = Math.ceil(LABELS.margin * rows); row < (1 - LABELS.margin) * rows; row++) {
      const at = row * columns + column;
      const rise = grid[at + columns] - grid[at];
      if (!rise || grid[at] > level === grid[at + columns] > level) continue;
      const across = grid[at + 1] - grid[at - 1];
      found.push([[column / (columns - 1), (row + (level - grid[at]) / rise) / (rows - 1)], Math.abs(rise) + Math.abs(across) * (1 + Math.abs(across / rise))]);
    }
  }
  return found.sort((a, b) => a[1] - b[1]).map(([place]) => place);
}
