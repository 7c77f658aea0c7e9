"""The loops of the engine, written once for every surface, rule and precision.

These functions are never called from here: link.py copies them into a module in which the names
below are bound.  A block of particles is one flat array, ``s``, of rows of LANES numbers each; X, Y,
GX, ... are where its rows begin.  One array with constant distances is what lets LLVM prove that the
lane loops are free of aliasing, however many rows a rule needs.
"""

# mypy: ignore-errors
# ruff: noqa: F821

import math


def own_batches(
    s, width, index, table, terms_table, batch_of, slot_of, weight, now, settings_row, frame_at, frames, particle
):
    """Update a block in which every particle draws its own examples.

    ``index`` (slots, LANES) holds the example of each slot and lane; update u averages the batches
    ``batch_of[u]`` to ``batch_of[u + 1]``, batch b the slots ``slot_of[b]`` to ``slot_of[b + 1]``
    times ``weight[b]``; after ``frame_at[k]`` updates the positions go to ``frames[k]``.
    """
    terms = load_terms(terms_table)
    settings = load_settings(settings_row)
    first_row = table_example(table, 0)
    frame = 0
    for u in range(batch_of.size - 1):
        for lane in range(width):
            s[GX + lane] = real(0)
            s[GY + lane] = real(0)
        for batch in range(batch_of[u], batch_of[u + 1]):
            for lane in range(width):
                s[BX + lane] = real(0)
                s[BY + lane] = real(0)
            for slot in range(slot_of[batch], slot_of[batch + 1]):
                for lane in range(width):
                    gather(s, lane, table, index[slot, lane] * COLUMNS)
                for lane in range(width):
                    gx, gy = example_gradient(s[X + lane], s[Y + lane], lane_example(s, lane, first_row), terms)
                    s[BX + lane] += gx
                    s[BY + lane] += gy
            for lane in range(width):
                s[GX + lane] += s[BX + lane] * weight[batch]
                s[GY + lane] += s[BY + lane] * weight[batch]
        change(s, width, load_now(now, u), settings, real(u + 1))
        if frame < frame_at.size and frame_at[frame] == u + 1:
            record(s, width, frames, frame, particle)
            frame += 1


def shared_batches(
    s, width, order, table, terms_table, batch_of, slot_of, weight, now, settings_row, frame_at, frames, particle
):
    """Update a block in which all particles use the same examples: ``order`` (slots,), or full batch."""
    terms = load_terms(terms_table)
    settings = load_settings(settings_row)
    frame = 0
    for u in range(batch_of.size - 1):
        for lane in range(width):
            s[GX + lane] = real(0)
            s[GY + lane] = real(0)
        for batch in range(batch_of[u], batch_of[u + 1]):
            for lane in range(width):
                s[BX + lane] = real(0)
                s[BY + lane] = real(0)
            last = slot_of[batch + 1]
            slot = slot_of[batch]
            while slot + UNROLLED <= last:
                several_examples(s, width, order, slot, table, terms)
                slot += UNROLLED
            while slot < last:
                example = table_example(table, order[slot] * COLUMNS)
                for lane in range(width):
                    gx, gy = example_gradient(s[X + lane], s[Y + lane], example, terms)
                    s[BX + lane] += gx
                    s[BY + lane] += gy
                slot += 1
            for lane in range(width):
                s[GX + lane] += s[BX + lane] * weight[batch]
                s[GY + lane] += s[BY + lane] * weight[batch]
        change(s, width, load_now(now, u), settings, real(u + 1))
        if frame < frame_at.size and frame_at[frame] == u + 1:
            record(s, width, frames, frame, particle)
            frame += 1


def wide_batches(
    s, width, index, table, terms_table, batch_of, slot_of, weight, now, settings_row, frame_at, frames, particle
):
    """Update a block of few particles with large batches: here the lanes are examples.

    ``index`` (slots, lanes) as in own_batches, or (0, 0) for full batch; ``table`` then holds
    column after column, not example after example.
    """
    terms = load_terms(terms_table)
    settings = load_settings(settings_row)
    first_row = table_example(table, 0)
    frame = 0
    for u in range(batch_of.size - 1):
        for lane in range(min(width, frames.shape[1] - particle)):
            s[GX + lane] = real(0)
            s[GY + lane] = real(0)
            for batch in range(batch_of[u], batch_of[u + 1]):
                for part in range(LANES):
                    s[BX + part] = real(0)
                    s[BY + part] = real(0)
                x, y, last = s[X + lane], s[Y + lane], slot_of[batch + 1]
                for slot in range(slot_of[batch], last, LANES):
                    parts = min(LANES, last - slot)
                    if index.size > 0:
                        for part in range(parts):
                            gather(s, part, table, index[slot + part, lane] * COLUMNS)
                        for part in range(parts):
                            gx, gy = example_gradient(x, y, lane_example(s, part, first_row), terms)
                            s[BX + part] += gx
                            s[BY + part] += gy
                    else:
                        columns = column_views(table, slot - slot_of[batch], table.size // COLUMNS)
                        for part in range(parts):
                            gx, gy = example_gradient(x, y, column_example(columns, part), terms)
                            s[BX + part] += gx
                            s[BY + part] += gy
                sum_x, sum_y = s[BX], s[BY]
                for part in range(1, LANES):
                    sum_x += s[BX + part]
                    sum_y += s[BY + part]
                s[GX + lane] += sum_x * weight[batch]
                s[GY + lane] += sum_y * weight[batch]
        change(s, width, load_now(now, u), settings, real(u + 1))
        if frame < frame_at.size and frame_at[frame] == u + 1:
            record(s, width, frames, frame, particle)
            frame += 1


def change(s, width, now, settings, count):
    """Apply the rule to x and y of every lane; a lane that would leave the finite numbers stays."""
    for lane in range(width):
        x, memory_x = update(s[X + lane], s[GX + lane], load_memory(s, lane, MX), now, settings)
        y, memory_y = update(s[Y + lane], s[GY + lane], load_memory(s, lane, MY), now, settings)
        store_memory(s, lane, MX, memory_x)
        store_memory(s, lane, MY, memory_y)
        stopped = s[STOPPED + lane]
        finite = (abs(x) < real(math.inf)) & (abs(y) < real(math.inf))
        moves = finite & (stopped == real(0))
        s[X + lane] = x if moves else s[X + lane]
        s[Y + lane] = y if moves else s[Y + lane]
        s[STOPPED + lane] = stopped if finite | (stopped != real(0)) else count


def record(s, width, frames, frame, particle):
    """Copy the positions of a block's particles, as many as there are, into a frame."""
    for lane in range(min(width, frames.shape[1] - particle)):
        frames[frame, particle + lane, 0] = s[X + lane]
        frames[frame, particle + lane, 1] = s[Y + lane]


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
