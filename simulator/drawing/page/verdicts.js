/* The scenario's claims over the frames of a run: what claims.js of errsurf/web takes. */

/* Tell each claim with its verdict, or with the reason why it is not checked here.  Intervals may take many seconds: the
   page asks a worker of their own. */
function checkNow(groups, sampling, tellClaim) {
  const { live, engine } = home;
  const findings = {
    ...live.findings, landscape: landscapeOf(engine, live.evaluations), regions: live.regions, replacement: sampling === "replacement",
    result: { groups: groups.map(({ phases, plan, ...each }) => groupOf({ ...each, phases: formulas.phases(phases), order: ordersOf(plan) })) },
  };
  const labels = groups.map(({ label }) => label);
  live.claims.forEach((claim, place) => {
    const gone = [...claim.groups, ...claim.others].find((name) => typeof name === "string" && !labels.includes(name));
    tellClaim(place, gone === undefined ? checkedClaims(findings, [claim])[0] : { claim, gone });
  });
}

/* A group's run as `groupOf` takes it, and its plan. */
function recordedRun(each, label) {
  const { frames, measured, particles, plan } = each;
  const { examples } = home.live;
  const size = 2 * particles;
  const position = new frames[0].constructor(frames.length * size);
  frames.forEach((places, row) => position.set(places, row * size));
  const joined = (rows) => {
    const found = new Float64Array(rows.length * measured.length);
    rows.forEach((row, at) => found.set(row, at * measured.length));
    return found;
  };
  const update = Float64Array.from(each.marks);
  return {
    label, update, examplesSeen: update.map((made) => each.evaluations * allSeen(each.phases, made)), lr: Float64Array.from(each.marks.flatMap((made) => each.lrAt(made))),
    position, diverged: each.group.diverged, lossParticles: Float64Array.from(measured), trainLoss: joined(each.losses.train), testLoss: joined(each.losses.test),
    phases: each.segments.map((segment) => {
      const { size, accumulate, rest } = cutBatches(segment, examples, home.tables.run.sampling);
      return [segment.first, batchPlan(examples, size, accumulate, rest)];
    }),
    batches: each.segments.map(({ first, batch }) => [first, batch]), updates: each.updates, plan,
    entered: each.group.passages.map(({ entered }) => entered), left: each.group.passages.map(({ left }) => left), evaluations: each.evaluations,
  };
}

/* The examples that particles see at slots, which are counted over all epochs: from a group whose batches lack one. */
function ordersOf(plan) {
  const { examples } = home.live;
  const made = new Map();
  const groupFor = (batch) => {
    const kind = batch === "full" ? "once" : plan.sampling;
    if (!made.has(kind)) {
      const segments = [{ ...plan.segments[0], first: 0, epoch: 0, slot: 0, sampling: kind, batches: { examples, size: Math.max(1, examples - 1), accumulate: 1, rest: "keep" } }];
      made.set(kind, home.engine.group({ ...plan, segments }));
    }
    return made.get(kind);
  };
  return (particle, slot, slots, batch) => {
    if (examples < 2) return new Array(slots).fill(0);
    const [first, last] = [Math.floor(slot / examples), Math.floor((slot + slots - 1) / examples)];
    const found = [];
    for (let epoch = first; epoch <= last; epoch++) for (const part of [0, 1]) found.push(...groupFor(batch).batch(Number(particle), 2 * epoch + part));
    return found.slice(slot - first * examples, slot - first * examples + slots);
  };
}
