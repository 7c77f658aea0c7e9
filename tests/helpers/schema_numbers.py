"""Every number that a scenario can hold, found in the JSON Schema: one table for each, with one number in it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

Schema = dict[str, Any]


class Place(NamedTuple):
    """``key`` of the number, such as ``.optimizer[0].lr``, and ``tables`` that hold the given value there."""

    key: str
    tables: Any


def numbers(schema: Schema, value: float) -> Iterator[Place]:
    """The places of all numbers below a schema; each definition is entered once on the way to a number."""
    yield from _below(schema, schema["$defs"], value, ())


def _below(part: Schema, known: Schema, value: float, inside: tuple[str, ...]) -> Iterator[Place]:
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        if name not in inside:
            yield from _below(known[name], known, value, (*inside, name))
        return
    for either in (*part.get("oneOf", ()), *part.get("anyOf", ())):
        yield from _below(either, known, value, inside)
    if part.get("type") in ("number", "integer") and "enum" not in part and "const" not in part:
        yield Place("", value)
    items = part.get("prefixItems", [part["items"]] if isinstance(part.get("items"), dict) else [])
    for k, item in enumerate(items):
        before, after = [1.0] * k, [1.0] * (len(items) - k - 1)
        yield from (Place(f"[{k}]{key}", [*before, table, *after]) for key, table in _below(item, known, value, inside))
    yield from _in_table(part, known, value, inside)


def _in_table(part: Schema, known: Schema, value: float, inside: tuple[str, ...]) -> Iterator[Place]:
    keys = part.get("properties", {})
    fixed = {key: each["const"] for key, each in keys.items() if "const" in each}
    others = part.get("additionalProperties")
    for key, each in (*keys.items(), *([("own", others)] if isinstance(others, dict) else [])):
        yield from (Place(f".{key}{end}", fixed | {key: table}) for end, table in _below(each, known, value, inside))
