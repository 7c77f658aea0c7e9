"""Types and ranges in words."""

from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Len, Lt, MultipleOf

from simulator.scenario.rules import Rule
from surfaces._table import Csv

TYPES = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}
TYPES |= {Csv: "the name of a CSV file in the scenario's folder or below it"}


@dataclass(frozen=True)
class Allowed:
    """What a key takes, in words; the names among it; what its entries take if it may be a list."""

    words: str
    names: tuple[str, ...] = ()
    entries: tuple["Allowed", ...] = ()


def allowed(annotation: Any) -> Allowed:
    """What values of this annotation may be."""
    return Allowed(_words(annotation), tuple(_names(annotation)), tuple(allowed(part) for part in _entries(annotation)))


def _words(annotation: Any) -> str:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _ranged(parts[0], parts[1:])
    if origin in (Union, UnionType):
        return ", or ".join(dict.fromkeys(_words(part) for part in parts if part is not type(None)))
    if origin is Literal:
        return ", ".join(f'"{name}"' for name in parts)
    if origin is tuple and parts[-1] is ...:
        return "a list, each " + _words(parts[0])
    if origin is tuple:
        each = dict.fromkeys(_words(part) for part in parts)
        return f"a list of {len(parts)}: " + (f"each {next(iter(each))}" if len(each) == 1 else "; ".join(each))
    return TYPES.get(annotation, "a table")


def _ranged(base: Any, metadata: tuple[Any, ...]) -> str:
    rule = next((part for part in metadata if isinstance(part, Rule)), None)
    bounds = [words for part in metadata if (words := _bound(part))]
    return " ".join([rule.allowed if rule else _words(base), " and ".join(bounds)]).rstrip()


def _bound(part: Any) -> str:
    match part:
        case Ge(ge=value):
            return f"of at least {value}"
        case Gt(gt=value):
            return f"above {value}"
        case Le(le=value):
            return f"of at most {value}"
        case Lt(lt=value):
            return f"below {value}"
        case MultipleOf(multiple_of=value):
            return f"a multiple of {value}"
        case Len(min_length=least, max_length=most):
            return f"({least} to {most} long)"
    return ""


def _names(annotation: Any) -> list[str]:
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [name for part in get_args(annotation) if part is not ... for name in _names(part)]


def _entries(annotation: Any) -> list[Any]:
    if get_origin(annotation) is tuple:
        return [part for part in get_args(annotation) if part is not ...]
    if get_origin(annotation) is Annotated:
        return _entries(annotation.__origin__)
    return next((found for part in get_args(annotation) if (found := _entries(part))), [])
