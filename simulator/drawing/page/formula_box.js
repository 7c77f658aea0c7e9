/* The formula box: what is typed is read at each key, and becomes the surface of the page once it is a formula. */

const TYPING = 300;
const AROUND = 24;
const formulaBox = { timer: null, first: null, fields: null };

function startFormulaBox() {
  formulaBox.first = { run: { ...run }, live: { ...live }, grid, light, overlay: job.overlay };
  formulaBox.fields = live.records.surface;
  const input = byId("formula");
  input.addEventListener("input", typed);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    takeFormula();
  });
  input.addEventListener("change", takeFormula);
  const presets = byId("presets");
  presets.hidden = !live.formula.presets.length;
  const names = live.formula.presets.map(({ name }, k) => element("option", { value: String(k), textContent: said(name) }));
  presets.replaceChildren(element("option", { value: "", textContent: said("Formulas") }), ...names);
  presets.addEventListener("change", () => {
    const preset = live.formula.presets[Number(presets.value)];
    if (presets.value && preset) choosePreset(preset);
  });
  HEARD.surface = (found) => {
    job.surface = () => takeSurface(found);
  };
  extras.filled = showFormula;
  job.restore = () => {
    restoreSurface();
    job.surface = null;
  };
}

/* The fault of the text is said at once; a formula waits until typing rests. */
function typed() {
  clearTimeout(formulaBox.timer);
  const fault = ownFormula.fault(byId("formula").value, formulaBox.fields[0].names);
  showFault(fault);
  fitFormula();
  if (!fault) formulaBox.timer = setTimeout(takeFormula, TYPING);
}

function takeFormula() {
  clearTimeout(formulaBox.timer);
  const text = byId("formula").value.replace(/[\r\n]+/g, " ").trim();
  const fault = ownFormula.fault(text, formulaBox.fields[0].names);
  showFault(fault);
  if (fault || text === valueAt(stateTables(live, steer.state), "surface.loss")) return;
  tell("");
  setValue("surface.loss", text);
}

/* The words of a fault, and the text around its place, whose letter is marked. */
function showFault(fault) {
  const [place, input] = [byId("fault"), byId("formula")];
  input.setAttribute("aria-invalid", String(Boolean(fault)));
  place.replaceChildren();
  if (!fault) return;
  const { value } = input;
  const [from, to] = [Math.max(fault.at - AROUND, 0), Math.min(fault.at + AROUND, value.length)];
  const before = (from ? "\u2026" : "") + value.slice(from, fault.at);
  const after = value.slice(fault.at + 1, to) + (to < value.length ? "\u2026" : "");
  place.append(element("code", {}, before, element("mark", { textContent: value[fault.at] || "\u2423" }), after), ` ${said(fault.problem)}`);
}

/* The box holds the formula of the state, but for what is being typed. */
function showFormula(tables) {
  const input = byId("formula");
  const { loss } = tables.surface;
  if (input.dataset.shown !== loss && !(input === document.activeElement && input.value.trim() === loss)) {
    input.value = loss;
    showFault(null);
  }
  input.dataset.shown = loss;
  const presets = live.formula.presets.findIndex(({ changes }) => changes["surface.loss"] === loss);
  byId("presets").value = presets < 0 ? "" : String(presets);
  fitFormula();
}

/* As many lines as the formula needs. */
function fitFormula() {
  const input = byId("formula");
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + 2}px`;
}

/* A formula with its window, examples and start; optimizers stay as they are. */
function choosePreset({ changes }) {
  const kept = Object.entries(steer.state.changes).filter(([path]) => !/^(surface\.|swarm\.(start|at|spread)$|\d+\.at$)/.test(path));
  let state = { ...steer.state, changes: Object.fromEntries(kept) };
  for (const [path, value] of Object.entries(changes)) state = changedState(live, state, path, value);
  adopt(state);
  seek(0);
  if (!stillness.matches) play(true);
}

/* Another surface came from the worker: map, window, marks and charts are those of it once its run begins. */
function takeSurface({ changed: other, patch }) {
  const { grid: loss, light: lit } = patch.arrays;
  adoptParts(patch, other ? { grid: loss, light: lit, overlay: { ...formulaBox.first.overlay, moments: new Float64Array(3), key: [] } } : formulaBox.first);
  byId("claims").hidden = other;
}

/* The surface that the page began with. */
function restoreSurface() {
  const { first } = formulaBox;
  adoptParts({ run: first.run, live: first.live }, first);
  byId("claims").hidden = false;
}

function adoptParts(patch, parts) {
  const before = JSON.stringify(run.window);
  Object.assign(run, patch.run);
  run.level_labels = run.level_labels.map((label) => ({ text: shortNumber(label.level, 6), ...label }));
  Object.assign(live, patch.live);
  ({ grid, light } = parts);
  job.overlay = parts.overlay;
  const [[x0, x1], [y0, y1]] = run.window;
  Object.assign(full, { x0, x1, y0, y1 });
  if (JSON.stringify(run.window) !== before) state.view = full;
  Object.assign(follow, { found: null, asked: null, map: "train", grids: {}, light: undefined });
  byId("reset").disabled = magnification(state.view) < 1.001;
  flat = {};
}
