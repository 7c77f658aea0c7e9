"""Types and ranges in words."""

from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Len, Lt, MultipleOf

from errsurf.settings.rules import OneOf, Rule
from errsurf.surfaces.formulas.columns import USAGE, Columns
from errsurf.surfaces.shared.planes import LossFile
from errsurf.surfaces.shared.table import Csv

MAX_KEYS = 3
"""Keys of a table that are named where it may stand; longer tables have a section of their own."""
TYPES = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}
TYPES |= {kind: f"the name of {kind.words} in the scenario's folder or below it" for kind in (Csv, LossFile)}
TYPES |= {Columns: f"a table, each key the name of a column and its value {USAGE}"}


@dataclass(frozen=True)
class Allowed:
    """What a key takes, in words; the names among it; what its entries take if it may be a list."""

    words: str
    names: tuple[str, ...] = ()
    entries: tuple["Allowed", ...] = ()


def allowed(annotation: Any) -> Allowed:
    """What values of this annotation may be."""
    return Allowed(_words(annotation), tuple(_names(annotation)), tuple(allowed(part) for part in _entries(annotation)))


def meaning(annotation: Any) -> str:
    """The description in an annotation's metadata: its first text, at any depth of unions with None."""
    if get_origin(annotation) is Annotated:
        return next((part for part in annotation.__metadata__ if isinstance(part, str)), "")
    return next((words for member in get_args(annotation) if (words := meaning(member))), "")


def written(value: Any) -> str:
    """A value as a scenario file writes it, in one line; empty for None."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {written(part)}" for key, part in value.items()) + " }" if value else "{}"
    if hasattr(value, "_asdict"):
        parts = [f"{key} = {written(part)}" for key, part in value._asdict().items() if part is not None]
        return "{ " + ", ".join(parts) + " }"
    if isinstance(value, tuple):
        return "[" + ", ".join(written(part) for part in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _words(annotation: Any) -> str:
    origin, parts = get_origin(annotation), get_args(annotation)
    if names := _own_names(annotation):
        return ", ".join(f'"{name}"' for name in names)
    if origin is Annotated:
        return _ranged(parts[0], parts[1:])
    if origin in (Union, UnionType):
        return ", or ".join(dict.fromkeys(_words(part) for part in parts if part is not type(None)))
    if origin is tuple and parts[-1] is ...:
        return "a list: each " + _words(parts[0])
    if origin is tuple:
        each = dict.fromkeys(_words(part) for part in parts)
        return f"a list of {len(parts)}: " + (f"each {next(iter(each))}" if len(each) == 1 else "; ".join(each))
    keys = getattr(annotation, "_fields", ())
    return TYPES.get(annotation, f"a table with {', '.join(keys)}" if 0 < len(keys) <= MAX_KEYS else "a table")


def _ranged(base: Any, metadata: tuple[Any, ...]) -> str:
    rule = next((part for part in metadata if isinstance(part, Rule)), None)
    words, bounds = rule.allowed if rule else _words(base), ", ".join(_bounds(metadata))
    length = next((part for part in metadata if isinstance(part, Len)), None)
    if length is None:
        return f"{words} {bounds}".rstrip()
    span = f"{length.min_length} to {length.max_length}"
    if words.startswith("a list: each "):
        return words.replace("a list:", f"a list of {span}:", 1)
    return f"text of {span} letters" if words == "text" else f"{words}, {span} long"


def _bounds(metadata: tuple[Any, ...]) -> list[str]:
    least = next((part.ge for part in metadata if isinstance(part, Ge)), None)
    most = next((part.le for part in metadata if isinstance(part, Le)), None)
    if least is not None and most is not None:
        return [f"from {least} to {most}", *_others(metadata)]
    ends = [f"of at least {least}"] if least is not None else [f"of at most {most}"] if most is not None else []
    return ends + _others(metadata)


def _others(metadata: tuple[Any, ...]) -> list[str]:
    words = []
    for part in metadata:
        match part:
            case Gt(gt=value):
                words.append(f"above {value}")
            case Lt(lt=value):
                words.append(f"below {value}")
            case MultipleOf(multiple_of=value):
                words.append(f"a multiple of {value}")
    return words


def _names(annotation: Any) -> list[str]:
    return [*_own_names(annotation), *(name for part in get_args(annotation) for name in _names(part))]


def _own_names(annotation: Any) -> tuple[str, ...]:
    """The names that an annotation itself lists."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next((part.names() for part in getattr(annotation, "__metadata__", ()) if isinstance(part, OneOf)), ())


def _entries(annotation: Any) -> list[Any]:
    if get_origin(annotation) is tuple:
        return [part for part in get_args(annotation) if part is not ...]
    if get_origin(annotation) is Annotated:
        return _entries(annotation.__origin__)
    return next((found for part in get_args(annotation) if (found := _entries(part))), [])
