/* The page comes to life. */

function fillPage() {
  const speed = byId("speed");
  for (const factor of SPEEDS) speed.append(element("option", { value: String(factor), textContent: `${factor}\u00d7` }));
  speed.value = "1";
  byId("scenario").textContent = byId("origin").textContent.trim();
}

/* A message for the page that holds this one in a frame. */
function tellHost(message) {
  if (window.parent !== window) window.parent.postMessage(message, "*");
}

/* The height that the page takes, for the page that holds it in a frame.  In a low and wide frame the page takes what
   there is, so that it says then how high the other layout is at least: a host may follow each message. */
const LOW = matchMedia("(max-height: 500px) and (min-width: 600px)");
const WIDE_HEIGHT = 560;

function tellSize() {
  if (window.parent === window) return;
  let before = 0;
  const tell = () => {
    const natural = LOW.matches ? 0 : Math.ceil(document.body.getBoundingClientRect().height);
    const height = Math.max(natural, innerWidth >= 600 ? WIDE_HEIGHT : 0);
    if (height !== before) tellHost({ kind: "errsurf-size", height });
    before = height;
  };
  new ResizeObserver(tell).observe(document.body);
}

/* Without title and footer in a frame that asks for that: ?embed at the end of its address, or the page's own mark. */
function embed() {
  if (/[?&]embed\b/.test(location.search)) document.documentElement.dataset.embed = "";
  tellSize();
}

async function start() {
  document.documentElement.style.setProperty("--aspect", run.aspect);
  embed();
  const computes = typeof unfolded !== "undefined";
  const arrays = computes ? unfolded(await unpacked()) : await unpacked();
  grid = arrays.grid;
  light = arrays.light;
  fillPage();
  show(computes ? firstRecording(arrays) : readRecording(arrays));
  listenToMap(byId("map"));
  listenToChart(byId("chart"));
  listenToControls();
  new ResizeObserver(draw).observe(byId("map"));
  new ResizeObserver(draw).observe(byId("chart"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    look = currentLook();
    fillKey(look);
    draw();
  });
  byId("reset").disabled = true;
  document.body.classList.add("ready");
  draw();
  if (computes) startLive(arrays);
}

/* For scripts and the browser's console: errsurf.seek(120), errsurf.places(0), errsurf.play(true). */
window.errsurf = {
  run, state, seek, play, show, zoomBy,
  recording: () => recording,
  area: () => stale.area,
  pixel: (theta) => pixelOf(stale.area, state.view, theta),
  thetaAt: (pixel) => thetaOf(stale.area, state.view, pixel),
  ready: start().catch((error) => {
    byId("failure").hidden = false;
    byId("failure").textContent = said(`This page needs a browser of 2023 or later (${error.message}).`);
    throw error;
  }),
  places: (k) => {
    const group = recording.groups[k];
    return Array.from({ length: group.shown }, (_, p) => group.theta(latest(group.clock, state.clock), p));
  },
};
