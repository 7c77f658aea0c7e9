"""Pydantic's findings in the words of a scenario file."""

from collections.abc import Iterator
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from simulator.scenario.faults import nearest, shown
from simulator.scenario.lines import KeyPath
from simulator.scenario.words import Allowed

ANYTHING = Allowed("")
UNKNOWN = "unknown key"


class Finding(NamedTuple):
    """A fault by the path of its key, indices counted from 0."""

    path: KeyPath
    problem: str
    given: str = ""
    allowed: str = ""
    nearest: str = ""


class _Place(NamedTuple):
    """Where an error's location leads: its path, the models that hold the last key, what that key takes."""

    path: KeyPath
    models: tuple[type[BaseModel], ...]
    said: Allowed


def finding(error: Any, root: type[BaseModel]) -> Finding:
    """One pydantic error in words; ``error`` is an entry of ``ValidationError.errors()``."""
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return _unknown_key(_place((*error["loc"][:-1],), root), error["loc"][-1], root)
        case "missing":
            place = _place(error["loc"], root)
            return Finding(place.path, "is missing", allowed=place.said.words)
        case "choice" if isinstance(error["input"], dict):
            return _choice(_place(error["loc"], root).path, error["input"], context["key"], context["names"])
        case "file":
            place = _place(error["loc"], root)
            return Finding(place.path, context["problem"], shown(error["input"]), nearest=context["nearest"])
    return _value(_place(error["loc"], root), error["input"], context)


def _value(place: _Place, given: Any, context: Any) -> Finding:
    if place.path == ("optimizer",) and isinstance(given, dict):
        return Finding(place.path, "is one table; write [[optimizer]] with two brackets, once a group")
    words = context["allowed"] if isinstance(context.get("allowed"), str) else place.said.words
    return Finding(place.path, "is not possible", shown(given), words, nearest(given, place.said.names))


def _choice(path: KeyPath, table: dict[str, Any], key: str, names: list[str]) -> Finding:
    words = ", ".join(names)
    if key not in table:
        return Finding((*path, key), "is missing", allowed=words)
    return Finding((*path, key), "is not known", shown(table[key]), words, nearest(table[key], names))


def _unknown_key(place: _Place, key: str, root: type[BaseModel]) -> Finding:
    """A key that its table does not take; perhaps another table, or another kind of this one, does."""
    path = (*place.path, key)
    fields = {name: field for model in place.models for name, field in model.model_fields.items()}
    near = nearest(key, fields) or next((name for name in fields if _meant(key, fields[name])), "")
    tables = {name: tuple(_models(field.annotation)) for name, field in root.model_fields.items()}
    homes = [name for name, models in tables.items() if any(key in model.model_fields for model in models)]
    if key in root.model_fields and place.path:
        near = f"{key} above the first table" if not tables[key] else f"[{key}]"
    elif homes and place.path[:1] != (homes[0],):
        near = f"{homes[0]}.{key}"
    return Finding(path, UNKNOWN, allowed=", ".join(fields), nearest=near)


def _meant(key: str, field: FieldInfo) -> bool:
    return len(key) > 3 and key.lower().replace("_", " ") in (field.description or "")


def _place(loc: tuple[str | int, ...], root: type[BaseModel]) -> _Place:
    """Follow a location; its parts in angle brackets name members of unions and are no keys."""
    path: KeyPath = ()
    holders: tuple[type[BaseModel], ...] = ()
    models: tuple[type[BaseModel], ...] = (root,)
    said = ANYTHING
    for part in loc:
        if isinstance(part, str) and part.startswith("<"):
            models = tuple(model for model in models if _is_named(model, part[1:-1])) or models
            continue
        path = (*path, part)
        if isinstance(part, int):
            said = said.entries[min(part, len(said.entries) - 1)] if said.entries else said
            continue
        field = next((model.model_fields[part] for model in models if part in model.model_fields), None)
        if field is None:
            break
        said = next((entry for entry in field.metadata if isinstance(entry, Allowed)), ANYTHING)
        holders, models = models, tuple(_models(field.annotation))
    return _Place(path, models or holders, said)


def _is_named(model: type[BaseModel], name: str) -> bool:
    return any(get_args(field.annotation) == (name,) for field in model.model_fields.values())


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models in an annotation, at any depth of unions and tuples."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
