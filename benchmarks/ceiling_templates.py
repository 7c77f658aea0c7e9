"""The loops of the ceilings, linked like those of the engine: ``s`` is one flat array of rows of LANES numbers."""

# mypy: ignore-errors
# ruff: noqa: F821

from numpy import exp


def fused(s, times):
    """Chains of fused multiplications and additions, independent of each other."""
    for _ in range(times):
        for lane in range(LANES):
            chains(s, lane, real(0.999), real(0.001))


def exponential(x):
    """The packed exponential."""
    return exp(x)


def exponentials(s, times):
    """One exponential a lane."""
    for _ in range(times):
        for lane in range(LANES):
            s[LANES + lane] += exponential(s[lane])


def gradients(s, table, terms_table, times):
    """Gradients of several examples for every lane."""
    terms = load_terms(terms_table)
    for _ in range(times):
        several(s, table, terms)


def one(x, y, table, terms_table):
    """The gradient of one example at one place."""
    return example_gradient(x, y, table_example(table, 0), load_terms(terms_table))


def gathered(s, index, table, times):
    """A number a lane from a column of the table."""
    for _ in range(times):
        for slot in range(index.shape[0]):
            for lane in range(LANES):
                s[lane] = table[index[slot, lane] * COLUMNS]
