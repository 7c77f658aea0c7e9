/* The run of a live page: settings go to the worker, frames come back, and a recording grows. */

/* What the page knows besides the run: see live.py. */
let live = null;
const stillness = matchMedia("(prefers-reduced-motion: reduce)");
const CHART_ROOM = 4;
const job = { number: 0, sent: 0, waiting: false, worker: null, done: true, plan: null, asked: [] };

/* Let the worker compute the state of the page; while it begins with one, only the newest of the others waits. */
function runState() {
  job.number += 1;
  endCheck();
  if (!job.worker || job.waiting) return;
  job.waiting = true;
  job.sent = job.number;
  job.held = !job.done && !job.failed;
  job.done = false;
  const wanted = state.chart ? [state.chart.name] : [];
  watch(job.number, job.held);
  job.worker.postMessage({ kind: "run", job: job.number, tables: stateTables(live, steer.state), labels: claimLabels(), charts: wanted });
}

/* A worker that has not begun with a state for so many milliseconds is ended if it may be busy with one that nobody
   waits for any more, and another takes its place. */
const PATIENCE = 3000;

function watch(sent, held) {
  setTimeout(() => {
    if (!job.waiting || job.sent !== sent || !job.worker) return;
    if (!held && job.number === sent) return watch(sent, false);
    job.worker.terminate();
    job.restore?.();
    job.waiting = false;
    job.done = true;
    job.worker = openWorker();
    runState();
  }, PATIENCE);
}

/* Groups by the names that claims have for them: those of the scenario, and copies by their own. */
function claimLabels() {
  const { groups } = steer.state;
  return stateLabels(live, steer.state, live.labels).map((label, k) => (groups.indexOf(groups[k]) === k ? live.labels[groups[k]] : label));
}

const HEARD = {
  ready: () => {},
  plan: begin,
  frames: addFrames,
  chart: addChart,
  trails: addTrails,
  extra: insertFrames,
  done: finish,
  recorded: checkClaims,
  followed,
  claim: showClaim,
  checked: endCheck,
  failed: ({ words }) => {
    job.waiting = false;
    job.failed = true;
    tell(said(words));
    if (job.sent !== job.number) runState();
  },
};

function hear({ data }) {
  if (data.kind === "followed") follow.waiting = false;
  if (data.job !== undefined && data.job !== job.sent && data.kind !== "plan") return;
  HEARD[data.kind](data);
}

/* The first word of the worker on a state: how long it is and how many frames it has. */
function begin(plan) {
  job.waiting = false;
  job.plan = plan;
  if (job.failed) tell("");
  job.failed = false;
  if (job.sent !== job.number) return runState();
  job.surface?.();
  job.surface = null;
  show(emptyRecording(plan));
  fillSettings();
  awaitClaims();
}

/* What the packed arrays hold of the map, as recorded pages have it, and what the page knows. */
function unfolded(arrays) {
  live = given.live;
  run.themes = live.themes;
  const { columns, rows, levels } = run.grid;
  const steps = Math.min(500, Math.floor(60000 / levels.length));
  const codes = planeValues(arrays.grid_codes, rows, columns);
  const found = Float64Array.from(codes, (code) => {
    const k = Math.min(Math.floor(code / steps), levels.length - 2);
    return levels[k] + (code / steps - k) * (levels[k + 1] - levels[k]);
  });
  const points = changedCodes(arrays.overlay_changes);
  return { ...arrays, overlay_points: points, grid: found, light: arrays.light_codes && planeValues(arrays.light_codes, rows, columns) };
}

/* Whole numbers from their differences to what the neighbours before them lead one to expect: see pack.py. */
function planeValues(bytes, rows, columns) {
  const size = rows * columns;
  const values = new Int32Array(size);
  for (let at = 0; at < size; at++) {
    const folded = bytes[at] | (bytes[size + at] << 8);
    const [x, above] = [at % columns, at - columns];
    const expected = (x ? values[at - 1] : 0) + (above >= 0 ? values[above] : 0) - (x && above >= 0 ? values[above - 1] : 0);
    values[at] = (expected + ((folded >>> 1) ^ -(folded & 1))) & 65535;
  }
  return values;
}

/* Codes (n, 2) from their changes from row to row. */
function changedCodes(bytes) {
  const codes = new Uint16Array(bytes.length / 2);
  for (let at = 0; at < codes.length; at++) {
    const folded = bytes[at] | (bytes[codes.length + at] << 8);
    codes[at] = (at > 1 ? codes[at - 2] : 0) + ((folded >>> 1) ^ -(folded & 1));
  }
  return codes;
}

/* The page before its worker has begun: the map without particles. */
function firstRecording(arrays) {
  job.overlay = { ...run.overlay, points: arrays.overlay_points, strokes: arrays.overlay_strokes, moments: arrays.overlay_moments };
  steer.state = firstState(live);
  const none = { clocks: new Float64Array(1), particles: live.tables.swarm.particles, shown: new Float64Array(0), start: null };
  job.plan = { groups: steer.state.groups.map(() => none), clock: { end: 1, pace: {} }, trails: [], steps: false };
  return emptyRecording(job.plan);
}

/* A recording without frames; its groups are those of the page. */
function emptyRecording({ groups, clock, trails, steps }) {
  const labels = stateLabels(live, steer.state, live.labels);
  const made = groups.map((group, k) => newGroup(group, k, labels[k]));
  return {
    groups: made, moments: [0], clock: { ...run.clock, ...clock, pace: { ...run.clock.pace, ...clock.pace } },
    charts: run.charts, trails, steps, markers: [], decimals: run.decimals,
    marks: [...run.marks.filter(({ kind }) => kind !== "start"), ...startMarks(groups)],
    overlay: { ...job.overlay, key: [...job.overlay.key, ...followKey()] }, colours: groupColours(steer.state.groups),
  };
}

function newGroup({ clocks, particles, shown }, k, label) {
  const frames = clocks.length;
  const own = run.groups[steer.state.groups[k]];
  const history = run.history.length + run.where.length;
  const group = {
    label, k, pieces: own.label === label ? own.pieces : [label], corners: live.corners[k % live.corners.length],
    particles, shown: shown.length, number: shown, on: shownBefore(k, label), clocks, clock: clocks.subarray(0, 0),
    codes: new Uint16Array(frames * 2 * shown.length), history: new Float64Array(frames * history), raw: {},
    curves: run.charts.map(() => new Float32Array(0)), profiles: [], step: placeStep(),
    trails: Array.from({ length: job.plan.trails.length }, () => ({ clock: new Float64Array(0), points: [] })),
  };
  group.theta = (frame, p) => thetaAt(group, frame, p);
  return group;
}

/* Whether a group is switched on: as it was, or as the scenario's picture has it. */
function shownBefore(k, label) {
  const shown = recording?.groups || [];
  const before = shown.length === steer.state.groups.length ? shown[k] : shown.find((group) => group.label === label);
  return before ? before.on : live.drawn.includes(steer.state.groups[k]);
}

/* The colours of a state's groups: those of the scenario's groups, and of copies the next that are free. */
function groupColours(groups) {
  const all = (theme) => {
    const own = run.themes[theme].groups;
    const free = live.palette[theme].filter((colour) => !own.includes(colour));
    let next = 0;
    return groups.map((k, place) => (groups.indexOf(k) === place ? own[k] : free[next++ % free.length]));
  };
  return { light: all("light"), dark: all("dark") };
}

/* The middles of starts that lie close together, equal ones once. */
function startMarks(groups) {
  const found = new Map(groups.filter(({ start }) => start).map(({ start: [x, y] }) => [`${x},${y}`, { x, y, kind: "start", name: "start", short: "start" }]));
  return [...found.values()];
}

function addFrames({ group: k, first, count, codes, history, raw }) {
  const group = recording.groups[k];
  group.codes.set(codes, first * 2 * group.shown);
  group.history.set(history, first * (run.history.length + run.where.length));
  for (const [name, rows] of Object.entries(raw)) {
    group.raw[name] ??= new Float64Array(RAW.length * group.clocks.length).fill(NaN);
    group.raw[name].set(rows, RAW.length * first);
  }
  group.clock = group.clocks.subarray(0, first + count);
  if (first === 0 && k === recording.groups.length - 1 && !stillness.matches && !job.played) {
    job.played = true;
    play(true);
  }
  freshCharts();
}

/* What follows from frames that have come: scales and curves of charts, and clock values; at most once a picture. */
function freshCharts() {
  if (job.fresh) return;
  job.fresh = true;
  requestAnimationFrame(() => {
    job.fresh = false;
    if (!recording.groups.every(({ clock }) => clock.length)) return;
    recording.moments = momentsOf(recording.groups);
    recording.charts = run.charts.map(chartNow);
    state.chart = recording.charts.find(({ name }) => name === state.chart.name) || recording.charts[0];
    drawChartNow.key = null;
    draw();
  });
}

/* A chart with its scale, its marks and its curves, if its numbers have come. */
function chartNow(chart, c) {
  const { groups } = recording;
  if (!groups.every(({ raw }) => raw[chart.name])) return chart;
  const { scale, curves } = curvesOf(chart.name, groups);
  groups.forEach((group, k) => {
    group.curves[c] = curves[k];
  });
  if (chart.name === "loss") recording.decimals = scaleDecimals(scale);
  const marks = (IN_SHARES.includes(chart.name) ? shareMarks : scaleMarks)(scale);
  return { ...chart, marks: marks.map(([value, text]) => [scaleHeight(scale, value), text]), zero: scale.zero ? ZERO_ROOM : 0, below: clockMarks(recording.clock) };
}

/* A chart that was chosen: its numbers are asked for where they have not come. */
function needChart({ name }) {
  if (recording.groups.every(({ raw }) => raw[name])) return;
  job.worker?.postMessage({ kind: "chart", job: job.sent, name });
}

function addChart({ name, raw }) {
  recording.groups.forEach((group, k) => {
    group.raw[name] = new Float64Array(RAW.length * Math.max(group.clocks.length, group.clock.length)).fill(NaN);
    group.raw[name].set(raw[k]);
  });
  freshCharts();
}

function addTrails({ group: k, theta, clock, begin: begins, marks }) {
  const group = recording.groups[k];
  group.trails = readTrails(theta, clock, begins);
  group.oldest = undefined;
  recording.markers = [...recording.markers.filter((marker) => marker.group !== k), ...marks];
  draw();
}

function finish() {
  job.done = true;
  changed();
  freshCharts();
  const wanted = job.asked.splice(0);
  for (const ask of wanted) ask();
}

/* Frames of other updates than those of the run, put where they belong. */
function insertFrames({ groups, clock }) {
  groups.forEach(({ clocks, codes, history, raw }, k) => {
    const group = recording.groups[k];
    const fresh = [...clocks.keys()].filter((row) => !group.clock.includes(clocks[row]));
    if (!fresh.length) return;
    const rows = [...[...group.clock.keys()].map((row) => [group.clock[row], row, false]), ...fresh.map((row) => [clocks[row], row, true])].sort((a, b) => a[0] - b[0]);
    const joined = (own, other, width, made) => {
      rows.forEach(([, row, isNew], place) => made.set((isNew ? other : own).subarray(row * width, (row + 1) * width), place * width));
      return made;
    };
    const width = run.history.length + run.where.length;
    group.codes = joined(group.codes, codes, 2 * group.shown, new Uint16Array(2 * group.shown * rows.length));
    group.history = joined(group.history, history, width, new Float64Array(width * rows.length));
    for (const name of Object.keys(group.raw)) {
      if (raw[name]) group.raw[name] = joined(group.raw[name], raw[name], RAW.length, new Float64Array(RAW.length * rows.length));
      else delete group.raw[name];
    }
    group.clocks = group.clock = Float64Array.from(rows, ([value]) => value);
  });
  freshCharts();
  seek(clock);
}

/* To the next update of any group, or on by one epoch: the frame is asked for where it is not recorded. */
function stepUpdate(count) {
  askFrames({ updates: count, clock: state.clock });
}

function stepEpoch() {
  askFrames({ epochs: 1, clock: state.clock });
}

function askFrames(what) {
  play(false);
  whenDone(() => job.worker?.postMessage({ kind: "extra", job: job.sent, charts: Object.keys(recording.groups[0].raw), ...what }));
}

/* Do something now, or when the run is there. */
function whenDone(act) {
  if (job.done) act();
  else job.asked.push(act);
}

/* Claims are checked by a worker of their own, which ends when there is a new run. */
function checkClaims({ groups, sampling }) {
  const checker = job.startWorker();
  job.checker = checker;
  const asked = job.sent;
  checker.addEventListener("message", ({ data }) => {
    if (data.kind === "ready") checker.postMessage({ kind: "check", job: asked, groups, sampling }, groups.map(({ position }) => position.buffer));
    if (data.kind === "ready" || data.job !== job.sent) return;
    if (data.kind === "failed") endCheck();
    HEARD[data.kind](data);
  });
}

function endCheck() {
  job.checker?.terminate();
  job.checker = null;
}

/* The claims of the scenario, of which nothing is known of the new run yet. */
function awaitClaims() {
  byId("claims").replaceChildren(...live.claims.map((claim) => claimItem(claim, "checking", [...claim.others.map(() => "\u2026")])));
}

/* A claim with its numbers and its verdict, at the end of the run. */
function showClaim({ place, found }) {
  const lacks = found.gone !== undefined ? said(`There is no group ${found.gone} now`) : found.error && said("This claim is checked by errsurf run only");
  const item = lacks ? claimItem(found.claim, "not decided", [lacks], found.error) : claimItem(found.claim, found.verdict, claimLines(found));
  byId("claims").children[place].replaceWith(item);
  tellHost({ kind: "errsurf-claim", place, verdict: lacks ? "not decided" : found.verdict });
}

function claimItem({ says }, verdict, lines, title = "") {
  const mark = element("strong", { className: "verdict", dataset: { verdict }, textContent: said(verdict) });
  return element("li", { title }, mark, " ", says, ...lines.map((text) => element("small", { textContent: text })));
}

/* A line for each comparison: the numbers with their intervals, and what is claimed: see claims/wording.py. */
function claimLines({ claim, comparisons, minimum }) {
  const words = said(statisticWords(claim, minimum));
  return comparisons.map(({ group, other, estimate, reference, compared }) => {
    const left = `${words}: ${claim.groups.length ? group : said("all groups")} = ${estimateText(estimate)}`;
    if (typeof other !== "string") return `${left}, ${said(`claimed ${claimedBound(claim, other)}`)}`;
    const how = said(claim.times === null ? "difference" : "ratio");
    return `${left}, ${other} = ${estimateText(reference)}; ${how} ${estimateText(compared)}, ${said(`claimed ${claimedBound(claim, 0)}`)}`;
  });
}

function statisticWords({ words, settings }, minimum) {
  const text = (value) => (Array.isArray(value) ? `(${value.map(text).join(", ")})` : typeof value === "number" ? shortNumber(value) : String(value));
  return words.replace(/\{(\w+)\}/g, (_, key) => (key === "minimum" ? minimum || `minimum near ${text(settings.near)}` : text(settings[key])));
}

function claimedBound({ relation, times, within, by }, number) {
  if (relation === "equals") {
    const aim = shortNumber(times === null ? number : times);
    return within ? `${aim} within ${shortNumber(within)}` : `exactly ${aim}`;
  }
  if (times === null && !by) return `${relation} ${shortNumber(number)}`;
  const bound = times ?? number + (relation === "above" ? by : -by);
  return `${relation === "above" ? "at least" : "at most"} ${shortNumber(bound)}`;
}

function estimateText({ value, low, high }) {
  const text = (part) => (part === Infinity ? said("never") : shortNumber(part, 3));
  if (Number.isNaN(low) && !Number.isNaN(value)) return said(`${text(value)} [no interval]`);
  return value === low && low === high ? text(value) : `${text(value)} [${text(low)}, ${text(high)}]`;
}

/* The largest lr at which full batch settles in the sharpest minimum, {lr, product}; null where it is unknown. */
function largestLr(k) {
  const { product, decay } = job.plan?.groups[k] || {};
  return product && live.sharpest ? { product, lr: product / (live.sharpest + decay) } : null;
}

/* The worker, from the text that the page carries; words where a browser refuses. */
function startWorker(text, arrays) {
  if (typeof WebAssembly === "undefined") throw new Error(said("This browser has no WebAssembly"));
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const rules = window.trustedTypes?.createPolicy("errsurf", { createScriptURL: (given) => (given === address ? given : "") });
  const trusted = rules ? rules.createScriptURL(address) : address;
  job.startWorker = () => {
    const worker = new Worker(trusted);
    worker.postMessage({ kind: "start", live, run, arrays });
    return worker;
  };
  return openWorker();
}

function openWorker() {
  const worker = job.startWorker();
  worker.addEventListener("message", hear);
  worker.addEventListener("error", (event) => refuse(event.message || said("its worker did not start")));
  return worker;
}

function refuse(reason) {
  job.worker = null;
  job.waiting = false;
  tell(said(`This page cannot compute here: ${reason}. The map is shown without a run.`));
}

/* Where the pointer is on the map, or the middle of the view. */
function middle() {
  const { x0, x1, y0, y1 } = state.view;
  return state.pointer && onArea(state.pointer) ? thetaOf(stale.area, state.view, state.pointer) : [(x0 + x1) / 2, (y0 + y1) / 2];
}

/* Where the particles of each group are at the end, exactly: for scripts. */
function exactPlaces() {
  return new Promise((done) => {
    HEARD.positions = ({ groups }) => done(groups);
    job.worker.postMessage({ kind: "positions", job: job.sent });
  });
}

function startLive(arrays) {
  Object.assign(window.errsurf, { exactPlaces, link: () => stateLink(live, steer.state), setValue, stateToml: () => scenarioToml(live, steer.state), finished: () => job.done && job.sent === job.number });
  listenToSettings();
  taps.act = dropCloud;
  extras.over = drawFollowed;
  chosen.chart = needChart;
  Object.assign(KEYS, { c: () => dropCloud(middle()), u: () => stepUpdate(1), e: stepEpoch });
  if (live.formula) startFormulaBox();
  byId("lacks").textContent = live.lacks.map(said).join(" ");
  try {
    const some = Object.fromEntries([...live.arrays, "codes"].map((name) => [name, arrays[name]]));
    job.worker = startWorker(new TextDecoder().decode(arrays.worker), some);
  } catch (error) {
    refuse(error.message);
  }
  steer.state = null;
  readLink(location.hash);
  listenToHost();
}
