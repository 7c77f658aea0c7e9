"""Lists of values that one setting takes, one after the other: as sweeps and searches are given them.

A text is values between commas, ``1, 2, 4, full``, each a TOML value or a bare word, and ranges: ``lin:0:1:11`` are 11
numbers from 0 to 1, evenly spaced, and ``log:1e-3:1:13`` 13 numbers of one ratio.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

from errsurf.errors import UserError
from errsurf.system.text import printable

Value: TypeAlias = Any

MOST_VALUES = 100_000
DIGITS = 12
"""Digits of the numbers in a range, so that 0.1 is written as 0.1."""
RANGE = re.compile(r"(lin|log)\s*:(.*)", re.DOTALL)
USAGE = "values between commas, lin:FIRST:LAST:COUNT or log:FIRST:LAST:COUNT"
OPENING, CLOSING = "[{(", "]})"


def listed_values(given: object) -> tuple[Value, ...]:
    """The values of a text, as above, or of a list; another single value is a list of one.

    Raises UserError, in words, for an empty list, a range that cannot be, and more than 100,000 values.
    """
    given = given.tolist() if hasattr(given, "tolist") else given
    if isinstance(given, str):
        found = [value for part in split_at_commas(given) for value in _part_values(part)]
    elif isinstance(given, Sequence):
        found = list(given)
    else:
        found = list(given) if isinstance(given, range) else [given]
    if not found:
        raise UserError(f"no values; allowed: {USAGE}")
    if len(found) > MOST_VALUES:
        raise UserError(f"{len(found):,} values; allowed: up to {MOST_VALUES:,}")
    return tuple(found)


def has_values(varied: Mapping[str, object]) -> bool:
    """Whether each key of a table, or of a table in it, has a list of values or a text of them."""
    return all(
        has_values(each) if isinstance(each, Mapping) else isinstance(each, str | list) for each in varied.values()
    )


def flat(varied: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """The lists of a table by their whole keys: TOML reads ``optimizer.lr = [...]`` as a table in a table."""
    found: dict[str, Any] = {}
    for key, given in varied.items():
        found |= flat(given, f"{above}{key}.") if isinstance(given, Mapping) else {above + key: given}
    return found


def value_word(value: Value) -> str:
    """A value as it is written in a text of values."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_quoted(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_quoted, value)) + "]"
    return value if isinstance(value, str) else repr(value)


def _quoted(value: Value) -> str:
    """A value inside another one, where texts have quotation marks."""
    return f'"{value}"' if isinstance(value, str) else value_word(value)


def read_value(text: str) -> Value:
    """A TOML value, or the text itself if it is none."""
    try:
        read = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return read["value"] if len(read) == 1 else text


def split_at_commas(text: str) -> Iterator[str]:
    """The parts between commas; brackets and quotation marks hold theirs together."""
    depth, quote, begin = 0, "", 0
    for k, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in OPENING:
            depth += 1
        elif letter in CLOSING:
            depth -= 1
        elif letter == "," and depth <= 0:
            yield text[begin:k].strip()
            begin = k + 1
    yield text[begin:].strip()


def _part_values(part: str) -> Sequence[Value]:
    """The values of one part: those of a range, or a single one."""
    if not part:
        raise UserError(f"an empty value; allowed: {USAGE}")
    found = RANGE.fullmatch(part)
    return _range(found[1], found[2].split(":"), part) if found else [read_value(part)]


def _range(kind: str, given: Sequence[str], text: str) -> list[Value]:
    """The numbers of a range; whole ones where its ends are, and all between them."""
    said = f"`{printable(text, 60)}`: "
    numbers = [read_value(each.strip()) for each in given]
    if len(numbers) != 3 or not all(type(each) in (int, float) for each in numbers) or type(numbers[2]) is not int:
        raise UserError(f"{said}no range; allowed: {kind}:FIRST:LAST:COUNT, such as {kind}:0.001:1:13")
    first, last, count = numbers
    if not 2 <= count <= MOST_VALUES:
        raise UserError(f"{said}{count:,} values; allowed: 2 to {MOST_VALUES:,}")
    if not abs(first) < float("inf") or not abs(last) < float("inf") or first == last:
        raise UserError(f"{said}allowed: two different finite numbers as its ends")
    if kind == "log" and min(first, last) <= 0:
        raise UserError(f"{said}allowed: two numbers above 0 as its ends")
    found = [first, *(_between(kind, first, last, k / (count - 1)) for k in range(1, count - 1)), last]
    if any(a == b for a, b in pairwise(found)):
        raise UserError(f"{said}its ends are too close to each other for {count:,} values")
    whole = isinstance(first, int) and isinstance(last, int) and all(float(each).is_integer() for each in found)
    return [int(each) for each in found] if whole else [float(each) for each in found]


def _between(kind: str, first: float, last: float, share: float) -> float:
    """The number of a range at a share of the way."""
    number = first + (last - first) * share if kind == "lin" else first * (last / first) ** share
    return float(f"{number:.{DIGITS}g}")
