"""The sum over a batch of a surface whose examples have tables: patches are added up, then the formula is taken once.

A formula is linear in its patch, and all examples of a batch are asked for the same place.  See templates.py for how
these functions are used; one example's four rows lie far apart in memory, so examples that all lanes share are
taken a few at a time while they are near.

Copying patches into lanes and evaluating every example takes 2.5 times as long.  Matched noise, which needs products
of the examples' gradients, uses the loops of templates.py.
"""

# mypy: ignore-errors
# ruff: noqa: F821


def own_batch(s, width, index, first, last, table, terms):
    """Every particle has its own examples: ``index`` (slots, lanes)."""
    row = table_example(table, 0)
    place_patches(s, width, row, terms)
    for lane in range(width):
        place, sums = patch_place(s, lane), no_patch()
        for slot in range(first, last):
            sums = with_patch(sums, table_example(table, index[slot, lane] * COLUMNS), place, terms)
        keep_patch(s, lane, sums)
    evaluate_patches(s, width, row)


def shared_batch(s, width, index, first, last, table, terms):
    """All particles use the same examples: ``index`` (slots,)."""
    row = table_example(table, 0)
    place_patches(s, width, row, terms)
    for begin in range(first, last, NEAR):
        for lane in range(width):
            place, sums = patch_place(s, lane), kept_patch(s, lane) if begin > first else no_patch()
            for slot in range(begin, min(begin + NEAR, last)):
                sums = with_patch(sums, table_example(table, index[slot] * COLUMNS), place, terms)
            keep_patch(s, lane, sums)
    evaluate_patches(s, width, row)


def wide_batch(s, width, index, first, last, table, terms):
    """Few particles: ``index`` (slots, lanes), or (0, 0) for full batch."""
    row = table_example(table, 0)
    place_patches(s, width, row, terms)
    for lane in range(width):
        place, sums = patch_place(s, lane), no_patch()
        for slot in range(first, last):
            at = index[slot, lane] if index.size > 0 else slot - first
            sums = with_patch(sums, table_example(table, at * COLUMNS), place, terms)
        keep_patch(s, lane, sums)
    evaluate_patches(s, width, row)


def place_patches(s, width, row, terms):
    """Where each lane's patch lies in all tables."""
    for lane in range(width):
        column, line = corner(s[AT_X + lane], s[AT_Y + lane], row, terms)
        s[PATCH + lane] = column
        s[PATCH + LANES + lane] = line


def evaluate_patches(s, width, row):
    """What the sums of the patches mean, into SUM."""
    for lane in range(width):
        clear(s, SUM, lane)
        add(s, SUM, lane, patch_values(s[AT_X + lane], s[AT_Y + lane], row, summed_patch(s, lane)))
