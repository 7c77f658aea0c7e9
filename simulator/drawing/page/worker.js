/* The run of a live page, in a worker: a state's tables become positions, frame by frame, with the kernels of
   `errsurf run`.  A new state ends the run of the one before. */

const MOST_DOTS = 24000;
const MOST_FRAMES = 400;
const MOST_PLACES = 24e6;
const SLICE = 30;
/* What a page with a formula box does besides: its `surface` takes the place of the one that the page began with. */
const extra = {};
const home = { live: null, arrays: {}, engine: null, job: 0, runs: [], wanted: new Set(), told: null };

/* Whether WebAssembly is allowed is seen with the smallest module. */
const EMPTY_MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

onmessage = ({ data }) => HEARD[data.kind](data);

const HEARD = {
  start: ({ live, run: page, arrays }) => {
    Object.assign(home, { live, arrays });
    run = page;
    home.regions = arrays;
    home.basins = { ...live.basins, labels: arrays.basins };
    try {
      new WebAssembly.Module(EMPTY_MODULE);
      home.modules = unpackedModules(live.modules, arrays.codes);
      home.engine = startedEngine(home.modules, live.surface, arrays);
      post({ kind: "ready" });
    } catch (error) {
      post({ kind: "refused", words: error.message });
    }
  },
  run: (state) => {
    home.job = state.job;
    compute(state).catch((error) => failed(state.job, error));
  },
  follow: (asked) => guarded(() => followOne(asked)),
  chart: ({ job, name }) => guarded(() => chartOf(job, name)),
  extra: (asked) => guarded(() => extraFrames(asked)),
  places: (asked) => guarded(() => sendPlaces(asked)),
  check: ({ job, groups, sampling }) => guarded(() => {
    checkNow(groups, sampling, (place, found) => post({ kind: "claim", job, place, found }));
    post({ kind: "checked", job });
  }),
  positions: ({ job }) => post({ kind: "positions", job, groups: home.runs.map(({ frames, count }) => frames[count - 1]) }),
};

function guarded(act) {
  try {
    act();
  } catch (error) {
    failed(home.job, error);
  }
}

function post(message, moved = []) {
  postMessage(message, moved);
}

function failed(job, error) {
  post({ kind: "failed", job, words: error.words || `${error.message}` });
}

/* Let messages come in: whatever they change is looked at afterwards. */
function breathe() {
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(null);
  });
}

/* What the clock counts: see history/clock.py. */
function clockOf(groups) {
  const { clock, examples } = home.live;
  if (clock !== "examples") return { noun: "update", epoch: null, word: "updates" };
  if (groups.some(({ evaluations }) => evaluations > 1)) return { noun: "example gradient", epoch: null, word: "example gradients" };
  return { noun: "example", epoch: examples, word: "examples seen" };
}

/* One state from its start to its end. */
async function compute({ job, tables, labels, charts }) {
  const { live } = home;
  const began = performance.now();
  home.spent = 0;
  extra.surface?.(job, tables);
  const groups = tables.optimizer.map((group) => groupTimes(tables, group));
  const longest = Math.max(...groups.map(({ updates }) => updates));
  const particles = tables.swarm.particles;
  const most = Math.max(2, Math.min(MOST_FRAMES, Math.floor(MOST_PLACES / (particles * groups.length))));
  const seen = (group, update) => (live.clock === "examples" ? group.evaluations * allSeen(group.phases, update) : update);
  for (const group of groups) {
    group.marks = frameUpdates(tables.run, group.updates, longest, most);
    group.clocks = Float64Array.from(group.marks, (update) => seen(group, update));
    group.seen = (update) => seen(group, update);
  }
  const clock = { ...runClock(groups), ...clockOf(groups) };
  recording = { clock: { ...clock, pace: { ...run.clock.pace, ...clock.pace } } };
  const chosen = unique(linspace(0, particles - 1, Math.min(live.trails, particles)).map(roundHalfEven));
  const shown = shownParticles(particles, groups.length, chosen);
  const cost = Math.max(...groups.map(({ marks }) => marks.length)) * groups.length * live.evaluations;
  const measured = evenly(particles, Math.min(LOSS_PARTICLES, Math.max(16, Math.floor(LOSS_EVALUATIONS / cost))));
  const wanted = new Set(["loss", ...(live.basins && !home.own?.changed ? ["basins"] : []), ...charts.filter((name) => run.charts.some((chart) => chart.name === name))]);
  const runs = groups.map((group, k) => ({ ...group, ...startedGroup(tables, group, k), shown, chosen, measured, wanted, frames: [], losses: { train: [], test: [] }, raw: {}, count: 0 }));
  for (const each of home.runs) each.group.close();
  Object.assign(home, { runs, tables, wanted });
  post({
    kind: "plan", job, clock, trails: chosen.map((p) => shown.indexOf(p)), steps: longest <= FEW_UPDATES,
    groups: runs.map((each) => ({
      clocks: each.clocks, particles, shown: Float64Array.from(shown), start: startMiddle(each.theta, particles), product: each.product, decay: each.decay,
    })),
  });
  await breathe();
  if (!(await allFrames(job, runs))) return;
  for (let k = 0; k < runs.length; k++) {
    sendTrails(job, runs[k], k);
    await breathe();
    if (home.job !== job) return;
  }
  post({ kind: "done", job, updates: sum(runs.map((each) => each.updates * particles)), seconds: { updates: home.spent / 1000, all: (performance.now() - began) / 1000 } });
  await breathe();
  if (home.job === job && live.claims.length && !home.own?.changed) post({ kind: "recorded", job, groups: runs.map((each, k) => recordedRun(each, labels[k])), sampling: tables.run.sampling.kind });
}

/* The groups advance together, from frame to frame, and are told of a slice of time at once; false if a new state came. */
async function allFrames(job, runs) {
  const last = Math.max(...runs.map(({ marks }) => marks.length));
  let [mark, stride] = [0, 1];
  while (mark < last) {
    const began = performance.now();
    const until = Math.min(last, mark + stride);
    for (let k = 0; k < runs.length; k++) {
      const each = runs[k];
      const marks = each.marks.slice(mark, until);
      if (!marks.length) continue;
      const start = performance.now();
      const frames = framesOf(each, marks);
      home.spent += performance.now() - start;
      sendFrames(job, each, k, frames, marks);
    }
    mark = until;
    stride = Math.max(1, Math.min(4 * stride, Math.round((stride * SLICE) / Math.max(performance.now() - began, 0.1))));
    await breathe();
    if (home.job !== job) return false;
  }
  return true;
}

/* Places after some updates, an array of (particles, 2) each; update 0 is the start. */
function framesOf(each, marks) {
  const later = marks.filter((update) => update > 0);
  const found = later.length ? each.group.advance(later.at(-1), later) : null;
  const size = 2 * each.particles;
  const made = later.map((_, row) => found.subarray(row * size, (row + 1) * size));
  return marks[0] === 0 ? [each.group.positions(), ...made].map((part) => part.slice()) : made.map((part) => part.slice());
}

/* Frames as the page keeps them. */
function sendFrames(job, each, k, frames, marks) {
  const first = each.count;
  each.frames.push(...frames);
  each.count += frames.length;
  each.gone = each.group.diverged;
  const told = describedFrames(each, frames, marks);
  for (const [name, rows] of Object.entries(told.raw)) (each.raw[name] ??= []).push(...rows);
  post({ kind: "frames", job, group: k, first, count: frames.length, ...told }, [told.codes.buffer, told.history.buffer]);
}

function describedFrames(each, frames, marks) {
  const { shown } = each;
  const codes = new Uint16Array(frames.length * 2 * shown.length);
  const width = run.history.length + run.where.length;
  const history = new Float64Array(frames.length * width);
  const raw = Object.fromEntries([...each.wanted].map((name) => [name, new Float64Array(4 * frames.length)]));
  frames.forEach((places, row) => {
    const alive = livesAt(each, marks[row]);
    codeFrame(places, shown, alive, codes.subarray(row * 2 * shown.length, (row + 1) * 2 * shown.length));
    const seen = seenAt(each, places, marks[row], alive);
    history.set(historyRow(each, seen), row * width);
    each.losses?.train.push(seen.all.train);
    each.losses?.test.push(seen.all.test);
    for (const name of each.wanted) raw[name].set(CHARTS[name](seen), 4 * row);
  });
  return { codes, history, raw };
}

const sum = (values) => values.reduce((all, value) => all + value, 0);

/* Whether particles are there at an update: one that diverged stays at its last finite place. */
function livesAt(each, update) {
  const diverged = each.gone;
  return (p) => diverged[p] < 0 || diverged[p] > update;
}

/* Codes of the shown particles' places, x of all and then y; 0 is a particle that is not to be seen. */
function codeFrame(places, shown, alive, codes) {
  const { low, high, codes: most } = run.places;
  for (let s = 0; s < shown.length; s++) {
    const p = shown[s];
    if (!alive(p)) continue;
    const u = (places[2 * p] - low[0]) / (high[0] - low[0]);
    const v = (places[2 * p + 1] - low[1]) / (high[1] - low[1]);
    if (!(u >= 0 && u <= 1 && v >= 0 && v <= 1)) continue;
    codes[s] = Math.round(u * most) + 1;
    codes[shown.length + s] = Math.round(v * most) + 1;
  }
}

/* What charts and the legend are told of one frame; what costs more is computed when it is asked for. */
function seenAt(each, places, update, alive) {
  const { engine, live } = home;
  const measured = each.measured.filter(alive);
  const points = new Float64Array(2 * measured.length);
  measured.forEach((p, k) => points.set([places[2 * p], places[2 * p + 1]], 2 * k));
  const [train, test] = ["train", "test"].map((which) => engine.losses(points, which));
  return {
    places, alive, points, alike: live.alike, particles: each.particles, lr: each.lrAt(update),
    train: [...train], test: [...test], all: { train: spread(each.measured, alive, train), test: spread(each.measured, alive, test) },
    gradients: () => engine.gradients(points, "train"), hessians: () => engine.hessians(points, "train"),
    covariances: () => engine.covariances(points, "train"),
    get share() {
      return shareInBasin(places, alive, each.particles);
    },
    get near() {
      return shareNear(places, alive, each.particles);
    },
  };
}

/* Values of the particles that are alive among all that are measured; NaN for the others. */
function spread(measured, alive, values) {
  let next = 0;
  return Float64Array.from(measured, (p) => (alive(p) ? values[next++] : NaN));
}

function historyRow(each, { train, test, places, alive }) {
  const { live, regions } = home;
  const [low, median, high] = quantiles(train, [0.05, 0.5, 0.95]);
  const [[x0, x1], [y0, y1]] = live.window;
  let [outside, diverged] = [0, 0];
  for (let p = 0; p < each.particles; p++) {
    const inside = places[2 * p] >= x0 && places[2 * p] <= x1 && places[2 * p + 1] >= y0 && places[2 * p + 1] <= y1;
    if (!alive(p)) diverged += 1;
    else if (!inside) outside += 1;
  }
  const where = run.where.length ? whereabouts({ live, regions, window: live.window }, places, alive, each.particles) : [];
  return [low, median, high, quantiles(test, [0.5])[0], outside, diverged, ...[...where].map((count) => count / each.particles)];
}

function shareInBasin(places, alive, particles) {
  const { basins, live } = home;
  let found = 0;
  for (let p = 0; p < particles; p++) found += alive(p) && basinAt(basins, places[2 * p], places[2 * p + 1]) === live.names.followed;
  return found / particles;
}

function shareNear(places, alive, particles) {
  const { centre: [x, y], radius } = home.live.near;
  let found = 0;
  for (let p = 0; p < particles; p++) found += alive(p) && Math.hypot(places[2 * p] - x, places[2 * p + 1] - y) <= radius;
  return found / particles;
}

/* The numbers of a chart that was chosen later, from the frames there are. */
function chartOf(job, name) {
  if (job !== home.job) return;
  home.wanted.add(name);
  const raw = home.runs.map((each) => {
    const rows = new Float64Array(4 * each.count);
    each.frames.forEach((places, row) => rows.set(CHARTS[name](seenAt(each, places, each.marks[row], livesAt(each, each.marks[row]))), 4 * row));
    return rows;
  });
  post({ kind: "chart", job, name, raw });
}

/* Frames of updates between those that are recorded: after the next `updates` of any group, or an epoch later. */
function extraFrames({ job, clock, updates, epochs, charts }) {
  if (job !== home.job) return;
  const target = epochs ? clock + (home.live.clock === "examples" ? epochs * home.live.examples : Math.min(...home.runs.map((each) => epochs * updatesAnEpoch(phaseAt(each.phases, updateAt(each, clock)).plan)))) : nextClock(clock, updates);
  const groups = home.runs.map((each, k) => {
    const update = Math.min(updateAt(each, target), each.updates);
    const { places, gone } = computedAgain(each, k, update);
    const told = describedFrames({ ...each, gone, wanted: new Set(charts), losses: null }, [places], [update]);
    return { clocks: Float64Array.of(each.seen(update)), ...told };
  });
  post({ kind: "extra", job, groups, clock: Math.min(target, recording.clock.end) });
}

/* Where the particles of a group are after an update, and when each diverged. */
function computedAgain(each, k, update) {
  const again = startedGroup(home.tables, each, k).group;
  const places = (update ? again.advance(update, [update]) : again.positions()).slice();
  const gone = again.diverged;
  again.close();
  return { places, gone };
}

/* Where all particles are at a clock value, and how many updates they have made. */
function sendPlaces({ job, clock }) {
  if (job !== home.job) return;
  const groups = home.runs.map((each, k) => {
    const update = Math.min(updateAt(each, clock), each.updates);
    const row = each.marks.indexOf(update);
    const places = row >= 0 && row < each.count ? each.frames[row] : computedAgain(each, k, update).places;
    return { update, places };
  });
  post({ kind: "places", job, clock, groups });
}

/* The last update of a group that is not after a clock value. */
function updateAt(each, clock) {
  if (home.live.clock !== "examples") return Math.floor(clock + 1e-9);
  return updatesWithin(each.phases, Math.floor(clock / each.evaluations + 1e-9));
}

/* The next clock value at which a group has made another update. */
function nextClock(clock) {
  return Math.min(...home.runs.map((each) => Math.min(each.seen(Math.min(updateAt(each, clock) + 1, each.updates)), recording.clock.end)).filter((value) => value > clock), recording.clock.end);
}

/* How the clock runs: its end, and the first value above 0. */
function runClock(groups) {
  const end = Math.max(1, ...groups.map(({ clocks }) => clocks.at(-1)));
  const first = Math.max(1, Math.min(...groups.map(({ clocks }) => clocks[1] ?? Infinity), end));
  return { end, pace: { end, first } };
}

/* Evenly chosen particles, at most 24,000 dots over all groups, and those with trails: see content.py. */
function shownParticles(particles, groups, chosen) {
  const most = Math.max(Math.floor(MOST_DOTS / groups), chosen.length, 20);
  const some = linspace(0, particles - 1, Math.min(most, particles)).map(roundHalfEven);
  return [...new Set([...some, ...chosen])].sort((a, b) => a - b);
}

/* The middle of a group's starts where they lie within a twelfth of the window, else null. */
function startMiddle(theta, particles) {
  const axis = (k) => Array.from({ length: particles }, (_, p) => theta[2 * p + k]);
  const [x, y] = [axis(0), axis(1)].map((values) => quantiles(values, [0.05, 0.5, 0.95]));
  const close = [x, y].every(([low, , high], k) => high - low <= (home.live.window[k][1] - home.live.window[k][0]) / 12);
  return close ? [x[1], y[1]] : null;
}

const TRAIL_UPDATES = 20000;

/* The paths of a few particles with every update, thinned to what can be seen on a map of 700 x 500 pixels. */
function sendTrails(job, each, k) {
  const { chosen, updates } = each;
  if (!chosen.length) return;
  const every = Math.max(1, Math.ceil(updates / TRAIL_UPDATES));
  const made = Array.from({ length: Math.floor(updates / every) }, (_, row) => (row + 1) * every);
  const path = pathOf(each, chosen, made);
  const [[x0, x1], [y0, y1]] = home.live.window;
  const clock = [0, ...made].map((update) => evened(each.seen(update)));
  const [theta, along, begins] = [[], [], [0]];
  chosen.forEach((p, t) => {
    const pixels = Float64Array.from({ length: 2 * clock.length }, (_, at) => {
      const value = path(at >> 1, t)[at & 1];
      return at & 1 ? ((y1 - value) / (y1 - y0)) * 500 : ((value - x0) / (x1 - x0)) * 700;
    });
    for (let row = 0; row < clock.length; row++) {
      const near = pixels[2 * row] > -700 && pixels[2 * row] < 1400 && pixels[2 * row + 1] > -500 && pixels[2 * row + 1] < 1000;
      if (!near) pixels[2 * row] = pixels[2 * row + 1] = NaN;
    }
    const rows = updates <= FEW_UPDATES ? clock.map((_, row) => row) : thinnedRows(pixels, clock, AGAIN * run.style.fade * recording.clock.end);
    let before = 0;
    for (const row of rows) {
      const gap = row < 0 || Number.isNaN(pixels[2 * row]);
      theta.push(...(gap ? [NaN, NaN] : path(row, t)));
      along.push(clock[row < 0 ? before : row]);
      if (row >= 0) before = row;
    }
    begins.push(along.length);
  });
  const marks = home.live.markers.filter((update) => update <= updates).map((update, shape) => ({
    group: k, shape, clock: each.seen(update), points: chosen.map((_, t) => path(update === 0 ? 0 : Math.floor(update / every), t)).filter(([x]) => Number.isFinite(x)),
  }));
  post({ kind: "trails", job, group: k, theta: Float64Array.from(theta), clock: Float64Array.from(along), begin: Float64Array.from(begins), marks });
}

/* Where chosen particles were: a function of row, 0 the start, and place among the chosen; NaN once diverged. */
function pathOf(each, chosen, updates) {
  const few = each.only(chosen);
  const found = updates.length ? few.advance(updates.at(-1), updates) : [];
  const { diverged } = few;
  few.close();
  return (row, t) => {
    if (row === 0) return [each.theta[2 * chosen[t]], each.theta[2 * chosen[t] + 1]];
    if (diverged[t] >= 0 && diverged[t] <= updates[row - 1]) return [NaN, NaN];
    const at = 2 * ((row - 1) * chosen.length + t);
    return [found[at], found[at + 1]];
  };
}
