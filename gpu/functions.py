"""Elementary functions that a GPU has better ones for; all others are those of lane_math.py and lane_special.py."""

# mypy: ignore-errors
# ruff: noqa: F821


def exp_float32(x):
    """Exponential within 2e-7 and 6e-8 for each unit of x, relative; 0 below -87.3, infinity above 88.7."""
    return fast_exp(x)
