"""What any record's fields must be: functions of so many arguments, named tuples of settings, words and flags."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import MISSING, fields
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from errsurf.own_records.ranges import is_allowed
from errsurf.own_records.source import FAILED, Source
from errsurf.records.names import listed, nearest

ANY_NUMBER_OF = {
    "loss": "x, y, row",
    "gradient": "x, y, row",
    "hessian": "x, y, row",
    "step_constants": "t, lr, settings",
    "update": "theta, gradient, memory, constants, settings",
    "probe": "x, y, gx, gy, settings",
    "before": "theta, gradient, constants, settings",
    "after": "before, theta, gradient, memory, constants, settings",
}
"""Arguments of the functions of which the record's type does not say them."""
KINDS = "float, int, bool, a Literal of texts, a tuple of them, and named tuples"


def field_faults(source: Source, record: Any) -> None:
    """Note fields of a record that are not what its kind says."""
    for field, hint in _hints(type(record)).items():
        value, default = getattr(record, field.name), field.default
        options = [each for each in (get_args(hint) or (hint,)) if each is not type(None)]
        if value is None and type(None) in get_args(hint):
            continue
        if get_origin(hint) is Callable or any(get_origin(each) is Callable for each in options):
            _function(source, record, field.name, next(h for h in (hint, *options) if get_origin(h) is Callable))
        elif hint is str and (not isinstance(value, str) or (default is MISSING and not value.strip())):
            source.fault(source.part(field.name), f"`{field.name}` = {value!r}", "write a text that says it")
        elif get_origin(hint) is Literal and value not in get_args(hint):
            near = nearest(value, get_args(hint))
            words = f"write {near!r}" if near else f"allowed: {listed(get_args(hint))}"
            source.fault(source.part(field.name), f"`{field.name}` = {value!r}", words)
        elif hint is bool and not isinstance(value, bool):
            source.fault(source.part(field.name), f"`{field.name}` = {value!r}", "write True or False")
        elif get_origin(hint) is type and not (isinstance(value, type) and hasattr(value, "_fields")):
            remedy = "give a class that begins `class Name(NamedTuple):`, by its name without brackets"
            source.fault(source.part(field.name), f"`{field.name}` is no named tuple", remedy)


def setting_faults(source: Source, settings: Any, *, needed: bool = False) -> None:
    """Note settings of a kind that there is not, without a description, or with a default outside their range.

    With ``needed`` each must have a default.
    """
    hints = source.call(get_type_hints, settings, include_extras=True)
    for key in settings._fields if hints is not FAILED else ():
        line, default = source.key(settings, key), settings._field_defaults.get(key, MISSING)
        if strange := next(_strange(hints[key]), None):
            source.fault(line, f"`{key}` is a {strange}, which no setting is", f"allowed: {KINDS}")
        elif not any(isinstance(part, str) and part for part in getattr(hints[key], "__metadata__", ())):
            remedy = f'write {key}: Annotated[{_name(hints[key])}, "what it is"]'
            source.fault(line, f"`{key}` has no description", remedy)
        elif needed and default is MISSING:
            source.fault(line, f"`{key}` has no default", f"write {key}: ... = 0.1, with the value that is usual")
        elif default is not MISSING and default is not None:
            _default(source, settings, key, hints[key])


def taken_names(source: Source, settings: type[Any], table: str, taken: Iterable[str]) -> None:
    """Note settings with the name of a key that their table has for all kinds."""
    for key in sorted({*settings._fields} & {"kind", *taken}):
        words = f"`{key}` is a key that every {table} has"
        source.fault(source.key(settings, key), words, "give this setting another name")


def _default(source: Source, settings: type[Any], key: str, hint: Any) -> None:
    """Note a default that a scenario could not give."""
    from errsurf.scenario.words import allowed

    default = settings._field_defaults[key]
    try:
        if is_allowed(settings, key, default):
            return
        problem, remedy = f"the default of `{key}` is {default!r}", f"allowed: {allowed(hint).words}"
    except Exception:
        problem, remedy = f"`{key}` is of no kind that a setting has", f"allowed: {KINDS}"
    source.fault(source.key(settings, key), problem, remedy)


def _hints(kind: type[Any]) -> dict[Any, Any]:
    """The fields of a record's type, and their types; what only type checkers import is anything."""
    names: dict[str, Any] = {}
    while True:
        try:
            found = get_type_hints(kind, localns=names)
        except NameError as error:
            names[str(error.name)] = Any
        else:
            return {field: found[field.name] for field in fields(kind)}


def _function(source: Source, record: Any, name: str, hint: Any) -> None:
    value = getattr(record, name)
    if not callable(value):
        source.fault(source.part(name), f"`{name}` is no function", "write the name of a function, without brackets")
        return
    arguments = get_args(hint)[0] if get_args(hint) else ...
    extras = ("normal", "curvature") if name == "update" else ()
    if arguments is not ...:
        source.takes(value, len(arguments), name)
    elif name in ANY_NUMBER_OF:
        more = name in ("loss", "gradient", "hessian") and record.lookup is not None
        source.takes(value, ANY_NUMBER_OF[name].count(",") + 1 + more, name, extras)


def _strange(hint: Any) -> Iterator[str]:
    """Names of types in an annotation that no setting has."""
    from errsurf.surfaces.formulas.columns import Columns
    from errsurf.surfaces.shared.table import DataFile

    origin = get_origin(hint)
    if origin is Annotated:
        yield from _strange(hint.__origin__)
    elif origin is tuple or (origin is not Literal and type(None) in get_args(hint)):
        yield from (name for part in get_args(hint) if part is not ... for name in _strange(part))
    elif hint in (float, int, bool, str, type(None), Columns) or origin is Literal or hasattr(hint, "_fields"):
        return
    elif not (isinstance(hint, type) and issubclass(hint, DataFile)) and origin is None:
        yield _name(hint)
    elif origin is not None and len(get_args(hint)) > 1 and origin is not dict:
        yield from (name for part in get_args(hint) for name in _strange(part))
    elif origin is not None:
        yield _name(hint)


def _name(hint: Any) -> str:
    inner = getattr(hint, "__origin__", hint) if get_origin(hint) is Annotated else hint
    return getattr(inner, "__name__", str(inner))
