/* Minima at kinks of the loss: see analysis/kinks.py. */

const KINKS = { most: 24, steps: 100, halvings: 40, near: 1e-6, far: 1e-4 };
const directions = (count) => Array.from({ length: count }, (_, k) => [Math.cos((2 * Math.PI * k) / count), Math.sin((2 * Math.PI * k) / count)]);
const lossAtPoint = (landscape, point) => landscape.loss(np.asarray([point]), "train").data[0];
const slopeAt = (landscape, point) => gradientsAt(landscape, [point])[0];
const apart = ([x, y], points, distance) => points.every(([u, v]) => Math.hypot(u - x, v - y) > distance);

/* Whether the gradient jumps at a point. */
function isKink(landscape, [x, y], steepest, reach) {
  const jump = (radius) => {
    const sides = [1, -1].map((side) => gradientsAt(landscape, directions(16).slice(0, 8).map(([c, s]) => [x + side * radius * c, y + side * radius * s])));
    return Math.max(...sides[0].map((one, k) => Math.hypot(one[0] - sides[1][k][0], one[1] - sides[1][k][1])));
  };
  const [near, far] = [KINKS.near, KINKS.far].map((radius) => jump(radius * reach));
  return near > 0.5 * far && near > 1e-8 * steepest;
}

/* Minima at kinks inside a grid of nodes, away from the points that are known. */
function kinkMinima(landscape, grid, { rows, columns }, known, steepest, reach, window) {
  const found = [];
  for (const start of lowNodes(landscape, grid, rows, columns, known, 2 * reach)) {
    if (!apart(start, found, reach)) continue;
    const end = descended(landscape, start, reach);
    if (apart(end, found, reach) && isKinkMinimum(landscape, end, steepest, reach)) found.push(end.map((value) => (Math.abs(value) < 1e-9 * reach ? 0 : value)));
  }
  return found.filter((point) => point.every((value, k) => value > window[k][0] && value < window[k][1]));
}

/* Nodes no higher than all eight neighbours and lower than one, away from known points, lowest first. */
function lowNodes(landscape, grid, rows, columns, known, distance) {
  const loss = landscape.loss(new np.Nd(grid, [grid.length / 2, 2]), "train").data;
  const found = [];
  for (let row = 1; row < rows - 1; row++) {
    for (let column = 1; column < columns - 1; column++) {
      const at = row * columns + column;
      const around = [-columns, 0, columns].flatMap((down) => [-1, 0, 1].map((side) => loss[at + down + side]));
      const low = around.every((value) => loss[at] <= value) && around.some((value) => loss[at] < value);
      const point = [grid[2 * at], grid[2 * at + 1]];
      if (low && apart(point, known, distance)) found.push({ point, height: loss[at] });
    }
  }
  return found.sort((a, b) => a.height - b.height).slice(0, KINKS.most).map(({ point }) => point);
}

/* Whether the loss rises in all directions from a point, and has a kink there. */
function isKinkMinimum(landscape, [x, y], steepest, reach) {
  const around = [1e-5, 1e-4, 1e-3, 1e-2].flatMap((radius) => directions(64).map(([c, s]) => [x + radius * reach * c, y + radius * reach * s]));
  const here = lossAtPoint(landscape, [x, y]);
  return landscape.loss(np.asarray(around), "train").data.every((value) => value > here) && isKink(landscape, [x, y], steepest, reach);
}

/* Where BFGS ends from a point. */
function descended(landscape, point, reach) {
  let slope = slopeAt(landscape, point);
  const first = reach / Math.max(Math.hypot(...slope), 1e-280);
  let inverse = [[first, 0], [0, first]];
  for (let k = 0; k < KINKS.steps; k++) {
    const move = inverse.map(([a, b]) => -(a * slope[0] + b * slope[1]));
    const length = stepLength(landscape, point, slope, move);
    const step = move.map((part) => length * part);
    if (!(Math.hypot(...step) > 1e-13 * reach)) break;
    point = [point[0] + step[0], point[1] + step[1]];
    const next = slopeAt(landscape, point);
    inverse = updatedInverse(inverse, step, [next[0] - slope[0], next[1] - slope[1]]);
    slope = next;
  }
  return point;
}

/* A step length that fulfils the weak Wolfe conditions; 0 if none is found. */
function stepLength(landscape, point, slope, move) {
  const dot = (vector) => vector[0] * move[0] + vector[1] * move[1];
  const [here, along] = [lossAtPoint(landscape, point), dot(slope)];
  let [low, high, length] = [0, Infinity, 1];
  for (let k = 0; k < KINKS.halvings; k++) {
    const there = [point[0] + length * move[0], point[1] + length * move[1]];
    if (!(lossAtPoint(landscape, there) < here + 1e-4 * length * along)) high = length;
    else if (dot(slopeAt(landscape, there)) < 0.5 * along) low = length;
    else return length;
    length = Number.isFinite(high) ? (low + high) / 2 : 2 * low;
  }
  return low;
}

/* The inverse Hessian's estimate after a step along which the gradient changed. */
function updatedInverse(inverse, step, change) {
  const curved = step[0] * change[0] + step[1] * change[1];
  if (!(curved > 0)) return inverse;
  const turn = [0, 1].map((i) => [0, 1].map((j) => Number(i === j) - (step[i] * change[j]) / curved));
  const times = (a, b) => [0, 1].map((i) => [0, 1].map((j) => a[i][0] * b[0][j] + a[i][1] * b[1][j]));
  const turned = times(times(turn, inverse), [0, 1].map((i) => [turn[0][i], turn[1][i]]));
  return turned.map((row, i) => row.map((value, j) => value + (step[i] * step[j]) / curved));
}
