/* Runs kernels: modules of WebAssembly that share one memory, and what drives them, update by update.

   A plain script for workers, pages and node.  It mirrors blocks.py and group_plan.py of the engine and batches.py of
   sampling: same updates, same random numbers, same bits as a portable run. */

const VECTOR = 16;
const FEW_PARTICLES = 8, WIDE_BATCH = 64;
const CHUNK_SLOTS = { own: 1 << 17, shared: 1 << 15, wide: 1 << 17 };
const CHUNK_NORMAL_NUMBERS = 1 << 17;
const CHUNK_POINTS = 4096;
const STREAMS = { noise: 4, rule: 5 };
const STACK_BYTES = 1 << 16, PAGE_BYTES = 1 << 16, ALIGNMENT = 64;

/* The modules of a page from their JSON text, or the object that it says. */
async function unpackModules(text) {
  const { deflated, slots, modules, ...facts } = typeof text === "string" ? JSON.parse(text) : text;
  const packed = Uint8Array.from(atob(deflated), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const codes = new Uint8Array(await new Response(stream).arrayBuffer());
  for (const parts of Object.values(modules))
    for (const part of Object.values(parts)) {
      part.bytes = codes.slice(...part.at);
      for (const name in part.exports) part.exports[name] = slots[part.exports[name]];
    }
  return { ...modules, ...facts };
}

/* Memory in pieces that are taken and given back. */
function createHeap(memory) {
  let free = [{ at: STACK_BYTES, size: memory.buffer.byteLength - STACK_BYTES }];
  const taken = new Map();
  const rounded = (size) => Math.max(1, Math.ceil(size / ALIGNMENT)) * ALIGNMENT;

  function grow(size) {
    const pages = Math.ceil(Math.max(size, memory.buffer.byteLength / 4) / PAGE_BYTES);
    const at = memory.buffer.byteLength;
    memory.grow(pages);
    give(at, pages * PAGE_BYTES);
  }

  function give(at, size) {
    free.push({ at, size });
    free.sort((a, b) => a.at - b.at);
    free = free.reduce((joined, each) => {
      const last = joined[joined.length - 1];
      if (last && last.at + last.size === each.at) last.size += each.size;
      else joined.push(each);
      return joined;
    }, []);
  }

  return {
    take(bytes) {
      const size = rounded(bytes);
      const place = free.find((each) => each.size >= size);
      if (!place) {
        grow(size);
        return this.take(bytes);
      }
      const { at } = place;
      place.at += size;
      place.size -= size;
      if (place.size === 0) free = free.filter((each) => each !== place);
      taken.set(at, size);
      return at;
    },
    release(at) {
      give(at, taken.get(at));
      taken.delete(at);
    },
    get used() {
      return [...taken.values()].reduce((sum, size) => sum + size, 0);
    },
  };
}

/* How an epoch is cut into batches and updates: sampling/batches.py. */
function batchesAnEpoch({ examples, size, accumulate, rest }) {
  const whole = size * accumulate;
  if (rest === "draw") return Math.ceil(examples / whole) * accumulate;
  if (rest === "drop" && examples >= size) return Math.floor(examples / whole) * accumulate || Math.floor(examples / size);
  return Math.ceil(examples / size);
}

const updatesAnEpoch = (plan) => Math.ceil(batchesAnEpoch(plan) / plan.accumulate);
const usedSlots = (plan) => (plan.rest === "draw" ? batchesAnEpoch(plan) * plan.size : Math.min(batchesAnEpoch(plan) * plan.size, plan.examples));
const countedExamples = (plan) => Math.max(usedSlots(plan), plan.examples);
const examplesSeen = (plan, updates) => passed(plan, updates, countedExamples(plan));
const slotsUsed = (plan, updates) => passed(plan, updates, usedSlots(plan));

/* What updates have used, where a whole epoch counts as so much. */
function passed(plan, updates, epoch) {
  const rest = updates % updatesAnEpoch(plan);
  return ((updates - rest) / updatesAnEpoch(plan)) * epoch + Math.min(rest * plan.accumulate * plan.size, usedSlots(plan));
}

/* The batches of updates `first` to `last`: update u averages batches batchOf[u] to batchOf[u + 1], batch b the slots
   slotOf[b] to slotOf[b + 1] times weight[b]. */
function cuts(plan, first, last) {
  const batchOf = [0], slotOf = [0], weight = [], begin = slotsUsed(plan, first), used = usedSlots(plan);
  for (let update = first; update < last; update++) {
    const rest = update % updatesAnEpoch(plan);
    const epoch = (update - rest) / updatesAnEpoch(plan);
    const from = rest * plan.accumulate, until = Math.min(from + plan.accumulate, batchesAnEpoch(plan));
    for (let batch = from; batch < until; batch++) {
      slotOf.push(epoch * used + Math.min((batch + 1) * plan.size, used) - begin);
      weight.push(1 / ((slotOf[slotOf.length - 1] - slotOf[slotOf.length - 2]) * (until - from)));
    }
    batchOf.push(weight.length);
  }
  return { batchOf, slotOf, weight };
}

/* The last update up to which so many slots suffice, at least one after `first`, at most `last`. */
function lastWithin(plan, first, last, slots) {
  const reach = slotsUsed(plan, first) + slots, used = usedSlots(plan), rest = reach % used;
  const within = ((reach - rest) / used) * updatesAnEpoch(plan) + Math.floor(rest / (plan.accumulate * plan.size));
  return Math.max(first + 1, Math.min(last, within));
}

/* An engine with these modules: `unpackModules` tells their form. */
function createEngine(modules) {
  const memory = new WebAssembly.Memory({ initial: 32 });
  const stack = new WebAssembly.Global({ value: "i32", mutable: true }, STACK_BYTES);
  const heap = createHeap(memory);
  const LANES = modules.lanes;
  const compiled = new Map();
  let words = new Int32Array(memory.buffer);
  let problem = null;

  /* Memory as numbers; growing makes older views empty, so none is kept. */
  const real = (at, count) =>
    problem.precision === "float64" ? new Float64Array(memory.buffer, at, count) : new Float32Array(memory.buffer, at, count);
  const doubles = (at, count) => new Float64Array(memory.buffer, at, count);
  const unsigned = (at, count) => new Uint32Array(memory.buffer, at, count);

  function instance(part, imported = {}) {
    if (!compiled.has(part)) compiled.set(part, new WebAssembly.Module(part.bytes));
    const env = { __linear_memory: memory, __stack_pointer: stack, ...part.imports, ...imported };
    return new WebAssembly.Instance(compiled.get(part), { env }).exports;
  }

  const instances = new Map();
  function single(part) {
    if (!instances.has(part)) instances.set(part, instance(part));
    return instances.get(part);
  }

  /* A whole number as 64 bits. */
  function put(at, value) {
    if (words.buffer !== memory.buffer) words = new Int32Array(memory.buffer);
    words[at >> 2] = value | 0;
    words[(at >> 2) + 1] = Math.floor(value / 4294967296);
  }

  function putAll(at, values) {
    for (let k = 0; k < values.length; k++) put(at + 8 * k, values[k]);
  }

  /* The block of a function's arguments: `set` writes some by their slots' names. */
  function argumentBlock(slots) {
    const at = heap.take(8 * slots.length);
    const place = new Map(slots.map((name, k) => [name, at + 8 * k]));
    for (const address of place.values()) put(address, 0);
    return {
      at,
      set(values) {
        for (const name in values) {
          const value = values[name];
          if (typeof value === "number") put(place.get(name), value);
          else value.forEach((each, k) => put(place.get(k === 0 ? name : `${name}.${k - 1}`), each));
        }
        return this;
      },
      release: () => heap.release(at),
    };
  }

  /* A function's error is a number other than 0. */
  function done(status) {
    if (status !== 0) throw new Error(`a kernel stopped with ${status}`);
  }

  function takeReal(values) {
    const at = heap.take(values.length * problem.bytes);
    real(at, values.length).set(values);
    return at;
  }

  function takeDoubles(values) {
    const at = heap.take(values.length * 8);
    doubles(at, values.length).set(values);
    return at;
  }

  /* The surface whose runs and losses follow: `table` and `test` (examples, `columns`), `terms` with `termShape`, and
     `precision`.  `kind` is "generic" if examples are shifts, scales and tilts of one formula, "own" if they have rows
     of their own, "lookup" if they have tables; there `example` is the column with a table's number.  Groups of
     an earlier surface are no longer of use. */
  function surface(data) {
    for (const at of problem ? problem.held : []) heap.release(at);
    const bytes = data.precision === "float64" ? 8 : 4;
    const examples = data.table.length / data.columns;
    problem = { ...data, bytes, examples, held: [], totals: new Map() };
    const columns = [...Array(data.columns).keys()];
    const byColumn = new Float64Array(data.table.length);
    data.table.forEach((value, k) => (byColumn[(k % data.columns) * examples + Math.floor(k / data.columns)] = value));
    const differs = columns.filter((column) => data.table.some((value, k) => k % data.columns === column && value !== data.table[column]));
    problem.varying = differs.reduce((bits, column) => bits + 2 ** column, 0);
    problem.rows = takeReal(data.table);
    problem.byColumn = takeReal(byColumn);
    problem.terms32 = takeReal(data.terms);
    problem.held.push(problem.rows, problem.byColumn, problem.terms32);
  }

  /* Rows and terms with the same mean loss, as few as that takes: the loss is linear in all but shifts. */
  function fewest(rows) {
    const { columns, kind, terms, termShape, example } = problem, count = rows.length / columns;
    if (kind === "own") return { rows, terms, termShape };
    if (kind === "lookup") {
      const size = termShape[1] * termShape[2], mean = new Float64Array(size), row = rows.slice(0, columns);
      for (let k = 0; k < count; k++) {
        const table = terms.subarray(rows[k * columns + example] * size);
        for (let i = 0; i < size; i++) mean[i] += table[i];
      }
      row[example] = 0;
      return { rows: row, terms: mean.map((value) => value / count), termShape: [1, termShape[1], termShape[2]] };
    }
    if (rows.some((value, k) => k % columns < 2 && value !== rows[k % columns])) return { rows, terms, termShape };
    const mean = new Float64Array(columns);
    rows.forEach((value, k) => (mean[k % columns] += value));
    return { rows: mean.map((value, k) => (k < 2 ? rows[k] : value / count)), terms, termShape };
  }

  /* The rows of the training examples, of the test examples, or of some training examples by their numbers. */
  function chosenRows(which) {
    if (which === "train") return problem.table;
    if (which === "test") return problem.test;
    const rows = new Float64Array(which.length * problem.columns);
    which.forEach((example, k) => rows.set(problem.table.subarray(example * problem.columns, (example + 1) * problem.columns), k * problem.columns));
    return rows;
  }

  /* The tables of a choice in memory; those of all examples are kept. */
  function placed(which, whole) {
    const key = `${which} ${whole}`;
    if (problem.totals.has(key)) return problem.totals.get(key);
    const all = chosenRows(which);
    const { rows, terms, termShape } = whole ? { rows: all, terms: problem.terms, termShape: problem.termShape } : fewest(all);
    const found = { table: takeDoubles(rows), terms: takeDoubles(terms), termShape, numbers: rows.length, kept: typeof which === "string" };
    if (found.kept) {
      problem.totals.set(key, found);
      problem.held.push(found.table, found.terms);
    }
    return found;
  }

  /* The mean over examples of what a function sums, at points (n, 2): (n, parts). */
  function mean(name, points, which, parts, center = null) {
    const { table, terms, termShape, numbers, kept } = placed(which, center !== null);
    const part = modules.surface.totals, run = single(part)[name];
    const args = argumentBlock(part.exports[name]).set({ table: [table, numbers], terms_table: [terms, ...termShape] });
    const count = points.length / 2, examples = numbers / problem.columns, out = new Float64Array(count * parts);
    const most = Math.min(CHUNK_POINTS, Math.max(1, Math.ceil(count / LANES)) * LANES);
    const from = heap.take(16 * most), middle = heap.take(16 * most), into = heap.take(8 * parts * most);
    for (let first = 0; first < count; first += most) {
      const some = Math.min(most, count - first), padded = Math.ceil(some / LANES) * LANES;
      spread(from, points, first, some, padded);
      args.set({ points: [from, 2, padded], out: [into, parts, padded] });
      if (center) {
        spread(middle, center, first, some, padded);
        args.set({ center: [middle, 2, padded] });
      }
      const sums = doubles(into, parts * padded).fill(0);
      done(run(args.at));
      for (let k = 0; k < some; k++) for (let row = 0; row < parts; row++) out[(first + k) * parts + row] = sums[row * padded + k] / examples;
    }
    for (const at of [from, middle, into, ...(kept ? [] : [table, terms])]) heap.release(at);
    args.release();
    return out;
  }

  /* Points (n, 2) as rows of x and of y, padded with zeros. */
  function spread(at, points, first, count, padded) {
    const rows = doubles(at, 2 * padded).fill(0);
    for (let k = 0; k < count; k++) {
      rows[k] = points[2 * (first + k)];
      rows[padded + k] = points[2 * (first + k) + 1];
    }
  }

  /* Which loop sums a segment's batches; it depends on the scenario alone. */
  function loopOf(plan, { batches, sampling }) {
    const full = batches.size >= batches.examples && sampling !== "replacement";
    const few = plan.particles <= FEW_PARTICLES && Math.min(batches.size, batches.examples) >= WIDE_BATCH;
    if (few && (full || !plan.shared)) return { loop: "wide", full };
    return { loop: plan.shared || full ? "shared" : "own", full };
  }

  /* A group of particles that run by one rule:
       rule       its name among the modules
       particles  how many
       seed       of the order of examples, and of noise
       sampling   the kind of order: "reshuffle", "once" or "replacement"
       shared     whether all particles get the same batches
       noise      "", "isotropic", "matched" or "stable"
       clip       "", "norm" or "value"
       regions    of which entries and exits are counted: { at, radius }, { box } or { loss }, and perhaps { stop }
       memory     the first value of each row of memory: a number, or an array with one for each particle; or a function
                  of theta (particles, 2) that gives them
       segments   the parts of the run between changes, each with
         first      its first update, counted from 0
         epoch      the update from which its epochs are counted
         slot       the slot, counted over all epochs, at which that update's batch begins
         sampling   its kind of order where it differs
         batches    { examples, size, accumulate, rest }: as BatchPlan of sampling/batches.py
         settings   the row of settings and options
         constants  the rule's constants at each of its updates, (updates, numbers), row after row */
  function group(plan, chosen = null) {
    const rule = modules.rules[plan.rule], matched = plan.noise === "matched";
    if (!rule) throw new Error(`there is no rule ${plan.rule}`);
    const kind = matched ? "all" : rule.curvature ? (modules.surface.curvature ? "curvature" : "all") : "gradient";
    const sums = modules.surface[kind];
    if (!sums) throw new Error(`the modules have no sums for ${plan.rule}`);
    const stray = (chosen ?? []).find((particle) => !(particle >= 0 && particle < plan.particles));
    if (stray !== undefined) throw new RangeError(`there is no particle ${stray} among ${plan.particles}`);
    const options = single(modules.options.all);
    const [memoryRow, memoryRows] = rule.memory, rows = memoryRow + memoryRows;
    const segments = plan.segments.map((segment) => {
      const whole = { sampling: plan.sampling, ...segment };
      return { ...whole, ...loopOf(plan, whole) };
    });
    const wide = segments.some((segment) => segment.loop === "wide");
    const blocks = layOut();
    const places = VECTOR * Math.ceil((chosen ? VECTOR * blocks.length : plan.particles) / VECTOR);
    const shownPlaces = chosen ? Array.from(chosen, placeOf) : null;
    const state = heap.take(blocks.length * rows * LANES * problem.bytes);
    const key = heap.take(8);
    unsigned(key, 2).set([plan.seed % 4294967296, Math.floor(plan.seed / 4294967296)]);
    const updating = argumentBlock(rule.exports.updates);
    const runs = new Map();
    const diverged = new Float64Array(places).fill(-1);
    const regions = (plan.regions ?? []).map(placeTest);
    const passages = regions.map(() => ({ entered: new Float64Array(places).fill(-1), left: new Float64Array(places).fill(-1) }));
    const observed = { block: 0, update: 0 };
    let update = 0, buffers = [];

    /* The particles in each block: from `first` on, in so many lanes. */
    function layOut() {
      if (wide) return [{ first: 0, width: VECTOR }];
      if (chosen) {
        const firsts = [...new Set(Array.from(chosen, (particle) => particle - (particle % VECTOR)))].sort((a, b) => a - b);
        return firsts.map((first) => ({ first, width: VECTOR }));
      }
      return Array.from({ length: Math.ceil(plan.particles / LANES) }, (_, k) => ({
        first: k * LANES, width: Math.min(LANES, Math.ceil((plan.particles - k * LANES) / VECTOR) * VECTOR),
      }));
    }

    /* Where a particle's numbers are, counted over the lanes of all blocks. */
    function placeOf(particle) {
      const block = blocks.findIndex(({ first, width }) => particle >= first && particle < first + width);
      return block * blocks[0].width + particle - blocks[block].first;
    }

    const lanesBefore = (block) => block * blocks[0].width;
    const blockAt = (block) => state + block * rows * LANES * problem.bytes;
    const row = (block, index) => real(blockAt(block) + index * LANES * problem.bytes, LANES);

    /* The loop of updates with one of the surface's loops. */
    function runOf(loop) {
      if (!runs.has(loop)) {
        const name = `${loop}_batch`;
        const imported = {
          sum_batch: single(sums)[name],
          noise: options[plan.noise ? `${plan.noise}_noise` : "unchanged"],
          clip: options[plan.clip ? `${plan.clip}_clip` : "unchanged"],
        };
        if (regions.length) imported.clip = observing(imported.clip);
        const exports = instance(rule, imported), batch = argumentBlock(sums.exports[name]);
        runs.set(loop, { update: exports[matched ? "matched_updates" : "updates"], batch });
      }
      return runs.get(loop);
    }

    /* The function, called before each update of a block, after a look at where the updates before have led. */
    const observing = (act) => (...given) => {
      observe(observed.block, observed.update++);
      return act(...given);
    };

    /* Note which regions the particles of a block are in after so many updates: see engine/region_sources.py. */
    function observe(block, made) {
      const { width } = blocks[block], before = lanesBefore(block), stopped = row(block, modules.rows.theta.indexOf("stopped"));
      const [x, y] = rule.shown.map((index) => row(block, index).slice(0, width));
      regions.forEach((insideOf, k) => {
        const { entered, left } = passages[k], { stop } = plan.regions[k], inside = insideOf(x, y), event = stop === "enter" ? entered : left;
        for (let lane = 0, at = before; lane < width; lane++, at++) {
          if (stopped[lane] <= 0 && inside(lane)) {
            if (entered[at] < 0) entered[at] = made;
          } else if (entered[at] >= 0 && left[at] < 0) left[at] = made;
          if (stop && event[at] >= 0 && stopped[lane] === 0) stopped[lane] = -1;
        }
      });
    }

    /* Whether lanes are in a region, given their positions; each operation rounds as in kernels of the run's precision. */
    function placeTest({ at, radius, box, loss }) {
      const round = problem.precision === "float64" ? (value) => value : Math.fround;
      if (at) {
        const [a, b, most] = [...at, radius * radius].map(round);
        return (x, y) => (lane) => {
          const u = round(x[lane] - a), v = round(y[lane] - b);
          return round(round(u * u) + round(v * v)) <= most;
        };
      }
      if (box) {
        const [[left, right], [low, high]] = box.map((edges) => edges.map(round));
        return (x, y) => (lane) => left <= x[lane] && x[lane] <= right && low <= y[lane] && y[lane] <= high;
      }
      return (x, y) => {
        const points = new Float64Array(2 * x.length);
        x.forEach((value, lane) => points.set([value, y[lane]], 2 * lane));
        const losses = mean("sum_loss", points, "train", 1);
        return (lane) => losses[lane] <= loss;
      };
    }

    /* Particles at theta (particles, 2), before the first update. */
    function start(theta, memory = plan.memory) {
      const values = typeof memory === "function" ? memory(theta) : memory ?? [];
      if (values.length !== memoryRows) throw new Error(`${plan.rule} has ${memoryRows} rows of memory, not ${values.length}`);
      real(state, blocks.length * rows * LANES).fill(0);
      for (const each of [diverged, ...passages.flatMap(Object.values)]) each.fill(-1);
      update = 0;
      blocks.forEach(({ first, width }, block) => {
        for (let lane = 0; lane < width; lane++) {
          const particle = (first + lane) % plan.particles;
          row(block, 0)[lane] = theta[2 * particle];
          row(block, 1)[lane] = theta[2 * particle + 1];
          values.forEach((value, k) => (row(block, memoryRow + k)[lane] = typeof value === "number" ? value : value[particle]));
        }
      });
    }

    const segmentOf = (at) => segments.findLast((segment) => segment.first <= at);

    /* Make the updates up to `last`; the positions after those in `frames`, (frames, particles, 2).  `frames` are numbers
       of updates, or one number: then every so manieth update of the run. */
    function advance(last, frames = []) {
      const wanted = typeof frames === "number" ? multiples(frames, update, last) : Array.from(frames).filter((at) => at > update && at <= last);
      const size = 2 * places, shown = heap.take(Math.max(1, wanted.length * size) * problem.bytes);
      while (update < last) {
        const segment = segmentOf(update);
        const end = segments.reduce((least, { first }) => (first > update ? Math.min(least, first) : least), last);
        const until = chunkEnd(segment, end);
        const kept = wanted.filter((at) => at > update && at <= until);
        const before = wanted.filter((at) => at <= update).length;
        advanceChunk(segment, until, kept, shown + before * size * problem.bytes);
        update = until;
      }
      const found = real(shown, wanted.length * size).slice();
      heap.release(shown);
      return wanted.length * size === 0 ? found : picked(found, wanted.length);
    }

    function multiples(step, after, last) {
      const found = [];
      for (let at = (Math.floor(after / step) + 1) * step; at <= last; at += step) found.push(at);
      return found;
    }

    const drawsNormal = Boolean(plan.noise) || rule.normal;
    const normalRows = plan.noise === "stable" ? 6 : 4;

    /* Up to where the updates of a segment can be made at once. */
    function chunkEnd(segment, end) {
      const slots = CHUNK_SLOTS[segment.loop] / (segment.loop === "shared" || segment.full ? 1 : blocks[0].width);
      const until = segment.epoch + lastWithin(segment.batches, update - segment.epoch, end - segment.epoch, slots);
      return drawsNormal ? Math.min(until, update + Math.ceil(CHUNK_NORMAL_NUMBERS / (normalRows * LANES))) : until;
    }

    const take = (bytes) => {
      buffers.push(heap.take(bytes));
      return buffers[buffers.length - 1];
    };

    function release() {
      buffers.forEach((at) => heap.release(at));
      buffers = [];
    }

    /* Make the updates up to `until`, block after block; `kept` are the frames among them, written from `shown` on. */
    function advanceChunk(segment, until, kept, shown) {
      const count = until - update, phase = (update - segment.epoch) % updatesAnEpoch(segment.batches);
      const { batchOf, slotOf, weight } = cuts(segment.batches, phase, phase + count);
      const slots = slotOf[slotOf.length - 1], numbers = segment.constants.length ? rule.constants : 0;
      const integers = (values) => {
        const at = take(8 * Math.max(1, values.length));
        putAll(at, values);
        return [at, values.length];
      };
      const reals = (values) => {
        const at = take(problem.bytes * Math.max(1, values.length));
        real(at, values.length).set(values);
        return [at, values.length];
      };
      const from = (update - segment.first) * numbers;
      const [constants] = reals(segment.constants.subarray(from, from + count * numbers));
      updating.set({
        batch_of: integers(batchOf), slot_of: integers(slotOf), weight: reals(weight),
        constants: [constants, count, numbers], settings_row: reals(segment.settings),
        frame_at: integers(kept.map((at) => at - update)), frames: [shown, kept.length, places, 2],
      });
      const { update: run, batch } = runOf(segment.loop);
      const indices = indexBuffer(segment, slots), normal = normalBuffer(count);
      updating.set({ index: batch.at, normal: [normal, drawsNormal ? count : 1, normalRows, LANES] });
      setBatch(segment, batch);
      blocks.forEach(({ first, width }, block) => {
        batch.set({ width, index: indexOf(segment, indices, slots, first, width) });
        if (drawsNormal) drawNormal(normal, count, first);
        updating.set({ s: [blockAt(block), rows * LANES], width, particle: lanesBefore(block) });
        Object.assign(observed, { block, update });
        done(run(updating.at));
        noteDivergence(block, width);
        if (regions.length) observe(block, until);
      });
      release();
    }

    /* What is the same for all blocks of the sum over a batch. */
    function setBatch(segment, batch) {
      const byColumn = segment.loop === "wide" && segment.full && !(problem.kind === "lookup" && kind !== "all");
      batch.set({
        table: [byColumn ? problem.byColumn : problem.rows, problem.table.length],
        terms_table: [problem.terms32, ...problem.termShape], varying: problem.varying,
      });
      if (segment.loop === "wide") batch.set({ particles: plan.particles });
    }

    /* Where indices go: as the orders write them, and as 32-bit numbers; or those of full batches, which are all. */
    function indexBuffer(segment, slots) {
      if (segment.full) return { wide: segment.loop === "wide" ? 0 : inTurn(slots) };
      const order = modules.orders[segment.sampling];
      const lanes = segment.loop === "shared" ? VECTOR : blocks[0].width;
      const made = take(slots * lanes * order.index);
      const args = argumentBlock(order.exports.fill_order), widening = argumentBlock(order.exports.widen);
      buffers.push(args.at, widening.at);
      args.set({
        once: segment.sampling === "once" ? 1 : 0, used: usedSlots(segment.batches), count: segment.batches.examples, key: [key, 2],
        words: [take(4 * 64 * LANES), 64 * LANES], scratch: [take(order.scratch), order.scratch],
      });
      args.set({ "network.0": order.network[0], "network.1": order.network[1], "network.2": order.network[2] });
      return { order, made, args, widening, wide: take(4 * slots * lanes), slot: firstSlot(segment), shared: null };
    }

    const firstSlot = (segment) => segment.slot + slotsUsed(segment.batches, update - segment.epoch);

    function inTurn(slots) {
      const at = take(4 * slots), numbers = unsigned(at, slots);
      for (let slot = 0; slot < slots; slot++) numbers[slot] = slot % problem.examples;
      return at;
    }

    /* The examples of a block's slots, drawn now if they are its own: address and lengths. */
    function indexOf(segment, indices, slots, first, width) {
      if (segment.full) return segment.loop === "wide" ? [0, 0, 0] : [indices.wide, slots];
      if (segment.loop !== "shared") {
        drawIndices(indices, slots, first, width);
        return [indices.wide, slots, width];
      }
      if (!indices.shared) {
        drawIndices(indices, slots, 0, VECTOR);
        const all = unsigned(indices.wide, slots * VECTOR);
        for (let slot = 0; slot < slots; slot++) all[slot] = all[slot * VECTOR];
        indices.shared = [indices.wide, slots];
      }
      return indices.shared;
    }

    function drawIndices({ order, made, args, widening, wide, slot }, slots, particle, width) {
      const { fill_order, widen } = single(order), total = slots * width;
      args.set({ index: [made, slots, width], first_slot: slot, particle });
      done(fill_order(args.at));
      widening.set({ index: [made, total], wide: [wide, total] });
      done(widen(widening.at));
    }

    const normalBuffer = (count) => take((drawsNormal ? count : 1) * normalRows * LANES * problem.bytes);

    /* Rows of normal numbers of each update: two for noise, two for the rule; stable noise has two of others. */
    function drawNormal(at, count, particle) {
      const draw = (name, index, stream) => {
        const part = modules.numbers[name], args = argumentBlock(part.exports[name]);
        const numbers = [at + index * LANES * problem.bytes, count, normalRows, LANES];
        done(single(part)[name](args.set({ numbers, first_update: update, particle, stream, key: [key, 2] }).at));
        args.release();
      };
      if (plan.noise) draw("fill_normal", 0, STREAMS.noise);
      if (rule.normal) draw("fill_normal", 2, STREAMS.rule);
      if (plan.noise === "stable") draw("fill_uniform", 4, STREAMS.noise);
    }

    /* The kernel marks a lane with the update, counted from the chunk's first, at which it became infinite or NaN. */
    function noteDivergence(block, width) {
      const marks = row(block, modules.rows.theta.indexOf("stopped")), before = lanesBefore(block);
      for (let lane = 0; lane < width; lane++)
        if (marks[lane] > 0 && diverged[before + lane] < 0) diverged[before + lane] = update + marks[lane];
    }

    const ofParticles = (values) =>
      Float64Array.from({ length: chosen ? chosen.length : plan.particles }, (_, k) => values[shownPlaces ? shownPlaces[k] : k]);

    /* Frames of all places as frames of the group's particles, or of those chosen. */
    function picked(found, frames) {
      const count = chosen ? chosen.length : plan.particles;
      if (!chosen && count === places) return found;
      const out = new found.constructor(frames * count * 2);
      for (let frame = 0; frame < frames; frame++)
        for (let k = 0; k < count; k++) {
          const place = shownPlaces ? shownPlaces[k] : k, to = 2 * (frame * count + k), from = 2 * (frame * places + place);
          out[to] = found[from];
          out[to + 1] = found[from + 1];
        }
      return out;
    }

    /* Two rows of all particles, (particles, 2). */
    function pairs(first, second) {
      const found = new (real(0, 0).constructor)(2 * places);
      blocks.forEach(({ width }, block) => {
        const x = row(block, first), y = row(block, second), before = lanesBefore(block);
        for (let lane = 0; lane < width; lane++) {
          found[2 * (before + lane)] = x[lane];
          found[2 * (before + lane) + 1] = y[lane];
        }
      });
      return picked(found, 1);
    }

    /* The examples of an update's batches, for one particle. */
    function batch(particle, number) {
      const segment = segmentOf(number), now = update;
      update = number;
      const phase = (number - segment.epoch) % updatesAnEpoch(segment.batches);
      const { slotOf } = cuts(segment.batches, phase, phase + 1), slots = slotOf[slotOf.length - 1];
      const indices = indexBuffer(segment, slots), first = segment.loop === "shared" ? 0 : particle - (particle % VECTOR);
      let found;
      if (segment.full) found = Uint32Array.from({ length: slots }, (_, slot) => slot);
      else {
        drawIndices(indices, slots, first, VECTOR);
        const all = unsigned(indices.wide, slots * VECTOR), lane = segment.loop === "shared" ? 0 : particle - first;
        found = Uint32Array.from({ length: slots }, (_, slot) => all[slot * VECTOR + lane]);
      }
      release();
      update = now;
      return found;
    }

    return {
      start,
      advance,
      batch,
      get update() {
        return update;
      },
      /* The update at which each particle became infinite or NaN, -1 for the others. */
      get diverged() {
        return ofParticles(diverged);
      },
      /* For each region, the updates after which particles first were inside, and outside after that; -1 is never. */
      get passages() {
        return passages.map(({ entered, left }) => ({ entered: ofParticles(entered), left: ofParticles(left) }));
      },
      /* The answers, theta, and the gradients that the rule got in the last update, (particles, 2). */
      positions: () => pairs(...rule.shown),
      theta: () => pairs(0, 1),
      gradients: () => pairs(modules.rows.mean, modules.rows.mean + 1),
      /* Two rows of memory, by their numbers. */
      memory: (first, second = first) => pairs(memoryRow + first, memoryRow + second),
      /* The same run for a few of the particles: same bits. */
      only: (particles) => group(plan, Array.from(particles)),
      /* Give memory back; the group is of no use afterwards. */
      close() {
        heap.release(state);
        heap.release(key);
        updating.release();
        for (const { batch: args } of runs.values()) args.release();
        runs.clear();
      },
    };
  }

  return {
    surface,
    group,
    losses: (points, which = "train") => mean("sum_loss", points, which, 1),
    gradients: (points, which = "train") => mean("sum_gradient", points, which, 2),
    hessians: (points, which = "train") => mean("sum_hessian", points, which, 3),
    covariances: (points, which = "train") => mean("sum_products", points, which, 3, mean("sum_gradient", points, which, 2)),
    get bytes() {
      return heap.used;
    },
  };
}

if (typeof module !== "undefined") module.exports = { createEngine, unpackModules };
