"""What a rule's module adds to the loop of updates: where gradients are taken, and calls of other modules."""

# mypy: ignore-errors
# ruff: noqa: F821


def at_theta(s, width, _evaluation, _settings):
    """Gradients are taken at theta."""
    for lane in range(width):
        s[AT_X + lane] = s[X + lane]
        s[AT_Y + lane] = s[Y + lane]


def summed_batch(s, _width, block, first, last, _table, _terms):
    """The sum over a batch, by the surface's module; ``block`` is the address of its arguments."""
    web_calls.sum_batch(s, first, last, block)


def options_row(settings_row):
    """The options on the gradient: the last numbers of the row."""
    return settings_row[settings_row.size - OPTIONS :]


def prepared_update(s, width, constants, settings, options, normal, count):
    """Noise and clipping, by the module of options, then the rule."""
    web_calls.noise(s, width, options, normal)
    web_calls.clip(s, width, options, normal)
    apply_update(s, width & WHOLE, constants, settings, options, normal, count)


def own_terms(table):
    """The surface's module has the terms."""
    return table


def no_parts(_s, _watched, _parts):
    """Parts of an update are read from a block's rows."""
    return
