"""Indices as 32-bit numbers, whatever their type: so a surface has one module for any number of examples."""

# mypy: ignore-errors


def widen(index, wide):
    """Copy indices."""
    for slot in range(wide.size):
        wide[slot] = index[slot]
