/* What is shown, and what changes it: time, groups, zoom, theme. */

const SPEEDS = [0.25, 0.5, 1, 2, 4];
const byId = (name) => document.getElementById(name);
const state = { clock: 0, playing: false, speed: 1, repeat: false, view: full, pointer: null, chart: null };
let grid, light, rows, look;
let stale = {};
/* What pages draw over the particles besides, and what they do after controls are filled and after each picture. */
const extras = { over: null, filled: null, drawn: null };
let flat = {};

/* Let the page show another recording.  The clock stays where it is, and so does the chart if there is one of its
   name. */
function show(next) {
  const before = state.chart;
  recording = next;
  state.chart = recording.charts.find(({ name }) => name === before?.name) || recording.charts[0];
  look = currentLook();
  byId("groups").replaceChildren();
  rows = recording.groups.map((group) => legendRow(group, toggleGroup));
  fillCharts();
  byId("scrub").max = recording.clock.end;
  state.clock = Math.min(state.clock, recording.clock.end);
  fillKey(look);
  changed();
}

/* What charts there are to choose from. */
function fillCharts() {
  const curves = byId("curves");
  curves.replaceChildren(...recording.charts.map(({ title }) => element("option", { textContent: said(title) })));
  curves.selectedIndex = recording.charts.indexOf(state.chart);
  curves.disabled = recording.charts.length < 2;
}

/* The recording has other numbers than before: what was drawn of them is stale. */
function changed() {
  stale = { area: stale.area };
  drawChartNow.key = null;
  draw();
}

/* The colours of the page as it is now, for the canvases. */
function currentLook() {
  const dark = getComputedStyle(document.documentElement).colorScheme.trim() === "dark";
  const style = getComputedStyle(document.body);
  const tone = (name) => style.getPropertyValue(name).trim();
  const theme = run.themes[dark ? "dark" : "light"];
  const size = Math.max(13, parseFloat(style.fontSize) * 0.86);
  return {
    ...theme, groups: recording.colours[dark ? "dark" : "light"], font: `${size}px ${style.fontFamily}`, lineWidth: 1.1 * theme.thick * theme.contour,
    ink: tone("--ink"), quiet: tone("--quiet"), pale: tone("--pale"), halo: tone("--halo"),
  };
}

/* A canvas as large as its place on the page, in pixels of the screen, cleared. */
function cleared(canvas) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const { clientWidth: width, clientHeight: height } = canvas;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return { pen, ratio, width, height };
}

/* What stands still on the map, drawn again only when the view, the size or the colours change. */
function still(pen, area, ratio) {
  const { view } = state;
  const key = [area.width, area.height, ratio, view.x0, view.x1, view.y0, look.fills[0]].join();
  const below = belowMoment(state.clock);
  if (stale.key === key && stale.below === below) return stale;
  const spots = markedSpots(pen, area, view, visitedPixels(area, view, recording.groups), look);
  const [w, h] = [Math.round(area.width * ratio), Math.round(area.height * ratio)];
  const layer = new OffscreenCanvas(w, h).getContext("2d", { willReadFrequently: true });
  if (flat.key !== key) flat = { key, picture: surfacePicture(grid, light, view, w, h, { ...look, lineWidth: look.lineWidth * ratio }) };
  layer.putImageData(flat.picture, 0, 0);
  layer.setTransform(w / area.width, 0, 0, h / area.height, (-area.left * w) / area.width, (-area.top * h) / area.height);
  drawOverlays(layer, area, view, state.clock, mapUnit(area), look, true);
  layer.font = look.font;
  drawLevelLabels(layer, area, view, spots, look);
  drawMarks(layer, spots, look);
  stale = { key, below, area, spots, layer, base: layer.getImageData(0, 0, w, h), now: new ImageData(w, h) };
  return stale;
}

/* Sizes are those of a map that is 560 pixels wide. */
function mapUnit(area) {
  return Math.min(Math.max(area.width / 560, 0.8), 1.8) * look.thick;
}

function drawMap() {
  const { pen, ratio, width, height } = cleared(byId("map"));
  const area = mapArea(width, height);
  const { view } = state;
  const { layer, base, now, spots } = still(pen, area, ratio);
  const unit = mapUnit(area);
  now.data.set(base.data);
  drawDots(now, view, recording.groups, state.clock, unit * ratio, look);
  layer.putImageData(now, 0, 0);
  pen.drawImage(layer.canvas, area.left, area.top, area.width, area.height);
  pen.save();
  pen.beginPath();
  pen.rect(area.left, area.top, area.width, area.height);
  pen.clip();
  drawCrowds(pen, area, view, recording.groups, state.clock, unit, look);
  drawTrails(pen, area, view, recording.groups, state.clock, unit, look);
  drawHeads(pen, area, view, recording.groups, state.clock, unit, look);
  drawMarkers(pen, area, view, recording.groups, state.clock, unit, look);
  drawOverlays(pen, area, view, state.clock, unit, look, false);
  extras.over?.(pen, area, view, unit, look);
  drawNames(pen, spots, look);
  pen.restore();
  drawAxes(pen, area, view, look);
}

function drawChartNow() {
  const { pen, width, height } = cleared(byId("chart"));
  const area = chartArea(pen, state.chart, recording.groups, width, height, look);
  const key = [width, height, state.chart.title, look.font].join();
  if (drawChartNow.key !== key) [drawChartNow.key, drawChartNow.paths] = [key, chartPaths(area, state.chart, recording.groups)];
  drawChart(pen, area, state.chart, recording.groups, drawChartNow.paths, state.clock, look);
}

function clockText() {
  const done = Math.floor(state.clock + 1e-9);
  const { epoch, noun } = recording.clock;
  if (epoch === null) return said(counted(done, noun));
  return said(`${counted(done, noun)} seen, epoch ${whole(Math.floor(done / epoch))}`);
}

let asked = false;
function draw() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    drawMap();
    drawChartNow();
    byId("groups").classList.toggle("plain", !state.chart.basins);
    for (const row of rows) drawLegendRow(row, state.clock, look);
    setText(byId("clock"), clockText());
    const scrub = byId("scrub");
    scrub.value = state.clock;
    scrub.setAttribute("aria-valuetext", clockText());
    scrub.style.setProperty("--done", `${(100 * state.clock) / recording.clock.end}%`);
    drawTip();
    extras.drawn?.();
  });
}

function seek(clock) {
  state.clock = Math.min(Math.max(clock, 0), recording.clock.end);
  draw();
}

function play(on) {
  if (on && !state.playing && state.clock >= recording.clock.end) state.clock = 0;
  if (on && !state.playing) requestAnimationFrame((time) => advance(time, time, 0));
  state.playing = on;
  byId("play").setAttribute("aria-label", said(on ? "Pause" : "Play"));
  byId("play").classList.toggle("playing", on);
  draw();
}

/* One picture of the moving run: the clock goes on by the time since the last one. */
function advance(time, before, held) {
  if (!state.playing) return;
  seek(paced(evened(state.clock) + ((time - before) / 1000) * state.speed * (recording.clock.end / recording.clock.seconds)));
  const waits = state.clock >= recording.clock.end ? held + (time - before) / 1000 : 0;
  if (state.clock >= recording.clock.end && !state.repeat) return play(false);
  if (waits > recording.clock.hold) state.clock = 0;
  requestAnimationFrame((next) => advance(next, time, waits > recording.clock.hold ? 0 : waits));
}

/* To the next recorded frame of any group, or the one before. */
function stepFrame(direction) {
  play(false);
  const at = latest(recording.moments, state.clock);
  const back = recording.moments[at] < state.clock ? at : at - 1;
  seek(recording.moments[Math.min(Math.max(direction > 0 ? at + 1 : back, 0), recording.moments.length - 1)]);
}

function toggleGroup(group) {
  group.on = !group.on;
  announce(`${group.label}: ${said(group.on ? "shown" : "hidden")}`);
  draw();
}

function zoomBy(factor, theta = null) {
  const { x0, x1, y0, y1 } = state.view;
  const [x, y] = theta || [(x0 + x1) / 2, (y0 + y1) / 2];
  const place = [(x - x0) / (x1 - x0), (y1 - y) / (y1 - y0)];
  state.view = zoomed(magnification(state.view) * factor, [x, y], place);
  byId("reset").disabled = magnification(state.view) < 1.001;
  draw();
}

function pan(across, up) {
  const { x0, x1, y0, y1 } = state.view;
  const corner = [x0 + across * (x1 - x0), y1 + up * (y1 - y0)];
  state.view = zoomed(magnification(state.view), corner, [0, 0]);
  draw();
}

function changeSpeed(direction) {
  const at = Math.min(Math.max(SPEEDS.indexOf(state.speed) + direction, 0), SPEEDS.length - 1);
  state.speed = SPEEDS[at];
  byId("speed").value = String(state.speed);
  announce(said(`speed ${state.speed}`));
}

function changeTheme() {
  const root = document.documentElement;
  root.dataset.theme = getComputedStyle(root).colorScheme.trim() === "dark" ? "light" : "dark";
  look = currentLook();
  fillKey(look);
  draw();
}

function announce(text) {
  byId("status").textContent = text;
}
