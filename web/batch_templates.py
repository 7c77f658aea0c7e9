"""The sum over a batch for browsers, where a formula's code should stand once: columns of examples are rows.

Linked like templates.py of the engine, with the same sums in the same order.  ``sum_examples`` adds one example's
contribution to every lane's SUM; what lanes are, particles or examples, is decided by what is written into the rows
before.  ``varying`` has a bit for each column that differs between examples; the others are written once a batch.
"""

# mypy: ignore-errors
# ruff: noqa: F821


def sum_examples(s, width, terms_table):
    """Add the contribution of the example in each lane's rows."""
    terms = load_terms(terms_table)
    for lane in range(width & WHOLE):
        add(s, SUM, lane, example_sums(s[AT_X + lane], s[AT_Y + lane], lane_example(s, lane), terms))


def own_batch(s, width, index, first, last, table, terms_table, varying):
    """Every particle has its own examples: ``index`` (slots, lanes)."""
    clear_sums(s, SUM, width)
    same_columns(s, width, table, 1, varying)
    for slot in range(first, last):
        gather_columns(s, width, index[slot], table, varying)
        sum_examples(s, width, terms_table)


def shared_batch(s, width, index, first, last, table, terms_table, _varying):
    """All particles use the same examples: ``index`` (slots,).  Four are added up before they join the total."""
    terms = load_terms(terms_table)
    clear_sums(s, TOTAL, width)
    slot = first
    while slot < last:
        until = slot + UNROLLED if slot + UNROLLED <= last else slot + 1
        clear_sums(s, SUM, width)
        while slot < until:
            example = table_example(table, index[slot] * COLUMNS)
            for lane in range(width):
                add(s, SUM, lane, example_sums(s[AT_X + lane], s[AT_Y + lane], example, terms))
            slot += 1
        for lane in range(width):
            add(s, TOTAL, lane, row_values(s, SUM, lane))
    set_sums(s, width)


def wide_batch(s, width, index, first, last, table, terms_table, varying, particles):
    """For few particles and many examples: the lanes are examples.

    ``index`` (slots, lanes) as for own batches, or (0, 0) for full batch; ``table`` then holds column after column.
    """
    step = 1 if index.size > 0 else table.size // COLUMNS
    same_columns(s, LANES, table, step, varying)
    copy_point(s, width, POINT, AT_X)
    for lane in range(particles):
        x, y = s[POINT + lane], s[POINT + LANES + lane]
        for part in range(LANES):
            s[AT_X + part] = x
            s[AT_Y + part] = y
        clear_sums(s, SUM, LANES)
        for slot in range(first, last, LANES):
            count = min(LANES, last - slot)
            wide_columns(s, count, index, slot, lane, table, slot - first, step, varying)
            if count == LANES:
                sum_examples(s, int64(LANES), terms_table)
            else:
                some_examples(s, count, terms_table)
        total_lanes(s, lane)
    copy_point(s, width, AT_X, POINT)
    set_sums(s, width)


def some_examples(s, count, terms_table):
    """As ``sum_examples`` for less lanes than a row has: the others keep their sums."""
    for part in range(count, LANES):
        set_values(s, KEPT, part, row_values(s, SUM, part))
    sum_examples(s, int64(LANES), terms_table)
    for part in range(count, LANES):
        set_values(s, SUM, part, row_values(s, KEPT, part))


def same_columns(s, width, table, step, varying):
    """The columns that do not vary, of the first example; a column's next example is ``step`` numbers on."""
    for k in range(COLUMNS):
        if not varying & (1 << k):
            row, value = s[COLUMN + k * LANES :], table[k * step]
            for lane in range(width):
                row[lane] = value


def gather_columns(s, width, index, table, varying):
    """The varying columns of each lane's example: ``index`` (lanes,)."""
    for k in range(COLUMNS):
        if varying & (1 << k):
            row, column = s[COLUMN + k * LANES :], table[k:]
            for lane in range(width):
                row[lane] = column[index[lane] * COLUMNS]


def wide_columns(s, count, index, slot, particle, table, at, step, varying):
    """The varying columns of the next examples of one particle; of full batches they lie one after the other."""
    for k in range(COLUMNS):
        if varying & (1 << k):
            row = s[COLUMN + k * LANES :]
            if index.size > 0:
                for part in range(count):
                    row[part] = table[index[slot + part, particle] * COLUMNS + k]
            else:
                column = table[k * step + at :]
                for part in range(count):
                    row[part] = column[part]


def clear_sums(s, rows, width):
    """Set the sums of all lanes to zero."""
    for lane in range(width):
        clear(s, rows, lane)


def set_sums(s, width):
    """The sums are what was totalled."""
    for lane in range(width):
        set_values(s, SUM, lane, row_values(s, TOTAL, lane))


def copy_point(s, width, to, of):
    """Copy two rows."""
    for lane in range(width):
        s[to + lane] = s[of + lane]
        s[to + LANES + lane] = s[of + LANES + lane]
