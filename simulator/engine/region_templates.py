"""What a kernel adds to the loop of updates to see when particles enter and leave regions.

Templates as in ``templates.py``; those of a kernel without regions are left out.  A region's two rows hold the update
after which a particle was first inside, and first outside after that, counted from the chunk's first, plus one; 0 is
never.  Whoever runs the kernel reads them after each chunk: what was set in an earlier chunk stays as it is.
"""

# mypy: ignore-errors
# ruff: noqa: F821


def observe(s, width, index, options, table, terms, count):
    """Note which particles are inside which regions after an update; ``count`` is its number plus one."""
    sum_losses(s, width, index, table, terms)
    for lane in range(width):
        note(s, lane, options, count)


def row_losses(s, width, _index, table, terms):
    """The sum of all examples' losses at each particle; examples stand row after row."""
    for lane in range(width):
        s[LOSS + lane] = real(0)
    for row in range(table.size // COLUMNS):
        example = table_example(table, row * COLUMNS)
        for lane in range(width):
            s[LOSS + lane] += example_loss(s[SHOWN_X + lane], s[SHOWN_Y + lane], example, terms)


def wide_losses(s, width, index, table, terms):
    """The same for few particles, with examples side by side.

    The table stands row after row where ``index`` says which are used, column after column for full batches.
    """
    examples = table.size // COLUMNS
    for lane in range(width):
        x, y = s[SHOWN_X + lane], s[SHOWN_Y + lane]
        for part in range(LANES):
            s[LOSS_PART + part] = real(0)
        for first in range(0, examples, LANES):
            count = min(LANES, examples - first)
            if index.size > 0:
                for part in range(count):
                    s[LOSS_PART + part] += example_loss(x, y, table_example(table, (first + part) * COLUMNS), terms)
            else:
                columns = column_views(table, first, examples)
                for part in range(count):
                    s[LOSS_PART + part] += example_loss(x, y, column_example(columns, part), terms)
        loss = real(0)
        for part in range(LANES):
            loss += s[LOSS_PART + part]
        s[LOSS + lane] = loss
