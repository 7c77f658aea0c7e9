/* What a page asks of `formulas`, which errsurf/web/formulas.py makes from the records: see there. */

/* A rule: an optimizer and its wrappers, in the order in which they act. */
function ruleOf(optimizer, wrappers = []) {
  return { parts: [formulas.optimizers[optimizer], ...wrappers.map((name) => formulas.wrappers[name])] };
}

/* A duration in updates: updates, "2 epochs" or "5%"; whatever else it is, as it is.  See settings/durations.py. */
function wholeUpdates(value, perEpoch, total, least) {
  if (Array.isArray(value)) return value.map((part) => wholeUpdates(part, perEpoch, total, least));
  if (typeof value !== "string" || !/^[0-9]{1,12}(\.[0-9]{1,12})? *(%|epochs?)$/.test(value)) return value;
  const number = parseFloat(value);
  const updates = value.endsWith("%") ? (number / 100) * total : number * perEpoch;
  return Math.min(Math.max(least, Math.trunc(updates + 0.5)), 1e18);
}

/* A group's schedule with every duration in updates and every value that follows from others: schedules.in_updates. */
function inUpdates(table, perEpoch, total) {
  const record = formulas.schedules[table.decay];
  const settings = {};
  for (const [key, least] of Object.entries(record.least)) {
    settings[key] = wholeUpdates(table.settings?.[key] ?? record.defaults[key], perEpoch, total, least);
  }
  const warmup = record.warmup ? wholeUpdates(table.warmup ?? 0, perEpoch, total, 0) : null;
  const follows = { ...record.follows(settings, warmup ?? 0), [record.fall]: Math.max(1, total - (warmup ?? 0)) };
  for (const key of Object.keys(settings)) if (settings[key] === null) settings[key] = follows[key];
  const factor = table.warmup_factor ?? (warmup === null ? null : 1 / (warmup + 1));
  return { ...table, warmup_kind: table.warmup_kind ?? "linear", settings, warmup, warmup_factor: factor };
}

/* How epochs of so many examples are cut into updates of `accumulate` batches: what `formulas.phases` takes, as
   [[first update, plan], ...]. */
function batchPlan(examples, size, accumulate = 1, rest = "keep") {
  size = Math.min(size, examples);
  const whole = size * accumulate;
  let batches = Math.ceil(examples / size);
  if (rest === "draw") batches = Math.ceil(examples / whole) * accumulate;
  if (rest === "drop") batches = Math.floor(examples / whole) * accumulate || Math.floor(examples / size);
  const used = rest === "draw" ? batches * size : Math.min(batches * size, examples);
  return {
    examples, size, accumulate, rest, batches_an_epoch: batches, updates_an_epoch: Math.ceil(batches / accumulate),
    used, counted: Math.max(used, examples), examples_an_update: Math.min(whole, used),
  };
}
