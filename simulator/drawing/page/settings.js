/* The controls of a live page: a field for every setting of the chosen group, of the particles and of the run. */

const FIRST = ["kind", "lr", "batch", "momentum", "betas", "schedule.decay"];
const steer = { state: null, chosen: 0, shape: "", marks: [] };

/* Another state: the fields, the address and the run follow. */
function adopt(state) {
  if (steer.state && sameState(state, steer.state)) return;
  steer.state = state;
  steer.chosen = Math.min(steer.chosen, state.groups.length - 1);
  fillSettings();
  keepLink(stateLink(live, state));
  runState();
}

function setValue(path, value) {
  adopt(changedState(live, steer.state, path, value));
}

/* The address holds the state, where a page may change it; browsers allow that a few times a second only. */
function keepLink(link) {
  clearTimeout(steer.timer);
  steer.timer = setTimeout(() => {
    try {
      history.replaceState(null, "", `#${link}`);
    } catch {
      steer.unkept = link;
    }
  }, 300);
}

/* The fields; they are made anew only when there are others than before, so that a slider is not let go. */
function fillSettings() {
  const tables = stateTables(live, steer.state);
  const group = tables.optimizer[steer.chosen];
  const own = groupPaths(tables, steer.chosen);
  const [common, ground] = [commonPaths(tables), (live.records.surface || []).slice(1).map(({ key }) => `surface.${key}`)];
  const shape = JSON.stringify([steer.chosen, steer.state.groups, own, common, group.kind]);
  if (shape !== steer.shape) {
    steer.shape = shape;
    byId("own").replaceChildren(...own.filter(comesFirst).map((path) => fieldElement(tables, path)));
    byId("rest").replaceChildren(...own.filter((path) => !comesFirst(path)).map((path) => fieldElement(tables, path)));
    byId("common").replaceChildren(...common.map((path) => fieldElement(tables, path)));
    byId("ground").replaceChildren(...ground.map((path) => fieldElement(tables, path)));
    byId("ground").parentElement.hidden = !ground.length;
  }
  for (const path of [...own, ...common, ...ground]) showValue(path, fieldOf(live, tables, path), valueAt(tables, path));
  fillGroups();
  byId("remove").disabled = steer.state.groups.length < 2;
  byId("copy").disabled = steer.state.groups.length >= MOST_GROUPS;
  byId("undo").disabled = sameState(steer.state, firstState(live));
  extras.filled?.(tables);
}

/* Whether a setting is seen at once: what most people change, what belongs to a choice, and what the scenario changed. */
function comesFirst(path) {
  const own = path.replace(/^\d+\./, "");
  if (/^(clip|noise)\.kind$/.test(own)) return valueAt(live.tables, `${steer.state.groups[steer.chosen]}.${own}`) !== NONE;
  if (FIRST.includes(own) || /^(schedule|clip|noise)\.(?!kind|warmup)/.test(own)) return true;
  const scenario = `${steer.state.groups[steer.chosen]}.${own}`;
  const field = fieldOf(live, live.tables, scenario);
  return Boolean(field) && own !== "at" && JSON.stringify(valueAt(live.tables, scenario) ?? field.default) !== JSON.stringify(field.default ?? null);
}

/* What settings a group has, as paths. */
function groupPaths(tables, k) {
  const { records } = live;
  const group = tables.optimizer[k];
  const among = (prefix, fields) => (fields || []).map(({ key }) => `${k}.${prefix}${key}`);
  const later = among("", records.group);
  const rule = among("", records.optimizers[group.kind].settings);
  const { warmup } = records.schedules[group.schedule.decay];
  const schedule = among("schedule.", records.schedule.filter(({ key }) => key === "decay" || (warmup && (key === "warmup" || group.schedule.warmup))));
  const decay = among("schedule.", records.schedules[group.schedule.decay].settings);
  const options = ["clip", "noise"].flatMap((part) => [`${k}.${part}.kind`, ...(group[part] ? among(`${part}.`, records[part][group[part].kind]) : [])]);
  return [...later.slice(0, 1), ...rule.slice(0, 1), ...later.slice(1, 2), ...rule.slice(1), ...schedule, ...decay, ...options, ...later.slice(2)];
}

function commonPaths(tables) {
  const { records } = live;
  const length = "epochs" in tables.run ? "epochs" : "updates";
  const run = records.run.filter(({ key }) => key !== (length === "epochs" ? "updates" : "epochs")).map(({ key }) => `run.${key}`);
  const start = [...records.swarm, ...(records.starts[tables.swarm.start] || [])].map(({ key }) => `swarm.${key}`);
  return [...start.filter((path) => path !== "swarm.seed"), ...run, ...records.picture.map(({ key }) => `picture.${key}`)];
}

/* One button a group, in its colour, of which one is pressed. */
function fillGroups() {
  const labels = stateLabels(live, steer.state, live.labels);
  byId("chosen").replaceChildren(...labels.map((label, k) => {
    const button = element("button", { type: "button", className: "pick", title: label, textContent: label });
    button.setAttribute("aria-pressed", String(k === steer.chosen));
    button.style.setProperty("--colour", look.groups[k]);
    button.addEventListener("click", () => {
      steer.chosen = k;
      fillSettings();
    });
    return button;
  }));
}

/* A name and what it is set with; its meaning is its tip. */
function fieldElement(tables, path) {
  const field = fieldOf(live, tables, path);
  const name = path.replace(/^(\d+|surface|run|swarm|picture)\./, "");
  const row = element("div", { className: "field", title: `${field.means}; ${field.takes}`, dataset: { path } });
  const id = `field-${path}`;
  row.append(element("label", { htmlFor: id, textContent: name }));
  row.append(...inputs(tables, path, field, id));
  return row;
}

function inputs(tables, path, field, id) {
  const { kind } = field;
  const change = (text) => takeText(path, field, text);
  if (kind === "choice") {
    const select = element("select", { id }, ...field.choices.map((name) => element("option", { value: name, textContent: name })));
    select.addEventListener("change", () => change(select.value));
    return [select];
  }
  if (kind === "flag") {
    const box = element("input", { id, type: "checkbox" });
    box.addEventListener("change", () => change(String(box.checked)));
    return [box];
  }
  if (path.endsWith(".batch")) return [...slider(path, id, [0, live.examples - 1, 1], (at) => batchAt(at)), textInput(id, field, change)];
  if (path.endsWith(".lr")) return [...slider(path, id, [...lrDecades(tables, path), "any"], (at) => String(Number((10 ** at).toPrecision(2)))), textInput(id, field, change), lrMark(path)];
  if (isShare(field, path)) return [...slider(path, id, [0, 0.999, "any"], (at) => String(at < 0.99 ? Math.round(at * 100) / 100 : Math.round(at * 1000) / 1000)), textInput(id, field, change)];
  return [textInput(id, field, change)];
}

/* From a tenth of the scenario's rate, or of the largest that settles, to ten times the larger of them, in decades. */
function lrDecades(tables, path) {
  const most = largestLr(Number(path.split(".")[0]));
  const known = [valueAt(live.tables, `${steer.state.groups[steer.chosen]}.lr`), valueAt(tables, path), most && most.lr]
    .flat().filter((lr) => lr > 0).map(Math.log10);
  return known.length ? [Math.floor(Math.min(...known)) - 1, Math.ceil(Math.max(...known)) + 1] : [-4, 1];
}

/* Whether a setting is a share, for a slider from 0 to 1. */
function isShare({ kind, key, least, most, below }) {
  return kind === "number" && (key === "momentum" || (least === 0 && (most === 1 || below === 1)));
}

function batchAt(at) {
  return at >= live.examples - 1 ? "full" : String(1 + Number(at));
}

function slider(path, id, [min, max, step], text) {
  const range = element("input", { type: "range", min, max, step, className: "slide", dataset: { slides: path } });
  range.setAttribute("aria-label", path.split(".").at(-1));
  range.addEventListener("input", () => takeText(path, fieldOf(live, stateTables(live, steer.state), path), text(Number(range.value))));
  return [range];
}

function textInput(id, field, change) {
  const numeric = ["number", "whole", "duration"].includes(field.kind) && !field.or && !field.each;
  const input = element("input", { id, type: "text", inputMode: numeric ? "decimal" : "text", autocomplete: "off", spellcheck: false });
  if (field.optional) input.placeholder = said("by default");
  input.addEventListener("change", () => change(input.value.trim()));
  return input;
}

/* A text that was typed or chosen: a value, or words that say what is allowed. */
function takeText(path, field, text) {
  const value = textValue(field, text);
  if (value !== undefined) {
    tell("");
    return setValue(path, value);
  }
  tell(`${path.replace(/^\d+\./, "")} = ${text}: ${field.takes}`);
  showValue(path, field, valueAt(stateTables(live, steer.state), path));
}

/* Words for people, also those who hear the page. */
function tell(text) {
  byId("failure").hidden = !text;
  byId("failure").textContent = text;
}

function showValue(path, field, value) {
  const input = document.getElementById(`field-${path}`);
  if (!input) return;
  if (field.kind === "flag") input.checked = Boolean(value);
  else if (input !== document.activeElement || input.tagName === "SELECT" || input.dataset.shown !== valueText(value)) input.value = valueText(value);
  input.dataset.shown = valueText(value);
  const range = byId("settings").querySelector(`[data-slides="${path}"]`);
  if (!range) return;
  if (range !== document.activeElement || path.endsWith(".batch")) range.value = slideOf(path, value);
  range.setAttribute("aria-valuetext", valueText(value));
  if (path.endsWith(".lr")) showLrMark(path, value);
}

function slideOf(path, value) {
  if (path.endsWith(".batch")) return value === "full" ? live.examples - 1 : value - 1;
  if (!path.endsWith(".lr")) return value;
  return Math.log10(Math.max([value].flat()[0], 1e-12));
}

/* Below the slider of lr: the largest lr at which full batch settles in the sharpest minimum. */
function lrMark() {
  const button = element("button", { type: "button", className: "lrmark", hidden: true });
  return button;
}

function showLrMark(path) {
  const button = document.getElementById(`field-${path}`).parentElement.querySelector(".lrmark");
  const k = Number(path.split(".")[0]);
  const most = largestLr(k);
  button.hidden = most === null;
  if (most === null) return;
  const { min: low, max: high } = button.parentElement.querySelector(".slide");
  const share = Math.min(Math.max((Math.log10(most.lr) - low) / (high - low), 0), 1);
  button.style.setProperty("--at", String(share));
  setText(button, `\u25b2 ${shortNumber(most.product, 3)}/${said("largest sharpness")} = ${shortNumber(most.lr, 2)}`);
  button.title = said("Largest lr at which full batch settles in the sharpest minimum");
  button.onclick = () => setValue(path, Number(most.lr.toPrecision(3)));
}

function listenToSettings() {
  byId("copy").addEventListener("click", () => {
    const next = withCopy(steer.state, steer.chosen);
    steer.chosen += 1;
    adopt(next);
  });
  byId("remove").addEventListener("click", () => adopt(without(steer.state, steer.chosen)));
  byId("undo").addEventListener("click", () => adopt(firstState(live)));
  byId("share").addEventListener("click", shareLink);
  byId("save").addEventListener("click", saveScenario);
  byId("update").addEventListener("click", () => stepUpdate(1));
  byId("epoch").addEventListener("click", stepEpoch);
  byId("restart").addEventListener("click", () => {
    seek(0);
    play(true);
  });
  addEventListener("hashchange", () => readLink(location.hash));
}

const MOST_FAULTS = 5;

/* The state of a link; what cannot be is said in words, the first few of it. */
function readLink(hash) {
  const { state, faults } = linkState(live, hash);
  const words = faults.slice(0, MOST_FAULTS).map(([path, text, takes]) => (takes === null
    ? said(`The link has no meaning here: ${cut(path)}`)
    : `${said(`The link has a value that cannot be: ${cut(path)} = ${cut(String(text))}`)}; ${takes}`));
  adopt(state);
  tell(words.join(". "));
}

async function shareLink() {
  const address = `${location.href.split("#")[0]}#${stateLink(live, steer.state)}`;
  try {
    await navigator.clipboard.writeText(address);
    announce(said("The link is copied"));
    tell("");
  } catch {
    tell(address);
  }
}

function saveScenario() {
  const file = new Blob([scenarioToml(live, steer.state)], { type: "application/toml" });
  const link = element("a", { href: URL.createObjectURL(file), download: `${live.name}.toml` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  announce(said("The scenario is saved"));
}

/* A cloud of particles at a place: by click, touch, or the key C for the middle of the view. */
function dropCloud([x, y]) {
  const rounded = [x, y].map((value) => Number(value.toPrecision(4)));
  const tables = stateTables(live, steer.state);
  const spread = tables.swarm.spread || Number((0.02 * (full.x1 - full.x0)).toPrecision(2));
  let state = steer.state;
  if (tables.swarm.start !== "cloud") {
    state = changedState(live, state, "swarm.start", "cloud");
    state = changedState(live, state, "swarm.spread", spread);
  }
  state = changedState(live, state, "swarm.at", rounded);
  for (let k = 0; k < state.groups.length; k++) {
    if (valueAt(stateTables(live, state), `${k}.at`) !== null) state = changedState(live, state, `${k}.at`, null);
  }
  adopt(state);
  seek(0);
  if (!stillness.matches) play(true);
  announce(said(`Particles start at ${rounded.map((value) => shortNumber(value)).join(" ")}`));
}
