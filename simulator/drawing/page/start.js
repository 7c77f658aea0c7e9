/* The page comes to life. */

function fillPage() {
  const speed = byId("speed");
  for (const factor of SPEEDS) speed.append(element("option", { value: String(factor), textContent: `${factor}\u00d7` }));
  speed.value = "1";
  const curves = byId("curves");
  for (const chart of run.charts) curves.append(element("option", { textContent: said(chart.title) }));
  curves.disabled = run.charts.length < 2;
  const scrub = byId("scrub");
  scrub.max = run.clock.end;
  byId("scenario").textContent = byId("origin").textContent.trim();
}

async function start() {
  const arrays = await unpacked();
  grid = arrays.grid;
  overlayArrays = { points: arrays.overlay_points, strokes: arrays.overlay_strokes, moments: arrays.overlay_moments };
  light = arrays.light;
  groups = readGroups(arrays);
  moments = [...new Set(groups.flatMap((group) => [...group.clock]))].sort((a, b) => a - b);
  fillPage();
  rows = groups.map((group) => legendRow(group, toggleGroup));
  look = currentLook();
  fillKey(look);
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
}

/* For scripts and the browser's console: errsurf.seek(120), errsurf.places(0), errsurf.play(true). */
window.errsurf = {
  run, state, seek, play, zoomBy,
  area: () => stale.area,
  pixel: (theta) => pixelOf(stale.area, state.view, theta),
  thetaAt: (pixel) => thetaOf(stale.area, state.view, pixel),
  ready: start().catch((error) => {
    byId("failure").hidden = false;
    byId("failure").textContent = said(`This page needs a browser of 2023 or later (${error.message}).`);
    throw error;
  }),
  places: (k) => Array.from({ length: groups[k].shown }, (_, p) => groups[k].theta(latest(groups[k].clock, state.clock), p)),
};
