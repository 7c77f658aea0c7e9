/* The followed particle of a live page: where its next update leads, and the loss of the batch that it sees next. */

const follow = { found: null, asked: null, waiting: false, map: "train", grids: {} };
const [ARROW_SHARE, LONGEST_SHARE] = [0.2, 0.34];

function followWanted() {
  const { surface, arrows } = stateTables(live, steer.state).picture;
  return { surface, arrows, group: Math.max(steer.state.groups.indexOf(live.follow.group), 0), particle: live.follow.particle };
}

/* Ask what the particle does next at the clock, if anything of it is shown and nobody waits for an answer. */
function followNow() {
  const wanted = followWanted();
  if (wanted.surface === "train" && follow.map !== "train") showGrid("train");
  if (wanted.surface === "train" && wanted.arrows === "none") return;
  const key = [job.sent, state.clock, wanted.surface, wanted.arrows].join();
  if (follow.waiting || follow.asked === key || !job.worker || job.waiting) return;
  if (wanted.surface === "test" && follow.grids.test && follow.map !== "test") showGrid("test");
  Object.assign(follow, { asked: key, waiting: true });
  const surface = wanted.surface === "test" && follow.grids.test ? "train" : wanted.surface;
  job.worker.postMessage({ kind: "follow", job: job.sent, clock: state.clock, ...wanted, surface });
}

function followed({ surface, losses, ...found }) {
  follow.waiting = false;
  follow.found = found;
  if (losses) {
    follow.grids[surface] = losses.map((loss) => loss - run.grid.base);
    showGrid(surface);
  }
  draw();
}

/* Fill the map with the training loss, the test loss, or that of the next batch. */
function showGrid(which) {
  if (followWanted().surface !== which) return;
  follow.map = which;
  follow.grids.train ??= grid;
  follow.light ??= light;
  grid = follow.grids[which];
  light = which === "train" || !follow.light ? follow.light : follow.light.map(() => 128);
  flat = {};
  stale = { area: stale.area };
  draw();
}

/* The arrows at the particle: downhill for its next batch and for all examples, or what its next update is made of. */
function drawFollowed(pen, area, view, unit, look) {
  const { found } = follow;
  const { arrows, surface } = followWanted();
  followNow();
  if (!found || (arrows === "none" && surface !== "batch")) return;
  const start = pixelOf(area, view, found.theta);
  const along = ([x, y]) => [(x / (view.x1 - view.x0)) * area.width, (-y / (view.y1 - view.y0)) * area.height];
  const colour = look.groups[followWanted().group];
  pen.strokeStyle = look.ink;
  pen.lineWidth = 1.5 * unit;
  pen.beginPath();
  pen.arc(...start, 1.6 * style.head * unit, 0, 2 * Math.PI);
  pen.stroke();
  if (arrows === "batch") {
    const both = [[found.full, look.ink], [found.batch, colour]].map(([slope, tone]) => [along(slope.map((part) => -part)), tone]);
    const longest = Math.max(...both.map(([[x, y]]) => Math.hypot(x, y)));
    const most = (ARROW_SHARE * Math.min(area.width, area.height)) / (follow.longest = Math.max(longest, 0.97 * (follow.longest || 0)));
    for (const [[x, y], tone] of both) drawArrow(pen, start, [start[0] + most * x, start[1] + most * y], unit, tone, look);
  }
  if (arrows === "update") drawMovement(pen, area, start, along, found, unit, look);
}

/* The movement of the next update, and of gradient descent its two parts: what is kept, and -lr times the gradient. */
function drawMovement(pen, area, start, along, { movement, own }, unit, look) {
  const whole = along(movement);
  const part = own && along(own);
  const longest = Math.max(Math.hypot(...whole), part ? Math.hypot(...part) : 0);
  const room = LONGEST_SHARE * Math.min(area.width, area.height);
  const factor = longest > 0 ? Math.max(1, Math.min(room / longest, 1e6)) : 1;
  const tip = whole.map((value, k) => start[k] + factor * value);
  if (part) {
    const corner = tip.map((value, k) => value - factor * part[k]);
    drawArrow(pen, start, corner, unit, look.quiet, look, [style.dash, style.dash_gap]);
    drawArrow(pen, corner, tip, unit, look.warning, look);
  }
  drawArrow(pen, start, tip, unit, look.ink, look);
}

function drawArrow(pen, from, to, unit, colour, look, dash = []) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  if (!(length > 2 * unit && length < 1e5)) return;
  const [x, y] = [dx / length, dy / length];
  const head = Math.min(8 * unit, 0.5 * length);
  const barb = (side) => [to[0] - head * x - 0.5 * side * head * y, to[1] - head * y + 0.5 * side * head * x];
  pen.lineJoin = pen.lineCap = "round";
  for (const [width, tone] of [[2 * (1.1 + style.rim) * unit, look.halo], [2.2 * unit, colour]]) {
    pen.strokeStyle = tone;
    pen.lineWidth = width;
    pen.setLineDash(tone === colour ? dash : []);
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...to);
    pen.stroke();
    pen.setLineDash([]);
    pen.beginPath();
    pen.moveTo(...barb(1));
    pen.lineTo(...to);
    pen.lineTo(...barb(-1));
    pen.stroke();
  }
}

/* What the arrows mean, for the key. */
function followKey() {
  const { arrows, group } = followWanted();
  const entry = (text, colour, points = [[[1, 7], [25, 7]], [[18, 3], [25, 7], [18, 11]]]) => ({ text, sample: [{ points, radius: 1.1, colour }] });
  if (arrows === "batch") return [entry("downhill for all examples", "ink"), entry("downhill for its next batch", group)];
  if (arrows !== "update") return [];
  const kept = [[[1, 7], [7, 7]], [[11, 7], [17, 7]], [[18, 3], [25, 7], [18, 11]]];
  const parts = [entry("kept of the last movement", "quiet", kept), entry("\u2212lr \u00d7 gradient: downhill", "warning")];
  const own = stateTables(live, steer.state).optimizer[group].kind === "sgd";
  return [...(own ? parts : []), entry("the movement, enlarged", "ink")];
}
