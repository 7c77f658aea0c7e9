"""Settings of records for the controls of a page: names, kinds, ranges, defaults and meanings, as JSON."""

from types import UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge, Gt, Le, Len, Lt

from errsurf.scenario.words import allowed, meaning
from errsurf.scenario.writing import plain
from errsurf.settings.durations import Duration, Length, least_updates

Field: TypeAlias = dict[str, Any]

_BOUNDS = {Ge: ("least", "ge"), Le: ("most", "le"), Gt: ("above", "gt"), Lt: ("below", "lt")}
_KINDS = {bool: "flag", int: "whole", float: "number", str: "text"}


def settings_fields(table: type[Any]) -> list[Field]:
    """A field for each setting of a named tuple that a page can change; see ``field``."""
    hints = get_type_hints(table, include_extras=True)
    return [field(key, hints[key], table._field_defaults.get(key)) for key in table._fields]


def field(key: str, annotation: Any, default: Any = None) -> Field:
    """A setting: its ``key``, its ``kind``, its bounds, its ``default``, what it means and what it takes, in words.

    The kind is "flag", "whole", "number", "choice" among ``choices``, "numbers", one for each of its ``parts``,
    "duration", a number of updates, or "list", lists and texts that are written out.
    """
    told = {"key": key, "means": meaning(annotation), "takes": allowed(annotation).words}
    return told | _kind(annotation) | {"default": plain(default)}


def _kind(annotation: Any) -> Field:
    """Kind and bounds of an annotation."""
    if annotation in (Duration, Length):
        return {"kind": "duration", "least": least_updates(annotation)}
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(parts[0]) | _bounds(parts[1:])
    if origin in (Union, UnionType):
        inner = [part for part in parts if part is not type(None)]
        whole = next((part for part in inner if _kind(part)["kind"] != "choice"), inner[0])
        names = [name for part in inner if get_origin(part) is Literal for name in get_args(part)]
        optional = {"optional": True} if len(inner) < len(parts) else {}
        if _is_length(inner):
            return {"kind": "duration", "least": least_updates(annotation)} | optional
        return _kind(whole) | ({"or": names} if names and whole not in names else {}) | optional
    if origin is Literal:
        return {"kind": "choice", "choices": list(parts)}
    if origin is tuple and ... not in parts and all(_kind(part)["kind"] in ("number", "whole") for part in parts):
        return {"kind": "numbers", "parts": [_kind(part) for part in parts]}
    return {"kind": _KINDS.get(annotation, "list")}


def _is_length(members: list[Any]) -> bool:
    """Whether these are the members of a duration."""
    return set(members) in (set(get_args(Duration)), set(get_args(Length)))


def _bounds(metadata: tuple[Any, ...]) -> Field:
    """The bounds among an annotation's metadata."""
    found: Field = {}
    for part in metadata:
        if type(part) in _BOUNDS:
            name, attribute = _BOUNDS[type(part)]
            found[name] = getattr(part, attribute)
        if isinstance(part, Len) and part.max_length is not None:
            found |= {"fewest": part.min_length, "longest": part.max_length}
    return found
