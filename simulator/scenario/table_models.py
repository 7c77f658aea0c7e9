"""Pydantic models of named tuples.

A named tuple's field becomes a key.  In its ``Annotated`` metadata a text is the description and
annotated_types' bounds are the range, within that of ``Sized`` for every float; a nested named tuple is a table,
a tuple an array, and a union is told apart by the JSON type of the value or, between tables, by their one key
of a single name.
"""

from collections.abc import Callable, Iterable, Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, create_model

from errsurf.records import listing
from errsurf.scenario.paths import below_folder, below_folder_column, number_or_text
from errsurf.scenario.tables import variants
from errsurf.scenario.words import allowed, meaning
from errsurf.scenario.writing import plain
from errsurf.settings.kinds import Sized
from errsurf.surfaces.formulas.columns import Columns
from errsurf.surfaces.shared.table import DataFile

# Only the model of the whole file reads anything; those of its tables are built with it, once.
CONFIG = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)
JSON_TYPES = {
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    tuple: "array",
    dict: "table",
}
WORD = "a word"
Fields = dict[str, tuple[Any, Any]]

_annotated: Any = Annotated
_union: Any = Union
_tuple: Any = tuple


def filled(settings: type[Any], model: Any) -> Any:
    """The named tuple ``settings`` with the keys that the file gives; the others keep their defaults."""
    given = model.model_fields_set
    return settings(**{name: getattr(model, name) for name in settings._fields if name in given})


def model_of(name: str, doc: str | None, fields: Fields, **ready: Any) -> type[BaseModel]:
    """A model with these keys, and with definitions of pydantic that are ready."""
    return create_model(name, __config__=CONFIG, __doc__=doc, **definitions(fields), **ready)


def fields(table: type[Any]) -> Fields:
    """Annotation and default of every key; the default of a key that must be given is ``...``."""
    hints = get_type_hints(table, include_extras=True)
    return {key: (hints[key], table._field_defaults.get(key, ...)) for key in table._fields}


def definitions(fields: Fields) -> dict[str, Any]:
    """The keys as pydantic reads them."""
    return {key: definition(annotation, default) for key, (annotation, default) in fields.items()}


def definition(annotation: Any, default: Any) -> tuple[Any, Any]:
    """One key as pydantic reads it."""
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
        if any(isinstance(rule, Discriminator) for rule in rules):
            return annotation
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


@listing.cached
def _table(annotation: type[Any]) -> Any:
    """A named tuple as pydantic reads it: many records have the same ones."""
    model = model_of(annotation.__name__, annotation.__doc__, fields(annotation))
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
        return choice(key, {name: _checked(member) for name, member in names.items()}, names, default)
    return _tagged(
        {_json_type(member): _checked(member) for member in members}, lambda value: JSON_TYPES.get(type(value))
    )


def bare(annotation: Any) -> Any:
    """The annotation without what is said of it."""
    return bare(annotation.__origin__) if get_origin(annotation) is Annotated else annotation


def _json_type(annotation: Any) -> str:
    inner = bare(annotation)
    if hasattr(inner, "_fields"):
        return "table"
    return "string" if get_origin(inner) is Literal else JSON_TYPES[get_origin(inner) or inner]


def choice(
    key: str, models: Mapping[str, Any], names: Iterable[str], default: str | None = None, word: Any = None
) -> Any:
    """A union of tables told apart by ``key``, which may have these names, and perhaps of a ``word`` in their place."""

    def name(value: Any) -> Any:
        if isinstance(value, str) and word is not None:
            return WORD
        given = value.get(key, default) if isinstance(value, dict) else None
        return None if given == WORD else given

    members = {**models} if word is None else {**models, WORD: word}
    return _tagged(members, name, {"key": key, "names": sorted(names)})


def _tagged(members: Mapping[str, Any], name: Callable[[Any], Any], context: dict[str, Any] | None = None) -> Any:
    tagged: Iterable[Any] = (_annotated[member, Tag(f"<{key}>")] for key, member in members.items())
    discriminator = Discriminator(
        lambda value: f"<{name(value)}>",
        custom_error_type="choice" if context else "type",
        custom_error_message="no member of the union",
        custom_error_context=context,
    )
    return _annotated[_union[tuple(tagged)], discriminator]
