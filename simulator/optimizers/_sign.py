"""The sign of a number."""

from typing import Any


def sign(value: Any) -> Any:
    """1, 0 or -1, in a form that kernels know."""
    return 1.0 if value > 0 else (-1.0 if value < 0 else 0.0)
