"""The loops of the engine, written once for every surface, rule and precision.

These functions are templates: link.py copies them into a module that defines the names they use.  A block of
particles is one flat array ``s`` of rows of LANES numbers; X, Y, SUM, ... are the offsets of rows.  With one array
and constant offsets LLVM proves that the lane loops do not alias, whatever number of rows a rule needs.

SUMS rows are summed over the examples of a batch: the gradient and, where the rule or gradient noise needs them, the
second derivatives or the gradient's products.

The loop over a batch is one of three:

================  ====================================================  ===========================================
loop              used for                                              its inner loop runs over
================  ====================================================  ===========================================
``own_batch``     particles that draw examples of their own             particles, whose rows are first gathered
``shared_batch``  full batches and ``sampling.shared``                  particles, four examples at a time
``wide_batch``    up to 8 particles, batches of 64 examples and more    examples
================  ====================================================  ===========================================

LLVM vectorizes an inner loop only if numba sees that its indices are not negative (a constant plus the loop variable),
since the test for negative indices hides the stride, and if no variable in them is the number of a row:
kernel_sources.py writes rows out, one line each.

A pass over the lanes has a cost of its own, which counts where a formula is cheap: in blocks of 64, 128, 256, 512 and
1,024 lanes ``expression`` with its default formula evaluates 13, 18, 21, 23 and 26e9 example gradients/s on one core,
``two_layer_tanh`` 3.1e9 in all of them.  With LANES = 256 the rows of every rule stay in the first-level cache.
"""

# mypy: ignore-errors
# ruff: noqa: F821


def updates(
    s,
    width,
    index,
    particle,
    table,
    terms_table,
    batch_of,
    slot_of,
    weight,
    constants,
    settings_row,
    normal,
    frame_at,
    frames,
    watched,
    parts,
):
    """Make the updates of a block one after the other.

    Update u averages batches ``batch_of[u]`` to ``batch_of[u + 1]``, batch b the slots ``slot_of[b]`` to
    ``slot_of[b + 1]`` times ``weight[b]``.  After ``frame_at[k]`` updates the positions are written
    to ``frames[k]``, and the parts of the update for the (lane, index) pairs ``watched`` (n, 2) to ``parts[k]``.
    Where there are regions, positions are compared with them before the first update and after each one.
    """
    before = flush_denormals()
    terms = load_terms(terms_table)
    settings = load_settings(settings_row)
    options = load_options(settings_row)
    frame = 0
    hold_table(s, table)
    observe(s, width, index, options, table, terms, real(1))
    for u in range(batch_of.size - 1):
        for evaluation in range(EVALUATIONS):
            place(s, width, evaluation, settings)
            for batch in range(batch_of[u], batch_of[u + 1]):
                sum_batch(s, width, index, slot_of[batch], slot_of[batch + 1], table, terms)
                if batch == batch_of[u]:
                    for lane in range(width):
                        begin(s, MEAN, lane, scaled(s, lane, weight[batch]))
                else:
                    for lane in range(width):
                        add(s, MEAN, lane, scaled(s, lane, weight[batch]))
        apply_update(
            s, width, load_constants(constants, u), settings, options, normal[u % normal.shape[0]], real(u + 1)
        )
        observe(s, width, index, options, table, terms, real(u + 2))
        if frame < frame_at.size and frame_at[frame] == u + 1:
            record_position(s, width, frames[frame], particle)
            record_parts(s, watched, parts[frame])
            frame += 1
    restore_denormals(before)


def several_blocks(blocks, width, index, particle, *others):
    """Make the updates of blocks (blocks, rows * LANES) whose particles follow each other, one block after the other.

    ``index`` is that of ``updates``, or one of them for each block; ``others`` are its other arguments.
    """
    for k in range(blocks.shape[0]):
        updates(blocks[k], width, block_index(index, k), particle + k * width, *others)


def index_of_all(index, _block):
    """All particles use the same examples."""
    return index


def index_of_block(index, block):
    """The examples of a block's particles."""
    return index[block]


def own_batch(s, width, index, first, last, table, terms):
    """Every particle has its own examples: ``index`` (slots, lanes)."""
    first_row = table_example(table, 0)
    for lane in range(width):
        clear(s, SUM, lane)
    for slot in range(first, last):
        gather_slot(s, width, table, index, slot)
        for lane in range(width):
            add(s, SUM, lane, example_sums(s[AT_X + lane], s[AT_Y + lane], lane_example(s, lane, first_row), terms))


def shared_batch(s, width, index, first, last, table, terms):
    """All particles use the same examples: ``index`` (slots,)."""
    for lane in range(width):
        clear(s, SUM, lane)
    slot = first
    while slot + UNROLLED <= last:
        several_examples(s, width, index, slot, table, terms)
        slot += UNROLLED
    while slot < last:
        example = table_example(table, index[slot] * COLUMNS)
        for lane in range(width):
            add(s, SUM, lane, example_sums(s[AT_X + lane], s[AT_Y + lane], example, terms))
        slot += 1


def wide_batch(s, width, index, first, last, table, terms):
    """For few particles and many examples: the lanes are examples.

    ``index`` (slots, lanes) as for own batches, or (0, 0) for full batch; ``table`` then holds column after
    column, not example after example.
    """
    first_row = table_example(table, 0)
    for lane in range(width):
        for part in range(LANES):
            clear(s, PART, part)
        x, y = s[AT_X + lane], s[AT_Y + lane]
        for slot in range(first, last, LANES):
            count = min(LANES, last - slot)
            if index.size > 0:
                for part in range(count):
                    gather(s, part, table, index[slot + part, lane] * COLUMNS)
                for part in range(count):
                    add(s, PART, part, example_sums(x, y, lane_example(s, part, first_row), terms))
            else:
                columns = column_views(table, slot - first, table.size // COLUMNS)
                for part in range(count):
                    add(s, PART, part, example_sums(x, y, column_example(columns, part), terms))
        for row in range(0, SUMS * LANES, LANES):
            total = real(0)
            for part in range(LANES):
                total += s[PART + row + part]
            s[SUM + row + lane] = total


def apply_update(s, width, constants, settings, options, normal, count):
    """Apply the rule to x and y of every lane; a lane that would become infinite or NaN stays where it is."""
    for lane in range(width):
        gx, gy = preprocess_gradient(s, lane, options, normal)
        x, y, memory = apply_rule(s, lane, gx, gy, constants, settings, normal)
        stopped = s[STOPPED + lane]
        finite = is_finite(x, y, memory)
        moves = finite & (stopped == real(0))
        store_memory(s, lane, memory, moves)
        x = x if moves else s[X + lane]
        y = y if moves else s[Y + lane]
        store_parts(s, lane, gx, gy, x, y)
        s[X + lane] = x
        s[Y + lane] = y
        s[STOPPED + lane] = stopped if finite | (stopped != real(0)) else count


def record_position(s, width, frame, particle):
    """Copy the answers of a block's particles, as many as there are, into a frame."""
    for lane in range(min(width, frame.shape[0] - particle)):
        frame[particle + lane, 0] = s[SHOWN_X + lane]
        frame[particle + lane, 1] = s[SHOWN_Y + lane]


def record_parts(s, watched, parts):
    """Copy the recorded rows of some lanes."""
    for k in range(watched.shape[0]):
        for row in range(parts.shape[1]):
            parts[watched[k, 1], row] = s[RECORDED + row * LANES + watched[k, 0]]


def sum_loss(points, table, terms_table, out):
    """Sum of all examples' losses at points (2, n) into out (1, n); n is a multiple of LANES."""
    terms = load_terms(terms_table)
    for first in range(0, points.shape[1], LANES):
        x, y, value = points[0, first:], points[1, first:], out[0, first:]
        for row in range(table.size // COLUMNS):
            example = table_example(table, row * COLUMNS)
            for lane in range(LANES):
                value[lane] += example_loss(x[lane], y[lane], example, terms)


def sum_gradient(points, table, terms_table, out):
    """Sum of all examples' gradients at points (2, n) into out (2, n)."""
    terms = load_terms(terms_table)
    for first in range(0, points.shape[1], LANES):
        x, y, along_x, along_y = points[0, first:], points[1, first:], out[0, first:], out[1, first:]
        for row in range(table.size // COLUMNS):
            example = table_example(table, row * COLUMNS)
            for lane in range(LANES):
                gx, gy = example_gradient(x[lane], y[lane], example, terms)
                along_x[lane] += gx
                along_y[lane] += gy


def sum_hessian(points, table, terms_table, out):
    """Sum of all examples' second derivatives at points (2, n) into out (3, n)."""
    terms = load_terms(terms_table)
    for first in range(0, points.shape[1], LANES):
        x, y, xx, xy, yy = points[0, first:], points[1, first:], out[0, first:], out[1, first:], out[2, first:]
        for row in range(table.size // COLUMNS):
            example = table_example(table, row * COLUMNS)
            for lane in range(LANES):
                hxx, hxy, hyy = example_hessian(x[lane], y[lane], example, terms)
                xx[lane] += hxx
                xy[lane] += hxy
                yy[lane] += hyy


def sum_products(points, center, table, terms_table, out):
    """Sum of the products xx, xy, yy of all examples' gradients less center (2, n) at points (2, n) into out (3, n)."""
    terms = load_terms(terms_table)
    for first in range(0, points.shape[1], LANES):
        x, y, xx, xy, yy = points[0, first:], points[1, first:], out[0, first:], out[1, first:], out[2, first:]
        mean_x, mean_y = center[0, first:], center[1, first:]
        for row in range(table.size // COLUMNS):
            example = table_example(table, row * COLUMNS)
            for lane in range(LANES):
                gx, gy = example_gradient(x[lane], y[lane], example, terms)
                gx, gy = gx - mean_x[lane], gy - mean_y[lane]
                xx[lane] += gx * gx
                xy[lane] += gx * gy
                yy[lane] += gy * gy
