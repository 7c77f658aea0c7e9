/* The worker's part of following: one particle runs by itself, with the bits of the whole run. */

const walk = { job: -1, group: -1, few: null, update: 0 };

/* What a particle does at the next update after a clock value. */
function followOne({ job, clock, group: k, particle, surface, arrows }) {
  if (job !== home.job || !home.runs[k]) return post({ kind: "followed", job });
  const each = home.runs[k];
  const p = Math.min(particle, each.particles - 1);
  const update = Math.min(updateAt(each, clock), each.updates - 1);
  const fresh = walk.job !== job || walk.group !== k || walk.update > update;
  if (fresh) {
    walk.few?.close();
    Object.assign(walk, { job, group: k, few: each.only([p]), update: 0 });
  }
  if (update > walk.update) walk.few.advance(update);
  const theta = [...walk.few.positions()];
  walk.few.advance(update + 1);
  walk.update = update + 1;
  const next = [...walk.few.positions()];
  const own = [...walk.few.gradients()];
  const batch = walk.few.batch(p, update);
  const at = Float64Array.from(theta);
  const rate = home.tables.optimizer[k].kind === "sgd" && !(home.tables.optimizer[k].wrappers || []).length ? each.lrAt(update) : null;
  const found = {
    theta, movement: next.map((value, axis) => value - theta[axis]), own: rate && own.map((slope, axis) => -(rate[axis] ?? rate[0]) * slope),
    batch: [...home.engine.gradients(at, batch)], full: [...home.engine.gradients(at, "train")],
  };
  const losses = surface === "train" ? null : home.engine.losses(gridPoints(), surface === "test" ? "test" : batch);
  post({ kind: "followed", job, surface, arrows, losses, ...found }, losses ? [losses.buffer] : []);
}

/* The nodes of the map's grid, row after row from below. */
function gridPoints() {
  if (home.grid) return home.grid;
  const { columns, rows } = run.grid;
  const [[x0, x1], [y0, y1]] = home.live.window;
  home.grid = new Float64Array(2 * columns * rows);
  for (let at = 0; at < columns * rows; at++) {
    home.grid[2 * at] = x0 + ((at % columns) / (columns - 1)) * (x1 - x0);
    home.grid[2 * at + 1] = y0 + (Math.floor(at / columns) / (rows - 1)) * (y1 - y0);
  }
  return home.grid;
}
