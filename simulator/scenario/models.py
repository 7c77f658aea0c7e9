"""Pydantic models derived from named tuples: the tables of a file, and the settings of every record.

A named tuple's field becomes a key.  In its ``Annotated`` metadata a text is the description and
annotated_types' bounds are the range, within that of ``Sized`` for every float; a nested named tuple is a table,
a tuple an array, and a union is told apart by the JSON type of the value or, between tables, by their one key
of a single name.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from annotated_types import Len
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, create_model

from errsurf import optimizers, statistics, surfaces
from errsurf.scenario.claims import MAX_CLAIMS, ClaimTable
from errsurf.scenario.paths import below_folder, below_folder_column, number_or_text
from errsurf.scenario.tables import (
    ChangeTable,
    GenericExamples,
    GenericTest,
    GroupTable,
    Head,
    OwnExamples,
    OwnTest,
    variants,
)
from errsurf.scenario.translations import Translations
from errsurf.scenario.words import Allowed, allowed, meaning
from errsurf.scenario.writing import plain
from errsurf.settings.kinds import Sized
from errsurf.surfaces.formulas.columns import Columns
from errsurf.surfaces.shared.table import DataFile

MAX_GROUPS = 256
CONFIG = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)
JSON_TYPES = {
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    tuple: "array",
    dict: "table",
}
Fields = dict[str, tuple[Any, Any]]

_annotated: Any = Annotated
_literal: Any = Literal
_union: Any = Union
_tuple: Any = tuple


class Kinds(NamedTuple):
    """Names of the records whose tables a model knows."""

    surface: tuple[str, ...]
    optimizer: tuple[str, ...]
    claim: tuple[str, ...]


def scenario_model(tables: Mapping[str, Any] | None = None) -> type[BaseModel]:
    """The model of a whole scenario file, or one that is made sooner and reads only the kinds that ``tables`` have."""
    known = Kinds(surfaces.surface_names(), optimizers.optimizer_names(), statistics.statistic_names())
    return _scenario_model(known if tables is None else _used(tables, known))


@cache
def _scenario_model(kinds: Kinds) -> type[BaseModel]:
    surface = _choice("kind", _models(_surface_model, kinds.surface), surfaces.surface_names())
    group = _choice("kind", _models(_optimizer_model, kinds.optimizer), optimizers.optimizer_names())
    groups = _annotated[_tuple[group, ...], Len(1, MAX_GROUPS)]
    claim = _choice("statistic", _models(_claim_model, kinds.claim), statistics.statistic_names())
    claims = _annotated[_tuple[claim, ...], Len(0, MAX_CLAIMS)]
    return create_model(
        "Scenario",
        __config__=CONFIG,
        __doc__="An errsurf scenario: a surface, particles, a run and optimizers.",
        **_definitions(_fields(Head)),
        surface=_described(surface, "the error surface", "a table"),
        optimizer=_described(groups, "one table a group of particles", f"1 to {MAX_GROUPS} tables [[optimizer]]"),
        claim=_described(claims, "statements that a run checks", f"up to {MAX_CLAIMS} tables [[claim]]", default=()),
        translation=_definition(Translations, ()),
    )


def _used(tables: Mapping[str, Any], known: Kinds) -> Kinds:
    """The kinds that raw tables name, and others until there are two of each, since a union has two members."""
    found = []
    for (table, names), key in zip(known._asdict().items(), ("kind", "kind", "statistic"), strict=True):
        each = tables.get(table)
        used = {str(one.get(key)) for one in (each if isinstance(each, list) else [each]) if isinstance(one, dict)}
        found.append(tuple(sorted(names, key=lambda name: name not in used)[: max(2, len(used & {*names}))]))
    return Kinds(*found)


def _models(model: Callable[[str], type[BaseModel]], names: Iterable[str]) -> dict[str, type[BaseModel]]:
    return {name: model(name) for name in names}


def _described(annotation: Any, description: str, words: str, **default: Any) -> Any:
    return _annotated[annotation, Allowed(words)], Field(description=description, **default)


def filled(settings: type[Any], model: Any) -> Any:
    """The named tuple ``settings`` with the keys that the file gives; the others keep their defaults."""
    given = model.model_fields_set
    return settings(**{name: getattr(model, name) for name in settings._fields if name in given})


@cache
def _surface_model(name: str) -> type[BaseModel]:
    record = surfaces.surface(name)
    own = _fields(record.settings)
    changes = {key: (annotation | None, None) for key, (annotation, _) in own.items()}
    examples: type[Any] = OwnExamples
    test_examples: type[Any] = OwnTest
    if record.examples is None:
        examples, test_examples = GenericExamples, GenericTest
        changes = {key: changes[key] for key, (annotation, _) in own.items() if _bare(annotation) is Columns}
    test = _model(f"test of {name}", test_examples.__doc__, _fields(test_examples) | changes)
    ready = {"test": (test, Field(default_factory=test, description="the test examples"))}
    return _model(f"surface {name}", surfaces.summary(name), _kind(name) | own | _fields(examples), **ready)


@cache
def _optimizer_model(name: str) -> type[BaseModel]:
    own = _fields(optimizers.optimizer(name).settings)
    changed = {key: (annotation | None, None) for key, (annotation, _) in own.items()}
    change = _model(f"changes of {name}", ChangeTable.__doc__, _fields(ChangeTable) | changed)
    table = _fields(GroupTable)
    changes = _annotated[_tuple[change, ...], *table["changes"][0].__metadata__]
    table["changes"] = (changes, ())
    return _model(f"optimizer {name}", optimizers.summary(name), _kind(name) | table | own)


@cache
def _claim_model(name: str) -> type[BaseModel]:
    own = _fields(statistics.statistic(name).settings)
    named = {"statistic": (_literal[name], ...)}
    return _model(f"claim of {name}", statistics.summary(name), named | _fields(ClaimTable) | own)


def _model(name: str, doc: str | None, fields: Fields, **ready: Any) -> type[BaseModel]:
    return create_model(name, __config__=CONFIG, __doc__=doc, **_definitions(fields), **ready)


def _kind(name: str) -> Fields:
    return {"kind": (_literal[name], ...)}


def _fields(table: type[Any]) -> Fields:
    """Annotation and default of every key; the default of a key that must be given is ``...``."""
    hints = get_type_hints(table, include_extras=True)
    return {key: (hints[key], table._field_defaults.get(key, ...)) for key in table._fields}


def _definitions(fields: Fields) -> dict[str, Any]:
    return {key: _definition(annotation, default) for key, (annotation, default) in fields.items()}


def _definition(annotation: Any, default: Any) -> tuple[Any, Any]:
    description = meaning(annotation) or None
    checked = _annotated[_checked(annotation), allowed(annotation)]
    if default is ...:
        return checked, Field(description=description)
    shown = None if default is None else {"default": plain(default)}
    return checked, Field(description=description, default_factory=lambda: default, json_schema_extra=shown)


def _checked(annotation: Any) -> Any:
    """The annotation as pydantic reads it."""
    if get_origin(annotation) is Annotated:
        rules = [part for part in annotation.__metadata__ if not isinstance(part, str)]
        if annotation.__origin__ is float:
            return _annotated[float, *rules, Sized]
        inner = _checked(annotation.__origin__)
        return _annotated[inner, *rules] if rules else inner
    if annotation is float:
        return _annotated[float, Sized]
    if get_origin(annotation) in (Union, UnionType):
        return _one_of(_members(annotation))
    if get_origin(annotation) is tuple:
        parts = [part if part is ... else _checked(part) for part in get_args(annotation)]
        return _tuple[*parts]
    if annotation is Columns:
        column = _annotated[_one_of([float, str]), BeforeValidator(number_or_text), AfterValidator(below_folder_column)]
        return _annotated[dict[str, column], AfterValidator(Columns)]  # type: ignore[valid-type]
    if isinstance(annotation, type) and issubclass(annotation, DataFile):
        return _annotated[str, AfterValidator(lambda given, info: below_folder(given, info, annotation))]
    return _table(annotation) if hasattr(annotation, "_fields") else annotation


@cache
def _table(annotation: type[Any]) -> Any:
    """A named tuple as pydantic reads it: many records have the same ones."""
    model = _model(annotation.__name__, annotation.__doc__, _fields(annotation))
    return _annotated[model, AfterValidator(lambda read: filled(annotation, read))]


def _members(annotation: Any) -> list[Any]:
    """Members of a union without None."""
    return [member for member in get_args(annotation) if member is not type(None)]


def _one_of(members: list[Any]) -> Any:
    if len(members) == 1:
        return _checked(members[0])
    if all(hasattr(member, "_fields") for member in members):
        key = members[0]._fields[0]
        names = variants(_union[tuple(members)])
        default = next((name for name, member in names.items() if key in member._field_defaults), None)
        return _choice(key, {name: _checked(member) for name, member in names.items()}, names, default)
    return _tagged(
        {_json_type(member): _checked(member) for member in members}, lambda value: JSON_TYPES.get(type(value))
    )


def _bare(annotation: Any) -> Any:
    return _bare(annotation.__origin__) if get_origin(annotation) is Annotated else annotation


def _json_type(annotation: Any) -> str:
    bare = _bare(annotation)
    if hasattr(bare, "_fields"):
        return "table"
    return "string" if get_origin(bare) is Literal else JSON_TYPES[get_origin(bare) or bare]


def _choice(key: str, models: Mapping[str, Any], names: Iterable[str], default: str | None = None) -> Any:
    """A union of tables told apart by ``key``, which may have these names."""

    def name(value: Any) -> Any:
        return value.get(key, default) if isinstance(value, dict) else None

    return _tagged(models, name, {"key": key, "names": sorted(names)})


def _tagged(members: Mapping[str, Any], name: Callable[[Any], Any], context: dict[str, Any] | None = None) -> Any:
    tagged: Iterable[Any] = (_annotated[member, Tag(f"<{key}>")] for key, member in members.items())
    discriminator = Discriminator(
        lambda value: f"<{name(value)}>",
        custom_error_type="choice" if context else "type",
        custom_error_message="no member of the union",
        custom_error_context=context,
    )
    return _annotated[_union[tuple(tagged)], discriminator]


def schema() -> dict[str, Any]:
    """The JSON Schema of scenario files, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | scenario_model().model_json_schema()
