"""Pydantic's findings in the words of a scenario file."""

from collections.abc import Iterator
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from errsurf.records.names import nearest
from errsurf.scenario.elsewhere import meant_key, meant_kind, meant_value
from errsurf.scenario.labels import setting_text
from errsurf.scenario.lines import KeyPath
from errsurf.scenario.value_text import value_text
from errsurf.scenario.words import Allowed

ANYTHING = Allowed("")
MAX_LISTED = 8
UNKNOWN = "unknown key"
ONE_OF_MANY: dict[KeyPath, str] = {
    ("optimizer",): "a group",
    ("claim",): "a claim",
    ("measure",): "a measure",
    ("translation",): "a language",
}


class Finding(NamedTuple):
    """A fault by the path of its key, indices counted from 0.

    What was given is taken out, or replaced by ``instead``, while the rest of the scenario is checked.
    """

    path: KeyPath
    problem: str
    given: str = ""
    allowed: str = ""
    nearest: str = ""
    instead: Any = None


class _Place(NamedTuple):
    """Where an error's location leads: its path, the models that hold the last key, what that key takes."""

    path: KeyPath
    models: tuple[type[BaseModel], ...]
    said: Allowed


def is_echo(error: Any) -> bool:
    """Whether pydantic calls a list too short only because it left out its faulty entries."""
    return error["type"] == "too_short" and bool(len(error["input"]) >= error["ctx"]["min_length"])


def finding(error: Any, root: type[BaseModel]) -> Finding:
    """One pydantic error in words; ``error`` is an entry of ``ValidationError.errors()``."""
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return _unknown_key(_place((*error["loc"][:-1],), root), error["loc"][-1], root)
        case "missing":
            place = _place(error["loc"], root)
            return Finding(place.path, "missing", allowed=place.said.words)
        case "choice" if isinstance(error["input"], dict):
            return _choice(_place(error["loc"], root).path, error["input"], context["key"], context["names"])
        case "file":
            place = _place(error["loc"], root)
            instead = context.get("instead")
            return Finding(place.path, context["problem"], value_text(error["input"]), "", context["nearest"], instead)
    return _value(_place(error["loc"], root), error, context)


def _value(place: _Place, error: Any, context: Any) -> Finding:
    given = error["input"]
    if place.path in ONE_OF_MANY and isinstance(given, dict):
        name = place.path[0]
        return Finding(place.path, f"one table; write [[{name}]] with two brackets, once {ONE_OF_MANY[place.path]}")
    words = context["allowed"] if isinstance(context.get("allowed"), str) else place.said.words
    problems = {"type": "wrong type", "than": "out of range", "equal": "out of range", "error": "not known"}
    problem = context.get("problem") or problems.get(error["type"].rpartition("_")[2], "not possible")
    near = meant_value(place.path[-1], given, words) or nearest(given, place.said.names)
    return Finding(place.path, problem, value_text(given), words + _of_list(place.path, given), near)


def _of_list(path: KeyPath, given: Any) -> str:
    """How a list is said where one value is needed: a group for each, or an array's file; empty if nothing is known."""
    if isinstance(given, list) and path == ("surface", "data"):
        return '; numpy.save("losses.npy", losses) writes an array, and data = "losses.npy" names it'
    plain = isinstance(given, list) and 1 < len(given) <= MAX_LISTED and not any(isinstance(v, list) for v in given)
    if not plain or path[:1] != ("optimizer",) or len(path) != 3:
        return ""
    return f"; --set optimizer.{path[2]}={','.join(map(setting_text, given))} makes a group of each"


def _choice(path: KeyPath, table: dict[str, Any], key: str, names: list[str]) -> Finding:
    words = ", ".join(names)
    if key not in table:
        return Finding((*path, key), "missing", allowed=words)
    near = meant_kind(key, table[key]) or nearest(table[key], names)
    return Finding((*path, key), "not known", value_text(table[key]), words, near)


def _unknown_key(place: _Place, key: str, root: type[BaseModel]) -> Finding:
    """A key that its table does not take; perhaps another table, or another kind of this one, does."""
    path = (*place.path, key)
    fields = {name: field for model in place.models for name, field in model.model_fields.items()}
    near = meant_key(key, fields) or nearest(key, fields) or _described_so(key, fields)
    home = table_of(key, root)
    elsewhere = home and home not in place.path and near.rstrip("s") != key.rstrip("s")
    if key in root.model_fields and place.path:
        near = f"[{key}]" if any(models_in(root.model_fields[key].annotation)) else f"{key} above the first table"
    elif elsewhere and sum(isinstance(part, str) for part in place.path) < 2:
        near = f"{home}.{key}"
    kind = next((name for model in place.models for name in _names(model)), "")
    return Finding(path, f"{UNKNOWN} for {kind}" if kind else UNKNOWN, allowed=", ".join(fields), nearest=near)


def table_of(key: str, root: type[BaseModel]) -> str:
    """The first table of a scenario that takes a key; empty if none does."""
    tables = ((name, models_in(field.annotation)) for name, field in root.model_fields.items())
    return next((name for name, models in tables if any(key in model.model_fields for model in models)), "")


def _described_so(key: str, fields: dict[str, FieldInfo]) -> str:
    """The field whose description is closest to what the key says: `lr` for `learning_rate`."""
    said = key.lower().replace("_", " ")
    texts = {name: field.description or "" for name, field in fields.items()}
    found = [name for name, text in texts.items() if len(said) > 3 and said in text]
    return min(found, key=lambda name: len(texts[name]), default="")


def _place(loc: tuple[str | int, ...], root: type[BaseModel]) -> _Place:
    """Follow a location; its parts in angle brackets name members of unions and are no keys."""
    path: KeyPath = ()
    holders: tuple[type[BaseModel], ...] = ()
    models: tuple[type[BaseModel], ...] = (root,)
    said = ANYTHING
    for part in loc:
        if isinstance(part, str) and part.startswith("<"):
            models = tuple(model for model in models if part[1:-1] in _names(model)) or models
            continue
        path = (*path, part)
        if isinstance(part, int):
            said = said.entries[min(part, len(said.entries) - 1)] if said.entries else said
            continue
        field = next((model.model_fields[part] for model in models if part in model.model_fields), None)
        if field is None:
            break
        said = next((entry for entry in field.metadata if isinstance(entry, Allowed)), ANYTHING)
        holders, models = models, tuple(models_in(field.annotation))
    return _Place(path, models or holders, said)


def _names(model: type[BaseModel]) -> list[str]:
    """The name by which a model is told apart from the others of its union."""
    literals = (get_args(field.annotation) for field in model.model_fields.values())
    return [parts[0] for parts in literals if len(parts) == 1 and isinstance(parts[0], str)]


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models in an annotation, at any depth of unions and tuples."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)
