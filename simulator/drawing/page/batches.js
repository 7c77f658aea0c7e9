/* Phases of runs whose batches change, frames, and evenly chosen numbers: with examplesSeen of engine.js.  A plan is {examples, size,
   accumulate, rest}, a phase {first, slot, seen, plan}. */

function cutBatches({ batch, accumulate }, examples, sampling) {
  const rest = sampling.kind === "replacement" ? "draw" : sampling.drop_last ? "drop" : "keep";
  return { examples, size: batch === "full" ? examples : Math.min(batch, examples), accumulate, rest: batch === "full" ? "keep" : rest };
}

/* The phases of a run whose plans, [first, plan] each, change at some updates. */
function batchPhases(plans) {
  const run = [];
  for (const [first, plan] of plans) {
    const old = run.at(-1);
    if (!old) run.push({ first, slot: 0, seen: 0, plan });
    else if (plan.size !== old.plan.size || plan.accumulate !== old.plan.accumulate || plan.rest !== old.plan.rest) {
      const epochs = old.slot / usedSlots(old.plan) + Math.ceil((first - old.first) / updatesAnEpoch(old.plan));
      run.push({ first, slot: epochs * usedSlots(plan), seen: old.seen + examplesSeen(old.plan, first - old.first), plan });
    }
  }
  return run;
}

function phaseAt(run, update) {
  return run.findLast((phase) => phase.first <= update);
}

function allSeen(run, updates) {
  const phase = phaseAt(run, updates);
  return phase.seen + examplesSeen(phase.plan, updates - phase.first);
}

/* The most updates that use at most so many examples, and the fewest that use at least so many. */
function updatesWithin(run, examples) {
  const { first, seen, plan } = run.findLast((phase) => phase.seen <= examples);
  const epochs = Math.floor((examples - seen) / countedExamples(plan));
  const rest = examples - seen - epochs * countedExamples(plan);
  return first + epochs * updatesAnEpoch(plan) + Math.min(Math.floor(rest / (plan.accumulate * plan.size)), updatesAnEpoch(plan) - 1);
}

function updatesTo(run, examples) {
  return examples > 0 ? updatesWithin(run, examples - 1) + 1 : 0;
}

/* The parts into which its changes cut a group: {first, batch, accumulate, schedule, begun, settings}. */
function segmentsOf(group, keys) {
  const settings = (table) => Object.fromEntries(Object.entries(table).filter(([key]) => keys.includes(key)));
  let segment = { first: 0, batch: group.batch, accumulate: group.accumulate, schedule: group.schedule, begun: 0, settings: settings(group) };
  const found = [segment];
  for (const change of group.changes || []) {
    segment = {
      first: change.after, batch: change.batch ?? segment.batch, accumulate: change.accumulate ?? segment.accumulate,
      schedule: change.schedule ?? segment.schedule, begun: change.schedule ? change.after : segment.begun,
      settings: { ...segment.settings, ...settings(change) },
    };
    found.push(segment);
  }
  return found;
}

/* Round numbers as numpy.round does: halves to the even neighbour. */
function roundHalfEven(value) {
  const low = Math.floor(value);
  const rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2) ? low + 1 : low;
}

function linspace(low, high, count) {
  if (count < 2) return [low];
  const step = (high - low) / (count - 1);
  return Array.from({ length: count }, (_, k) => (k === count - 1 ? high : k * step + low));
}

/* After which updates a group has frames: see scenario/frame_marks.py. */
function frameUpdates(run, updates, longest, most) {
  if (Array.isArray(run.frames)) return unique([0, ...run.frames, longest].map((update) => Math.min(update, updates)));
  const count = Math.min(run.frames === "all" ? longest + 1 : Math.min(run.frames, longest + 1), most);
  if (run.frame_spacing !== "log") return unique(linspace(0, updates, count).map(roundHalfEven));
  const wide = Math.log1p(longest);
  return unique(linspace(0, 1, count).map((share) => roundHalfEven((Math.expm1(share * wide) / longest) * updates)));
}

function unique(rising) {
  return rising.filter((value, k) => k === 0 || value > rising[k - 1]);
}

/* Up to `most` of the particles, evenly spaced: see sampling/particles.py. */
function evenly(particles, most) {
  return linspace(0, particles - 1, Math.min(particles, most)).map(Math.floor);
}
