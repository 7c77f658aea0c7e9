/* What a page says of particles at a frame: quantiles of losses, where they are, and numbers of charts. */

/* Quantiles of the finite values with linear interpolation; NaN if there are none: see history/numbers.py. */
function quantiles(values, shares) {
  const finite = Float64Array.from(values).filter(Number.isFinite).sort();
  if (!finite.length) return shares.map(() => NaN);
  return shares.map((share) => {
    const place = share * (finite.length - 1);
    const low = Math.floor(place);
    const high = Math.min(low + 1, finite.length - 1);
    return finite[low] * (1 - (place - low)) + finite[high] * (place - low);
  });
}

const [SIDE, HIGHEST] = [64, 1e300];
const NEAREST = 8;

/* At which critical point a place is, by its number, -1 on the way: see analysis/regions.py. */
function regionAt({ middles, axes, masks }, x, y) {
  const count = middles.length / 2;
  const near = count > 2 * NEAREST ? nearestRegions(middles, x, y) : null;
  for (let next = 0; next < (near ? near.length : count); next++) {
    const k = near ? near[next] : next;
    const dx = x - middles[2 * k];
    const dy = y - middles[2 * k + 1];
    const u = axes[4 * k] * dx + axes[4 * k + 1] * dy;
    const v = axes[4 * k + 2] * dx + axes[4 * k + 3] * dy;
    if (u > 1 || u < -1 || v > 1 || v < -1) continue;
    const column = Math.min(((u + 1) / 2 * SIDE) | 0, SIDE - 1);
    const row = Math.min(((v + 1) / 2 * SIDE) | 0, SIDE - 1);
    const bit = (k * SIDE + row) * SIDE + column;
    if (masks[bit >> 3] & (128 >> (bit & 7))) return k;
  }
  return -1;
}

/* The few regions whose middles are nearest to a place. */
function nearestRegions(middles, x, y) {
  const found = [];
  const away = [];
  for (let k = 0; k < middles.length / 2; k++) {
    const far = (x - middles[2 * k]) ** 2 + (y - middles[2 * k + 1]) ** 2;
    let place = found.length;
    while (place > 0 && away[place - 1] > far) place--;
    if (place >= NEAREST) continue;
    found.splice(place, 0, k);
    away.splice(place, 0, far);
    if (found.length > NEAREST) {
      found.pop();
      away.pop();
    }
  }
  return found;
}

/* In the basin of which minimum a place lies, to the nearest cell of a map; -1 for none. */
function basinAt({ labels, rows, columns, window: [[x0, x1], [y0, y1]] }, x, y) {
  if (!(Math.abs(x) <= HIGHEST && Math.abs(y) <= HIGHEST)) return -1;
  const column = Math.min(Math.max(Math.floor(((x - x0) / (x1 - x0)) * columns), 0), columns - 1);
  const row = Math.min(Math.max(Math.floor(((y - y0) / (y1 - y0)) * rows), 0), rows - 1);
  return labels[row * columns + column] - 1;
}

/* How many of the places are where, as `Names.parts` counts them: see `whereabouts` in analysis/names.py. */
function whereabouts({ live, regions, window: [[x0, x1], [y0, y1]] }, places, alive, particles) {
  const { order } = live.names;
  const other = order.length;
  const counts = new Float64Array(other + 4);
  for (let p = 0; p < particles; p++) {
    const x = places[2 * p];
    const y = places[2 * p + 1];
    if (!alive(p)) counts[other + 3] += 1;
    else if (!(x >= x0 && x <= x1 && y >= y0 && y <= y1)) counts[other + 2] += 1;
    else {
      const at = regionAt(regions, x, y);
      const place = at < 0 ? -1 : order.indexOf(at);
      counts[at < 0 ? other + 1 : place < 0 ? other : place] += 1;
    }
  }
  return counts;
}

/* The two eigenvalues of second derivatives xx, xy, yy, rising. */
function eigenvalues(xx, xy, yy) {
  const [middle, half] = [(xx + yy) / 2, Math.hypot((xx - yy) / 2, xy)];
  return [middle - half, middle + half];
}

const BAND = [0.5, 0.05, 0.95];

/* The numbers of charts at one frame: line, lower and upper edge of its band, and dashed line.  `seen` has the places of
   the particles that are measured, NaN for those that diverged, and what the engine knows of them. */
const CHARTS = {
  loss: ({ train, test, alike }) => [...band(train), alike ? NaN : quantiles(test, [0.5])[0]],
  gap: ({ train, test }) => [...band(train.map((loss, k) => test[k] - loss)), NaN],
  "theta x": ({ points }) => [...band([...points].filter((_, k) => k % 2 === 0)), NaN],
  "theta y": ({ points }) => [...band([...points].filter((_, k) => k % 2 === 1)), NaN],
  "gradient norm": ({ gradients }) => [...band(pairs(gradients()).map(([x, y]) => Math.hypot(x, y))), NaN],
  sharpness: ({ hessians }) => [...band(triples(hessians()).map((each) => eigenvalues(...each)[1])), NaN],
  "noise scale": ({ gradients, covariances }) => {
    const slopes = pairs(gradients());
    return [...band(triples(covariances()).map(([xx, , yy], k) => (xx + yy) / (slopes[k][0] ** 2 + slopes[k][1] ** 2))), NaN];
  },
  basins: ({ share }) => [share, NaN, NaN, NaN],
  near: ({ near }) => [near, NaN, NaN, NaN],
  lr: ({ lr }) => [lr[0], NaN, NaN, lr[1] ?? NaN],
};

function band(values) {
  return quantiles(values, BAND);
}

const pairs = (flat) => Array.from({ length: flat.length / 2 }, (_, k) => [flat[2 * k], flat[2 * k + 1]]);
const triples = (flat) => Array.from({ length: flat.length / 3 }, (_, k) => [flat[3 * k], flat[3 * k + 1], flat[3 * k + 2]]);
