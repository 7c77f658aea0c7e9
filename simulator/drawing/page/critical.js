/* Points of zero gradient of a surface that is made in the page, with their names: see analysis/critical.py and
   analysis/names.py.  Starts on a grid, then Newton's method with a safeguard, which is in `formulas`. */

const SEARCHED = { rows: 48, columns: 64, most: 400 };
const [UNLIKE, ALPHABET] = [1.5, 26];

/* The critical points in a window, from left to right: {x, y, kind, loss, eigenvalues, curve, is_floor}. */
function criticalPoints(landscape, window) {
  const { rows, columns, most } = SEARCHED;
  const grid = windowPoints(window, columns, rows);
  const slopes = gradientsAt(landscape, grid);
  const [[x0, x1], [y0, y1]] = window;
  const pitch = [(x1 - x0) / (columns - 1), (y1 - y0) / (rows - 1)];
  const reach = Math.hypot(...pitch);
  const lengths = slopes.map(([x, y]) => Math.hypot(x, y)).filter(Number.isFinite);
  const steepest = steepestOf(lengths, slopes.length);
  const starts = promising(slopes, rows, columns).slice(0, most).map((at) => [grid[2 * at], grid[2 * at + 1]]);
  if (!starts.length || !steepest) return [];
  const edges = [0, 1].map((side) => np.asarray(window.map((axis, k) => axis[side] + (side ? 4 : -4) * pitch[k])));
  const ends = formulas.newton(landscape, np.asarray(starts), ...edges, reach);
  const inside = ends.tolist().filter((point) => point.every((value, k) => value >= window[k][0] - 1e-9 * (window[k][1] - window[k][0]) && value <= window[k][1] + 1e-9 * (window[k][1] - window[k][0])));
  const found = atRest(landscape, inside, steepest, reach).filter((point) => !isKink(landscape, point, steepest, reach));
  const values = found.length ? eigenvaluesAt(landscape, found) : [];
  const flat = values.map((pair) => isFlat(pair, steepest / reach));
  const kept = [
    ...chains(found.filter((_, k) => flat[k]), 3 * reach), ...chains(found.filter((_, k) => !flat[k]), 1e-4 * reach),
  ];
  const middles = kept.map((chain) => middleOf(chain).map((value) => (Math.abs(value) < 1e-12 * reach ? 0 : value)));
  const order = [...kept.keys()].sort((a, b) => middles[a][0] - middles[b][0] || middles[a][1] - middles[b][1]);
  const smooth = order.length ? described(landscape, order.map((k) => middles[k]), order.map((k) => curveOf(kept[k], reach)), steepest, reach) : [];
  const kinks = kinkMinima(landscape, grid, { rows, columns }, found, steepest, reach, window).map((point) => (
    { x: point[0], y: point[1], kind: "minimum", loss: lossAtPoint(landscape, point), eigenvalues: [NaN, NaN], curve: [], is_floor: false }
  ));
  return kinks.length ? [...smooth, ...kinks].sort((a, b) => a.x - b.x || a.y - b.y) : smooth;
}

/* The steepest of finite gradients; where a surface ends, short of the walls that may stand there. */
function steepestOf(lengths, all) {
  const sorted = Float64Array.from(lengths).sort();
  return sorted.length ? sorted[Math.round((sorted.length - 1) * (sorted.length < all ? 0.9 : 1))] : 0;
}

function gradientsAt(landscape, points) {
  const flat = points instanceof Float64Array ? points : Float64Array.from(points.flat());
  const found = landscape.gradient(new np.Nd(flat, [flat.length / 2, 2]), "train").data;
  return Array.from({ length: found.length / 2 }, (_, k) => [found[2 * k], found[2 * k + 1]]);
}

/* Eigenvalues of the Hessians at points, ascending. */
function eigenvaluesAt(landscape, points) {
  const found = landscape.hessian(np.asarray(points), "train").data;
  return points.map((_, k) => {
    const [xx, xy, yy] = found.subarray(3 * k, 3 * k + 3);
    const [middle, radius] = [(xx + yy) / 2, Math.hypot((xx - yy) / 2, xy)];
    return [middle - radius, middle + radius];
  });
}

/* Nodes around which both derivatives change sign, or where the gradient is shortest; those of short gradients first. */
function promising(slopes, rows, columns) {
  const length = (at) => slopes[at][0] ** 2 + slopes[at][1] ** 2;
  const found = [];
  for (let at = 0; at < rows * columns; at++) {
    const [column, row] = [at % columns, Math.floor(at / columns)];
    const around = [];
    for (let r = Math.max(row - 1, 0); r <= Math.min(row + 1, rows - 1); r++) {
      for (let c = Math.max(column - 1, 0); c <= Math.min(column + 1, columns - 1); c++) around.push(r * columns + c);
    }
    const changes = [0, 1].every((k) => around.some((near) => slopes[near][k] <= 0) && around.some((near) => slopes[near][k] >= 0));
    const shortest = around.every((near) => !(length(at) > length(near)));
    if ((changes || shortest) && Number.isFinite(length(at))) found.push(at);
  }
  return found.sort((a, b) => length(a) - length(b));
}

/* Points where the gradient is zero to rounding but not around them, as it is on a plateau. */
function atRest(landscape, points, steepest, reach) {
  if (!points.length) return [];
  const lengths = (radius, turns) => {
    const around = points.flatMap(([x, y]) => turns.map(([c, s]) => [x + radius * c, y + radius * s]));
    return gradientsAt(landscape, around).map(([x, y]) => Math.hypot(x, y));
  };
  const circle = Array.from({ length: 8 }, (_, k) => [Math.cos((Math.PI * k) / 4), Math.sin((Math.PI * k) / 4)]);
  const here = lengths(0, [[0, 0]]);
  const [close, wide] = [1e-2 * reach, reach].map((radius) => lengths(radius, circle));
  const largest = (all, k) => Math.max(...all.slice(8 * k, 8 * k + 8).filter(Number.isFinite));
  return points.filter((_, k) => here[k] <= 1e-8 * steepest && here[k] <= 1e-4 * largest(close, k) && largest(wide, k) > 1e-9 * steepest);
}

function isFlat([small, large], scale) {
  const [least, most] = [Math.abs(small), Math.abs(large)].sort((a, b) => a - b);
  return least <= 1e-9 * Math.max(most, 1e-2 * scale);
}

/* Points in groups of neighbours within reach. */
function chains(points, reach) {
  const left = [...points];
  const found = [];
  while (left.length) {
    const chain = [left.shift()];
    for (const [x, y] of chain) {
      for (let k = left.length - 1; k >= 0; k--) {
        if (Math.hypot(left[k][0] - x, left[k][1] - y) <= reach) chain.push(...left.splice(k, 1));
      }
    }
    found.push(chain);
  }
  return found;
}

/* The point of a chain nearest to its mean. */
function middleOf(chain) {
  const mean = [0, 1].map((k) => sum(chain.map((point) => point[k])) / chain.length);
  const away = chain.map(([x, y]) => Math.abs(x - mean[0]) + Math.abs(y - mean[1]));
  return chain[away.indexOf(Math.min(...away))];
}

/* Points of a chain about half a reach apart, none if it is shorter than a reach. */
function curveOf(chain, reach) {
  const long = [0, 1].some((k) => Math.max(...chain.map((point) => point[k])) - Math.min(...chain.map((point) => point[k])) >= reach);
  if (!long) return [];
  const cells = new Map();
  for (const point of chain) {
    const cell = point.map((value) => Math.floor(value / (0.5 * reach))).join();
    if (!cells.has(cell)) cells.set(cell, point);
  }
  return [...cells.values()];
}

function described(landscape, points, curves, steepest, reach) {
  const values = eigenvaluesAt(landscape, points);
  const loss = landscape.loss(np.asarray(points), "train").data;
  return points.map(([x, y], k) => {
    const [small, large] = values[k];
    let kind = ["maximum", "saddle", "minimum"][Number(small > 0) + Number(large > 0)];
    if (curves[k].length) kind = "degenerate";
    else if (isFlat(values[k], steepest / reach)) kind = kindAround(landscape, [x, y], loss[k], 0.1 * reach);
    return { x, y, kind, loss: loss[k], eigenvalues: values[k], curve: curves[k], is_floor: curves[k].length > 0 && large > 0 };
  });
}

/* What a point is by the loss on a circle around it. */
function kindAround(landscape, [x, y], loss, radius) {
  const circle = Array.from({ length: 64 }, (_, k) => [x + radius * Math.cos((Math.PI * k) / 32), y + radius * Math.sin((Math.PI * k) / 32)]);
  const around = landscape.loss(np.asarray(circle), "train").data;
  const [above, below] = [around.some((value) => value > loss), around.some((value) => value < loss)];
  return above && below ? "saddle" : above ? "minimum" : below ? "maximum" : "degenerate";
}

const rests = ({ kind, is_floor: floor }) => kind === "minimum" || floor;

const isSmooth = ({ eigenvalues }) => !Number.isNaN(eigenvalues[1]);

function wordOf({ kind, is_floor: floor, eigenvalues }) {
  if (kind === "minimum" && !isSmooth({ eigenvalues })) return "non-smooth minimum";
  return kind === "degenerate" ? (floor ? "valley floor" : "level curve") : kind;
}

/* Names as `named` gives them: {titles, short, lowest, order, minima, followed}. */
function namesOf(critical) {
  const order = [...critical.keys()].filter((k) => rests(critical[k])).sort((a, b) => critical[a].x - critical[b].x || critical[a].y - critical[b].y);
  const [short, titles] = [critical.map(wordOf), critical.map(wordOf)];
  const sharpness = order.map((k) => critical[k].eigenvalues[1]).sort((a, b) => a - b);
  const pair = order.length === 2 && !order.some((k) => critical[k].is_floor || !isSmooth(critical[k])) && sharpness[1] > UNLIKE * sharpness[0];
  order.forEach((k, place) => {
    if (pair) short[k] = critical[k].eigenvalues[1] === sharpness[0] ? "flat" : "sharp";
    else if (order.length > 1) short[k] = place < ALPHABET ? String.fromCharCode(65 + place) : String(place + 1);
    if (pair) titles[k] = `${short[k]} ${wordOf(critical[k])}`;
    else if (order.length > 1) titles[k] = `${wordOf(critical[k])} ${short[k]}`;
  });
  const minima = [...critical.keys()].filter((k) => critical[k].kind === "minimum");
  const flattest = minima.map((k) => (isSmooth(critical[k]) ? critical[k].eigenvalues[1] : Infinity));
  const followed = Math.max(flattest.indexOf(Math.min(...flattest)), 0);
  return { short, titles, order, minima, followed, lowest: lowestOf(critical) };
}

/* Whether a point is at rest with no other below it, to rounding. */
function lowestOf(critical) {
  const least = Math.min(...critical.filter(rests).map(({ loss }) => loss));
  const highest = Math.max(0, ...critical.map(({ loss }) => loss));
  const slack = Number.isFinite(least) ? 1e-9 * (highest - least + Math.abs(least)) : 0;
  return critical.map((point) => rests(point) && point.loss <= least + slack);
}

/* What is marked on the map: see `places` in map/landmarks.py. */
function marksOf(critical, { titles, short, lowest, order, minima, followed }) {
  const alone = lowest.filter(Boolean).length === 1;
  return critical.map(({ x, y, kind }, k) => {
    const named = order.includes(k) && (order.length <= ALPHABET || k === minima[followed] || (alone && lowest[k]));
    return { x, y, kind: lowest[k] && kind === "minimum" ? "lowest minimum" : kind, name: titles[k], short: named ? short[k] : "" };
  });
}
