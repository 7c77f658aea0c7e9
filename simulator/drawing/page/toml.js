/* A scenario file of tables: TOML 1.0. */

/* The tables of a state as a file that `errsurf run` computes to the same bits: rounding is portable, groups have the
   labels of the page, and claims about groups that are gone are left out. */
function scenarioToml(live, state) {
  const tables = stateTables(live, state);
  const labels = stateLabels(live, state);
  const renamed = (label) => {
    const places = live.tables.optimizer.findIndex((group) => group.label === label);
    const k = places < 0 ? -1 : state.groups.indexOf(places);
    return places < 0 ? label : k < 0 ? null : labels[k];
  };
  tables.optimizer.forEach((group, k) => {
    group.label = labels[k];
  });
  tables.run.rounding = "portable";
  if (Object.keys(state.changes).some((path) => path.startsWith("surface."))) otherSurface(tables);
  tables.claim = (tables.claim || []).map((claim) => renamedClaim(claim, renamed)).filter(Boolean);
  for (const key of ["groups", "follow"]) {
    const found = tables.picture[key];
    if (Array.isArray(found)) tables.picture[key] = found.map((each) => (typeof each === "string" ? renamed(each) : each)).filter((each) => each !== null);
    else if (typeof found === "string") tables.picture[key] = renamed(found);
  }
  const changed = state.groups.length !== live.tables.optimizer.length || tables.claim.length !== (live.tables.claim || []).length;
  if (changed) {
    delete tables.translation;
    delete tables.picture.groups;
    delete tables.picture.follow;
  }
  return toml(tables);
}

/* Tables without what is said of the surface that the scenario had. */
function otherSurface(tables) {
  const { window, near, ...picture } = tables.picture;
  Object.assign(tables, { title: tables.surface.loss.slice(0, 80), about: "", claim: [], picture });
  delete tables.translation;
}

const SIDES = ["group", "above", "below", "equals"];

/* A claim about groups by their labels on the page; null if one of them is gone. */
function renamedClaim(claim, renamed) {
  const one = (value) => (typeof value === "string" ? renamed(value) : value);
  const found = { ...claim };
  for (const key of SIDES) {
    if (found[key] === undefined) continue;
    found[key] = Array.isArray(found[key]) ? found[key].map(one) : one(found[key]);
    if ([found[key]].flat().includes(null)) return null;
  }
  return found;
}

/* Tables as text: values first, then tables, then lists of tables. */
function toml(tables) {
  const lines = tableLines(tables, []);
  return `${lines.join("\n").trim()}\n`;
}

const isTable = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isTables = (value) => Array.isArray(value) && value.length > 0 && value.every(isTable);

function tableLines(table, path) {
  const entries = Object.entries(table).filter(([, value]) => value !== null && value !== undefined);
  const plain = entries.filter(([, value]) => !isTable(value) && (path.length || !isTables(value)));
  const lines = plain.map(([key, value]) => `${tomlKey(key)} = ${tomlValue(value, key)}`);
  for (const [key, value] of entries) {
    const name = [...path, tomlKey(key)];
    if (isTable(value)) {
      const inner = tableLines(value, name);
      if (inner.length) lines.push("", `[${name.join(".")}]`, ...inner);
    } else if (!path.length && isTables(value)) {
      for (const each of value) lines.push("", `[[${name.join(".")}]]`, ...inlineLines(each));
    }
  }
  return lines;
}

/* The lines of one table of a list: tables in it stand within braces. */
function inlineLines(table) {
  return Object.entries(table).filter(([, value]) => value !== null && value !== undefined).map(([key, value]) => `${tomlKey(key)} = ${tomlValue(value, key)}`);
}

function tomlKey(key) {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : tomlText(key);
}

function tomlValue(value, key = "") {
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return tomlNumber(value);
  if (typeof value === "string") return key === "seed" && /^\d+$/.test(value) ? value : tomlText(value);
  if (Array.isArray(value)) return `[${value.map((part) => tomlValue(part)).join(", ")}]`;
  const parts = Object.entries(value).filter(([, part]) => part !== null && part !== undefined);
  return parts.length ? `{ ${parts.map(([name, part]) => `${tomlKey(name)} = ${tomlValue(part, name)}`).join(", ")} }` : "{}";
}

/* The shortest text that is this number; a point is needed where an exponent follows no other digits. */
function tomlNumber(value) {
  if (Number.isInteger(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER && !Object.is(value, -0)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return `${value}.0`;
  return Object.is(value, -0) ? "-0.0" : String(value);
}

function tomlText(text) {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ud800-\udfff]/g, (letter, place, all) => {
    const code = letter.charCodeAt(0);
    if (code >= 0xd800 && code <= 0xdfff) return letter;
    return `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
