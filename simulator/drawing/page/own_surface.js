/* The surface of a page with a formula box: a formula's text becomes kernels, examples, a map and critical points.  What
   the page and the worker know of the surface is replaced by what is found here: see `freshSurface`. */

const [BASIN_NODES, BASIN_STRETCHES] = [{ rows: 24, columns: 36 }, 150];
const WIDENINGS = 3;

/* Let the engine be that of the surface in a state's tables, and tell the page what its map is then. */
function freshSurface(job, tables) {
  const key = JSON.stringify(tables.surface);
  home.own ??= { key: JSON.stringify(home.live.tables.surface), first: firstSurface(), changed: false };
  if (home.own.key === key) return;
  const found = key === home.own.first.key ? home.own.first : madeSurface(tables);
  Object.assign(home.own, { key, changed: found.changed });
  home.engine = found.engine;
  post({ kind: "surface", job, changed: found.changed, patch: found.patch });
  adoptSurface(found.patch);
}

extra.surface = freshSurface;

/* What the page began with. */
function firstSurface() {
  const { live, engine } = home;
  return { engine, changed: false, key: JSON.stringify(live.tables.surface), patch: surfaceParts(run, live, home.arrays) };
}

/* The parts of what is known that belong to a surface: see `adoptSurface`. */
function surfaceParts(page, live, { basins, middles, axes, masks }) {
  const { grid, window, places, charts, marks, where, level_labels, colorbar } = page;
  const { near, top, sharpest, names, findings, alike } = live;
  return {
    run: { grid, window, places, charts, marks, where, level_labels, colorbar },
    live: { window: live.window, basins: live.basins, near, top, sharpest, names, findings, alike },
    arrays: { basins, middles, axes, masks },
  };
}

/* The worker knows another surface. */
function adoptSurface(patch) {
  Object.assign(run, patch.run);
  Object.assign(home.live, patch.live);
  Object.assign(home.arrays, patch.arrays);
  home.regions = home.arrays;
  home.basins = home.arrays.basins ? { ...home.live.basins, labels: home.arrays.basins } : lazyBasins(home.engine, home.live);
  home.grid = null;
}

/* The surface of these tables: {engine, changed, patch}. */
function madeSurface(tables) {
  const { surface } = tables;
  const { live } = home;
  const examples = exampleTables(surface, seedOf(tables, "surface"));
  const engine = formulaEngine(surface, examples);
  const window = [surface.window.x, surface.window.y];
  const map = mapOf(engine, window);
  const found = restingPlaces(engine, window);
  const names = namesOf(found.critical);
  const minima = names.minima.map((k) => found.critical[k]);
  const alike = ["train", "test"].every((which) => examples[which].every((value, at) => value === examples.train[at % 5]));
  const basins = minima.length > 1 ? { ...BASIN_NODES, window: found.window } : null;
  const sharp = minima.map(({ eigenvalues }) => eigenvalues[1]).filter((value) => value > 0);
  const margin = [0, 1].map((k) => ((run.window[k][0] - run.places.low[k]) / (run.window[k][1] - run.window[k][0])) * (window[k][1] - window[k][0]));
  return {
    engine, changed: true, patch: {
      run: {
        grid: { ...run.grid, levels: map.levels.map((level) => level - map.levels[0]), base: map.levels[0] },
        window, charts: home.own.first.patch.run.charts.filter(({ name }) => name !== "near" && (name !== "basins" || basins)),
        places: { ...run.places, low: window.map(([low], k) => low - margin[k]), high: window.map(([, high], k) => high + margin[k]) },
        marks: marksOf(found.critical, names), where: [], colorbar: [],
        level_labels: levelLabels(map.grid, map.levels, window, run.grid.columns, run.grid.rows, found.critical),
      },
      live: {
        window, basins, near: null, top: map.top, alike, sharpest: sharp.length ? Math.max(...sharp) : null,
        names: { order: names.order, followed: names.followed },
        findings: { ...live.findings, minima: minima.map(({ x, y, kind, is_floor, curve }) => ({ x, y, kind, is_floor, curve })), names: { titles: names.titles, minima: names.minima } },
      },
      arrays: { basins: null, middles: new Float64Array(0), axes: new Float64Array(0), masks: new Uint8Array(0), grid: map.grid, light: map.light },
    },
  };
}

/* The rows of training and test examples, five numbers each, as Python draws them. */
function exampleTables(surface, seed) {
  const { streams } = home.live.formula;
  const drawn = (given, stream) => {
    const offset = Array.isArray(given.shift) ? given.shift : [0, 0];
    const spread = Array.isArray(given.shift) ? 0 : given.shift;
    return Float64Array.from(formulas.generic_examples(given.examples, new np.Draw(seed, stream), spread, offset, given.scale, given.tilt).data);
  };
  const { examples, shift, scale, tilt, test } = surface;
  return { train: drawn({ examples, shift, scale, tilt }, streams.train), test: drawn({ shift, scale, tilt, ...test }, streams.test) };
}

/* An engine for a formula; that of the scenario has kernels in the page already. */
function formulaEngine(surface, { train, test }) {
  const { live, modules } = home;
  const { precision } = live.surface;
  const facts = { kind: "generic", precision, columns: 5, example: -1, table: train, test, terms: Float64Array.of(0), termShape: [1, 1] };
  const engine = createEngine(surface.loss === live.tables.surface.loss ? modules : { ...modules, surface: formulaModules(surface, precision) });
  engine.surface(facts);
  return engine;
}

function formulaModules({ loss, parameters }, precision) {
  const made = ownFormula.derived(loss, parameters);
  return { gradient: ownFormula.batches(made, precision, "gradient"), all: ownFormula.batches(made, precision, "all"), totals: ownFormula.totals(made) };
}

/* The map: losses to the highest that is drawn, levels, light. */
function mapOf(engine, window) {
  const { columns, rows } = run.grid;
  const { scale } = home.live.formula;
  const loss = engine.losses(windowPoints(window, columns, rows), "train");
  if (!loss.some(Number.isFinite)) throw toldError("The formula is nowhere on the map a finite number");
  const levels = contourLevels(loss, run.grid.levels.length - 1, scale);
  const [low, high] = [levels[0], levels.at(-1)];
  const grid = Float64Array.from(loss, (value) => (Number.isNaN(value) ? high : Math.min(Math.max(value, low), high)) - low);
  const top = loss.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, value) : most), -Infinity);
  return { levels, grid, top: Number.isFinite(top) ? top : 0, light: lightFromAbove(loss, columns, rows, run.aspect, scale) };
}

/* The critical points of a window, which is tripled until it holds a minimum: see run_analysis/findings.py. */
function restingPlaces(engine, window) {
  const landscape = landscapeOf(engine, home.live.evaluations);
  let wide = window;
  for (let k = 0; k < WIDENINGS; k++) {
    const critical = criticalPoints(landscape, wide);
    if (critical.some(({ kind }) => kind === "minimum")) return { critical, window: wide };
    wide = wide.map(([low, high]) => [2 * low - high, 2 * high - low]);
  }
  return { critical: criticalPoints(landscape, window), window };
}

/* The map of basins, which is made when it is first looked at. */
function lazyBasins(engine, { basins, findings }) {
  let labels = null;
  return {
    ...basins,
    get labels() {
      labels ??= basinLabels(engine, findings.minima, basins);
      return labels;
    },
  };
}

/* In which basin the middle of each cell lies, numbers of minima counted from 1; 0 for none. */
function basinLabels(engine, minima, { rows, columns, window: [[x0, x1], [y0, y1]] }) {
  const landscape = landscapeOf(engine, home.live.evaluations);
  const places = [[x0 + (x1 - x0) / columns / 2, x1 - (x1 - x0) / columns / 2], [y0 + (y1 - y0) / rows / 2, y1 - (y1 - y0) / rows / 2]];
  const points = new np.Nd(windowPoints(places, columns, rows), [rows * columns, 2]);
  return Uint16Array.from(formulas.basin_labels(landscape, points, minima, BASIN_STRETCHES).data, (label) => label + 1);
}
