/* Claims over a recording: each is checked as `errsurf run` does it, with the same intervals.

   `findings` is { result: { groups }, minima, names: { titles, minima }, landscape, examples, replacement, regions }, where
   `regions` are those of which groups have `entered` and `left`, `minima` are { x, y, kind, is_floor, curve } and `names` as in errsurf.analysis.Names; `landscape` is of `landscapeOf`.
   A group is what `groupOf` makes.  `checkedClaims(findings, claims)` gives { claim, verdict, comparisons, minimum } for
   each claim, with every estimate as { value, low, high }. */

/* The arrays of one group, of F frames and P particles, from typed arrays: `update`, `examplesSeen` and `lr` (F) or
   (F, 2), `position` (F, P, 2), `diverged` (P) the update or -1, `lossParticles` (K) with `trainLoss` and `testLoss`
   (F, K), `watched` (W) with `parts` by name (F, W, 2), `secondsAnUpdate`.  `phases` are of `formulas.phases`, `batches`
   [[first update, batch size or "full"], ...], `updates` how many it makes in the run, `evaluations`
   how many gradients of its batch an update takes; `entered` and `left` have an array (P) for each of the regions, and
   `order(particle, slot, slots, batch)` the examples that such a particle sees, slots counted over all epochs. */
function groupOf(given) {
  const frames = given.update.length;
  const table = (data, ...shape) => (data ? new np.Nd(data, shape) : null);
  const count = (data) => data?.length ?? 0;
  const parts = Object.entries(given.parts ?? {}).map(([name, data]) => [
    name,
    table(data, frames, count(given.watched), 2),
  ]);
  const group = {
    ...given,
    update: np.asarray(given.update),
    examples_seen: np.asarray(given.examplesSeen),
    lr: given.lr.length === frames ? np.asarray(given.lr) : table(given.lr, frames, 2),
    position: table(given.position, frames, count(given.diverged), 2),
    diverged: np.asarray(given.diverged),
    loss_particles: np.asarray(given.lossParticles ?? []),
    train_loss: table(given.trainLoss, frames, count(given.lossParticles)),
    test_loss: table(given.testLoss, frames, count(given.lossParticles)),
    watched: np.asarray(given.watched ?? []),
    parts: Object.fromEntries(parts),
    seconds_an_update: given.secondsAnUpdate ?? NaN,
    alive(frame, particles) {
      const diverged = particles === undefined ? this.diverged : np.get(this.diverged, particles);
      const update = np.get(this.update, frame);
      return np.or(np.lt(diverged, 0), np.gt(diverged, update instanceof np.Nd ? update.reshape(-1, 1) : update));
    },
  };
  return group;
}

/* One group up to a moment: the `View` of errsurf/statistics/_view.py, as errsurf/claims/view.py has it. */
class RunView {
  constructor(findings, k, at) {
    Object.assign(this, { findings, k, at, group: findings.result.groups[k] });
    Object.assign(this, { landscape: findings.landscape, minima: findings.minima, examples: findings.examples });
    this.replacement = Boolean(findings.replacement);
    this.frame = this.frameAt(at);
    this.update = np.get(this.group.update, this.frame);
  }
  frameAt(time) {
    return np.searchsorted(this.group.update, this.updatesAt(time), { side: "right" }) - 1;
  }
  updatesAt(time) {
    const { phases, updates } = this.group;
    let made = wholeUpdates(time, this.examples, updates, 0);
    if (typeof time === "string" && !time.endsWith("%")) made = formulas.updates_within(phases, made);
    return made;
  }
  get phase() {
    return formulas.phase_at(this.group.phases, this.update);
  }
  get moment() {
    return Math.min(this.updatesAt(this.at), np.get(this.group.update, -1));
  }
  get batch() {
    return this.group.batches.findLast(([first]) => first <= this.update)[1];
  }
  get batch_size() {
    return this.phase.plan.size;
  }
  get updates_an_epoch() {
    return this.phase.plan.updates_an_epoch;
  }
  get theta() {
    return (this.places ??= this.thetas(this.frame));
  }
  get basins() {
    return formulas.basin_labels(this.landscape, this.theta, this.minima);
  }
  get tracked() {
    const frames = Math.max(...this.findings.result.groups.map(({ update }) => update.length));
    return formulas.evenly(this.group.diverged.length, Math.max(16, Math.floor(POSITIONS / frames)));
  }
  get measured() {
    const most = Math.max(LOSS_PARTICLES, Math.floor(EVALUATIONS / this.landscape.evaluations));
    return formulas.evenly(this.group.diverged.length, most);
  }
  get drawn() {
    const most = Math.min(MAX_DRAWN, Math.floor(MAX_GRADIENTS / this.examples));
    return formulas.evenly(this.group.diverged.length, Math.max(16, most));
  }
  groups() {
    return this.findings.result.groups.map((_, k) => new RunView(this.findings, k, this.at));
  }
  of(label) {
    return viewOf(this.findings, label, this.at);
  }
  path(after) {
    return np.slice(Math.min(this.frameAt(after), this.frame), this.frame + 1);
  }
  thetas(frames, particles = np.slice(null, null)) {
    const found = np.get(np.get(this.group.position, frames), np.dots, particles, np.slice(null, null));
    const alive = this.group.alive(frames, particles);
    return np.where(np.get(alive, np.dots, null), found, NaN);
  }
  loss(which) {
    return formulas.where_finite((points) => this.landscape.loss(points, which), np.get(this.theta, this.measured));
  }
  losses(which, frames) {
    const found = np.get(which === "train" ? this.group.train_loss : this.group.test_loss, frames);
    return np.where(this.group.alive(frames, this.group.loss_particles), found, NaN);
  }
  time(frames, unit) {
    return this.clock(np.get(this.group.update, frames), unit);
  }
  clock(updates, unit) {
    const { seconds_an_update: seconds, phases, evaluations = 1 } = this.group;
    const factor = { updates: 1, seconds }[unit];
    if (factor !== undefined) return np.mul(updates, factor);
    return np.div(np.mul(formulas.all_seen(phases, updates), evaluations), unit === "examples" ? 1 : this.examples);
  }
  passage(region) {
    const { entered, left } = this.group;
    const row = this.findings.regions.findIndex((each) => (typeof region === "string" ? each.name === region : samePlace(each, region)));
    if (row < 0 || !entered?.[row]) throw new Error("this run did not count entries into the region");
    const last = this.moment;
    const [first, then] = [entered, left].map((all) => np.asarray(Array.from(all[row], (made) => (made <= last ? made : -1))));
    return { entered: first, left: then };
  }
  order(particle, slots) {
    return np.asarray(this.group.order(particle, 0, slots, this.batch_size));
  }
  full_gradients(points) {
    return formulas.where_finite((some) => this.landscape.gradient(some, "train"), points);
  }
  batch_gradients(points, particles, batch) {
    const { phase } = this;
    const found = np.full(points.shape, NaN);
    const epochs = Math.ceil((this.update - phase.first) / this.updates_an_epoch);
    const first = (phase.slot / phase.plan.used + epochs) * this.examples;
    for (const k of np.flatnonzero(np.isfinite(points).all({ axis: 1 }))) {
      const seen = this.group.order(np.get(particles, k), first, this.examplesDrawn(batch), batch ?? this.batch);
      np.set(found, [k], this.landscape.gradient(np.get(points, k), np.asarray(seen)));
    }
    return found;
  }
  fresh_batches(batch) {
    const points = np.get(this.theta, this.drawn);
    return { points, full: this.full_gradients(points), batch: this.batch_gradients(points, this.drawn, batch) };
  }
  example_covariance(points) {
    return formulas.where_finite((some) => this.landscape.covariance(some, "train"), points);
  }
  batch_covariance(points, batch) {
    const replacement = this.replacement && (batch ?? this.batch) !== "full";
    return formulas.batch_covariance(this.example_covariance(points), this.examples, this.examplesDrawn(batch), replacement);
  }
  examplesDrawn(batch) {
    return Math.min(batch ?? this.batch_size * this.phase.plan.accumulate, this.examples);
  }
}

const samePlace = (one, other) =>
  ["at", "radius", "box", "loss"].every((key) => JSON.stringify(one[key] ?? null) === JSON.stringify(other[key] ?? null));

function viewOf(findings, label, at) {
  return new RunView(
    findings,
    findings.result.groups.findIndex((group) => group.label === label),
    at,
  );
}

/* How often rows are drawn again for an interval: as in Python, or less often within `drawnAtMost` rows. */
let drawnAtMost = MAX_ROWS_DRAWN;
const resamplesOf = (count) => Math.max(FEWEST_RESAMPLES, Math.min(RESAMPLES, Math.floor(drawnAtMost / count)));

/* The ranks, from 1, of the sorted values around a quantile: the binomial distribution, summed. */
function ranksOf(count, share) {
  let [below, low, log] = [0, 0, count * Math.log1p(-share)];
  for (let k = 0; k <= count; k++) {
    below += Math.exp(log);
    if (below <= TAIL) low = k + 1;
    if (below >= 1 - TAIL) return [low, k + 1];
    log += Math.log(((count - k) / (k + 1)) * (share / (1 - share)));
  }
  return [low, count + 1];
}

/* The quantile of Student's distribution for the mean of so many values, by its finite series (Abramowitz, Stegun 1964,
   26.7.3 and 26.7.4). */
function studentOf(count, tail = TAIL) {
  const freedom = count - 1;
  const odd = freedom % 2;
  const within = (t) => {
    const angle = Math.atan(t / Math.sqrt(freedom));
    const square = Math.cos(angle) ** 2;
    let [total, term] = [0, odd ? Math.cos(angle) : 1];
    for (let k = odd; k <= freedom - 2; k += 2) {
      total += term;
      term *= (square * (k + 1)) / (k + 2);
    }
    const series = Math.sin(angle) * total;
    return odd ? (2 / Math.PI) * (angle + series) : series;
  };
  let [low, high] = [1, 60];
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (within(middle) < 1 - 2 * tail) low = middle;
    else high = middle;
  }
  return low;
}

/* The tail of a bootstrap of at least six rows: the normal distribution beyond Student's quantile, by its series. */
function expandedTail(count) {
  const z = studentOf(count) * Math.sqrt(count / (count - 1));
  let [total, term] = [z, z];
  for (let k = 1; k < 60; k++) {
    term *= (-z * z) / (2 * k);
    total += term / (2 * k + 1);
  }
  return 0.5 - total / Math.sqrt(2 * Math.PI);
}

/* The means of the Poisson distributions of which so many events are among the highest and the lowest 2.5%. */
function poissonBounds(events) {
  const atMost = (count, mean) => {
    let [total, log] = [0, -mean];
    for (let k = 0; k <= count; k++) {
      total += Math.exp(log);
      log += Math.log(mean / (k + 1));
    }
    return total;
  };
  const mean = (count, share) => {
    let [low, high] = [0, 2 * count + 20];
    for (let k = 0; k < 60; k++) {
      const middle = (low + high) / 2;
      if (atMost(count, middle) > share) low = middle;
      else high = middle;
    }
    return low;
  };
  return [events ? mean(events - 1, 1 - TAIL) : 0, mean(events, TAIL)];
}

/* The claims, each with its verdict; one that cannot be checked here has an `error` instead.  With fewer rows drawn,
   `most`, both ends of an interval differ from those of Python by about a tenth of its width. */
function checkedClaims(findings, claims, most = MAX_ROWS_DRAWN) {
  drawnAtMost = most;
  return claims.map((claim) => {
    try {
      return formulas.checked_claim(findings, claim);
    } catch (error) {
      return { claim, error: error.message };
    }
  });
}
