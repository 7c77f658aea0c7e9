/* The worker of a page with a formula box, without a browser: arguments are the page's file, and the changes of some
   states as JSON, lists of [path, value].  Written is, for each: its scenario file, where particles end, the map. */

const fs = require("fs");
const zlib = require("zlib");

const [page, states] = process.argv.slice(2);
const html = fs.readFileSync(page, "utf8");
const told = (id) => html.match(new RegExp(`id="${id}">([^]*?)</script>`))[1];
const directory = JSON.parse(told("run"));
const packed = zlib.inflateSync(Buffer.from(told("arrays").trim(), "base64"));
const kinds = { f4: Float32Array, f8: Float64Array, u1: Uint8Array, u2: Uint16Array };
const arrays = Object.fromEntries(Object.entries(directory.arrays).map(([name, [kind, first, last]]) => {
  const bytes = packed.buffer.slice(packed.byteOffset + first, packed.byteOffset + last);
  return [name, new kinds[kind](bytes)];
}));
const text = (name) => new TextDecoder().decode(arrays[name]);
const { run, live } = JSON.parse(text("told"));
run.themes = live.themes;

/* The functions of the page that make tables and files of a state. */
const own = text("page").match(/const ownFormula[^]*?\n}\)\(\);\n/)[0];
const scripts = ["state", "toml"].map((name) => fs.readFileSync(`${__dirname}/../../simulator/drawing/page/${name}.js`, "utf8")).join("");
const { changedState, firstState, stateTables, scenarioToml } = new Function(`${own}${scripts}return { changedState, firstState, stateTables, scenarioToml };`)();

const heard = [];
globalThis.onmessage = null;
globalThis.postMessage = (message) => heard.push(message);
new Function(text("worker"))();
const ask = (message) => globalThis.onmessage({ data: structuredClone(message) });
const named = (kind, job) => heard.find((each) => each.kind === kind && each.job === job);

async function computed(changes, job) {
  let state = firstState(live);
  for (const [path, value] of changes) state = changedState(live, state, path, value);
  ask({ kind: "run", job, tables: stateTables(live, state), labels: [], charts: [] });
  while (!named("done", job) && !named("failed", job)) await new Promise((done) => setTimeout(done, 5));
  const basins = named("surface", job)?.patch.live.basins;
  if (basins) ask({ kind: "chart", job, name: "basins" });
  ask({ kind: "positions", job });
  const surface = named("surface", job);
  const { grid, marks, window, charts, level_labels: labels } = surface?.patch.run || {};
  return {
    toml: scenarioToml(live, state), failed: named("failed", job)?.words ?? null,
    ends: named("positions", job).groups.map((places) => [...places]), restored: surface ? !surface.changed : null,
    levels: grid?.levels.map((level) => level + grid.base), marks, window, labels, charts: charts?.map(({ name }) => name),
    light: surface?.changed ? [...surface.patch.arrays.light] : null, sharpest: surface?.patch.live.sharpest,
    basins: [...(named("chart", job)?.raw[0] || [])],
  };
}

(async () => {
  ask({ kind: "start", live, run, arrays: Object.fromEntries([...live.arrays, "codes"].map((name) => [name, arrays[name]])) });
  const found = [];
  for (const [k, changes] of JSON.parse(states).entries()) found.push(await computed(changes, k + 1));
  process.stdout.write(JSON.stringify(found));
})();
