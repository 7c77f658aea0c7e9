/* Mouse, touch and keys. */

const KEYS = {
  " ": () => play(!state.playing),
  k: () => play(!state.playing),
  ArrowRight: () => stepFrame(1),
  ArrowLeft: () => stepFrame(-1),
  Home: () => seek(0),
  End: () => seek(recording.clock.end),
  "+": () => zoomBy(1.5),
  "=": () => zoomBy(1.5),
  "-": () => zoomBy(1 / 1.5),
  0: () => zoomBy(0),
  "[": () => changeSpeed(-1),
  "]": () => changeSpeed(1),
  r: () => byId("repeat").click(),
  d: () => changeTheme(),
  f: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
};
const PANS = { ArrowRight: [0.1, 0], ArrowLeft: [-0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] };

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const { tagName } = event.target;
  if (tagName === "TEXTAREA" || (tagName === "INPUT" && event.target.id !== "scrub")) return;
  if (tagName === "SELECT" || (event.key === " " && (tagName === "BUTTON" || tagName === "SUMMARY"))) return;
  let act = KEYS[event.key];
  if (event.shiftKey && PANS[event.key]) act = () => pan(...PANS[event.key]);
  const group = /^[1-9]$/.test(event.key) && recording.groups[Number(event.key) - 1];
  if (group) act = () => toggleGroup(group);
  if (!act) return;
  event.preventDefault();
  act();
}

/* Where an event lies on its canvas. */
function place(event) {
  const { left, top } = byId("map").getBoundingClientRect();
  return [event.clientX - left, event.clientY - top];
}

function onArea([u, v]) {
  const area = stale.area;
  return area && u >= area.left && v >= area.top && u <= area.left + area.width && v <= area.top + area.height;
}

/* A press that does not move is a tap: what it does, given a place, if it does anything. */
const taps = { act: null };
const chosen = { chart: () => {} };
const [TAP_PIXELS, TAP_MILLISECONDS] = [6, 600];

/* One pointer drags the map, two stretch it, none that is pressed asks for values. */
function listenToMap(canvas) {
  const down = new Map();
  let tap = null;
  canvas.addEventListener("pointerdown", (event) => {
    down.set(event.pointerId, place(event));
    tap = down.size === 1 && event.button === 0 ? { at: place(event), time: event.timeStamp } : null;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const [now, before] = [place(event), down.get(event.pointerId)];
    state.pointer = now;
    if (before && down.size === 1) dragged(before, now);
    if (before && down.size === 2) stretched([...down.entries()].find(([id]) => id !== event.pointerId)[1], before, now);
    if (before) down.set(event.pointerId, now);
    draw();
  });
  canvas.addEventListener("pointerup", (event) => {
    const at = place(event);
    const short = tap && Math.hypot(at[0] - tap.at[0], at[1] - tap.at[1]) < TAP_PIXELS && event.timeStamp - tap.time < TAP_MILLISECONDS;
    if (short && taps.act && onArea(at)) taps.act(thetaOf(stale.area, state.view, at));
    tap = null;
  });
  for (const kind of ["pointerup", "pointercancel"]) canvas.addEventListener(kind, (event) => down.delete(event.pointerId));
  canvas.addEventListener("pointerleave", () => {
    state.pointer = null;
    draw();
  });
  canvas.addEventListener("wheel", (event) => {
    if (!onArea(place(event))) return;
    event.preventDefault();
    zoomBy(Math.exp(-Math.sign(event.deltaY) * Math.min(Math.abs(event.deltaY), 120) / 400), thetaOf(stale.area, state.view, place(event)));
  }, { passive: false });
  canvas.addEventListener("dblclick", (event) => {
    if (!taps.act && onArea(place(event))) zoomBy(2, thetaOf(stale.area, state.view, place(event)));
  });
}

function dragged(before, now) {
  pan((before[0] - now[0]) / stale.area.width, (now[1] - before[1]) / stale.area.height);
}

function stretched(fixed, before, now) {
  const apart = (a) => Math.hypot(a[0] - fixed[0], a[1] - fixed[1]);
  zoomBy(apart(now) / Math.max(apart(before), 1), thetaOf(stale.area, state.view, fixed));
}

/* Values under the pointer: of a particle, or of the map. */
function drawTip() {
  const tip = byId("tip");
  tip.hidden = !state.pointer || !onArea(state.pointer);
  if (tip.hidden) return;
  const hit = nearestParticle(stale.area, state.view, recording.groups, state.clock, state.pointer);
  const theta = hit ? hit.theta : thetaOf(stale.area, state.view, state.pointer);
  const lines = [
    `${run.names[0]} = ${shortNumber(theta[0])}, ${run.names[1]} = ${shortNumber(theta[1])}`,
    ...(run.grid.curve ? [] : [said(`${run.grid.word} ${shortNumber(lossAt(grid, ...theta), 3)}`)]),
  ];
  tip.replaceChildren(...lines.map((line) => element("div", { textContent: line })));
  if (hit) {
    const head = element("div", { className: "head" }, swatchElement(hit.group), labelElement(hit.group));
    head.style.setProperty("--colour", look.groups[hit.group.k]);
    tip.prepend(head, element("div", { textContent: said(`particle ${hit.group.number[hit.p]}`) }));
  }
  const [u, v] = state.pointer;
  const { clientWidth } = byId("map");
  tip.style.left = `${Math.max(0, u + 16 + tip.offsetWidth > clientWidth ? u - 14 - tip.offsetWidth : u + 16)}px`;
  tip.style.top = `${Math.max(0, v - tip.offsetHeight - 10)}px`;
}

/* A pressed pointer on the chart moves the clock. */
function listenToChart(canvas) {
  const follow = (event) => {
    if (!event.buttons || state.chart.own) return;
    const { left, width, height } = canvas.getBoundingClientRect();
    const area = chartArea(canvas.getContext("2d"), state.chart, recording.groups, width, height, look);
    play(false);
    seek(clockAlong((event.clientX - left - area.left) / area.width));
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    follow(event);
  });
  canvas.addEventListener("pointermove", follow);
}

function listenToControls() {
  byId("play").addEventListener("click", () => play(!state.playing));
  byId("back").addEventListener("click", () => stepFrame(-1));
  byId("forward").addEventListener("click", () => stepFrame(1));
  byId("scrub").addEventListener("input", (event) => {
    play(false);
    seek(Number(event.target.value));
  });
  byId("speed").addEventListener("change", (event) => {
    state.speed = Number(event.target.value);
  });
  byId("repeat").addEventListener("click", (event) => {
    state.repeat = !state.repeat;
    event.currentTarget.setAttribute("aria-pressed", String(state.repeat));
  });
  byId("closer").addEventListener("click", () => zoomBy(1.5));
  byId("farther").addEventListener("click", () => zoomBy(1 / 1.5));
  byId("reset").addEventListener("click", () => zoomBy(0));
  byId("theme").addEventListener("click", changeTheme);
  byId("curves").addEventListener("change", (event) => {
    state.chart = recording.charts[event.target.selectedIndex];
    chosen.chart(state.chart);
    draw();
  });
  document.addEventListener("keydown", onKey);
}
