/* From a group's table to what the engine runs: times, rates, constants and settings of its segments. */

/* The modules of the page with their codes, as engine.js takes them. */
function unpackedModules({ slots, modules, ...facts }, codes) {
  for (const parts of Object.values(modules)) {
    for (const part of Object.values(parts)) {
      part.bytes = codes.slice(...part.at);
      for (const name of Object.keys(part.exports)) part.exports[name] = slots[part.exports[name]];
    }
  }
  return { ...modules, ...facts };
}

/* The engine with its modules and the surface. */
function startedEngine(modules, surface, arrays) {
  const engine = createEngine(modules);
  engine.surface({ ...surface, table: arrays.train, test: arrays.test, terms: arrays.terms });
  return engine;
}

/* The name of a rule among the modules: as `_rule_name` in live_page.py. */
function ruleName({ kind, wrappers = [] }, each) {
  const name = [kind, ...wrappers.map((wrapper) => wrapper.kind)].join("+") + (each ? "/each" : "");
  if (!home.live.modules.modules.rules[name]) throw toldError(`This page has no kernel of ${name}`);
  return name;
}

/* Where a group's changes cut it, its batches, its rates and its length. */
function groupTimes(tables, group) {
  const { examples } = home.live;
  const fields = home.live.records.optimizers[group.kind];
  const segments = segmentsOf(group, fields.settings.map(({ key }) => key));
  const phases = batchPhases(segments.map((segment) => [segment.first, cutBatches(segment, examples, tables.run.sampling)]));
  const updates = tables.run.updates ?? updatesTo(phases, tables.run.epochs * examples);
  if (updates > home.live.most_updates) throw toldError(`${updates} updates are more than a page computes`);
  const kept = segments.filter(({ first }) => first < updates || first === 0);
  let schedule = null;
  for (const segment of kept) {
    if (segment.begun === segment.first) schedule = groupSchedule(segment, tables.run.sampling, updates);
    segment.rates = schedule;
  }
  return { segments: kept, phases, updates, evaluations: fields.evaluations, particles: tables.swarm.particles };
}

function toldError(words) {
  return Object.assign(new Error(words), { words });
}

/* A schedule with every duration in updates: it counts from its segment on. */
function groupSchedule({ schedule, first, batch, accumulate }, sampling, updates) {
  const { decay, warmup, warmup_kind, warmup_factor, ...settings } = schedule;
  const left = first < updates ? updates - first : updates;
  return inUpdates({ decay, settings, warmup, warmup_kind, warmup_factor }, updatesAnEpoch(cutBatches({ batch, accumulate }, home.live.examples, sampling)), left);
}

/* The rates of all updates, (updates,), or (updates, 2) where x and y have one each. */
function groupRates({ segments, updates }) {
  const parts = segments.map((segment, k) => {
    const until = Math.min(segments[k + 1]?.first ?? updates, updates);
    const each = [segment.settings.lr].flat().map((lr) => formulas.rates(segment.rates, lr, Math.max(0, until - segment.begun)).data.slice(segment.first - segment.begun));
    return { each, count: until - segment.first };
  });
  const axes = Math.max(...parts.map(({ each }) => each.length));
  const data = new Float64Array(axes * updates);
  parts.forEach(({ each, count }, k) => {
    for (let row = 0; row < count; row++) for (let axis = 0; axis < axes; axis++) data[axes * (segments[k].first + row) + axis] = each[Math.min(axis, each.length - 1)][row];
  });
  return { data, axes };
}

/* The numbers of clipping and noise: see `numbers` in settings/gradient_options.py. */
function optionNumbers({ clip, noise }, examples, sampling) {
  const most = clip ? clip.most : 0;
  if (noise?.kind === "matched" && sampling.kind === "replacement") return { most, noise: 1 / noise.batch, alpha: 0 };
  if (noise?.kind === "matched") return { most, noise: (examples - noise.batch) / (Math.max(1, examples - 1) * noise.batch), alpha: 0 };
  if (noise?.kind === "stable") return { most, noise: noise.scale, alpha: noise.alpha };
  return { most, noise: noise ? noise.deviation : 0, alpha: 0 };
}

/* A group at its start: {group, only, theta, lrAt, product, decay}. */
function startedGroup(tables, times, k) {
  const { engine, live } = home;
  const table = tables.optimizer[k];
  const { precision } = tables.run;
  const rates = groupRates(times);
  const rule = ruleOf(table.kind, (table.wrappers || []).map(({ kind }) => kind));
  const around = (table.wrappers || []).map(({ kind: _, ...settings }) => settings);
  const options = optionNumbers(table, live.examples, tables.run.sampling);
  checkGroup(table, times.segments[0].settings);
  const segments = times.segments.map((segment, s) => {
    const end = Math.min(times.segments[s + 1]?.first ?? times.updates, times.updates);
    const lr = np.asarray([...rates.data.subarray(0, end * rates.axes)]).reshape(rates.axes > 1 ? [end, rates.axes] : [end]);
    const chosen = [segment.settings, ...around];
    const phase = phaseAt(times.phases, segment.first);
    return {
      first: segment.first, epoch: phase.first, slot: phase.slot, batches: phase.plan,
      sampling: segment.batch === "full" ? "once" : tables.run.sampling.kind,
      settings: Float64Array.from(formulas.settings_row(chosen, options, precision).data),
      constants: Float64Array.from(formulas.step_constants(rule, chosen, lr, segment.first, precision).data),
    };
  });
  const { start, particles, seed: _, ...settings } = tables.swarm;
  const theta = formulas.positions({ start, particles, settings }, seedOf(tables, "swarm"), table.at ?? null).data;
  const plan = {
    rule: ruleName(table, rates.axes > 1), particles, seed: seedOf(tables, "run"), sampling: tables.run.sampling.kind,
    shared: tables.run.sampling.shared, noise: table.noise?.kind ?? "", clip: table.clip?.kind ?? "", segments, regions: live.regions,
    memory: [...formulas.first_memory(rule, [times.segments[0].settings, ...around], np.asarray([...theta]).reshape([particles, 2]))].map((value) => value.data ?? value),
  };
  const group = engine.group(plan);
  group.start(Float64Array.from(theta));
  const most = formulas.optimizers[table.kind].max_stable_sharpness;
  const product = most ? 2 * (most(1, times.segments[0].settings) - most(2, times.segments[0].settings)) : null;
  return {
    group, theta, plan, only: (chosen) => startedOnly(group, chosen, theta), lrAt: (update) => lrAt(rates, update),
    product, decay: product === null ? 0 : product - most(1, times.segments[0].settings),
  };
}

/* The same run of a few particles, at its start. */
function startedOnly(group, chosen, theta) {
  const few = group.only(chosen);
  few.start(Float64Array.from(theta));
  return few;
}

/* Settings that have no meaning together, in the words of the rule. */
function checkGroup(table, settings) {
  const words = formulas.optimizers[table.kind].fault?.(settings);
  if (words) throw toldError(`${table.kind}: ${words}`);
  if (table.noise?.kind === "matched" && table.batch !== "full") throw toldError("matched noise is for full batch");
}

function lrAt({ data, axes }, update) {
  const row = Math.min(update, data.length / axes - 1);
  return [...data.subarray(axes * row, axes * (row + 1))];
}

function seedOf(tables, part) {
  return tables[part].seed ?? tables.seed;
}
