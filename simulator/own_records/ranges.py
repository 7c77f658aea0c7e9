"""The bounds of settings, and numbers at their ends and beyond."""

import json
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin, get_type_hints

import numpy as np
from annotated_types import Ge, Gt, Le, Lt

GUESSES = (0.5, 10, (0.5, -0.25), ((0.5, -0.25),), (10,), ((10, 0.5),))
"""Numbers, points, times, and lists of them: what settings without a default are tried with."""


def other_settings(settings: type[Any]) -> list[Any]:
    """The defaults, those with other numbers where a scenario may give them, and those with one flag turned.

    What is 0 or 1 by default hides what it is multiplied with.
    """
    usual = settings()
    numbers = {
        key: moved
        for key, value in usual._asdict().items()
        if type(value) is float and is_allowed(settings, key, moved := 1.3 * value + 0.1)
    }
    flags = [usual._replace(**{key: not value}) for key, value in usual._asdict().items() if isinstance(value, bool)]
    return [usual, *([usual._replace(**numbers)] if numbers else []), *flags]


def usual(settings: type[Any]) -> Any:
    """The default settings, with a value that is allowed where one must be given; None where none is found."""
    found = examples(settings)
    return settings(**found) if {*settings._fields} == found.keys() | settings._field_defaults.keys() else None


def examples(settings: type[Any]) -> dict[str, Any]:
    """A value that is allowed for each setting that must be given, without those of which none is found."""
    hints = get_type_hints(settings, include_extras=True)
    needed = {key: (*_choices(hints[key]), *GUESSES) for key in hints if key not in settings._field_defaults}
    allowed = {key: [value for value in tried if is_allowed(settings, key, value)] for key, tried in needed.items()}
    return {key: values[0] for key, values in allowed.items() if values}


def _choices(hint: Any) -> tuple[Any, ...]:
    inner = get_args(hint)[0] if hasattr(hint, "__metadata__") else hint
    return get_args(inner) if get_origin(inner) is Literal else ()


def is_allowed(settings: type[Any], key: str, value: Any) -> bool:
    """Whether a scenario may give a setting this value."""
    from pydantic import ValidationError

    from errsurf.scenario.table_models import fields, model_of
    from errsurf.scenario.writing import plain

    try:
        model_of("settings", None, {key: fields(settings)[key]}).model_validate_json(json.dumps({key: plain(value)}))
    except (ValidationError, TypeError, ValueError):
        return False
    return True


def bounds(hint: Any) -> Iterator[tuple[int | None, Any]]:
    """The bounds of a setting, and the entry of a tuple that each is about."""
    for part in getattr(hint, "__metadata__", ()):
        if isinstance(part, Ge | Gt | Le | Lt):
            yield None, part
    inner = get_args(hint)[0] if hasattr(hint, "__metadata__") else hint
    if get_origin(inner) is tuple:
        for k, entry in enumerate(get_args(inner)):
            yield from ((k, bound) for _, bound in bounds(entry))


def end_of(bound: Any) -> float | None:
    """The last number that a bound allows; None for what is above a number, which has no first."""
    if isinstance(bound, Ge | Le):
        return float(_value(bound))
    return float(np.nextafter(_value(bound), 0)) if isinstance(bound, Lt) else None


def beyond(bound: Any) -> tuple[float, str]:
    """The nearest number outside a bound, and the end of the range as messages name it."""
    value = _value(bound)
    match bound:
        case Ge():
            return float(np.nextafter(value, -np.inf)), f"(at least|from) {value}"
        case Gt():
            return value, f"above {value}"
        case Le():
            return float(np.nextafter(value, np.inf)), f"(at most|to) {value}"
    return value, f"below {value}"


def _value(bound: Any) -> Any:
    return next(getattr(bound, name) for name in ("ge", "gt", "le", "lt") if hasattr(bound, name))
