/* Paths of single particles, thinned to what can be seen: the same as map/trails.py. */

const [TOLERANCE, AGAIN, FEW_UPDATES] = [0.35, 0.25, 36];

/* The rows of a path, pixels (x, y) one after the other, that are corners, gaps among them. */
function straightRows(path, clock, again) {
  const kept = [0];
  let [anchor, base, low, high, far] = [0, 0, -Infinity, Infinity, 0];
  const rows = clock.length;
  const from = (row) => [path[2 * row] - path[2 * anchor], path[2 * row + 1] - path[2 * anchor + 1]];
  for (let row = 1; row < rows; row++) {
    const fits = clock[row] - clock[anchor] < again;
    let [dx, dy] = from(row);
    let away = Math.hypot(dx, dy);
    if (fits && far <= TOLERANCE) [base, low, high] = [Math.atan2(dy, dx), -Infinity, Infinity];
    let turn = Math.atan2(dy, dx) - base;
    turn -= 2 * Math.PI * Math.floor(turn / (2 * Math.PI) + 0.5);
    if (!(fits && low <= turn && turn <= high && away >= far - TOLERANCE)) {
      if (kept.at(-1) !== row - 1) kept.push(row - 1);
      anchor = row - 1;
      [dx, dy] = from(row);
      [base, low, high, far, away, turn] = [Math.atan2(dy, dx), -Infinity, Infinity, 0, Math.hypot(dx, dy), 0];
    }
    if (!(away >= 0)) {
      kept.push(row);
      [anchor, far] = [row, 0];
      continue;
    }
    const half = Math.asin(Math.min(1, TOLERANCE / Math.max(away, TOLERANCE)));
    [low, high, far] = [Math.max(low, turn - half), Math.min(high, turn + half), Math.max(far, away)];
  }
  if (kept.at(-1) !== rows - 1) kept.push(rows - 1);
  return kept;
}

/* The rows of a path that are needed to see it, -1 for a gap: a step between two pixels that was drawn a short while
   ago is not drawn again. */
function thinnedRows(path, clock, again) {
  const rows = straightRows(path, clock, again);
  const last = new Map();
  const pixel = (row) => `${Math.floor(path[2 * row])},${Math.floor(path[2 * row + 1])}`;
  const found = [rows[0]];
  let gap = false;
  for (let k = 1; k < rows.length; k++) {
    const [a, b] = [pixel(rows[k - 1]), pixel(rows[k])];
    const step = a < b ? `${a} ${b}` : `${b} ${a}`;
    const walked = clock[rows[k]] - (last.get(step) ?? -Infinity) < again && !step.includes("NaN");
    if (walked) gap = true;
    else {
      if (gap) found.push(-1, rows[k - 1]);
      gap = false;
      found.push(rows[k]);
      last.set(step, clock[rows[k]]);
    }
  }
  return found;
}
