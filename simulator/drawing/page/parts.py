"""Parts of pages: what several are told alike lies once, in files that they share, and each page holds the rest."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.page.markup import Markup, json_text, script_json
from errsurf.drawing.page.pack import packed

WHOLE = ("tables",)
"""Keys whose tables are told whole, since the order of their keys counts."""
NONE: dict[str, Any] = {}


class Part(NamedTuple):
    """What a page is told, and its arrays; those of the same name in several parts follow each other."""

    told: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]


class Shared(NamedTuple):
    """Addresses, from a page, of the style and the scripts that it shares, in the order in which they are read.

    ``above`` stands at the top of the page, such as links to others.
    """

    style: str
    scripts: Sequence[str]
    above: Markup


def common(values: Sequence[Any]) -> Any:
    """What a list of tables has in common: keys that all have, each with what most of them have there."""
    if not all(isinstance(value, dict) for value in values):
        return NONE if any(isinstance(value, dict) for value in values) else _most(values)
    keys = [key for key in values[0] if all(key in value for value in values)]
    mixed = {key for key in keys if len({isinstance(value[key], dict) for value in values}) > 1}
    apart = {key for key in WHOLE if key in keys and len({json_text(value[key]) for value in values}) > 1}
    return {key: common([value[key] for value in values]) for key in keys if key not in mixed | apart}


def _most(values: Sequence[Any]) -> Any:
    texts = [json_text(value) for value in values]
    return values[texts.index(max(sorted(set(texts)), key=texts.count))]


def without(value: Any, base: Any) -> Any:
    """What ``joined`` of boot.js adds to ``base`` to make ``value``, which has all keys that the base has."""
    if not isinstance(value, dict) or not isinstance(base, dict):
        return value
    return {
        key: without(each, base[key]) if key in base else each for key, each in value.items() if _adds(each, key, base)
    }


def _adds(value: Any, key: str, base: Mapping[str, Any]) -> bool:
    return key not in base or json_text(value) != json_text(base[key])


def joined(base: Any, other: Any) -> Any:
    """As ``joined`` of boot.js."""
    if not isinstance(base, dict) or not isinstance(other, dict):
        return other
    return {key: joined(base.get(key), other[key]) if key in other else base[key] for key in {**base, **other}}


def packed_part(part: Part) -> tuple[dict[str, Any], str]:
    """A part's directory of arrays, and all in base64."""
    told = np.frombuffer(json_text(part.told).encode(), np.uint8)
    directory, data = packed({**part.arrays, "told": told}, noisy=False)
    return {"arrays": directory}, data


def part_script(part: Part, how: str = "push") -> str:
    """A script that puts a part among those of its page, behind or, by "unshift", before the others."""
    directory, data = packed_part(part)
    return f"(window.errsurfParts ??= []).{how}({script_json({**directory, 'data': data})});\n"


def script_elements(addresses: Iterable[str]) -> Markup:
    """Elements that read scripts, one after the other."""
    return Markup("\n".join(f'<script src="{address}"></script>' for address in addresses))
