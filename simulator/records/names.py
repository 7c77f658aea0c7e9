"""Names of other people in messages: lists that end, and the name that was meant."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches
from heapq import nlargest
from itertools import islice
from typing import Any

MAX_NAMES, MAX_LETTERS = 20, 300
_MAX_COMPARED, _LONGEST, _LIKELY = 1000, 100, 8


def listed(names: Sequence[str], separator: str = ", ") -> str:
    """The first names of a list, and how many more there are; empty without names."""
    fits = room = 0
    for name in names[:MAX_NAMES]:
        room += len(name) + len(separator)
        if fits and room > MAX_LETTERS:
            break
        fits += 1
    line = separator.join(cut(name, MAX_LETTERS) for name in names[:fits])
    return line + (f" and {len(names) - fits:,} more" if len(names) > fits else "")


def cut(text: str, most: int) -> str:
    """As much of a text as has so many letters."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def nearest(given: Any, names: Iterable[str]) -> str:
    """The name that looks most like what was given, first of all one of the same letters; empty if none does.

    The time is bounded: difflib compares only the names that have most letters in common with what was given.
    """
    if not isinstance(given, str):
        return ""
    word = given[:_LONGEST].lower()
    lower = {name.lower(): name for name in islice(names, _MAX_COMPARED) if len(name) <= _LONGEST}
    matcher = SequenceMatcher(b=word)

    def in_common(name: str) -> float:
        matcher.set_seq1(name)
        return matcher.quick_ratio()

    if anagram := next((name for name in lower if sorted(name) == sorted(word)), ""):
        return lower[anagram]
    likely = nlargest(_LIKELY, lower, in_common) if len(lower) > _LIKELY else lower
    return next((lower[close] for close in get_close_matches(word, likely, 1)), "")
