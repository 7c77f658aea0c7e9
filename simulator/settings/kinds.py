"""Kinds of values that many tables take."""

from typing import Annotated

from annotated_types import Ge, Le

from errsurf.settings.bounds import EDGES, LARGEST, RANGE, in_range, wide_enough
from errsurf.settings.rules import Rule, matching

MOST = 10**9

Point = tuple[float, float]
Count = Annotated[int, Ge(1), Le(MOST)]
Seed = Annotated[int, Ge(0), Le(2**63 - 1)]
OneLine = matching(r"[^\x00-\x1f\x7f-\x9f]*", "text without line breaks and control characters")
Lines = matching(r"[^\x00-\x08\x0b-\x1f\x7f-\x9f]*", "text without control characters")
Sized = Rule(RANGE, in_range, "out of range", {"minimum": -LARGEST, "maximum": LARGEST})
Rising = Rule(EDGES, lambda edges: wide_enough(*edges))
