/* What a page and the page that holds it in a frame tell each other, as messages `{ kind, ... }`.

   The host sends "errsurf-set" `{ groups, settings }`, a state as in state.js, "errsurf-clock" `{ clock }`,
   "errsurf-play" `{ playing }` and "errsurf-ask"; each may have a `number`, and `answers` is the last that was heard.
   The page sends "errsurf-ready" once, "errsurf-state" `{ groups, settings, clock, playing, end, answers }` after
   changes, and "errsurf-positions" `{ clock, groups: [{ label, update, type, data }] }` when it is asked and when it
   pauses: `data` are float32 or float64 numbers, x and y of each particle.  What else a host sends is ignored. */

const [TOLD_EVERY, QUIET, TOLD_PLACES] = [100, 300, 400000];
const host = { clock: null, answers: 0, told: "", timer: 0, quiet: 0 };

const ASKED_BY_HOST = new Map([
  ["errsurf-set", ({ groups, settings }) => readLink(hostLink(groups, settings))],
  ["errsurf-clock", ({ clock }) => {
    if (typeof clock !== "number") return;
    host.clock = clock;
    seekForHost();
  }],
  ["errsurf-play", ({ playing }) => {
    if (typeof playing !== "boolean") return;
    job.played = true;
    play(playing);
  }],
  ["errsurf-ask", () => whenDone(askPlaces)],
]);

function hearHost({ source, data }) {
  if (source !== window.parent) return;
  const asked = plainCopy(data);
  const act = ASKED_BY_HOST.get(asked?.kind);
  if (!act) return;
  if (Number.isSafeInteger(asked.number)) host.answers = asked.number;
  act(asked);
  draw();
}

/* The values of a message; null where it has others than JSON. */
function plainCopy(data) {
  try {
    return JSON.parse(JSON.stringify(data));
  } catch {
    return null;
  }
}

/* A state as a link, which says what values it takes. */
function hostLink(groups, settings) {
  const paths = isTable(settings) ? Object.entries(settings).filter(([path, value]) => /^[\w.]+$/.test(path) && !isTable(value)) : [];
  const parts = paths.map(([path, value]) => `${path}=${encodeURIComponent(valueText(value))}`);
  return [...(Array.isArray(groups) ? [`groups=${groups.join(",")}`] : []), ...parts].join("&");
}

/* The clock that the host wants, once the run that it is meant for has begun. */
function seekForHost() {
  if (host.clock === null || job.waiting || job.sent !== job.number) return;
  const { clock } = host;
  host.clock = null;
  seek(clock);
}

function tellHostLater() {
  seekForHost();
  host.timer ||= setTimeout(tellState, TOLD_EVERY);
}

function tellState() {
  host.timer = 0;
  if (job.waiting) return;
  const { groups, changes } = steer.state;
  const told = { groups, settings: changes, clock: host.clock ?? state.clock, playing: state.playing, end: recording.clock.end, answers: host.answers };
  const text = JSON.stringify([told, job.number, job.done]);
  if (text === host.told) return;
  host.told = text;
  tellHost({ kind: "errsurf-state", ...told });
  clearTimeout(host.quiet);
  const numbers = 2 * recording.groups.reduce((all, { particles }) => all + particles, 0);
  if (!state.playing && job.done && numbers <= TOLD_PLACES) host.quiet = setTimeout(askPlaces, QUIET);
}

function askPlaces() {
  job.worker?.postMessage({ kind: "places", job: job.sent, clock: host.clock ?? state.clock });
}

function tellPlaces({ clock, groups }) {
  const labels = stateLabels(live, steer.state);
  tellHost({
    kind: "errsurf-positions", clock, groups: groups.map(({ update, places }, k) => ({ label: labels[k], update, type: places instanceof Float64Array ? "float64" : "float32", data: places.buffer })),
  });
}

function listenToHost() {
  if (window.parent === window) return;
  HEARD.places = tellPlaces;
  extras.drawn = tellHostLater;
  addEventListener("message", hearHost);
  tellHost({ kind: "errsurf-ready" });
}
