/* The state of a live page: the tables of its scenario with some settings changed.  Pure functions of plain values.

   `live.tables` are the scenario's tables, as Python writes them, and `live.records` tells the settings of each kind of
   record as fields: see fields.py.  A state is `{ groups, changes }`: `groups` are the places of the groups in the
   scenario that those of the page are copies of, and `changes` maps paths such as "0.lr", "0.schedule.decay",
   "swarm.particles" or "run.seed" to values; the number before the first dot is that of the page's group.  The seed of a
   page is that of its run and of its starts: the examples, and with them the map, stay. */

const NONE = "none";
const CHOSEN = { kind: "optimizers", "schedule.decay": "schedules", "clip.kind": "clip", "noise.kind": "noise" };

function firstState(live) {
  return { groups: live.tables.optimizer.map((_, k) => k), changes: {} };
}

function sameState(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/* The field of a path in tables, or null if there is no such setting. */
function fieldOf(live, tables, path) {
  const { records } = live;
  const [, first, rest] = /^([^.]+)\.(.+)$/.exec(path) || [];
  const among = (fields, key) => (fields || []).find((field) => field.key === key) || null;
  if (first === "run" || first === "picture") return among(records[first], rest);
  if (first === "surface") return among(records.surface, rest);
  if (first === "swarm") return among([...records.swarm, ...(records.starts[tables.swarm.start] || [])], rest);
  const group = /^\d+$/.test(first || "") && tables.optimizer[Number(first)];
  if (!group) return null;
  const [, part, key] = /^(schedule|clip|noise)\.(.+)$/.exec(rest) || [];
  if (!part) return among([...records.group, ...records.optimizers[group.kind].settings], rest);
  if (part === "schedule") return among([...records.schedule, ...records.schedules[group.schedule.decay].settings], key);
  return key === "kind" ? among(records[part].kinds, "kind") : among(records[part][group[part]?.kind], key);
}

/* Whether a value is one that a field takes. */
function allows(field, value) {
  const { kind } = field;
  if (value === null) return Boolean(field.optional);
  if (field.or?.includes(value)) return true;
  if (field.each && Array.isArray(value)) return value.length === 2 && value.every((part) => isNumber(field, part));
  if (kind === "choice") return field.choices.includes(value);
  if (kind === "flag") return typeof value === "boolean";
  if (kind === "text") return typeof value === "string";
  if (kind === "formula") return typeof value === "string" && !ownFormula.fault(value, field.names);
  if (kind === "numbers") {
    const each = Array.isArray(value) && value.length === field.parts.length && value.every((part, k) => allows(field.parts[k], part));
    return each && (!field.apart || value[1] - value[0] >= Math.max(SMALLEST, field.apart * Math.max(Math.abs(value[0]), Math.abs(value[1]))));
  }
  if (kind === "duration" && typeof value === "string") return DURATION.test(value);
  if (kind === "list") return Array.isArray(value) && value.length >= (field.fewest || 0) && value.length <= (field.longest || Infinity);
  return isNumber(field, value);
}

/* Epochs, or a share of the run. */
const DURATION = /^[0-9]{1,12}(\.[0-9]{1,12})? *(%|epochs?)$/;
const [SMALLEST, LARGEST] = [1e-30, 1e30];

function isNumber({ kind, least = -Infinity, most = Infinity, above = -Infinity, below = Infinity }, value) {
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  if (kind === "number" ? value !== 0 && (Math.abs(value) < SMALLEST || Math.abs(value) > LARGEST) : !Number.isSafeInteger(value)) return false;
  return value >= least && value <= most && value > above && value < below;
}

/* A value as a link has it, and back: undefined if a field takes no such text. */
function valueText(value) {
  if (value === null) return "";
  if (typeof value === "string") return value;
  return Array.isArray(value) && value.every((part) => typeof part === "number") ? value.join(",") : JSON.stringify(value);
}

function textValue(field, text) {
  const found = parsed(field, text);
  return found !== undefined && allows(field, found) ? found : undefined;
}

function parsed(field, text) {
  const { kind } = field;
  if (text === "") return field.optional ? null : undefined;
  if (field.or?.includes(text) || kind === "choice" || kind === "text" || kind === "formula") return text;
  if (kind === "flag") return { true: true, false: false }[text];
  if (kind === "numbers") return text.split(",").map(plainNumber);
  if (kind === "list") return jsonValue(text.startsWith("[") ? text : `[${text}]`);
  if (kind === "duration" && DURATION.test(text)) return text;
  return field.each && text.includes(",") ? text.split(",").map(plainNumber) : plainNumber(text);
}

function plainNumber(text) {
  return /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(text) ? Number(text) : NaN;
}

function jsonValue(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/* The tables of a state.  Paths that choose a kind come first: its settings have their defaults then, and changes of
   settings that it does not have wait. */
function stateTables(live, { groups, changes }) {
  const tables = structuredClone({ ...live.tables, optimizer: [] });
  tables.optimizer = groups.map((k) => structuredClone(live.tables.optimizer[k]));
  const paths = Object.keys(changes);
  const chooses = (path) => CHOSEN[path.replace(/^\d+\./, "")] || path === "swarm.start";
  for (const path of [...paths.filter(chooses), ...paths.filter((each) => !chooses(each))]) {
    if (fieldOf(live, tables, path)) change(live, tables, path, changes[path]);
  }
  return tables;
}

/* Set one value in tables. */
function change(live, tables, path, value) {
  const [, first, rest] = /^([^.]+)\.(.+)$/.exec(path);
  const table = { surface: tables.surface, run: tables.run, swarm: tables.swarm, picture: tables.picture }[first] || tables.optimizer[Number(first)];
  const kinds = /^\d+$/.test(first) ? CHOSEN[rest] : path === "swarm.start" ? "starts" : null;
  if (kinds) return chooseKind(live, table, rest, kinds, value);
  if (first === "run" && (rest === "epochs" || rest === "updates")) {
    delete table.epochs;
    delete table.updates;
  }
  const keys = rest.split(".");
  const inner = keys.slice(0, -1).reduce((part, key) => (part[key] ??= {}), table);
  for (const part of path === "run.seed" ? [inner, tables.swarm] : [inner]) {
    if (value === null) delete part[keys.at(-1)];
    else part[keys.at(-1)] = value;
  }
}

/* Another kind of optimizer, schedule, start, clipping or noise, with its default settings. */
function chooseKind(live, table, path, kinds, value) {
  const { records } = live;
  const [part, key] = path.includes(".") ? path.split(".") : [null, path];
  if (kinds === "clip" || kinds === "noise") {
    if (value === NONE) delete table[part];
    else table[part] = { kind: value, ...defaults(records[kinds][value]) };
    return;
  }
  const settings = (name) => (kinds === "optimizers" ? records.optimizers[name]?.settings : records[kinds][name]) || [];
  if (kinds === "schedules") {
    const kept = Object.fromEntries(Object.entries(table.schedule).filter(([name]) => records.schedule.some((field) => field.key === name)));
    const record = records.schedules[value];
    table.schedule = { ...(record.warmup ? kept : {}), decay: value, ...record.example, ...defaults(record.settings) };
    return;
  }
  const at = table.at;
  for (const field of settings(table[key])) if (field.key !== "at") delete table[field.key];
  if (kinds === "optimizers") table.wrappers = keptWrappers(live, value, table.wrappers || []);
  Object.assign(table, { [key]: value }, kinds === "starts" ? records.examples[value] : {}, defaults(settings(value)));
  if (kinds !== "starts") return;
  if (at && settings(value).some((field) => field.key === "at")) table.at = at;
  else if (!settings(value).some((field) => field.key === "at")) delete table.at;
}

/* The wrappers of a group with another optimizer: none where the page has no kernel of both. */
function keptWrappers(live, kind, wrappers) {
  const name = [kind, ...wrappers.map((each) => each.kind)].join("+");
  return !live.modules || live.modules.modules.rules[name] ? wrappers : [];
}

/* The defaults of fields that have one. */
function defaults(fields) {
  return Object.fromEntries((fields || []).filter((field) => field.default !== null).map((field) => [field.key, structuredClone(field.default)]));
}

/* The value of a path in tables; null where it is not given. */
function valueAt(tables, path) {
  const [first, ...keys] = path.split(".");
  const table = /^\d+$/.test(first) ? tables.optimizer[Number(first)] : tables[first];
  const found = keys.reduce((part, key) => part?.[key], table);
  if (found === undefined && /(clip|noise)\.kind$/.test(path)) return NONE;
  return found === undefined ? null : found;
}

/* The state with another value; what is as in the scenario is not a change. */
function changedState(live, state, path, value) {
  const { [path]: _, ...rest } = state.changes;
  if (path === "run.epochs" || path === "run.updates") {
    delete rest["run.epochs"];
    delete rest["run.updates"];
  }
  const base = { groups: state.groups, changes: settled(path, rest) };
  const now = valueAt(stateTables(live, base), path);
  return JSON.stringify(now) === JSON.stringify(value) ? base : { ...base, changes: { ...base.changes, [path]: value } };
}

/* Changes without those of settings that another kind of record does not have. */
function settled(path, changes) {
  const own = path.replace(/^\d+\./, "");
  if (!CHOSEN[own] && path !== "swarm.start") return changes;
  const front = path.slice(0, path.length - own.length);
  const common = ["label", "batch", "accumulate", "at"];
  const dropped = (each) => {
    if (path === "swarm.start") return each.startsWith("swarm.") && !["swarm.particles", "swarm.seed", "swarm.at"].includes(each);
    if (own === "kind") return each.startsWith(front) && !each.slice(front.length).includes(".") && !common.includes(each.slice(front.length));
    const part = `${front}${own.split(".")[0]}.`;
    return each.startsWith(part) && !/\.warmup/.test(each);
  };
  return Object.fromEntries(Object.entries(changes).filter(([each]) => !dropped(each)));
}

/* A state with a copy of group `k` behind it, or without group `k`. */
function withCopy(state, k) {
  const groups = [...state.groups.slice(0, k + 1), state.groups[k], ...state.groups.slice(k + 1)];
  const changes = moved(state.changes, (number) => (number > k ? number + 1 : number));
  for (const [path, value] of Object.entries(state.changes)) {
    if (path.startsWith(`${k}.`)) changes[`${k + 1}.${path.slice(String(k).length + 1)}`] = value;
  }
  return { groups, changes };
}

function without(state, k) {
  const kept = Object.fromEntries(Object.entries(state.changes).filter(([path]) => !path.startsWith(`${k}.`)));
  return { groups: state.groups.filter((_, place) => place !== k), changes: moved(kept, (number) => (number > k ? number - 1 : number)) };
}

function moved(changes, place) {
  return Object.fromEntries(Object.entries(changes).map(([path, value]) => [path.replace(/^\d+(?=\.)/, (number) => String(place(Number(number)))), value]));
}

/* A state as the part of an address after its #, empty for the scenario as it is. */
function stateLink(live, state) {
  const own = firstState(live);
  const parts = Object.entries(state.changes).map(([path, value]) => `${path}=${encodeURIComponent(valueText(value)).replace(/%2C/g, ",")}`);
  if (JSON.stringify(own.groups) !== JSON.stringify(state.groups)) parts.unshift(`groups=${state.groups.join(",")}`);
  return parts.join("&");
}

const [MOST_GROUPS, MOST_PARTS] = [32, 1000];

/* The state of a link, and what it says that cannot be: `{ state, faults }`, a fault `[path, text, takes]` each.  Parts
   behind the thousandth are not read. */
function linkState(live, link) {
  const faults = [];
  let state = firstState(live);
  const [given, rest] = [link.replace(/^#/, "").split("&", MOST_PARTS), link.split("&", MOST_PARTS + 1)[MOST_PARTS]];
  const parts = given.filter(Boolean).map((part) => {
    const at = part.indexOf("=");
    const path = at < 0 ? part : part.slice(0, at);
    return [path, at < 0 ? null : decoded(part.slice(at + 1))];
  });
  const order = ([path]) => (path === "groups" ? 0 : CHOSEN[path.replace(/^\d+\./, "")] || path === "swarm.start" ? 1 : 2);
  for (const [path, text] of parts.sort((a, b) => order(a) - order(b))) {
    if (path === "groups") {
      const groups = (text || "").split(",").map(plainNumber);
      const known = groups.length <= MOST_GROUPS && groups.every((k) => Number.isInteger(k) && k >= 0 && k < live.tables.optimizer.length);
      if (known) state = { ...state, groups };
      else faults.push([path, text, null]);
      continue;
    }
    const field = fieldOf(live, stateTables(live, state), path);
    const value = field && text !== null ? textValue(field, text) : undefined;
    if (value === undefined) faults.push([path, text, field ? field.takes : null]);
    else state = { ...state, changes: { ...state.changes, [path]: value } };
  }
  if (rest !== undefined) faults.push([rest, null, null]);
  return { state, faults };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/* What is different in a page's group from the scenario's group that it is a copy of, as words; empty if nothing. */
function groupChanges(state, k) {
  return Object.entries(state.changes).filter(([path]) => path.startsWith(`${k}.`) && path !== `${k}.label`)
    .map(([path, value]) => `${path.slice(String(k).length + 1)} ${value === null ? NONE : valueText(value)}`);
}

/* A text of at most so many letters; none is cut in half. */
function cut(text, most = 80, end = "\u2026") {
  const letters = [...text.slice(0, 4 * most)];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}${end}` : text;
}

/* The groups' labels: those of the scenario, or these, with what is changed, each another one, at most 80 letters
   long. */
function stateLabels(live, state, labels = live.tables.optimizer.map(({ label }) => label)) {
  const found = [];
  const tables = stateTables(live, state);
  for (let k = 0; k < state.groups.length; k++) {
    const wrappers = (live.tables.optimizer[state.groups[k]].wrappers || []).map(({ kind }) => kind);
    const left = tables.optimizer[k].wrappers?.length ? [] : wrappers.map((kind) => `without ${kind}`);
    const changes = [...groupChanges(state, k), ...left];
    const own = labels[state.groups[k]];
    const first = changes.length ? `${own} (${changes.join(", ")})` : own;
    let label = cut(first);
    for (let next = 2; found.includes(label); next++) label = `${cut(first, 75, "")} #${next}`;
    found.push(label);
  }
  return found;
}
