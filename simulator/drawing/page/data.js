/* The run: what the page was told about it, and every particle's place at every frame. */

/* What boot.js has unpacked: `{ run, live, arrays }`; nothing in pages that play a recorded run. */
const given = globalThis.errsurf?.given;
const run = given?.run || JSON.parse(document.getElementById("run").textContent);

/* The run that is shown: its groups, its clock, charts, trails, marks and overlays.  Everything that is drawn reads it,
   so that another one can take its place while the page is open: see `show`. */
let recording = null;

/* The recording of the packed arrays. */
function readRecording(arrays) {
  const { clock, charts, trails, steps, markers, decimals, marks, overlay } = run;
  const strokes = { points: arrays.overlay_points, strokes: arrays.overlay_strokes, moments: arrays.overlay_moments };
  const groups = readGroups(arrays);
  return {
    groups, moments: momentsOf(groups), clock, charts, trails, steps, markers, decimals, marks,
    overlay: { ...overlay, ...strokes },
    colours: { light: run.themes.light.groups, dark: run.themes.dark.groups },
  };
}

/* The clock values of all frames of some groups, rising. */
function momentsOf(groups) {
  return [...new Set(groups.flatMap((group) => [...group.clock]))].sort((a, b) => a - b);
}

/* The packed arrays by name.  DecompressionStream works on pages opened from a folder too: nothing is fetched. */
async function unpacked() {
  if (given) return given.arrays;
  const text = atob(document.getElementById("arrays").textContent.trim());
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const buffer = await new Response(stream).arrayBuffer();
  const kinds = { f4: Float32Array, f8: Float64Array, u1: Uint8Array, u2: Uint16Array };
  const found = {};
  for (const [name, [kind, start, end]] of Object.entries(run.arrays)) {
    found[name] = new kinds[kind](buffer.slice(start, end));
  }
  return found;
}

/* Codes of all places, frame after frame, x of all particles and then y.  Stored are changes from frame to frame,
   signs folded into the lowest bit, low bytes apart from high ones; sums wrap at 16 bits. */
function placeCodes(low, high, shown) {
  const codes = new Uint16Array(low.length);
  const stride = 2 * shown;
  for (let i = 0; i < codes.length; i++) {
    const folded = low[i] | (high[i] << 8);
    codes[i] = (i < stride ? 0 : codes[i - stride]) + ((folded >>> 1) ^ -(folded & 1));
  }
  return codes;
}

/* Paths of single particles: {clock, points}, where a point is null at a gap. */
function readTrails(theta, clock, begin) {
  const point = (at) => (Number.isNaN(theta[2 * at]) ? null : [theta[2 * at], theta[2 * at + 1]]);
  return Array.from(begin.subarray(1), (end, t) => {
    const some = clock.subarray(begin[t], end);
    return { clock: some, points: Array.from(some, (_, row) => point(begin[t] + row)) };
  });
}

/* How far apart two codes of places are, in x and in y. */
function placeStep() {
  return run.places.high.map((high, axis) => (high - run.places.low[axis]) / run.places.codes);
}

/* Where a group's particle is at a frame; null where it is not to be seen. */
function thetaAt({ codes, shown, step }, frame, p) {
  const at = frame * 2 * shown + p;
  if (!codes[at]) return null;
  return [0, 1].map((axis) => run.places.low[axis] + (codes[at + axis * shown] - 1) * step[axis]);
}

/* Each group with its clock values, codes and history.  A code of 0 is a particle that is not to be seen. */
function readGroups(arrays) {
  const step = placeStep();
  return run.groups.map((group, k) => {
    const part = (name) => arrays[`${name}${k}`];
    const codes = placeCodes(part("low"), part("high"), group.shown);
    const clock = part("clock");
    const [curves, profiles] = ["chart", "profile"].map((name) => run.charts.map((_, c) => arrays[`${name}${c}group${k}`]));
    const trails = readTrails(part("trail"), part("trail_clock"), part("trail_begin"));
    const made = { ...group, k, codes, clock, step, trails, number: part("particle"), history: part("history"), curves, profiles, on: true };
    made.theta = (frame, p) => thetaAt(made, frame, p);
    return made;
  });
}

/* The columns of a group's history row: see `_columns` in content.py. */
function numbersAt(group, frame) {
  const width = run.history.length + run.where.length;
  const row = group.history.subarray(frame * width, (frame + 1) * width);
  const found = Object.fromEntries(run.history.map((name, column) => [name, row[column]]));
  found.shares = row.subarray(run.history.length);
  return found;
}
