"""The loops of CUDA kernels, written once for every surface, rule and precision.

These functions are never called from here: simulator/engine/link.py copies them into a module in which the names below
are bound.  ``lanes`` threads share the batches of one particle, a power of two.  Each of them holds the particle's
whole state in ``s``, the rows of the CPU's blocks for one lane: all places in it are constants, so it becomes
registers.  Sums over a batch are exchanged such that all threads get the same bits, and with them the same state:
by shuffles within a warp, through shared memory beyond.
"""

# mypy: ignore-errors
# ruff: noqa: ARG001, F821


def updates(
    state,
    diverged,
    first_particle,
    first_update,
    count,
    epoch,
    slot,
    examples,
    used,
    size,
    accumulate,
    shift,
    own,
    once,
    key_0,
    key_1,
    table,
    first_row,
    terms_table,
    constants,
    settings_row,
    frame_at,
    frames,
    watched,
    parts,
):
    """Make ``count`` updates of the particles of ``state`` (rows, particles), of which this thread shares one.

    ``first_update`` is made in epoch ``epoch`` from slot ``slot`` on.  Of epochs of ``examples``, ``used`` slots are
    cut into batches of ``size``, and updates average ``accumulate`` of them.  ``own`` is 1 if particles draw examples
    of their own, ``once`` if all epochs have one order.  ``2**shift`` threads share a particle.  After ``frame_at[k]``
    updates positions go to ``frames[k]``, and what the update is made of, of the particles ``watched``, to
    ``parts[k]``.  ``diverged`` has the update at which each particle diverged, then those at which it entered and
    left regions.
    """
    s = cuda.local.array(ROWS, real)
    normal = cuda.local.array((6, 1), real)
    room = cuda.shared.array((EXCHANGED, 32), real)
    digits = cuda.shared.array(0, types.uint8)
    rows = kept_table(table, cuda.shared.array(0, number))
    lanes = uint32(uint32(1) << shift)
    part = uint32(cuda.threadIdx.x & uint32(lanes - 1))
    at = uint32(uint32(cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x) >> shift)
    writes = (part == 0) & (at < state.shape[1])
    at = uint32(min(at, uint32(state.shape[1] - 1)))
    particle = uint32(first_particle + at)
    place_watched = watched_place(watched, particle, writes)
    load_state(s, state, at)
    terms, first = load_terms(terms_table), fixed_example(first_row)
    settings, options = load_settings(settings_row), load_options(settings_row)
    seen, stride = uint64(uint32(particle * own)), uint32(uint32(cuda.blockDim.x) >> shift)
    first_digit = uint32(digits_begin(table) + (cuda.threadIdx.x >> shift))
    key_0, key_1 = uint64(uint32(key_0)), uint64(uint32(key_1))
    u, frame, begins = int32(0), int32(0), True
    observe(s, options, rows, first, terms, examples, part, shift, room, real(1))
    while u < count:
        if begins:
            of = uint64(uint32(epoch * (1 - once)))
            order = begin_epoch(of, seen, key_0, key_1, examples, digits, first_digit, stride, part, lanes)
        draw(normal, uint64(uint32(first_update + u)), uint64(particle), key_0, key_1)
        averaged = batches_left(slot, used, size, accumulate)
        until = slot
        for evaluation in range(EVALUATIONS):
            place(s, 1, evaluation, settings)
            clear(s, MEAN, 0)
            until, batch = slot, averaged
            while batch > 0:
                begin, until = until, min(uint32(until + size), used)
                sum_batch(s, order, digits, begin, until, examples, rows, first, terms, part, shift, room)
                add(s, MEAN, 0, scaled(s, 0, real(1) / (real(uint32(until - begin)) * real(averaged))))
                batch = uint32(batch - 1)
        u = int32(u + 1)
        apply_update(s, 1, load_constants(constants, uint32(u - 1)), settings, options, normal, real(u))
        observe(s, options, rows, first, terms, examples, part, shift, room, real(u + 1))
        begins = until == used
        slot, epoch = (uint32(0), int32(epoch + 1)) if begins else (until, epoch)
        begins = begins and once == 0
        if frame < frame_at.size and frame_at[uint32(frame)] == u:
            record_position(s, frames, uint32(frame), at, writes)
            record_parts(s, parts, uint32(frame), place_watched)
            frame = int32(frame + 1)
    store_state(s, state, at, writes)
    if writes and s[STOPPED] > real(0) and diverged[at] < 0:
        diverged[at] = first_update + int64(s[STOPPED])
    note_passages(s, diverged, at, state.shape[1], first_update, writes)


def batches_left(slot, used, size, accumulate):
    """How many batches the next update averages."""
    if accumulate == 1:
        return uint32(1)
    left = uint32(uint32(used - slot + size - 1) // size)
    return min(accumulate, left)


def sum_examples(s, order, digits, begin, until, examples, table, first, terms, part, shift, room):
    """The sum over a batch, of which this thread takes every ``2**shift``-th example."""
    place, sums = begin_sums(s, first, terms)
    slot, lanes = uint32(begin + part), uint32(uint32(1) << shift)
    while slot < until:
        index = example_at(order, digits, slot, examples)
        sums = with_example(sums, s, place, read_example(table, first, index, examples), terms)
        slot = uint32(slot + lanes)
    end_sums(s, sums, first, shift, room)


def sum_in_turn(s, order, digits, begin, until, examples, table, first, terms, part, shift, room):
    """The same of all examples, some at a time."""
    place, sums = begin_sums(s, first, terms)
    index, lanes = uint32(begin + part), uint32(uint32(1) << shift)
    while uint32(index + (TOGETHER - 1) * lanes) < until:
        for _ in range(TOGETHER):
            sums = with_example(sums, s, place, read_example(table, first, index, examples), terms)
            index = uint32(index + lanes)
    while index < until:
        sums = with_example(sums, s, place, read_example(table, first, index, examples), terms)
        index = uint32(index + lanes)
    end_sums(s, sums, first, shift, room)


def sum_replaced(s, order, digits, begin, until, examples, table, first, terms, part, shift, room):
    """The same of examples drawn with replacement, of which one counter gives four."""
    place, sums = begin_sums(s, first, terms)
    quad, lanes = uint32(uint32(begin >> uint32(2)) + part), uint32(uint32(1) << shift)
    while 4 * quad < until:
        words = philox(uint64(quad), order[0], order[1], uint64(ORDER), order[2], order[3])
        for k in range(4):
            slot = uint32(4 * quad + k)
            if begin <= slot and slot < until:
                index = uint32(below(words[k], uint64(examples)))
                sums = with_example(sums, s, place, read_example(table, first, index, examples), terms)
        quad = uint32(quad + lanes)
    end_sums(s, sums, first, shift, room)


def warp_sum(value, shift):
    """The sum over the threads of a particle, by exchange within the warp."""
    distance, lanes = uint32(1), uint32(uint32(1) << shift)
    while distance < lanes:
        value += from_lane(value, distance)
        distance = uint32(distance << uint32(1))
    return value


def near(table, rows):
    """A copy of the table in shared memory."""
    for k in range(cuda.threadIdx.x, table.size, cuda.blockDim.x):
        rows[k] = table[k]
    cuda.syncthreads()
    return rows


def observe(s, options, table, first, terms, examples, part, shift, room, count):
    """Note which regions the particle is in after an update; ``count`` is its number plus one."""
    sum_losses(s, table, first, terms, examples, part, shift, room)
    note(s, 0, options, count)


def sum_losses(s, table, first, terms, examples, part, shift, room):
    """The sum of all examples' losses, of which this thread takes every ``2**shift``-th."""
    loss, index, lanes = real(0), part, uint32(uint32(1) << shift)
    while index < examples:
        loss += example_loss(s[SHOWN_X], s[SHOWN_Y], read_example(table, first, index, examples), terms)
        index = uint32(index + lanes)
    end_losses(s, loss, shift, room)


def note_passages(s, marks, at, particles, first_update, writes):
    """Turn the marks of regions into numbers of updates, which follow those of divergence."""
    for k in range(PASSAGES):
        place = uint32(at + (k + 1) * particles)
        if writes and s[PASSAGE + k] != real(0) and marks[place] < 0:
            marks[place] = first_update + int64(s[PASSAGE + k]) - 1


def record_position(s, frames, frame, at, writes):
    """Write the particle's position into a frame."""
    if writes:
        frames[frame, at, 0] = s[SHOWN_X]
        frames[frame, at, 1] = s[SHOWN_Y]


def watched_place(watched, particle, writes):
    """Where what the updates of this particle are made of is kept; -1 if it is not."""
    low, high = int32(0), int32(watched.size - 1)
    while low < high:
        middle = int32((low + high) >> 1)
        if watched[middle] < particle:
            low = int32(middle + 1)
        else:
            high = middle
    return low if writes and watched[low] == particle else int32(-1)
