"""How many cases a test takes: some in CI, all by hand with ``ERRSURF_TESTS=all``."""

import os
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")
ALL = os.environ.get("ERRSURF_TESTS") == "all"


def some(cases: Iterable[T], step: int = 2) -> list[T]:
    """Every second case, or each ``step``-th, or all."""
    return list(cases)[:: 1 if ALL else step]
