"""Optimizers and wrappers of the user's own: their formulas, constants and memory, in plain Python."""

import ast
from dataclasses import replace
from functools import wraps
from typing import Any, get_type_hints

import numpy as np

from errsurf.optimizers import Optimizer, Pair
from errsurf.own_records.fields import taken_names
from errsurf.own_records.formula import formula_faults
from errsurf.own_records.plain_rule import (
    CURVATURE,
    all_step_constants,
    first_memories,
    first_memory,
    goes_downhill,
    updated_pair,
    walked,
)
from errsurf.own_records.ranges import bounds, end_of, other_settings
from errsurf.own_records.source import FAILED, Source
from errsurf.portable.rewriting import definition
from errsurf.scenario.tables import GroupTable
from errsurf.wrappers import Wrapper

RATES = np.array([0.01, 0.02, 0.015, *(0.02 * 0.98 ** np.arange(17))])
START, SLOPES = Pair(0.7, -0.4), (Pair(3.0, 2.0), Pair(-0.2, 0.3))
LR = 'lr: Annotated[float, Ge(0), "learning rate"] = 0.01'


def text_faults(source: Source, record: Optimizer | Wrapper) -> None:
    """Note what is wrong with a rule without compiling anything."""
    functions = ("update", "probe") if isinstance(record, Optimizer) else ("before", "after")
    for name in functions:
        if (function := getattr(record, name)) is not None:
            formula_faults(source, function, name)
    if isinstance(record, Optimizer) and "lr" not in record.settings._fields:
        source.fault(source.line(record.settings.__name__), f"`{record.settings.__name__}` has no `lr`", f"write {LR}")
    if isinstance(record, Wrapper) and not (record.before or record.after):
        source.fault(source.part(""), "has neither `before` nor `after`", "give one of them")
    if isinstance(record, Optimizer):
        taken_names(source, record.settings, "[[optimizer]] table", GroupTable._fields)
    _numbers_only(source, record.settings)
    _shown(source, record)
    if not source.faults:
        _fault_words(source, record)
        _constants(source, record)
    if isinstance(record, Optimizer) and not source.faults:
        _all_updates(source, record)
    elif isinstance(record, Wrapper) and not source.faults:
        _around(source, record)


def _around(source: Source, record: Wrapper) -> None:
    """Note what goes wrong around one update."""
    settings, both = record.settings(), record.pair
    theta, slope = (START, SLOPES[0]) if both else (START.x, SLOPES[0].x)
    memory = source.call(first_memory, record, settings, theta)
    constants = source.call(all_step_constants, record, RATES, settings)
    if memory is FAILED or constants is FAILED:
        return
    what = "Pair(x, y)" if both else "the new theta"
    if record.after:
        made = source.call(record.after, theta, theta, slope, memory, constants[0], settings)
        if made is not FAILED and (problem := _returned(record, made)):
            remedy = f"return {what}, {record.memory.__name__}(...), or the memory as it was"
            source.fault(_return_line(record.after), f"`after` returns {problem}", remedy)
    if record.before:
        made = source.call(record.before, theta, slope, constants[0], settings)
        if made is not FAILED and np.shape(made) != ((2,) if both else ()):
            source.fault(_return_line(record.before), f"`before` returns {made!r}", "return the gradient alone")


def _all_updates(source: Source, record: Optimizer) -> None:
    """Note what goes wrong in a few updates with each of the possible settings, and a memory that never changes."""
    kept = [set(_updates(source, record, settings)) for settings in possible(record)]
    made = record.memory.__name__ in record.update.__code__.co_names and not record.start
    for name in sorted(set.intersection(*kept)) if made and not source.faults else ():
        words = f"`{name}` of {record.memory.__name__} never changes"
        remedy = "give it its new value, or take it out and make it a setting"
        source.fault(source.of(record.update, "update"), words, remedy)


def possible(record: Optimizer | Wrapper) -> list[Any]:
    """The default settings, others, and each flag turned, without those that the record refuses."""
    return [each for each in other_settings(record.settings) if record.fault(each) is None]


def number_faults(source: Source, record: Optimizer | Wrapper) -> None:
    """Note a rule that moves without a gradient, or uphill, and what it gives pictures that is no rate."""
    if isinstance(record, Wrapper):
        return
    settings, place = record.settings(), source.of(record.update, "update")
    still = source.call(walked, record, settings, Pair(0.0, 0.0), [Pair(0.0, 0.0)] * len(RATES), RATES)
    if still is not FAILED and set(still) != {Pair(0.0, 0.0)}:
        words = f"`update` moves theta from 0 to {still[-1].x:.4g} where the gradient is 0"
        source.fault(place, words, "let every part of the movement vanish with the gradient and the memory")
    for slope in SLOPES:
        down = source.call(goes_downhill, record, settings, START, slope, RATES)
        if down is False:
            source.fault(place, "the first movement goes uphill", "subtract the movement: theta - constants.lr * ...")
    for name, arguments in {"max_stable_sharpness": (0.1, settings), "gradient_weight": (1, settings)}.items():
        function = getattr(record, name)
        value = source.call(function, *arguments) if function else 1.0
        if value is not FAILED and value is not None and not (np.ndim(value) == 0 and np.asarray(value) > 0):
            source.fault(source.of(function, name), f"`{name}` gives {value!r}", "return a positive number")


def edges(settings: type[Any]) -> list[Any]:
    """Settings with one number at the very end of what is allowed."""
    found = []
    for field, hint in get_type_hints(settings, include_extras=True).items():
        for k, bound in bounds(hint):
            if (end := end_of(bound)) is not None:
                default = settings._field_defaults[field]
                value = end if k is None else tuple(end if k == j else part for j, part in enumerate(default))
                found.append(settings(**{field: value}))
    return found


def _numbers_only(source: Source, settings: type[Any]) -> None:
    """Kernels read settings from a row of numbers."""
    for key in settings._fields:
        default = settings._field_defaults.get(key, 0.0)
        parts = default if isinstance(default, tuple) else (default,)
        if not all(isinstance(part, bool | int | float) for part in parts):
            words = f"`{key}` = {default!r}, and kernels read numbers, flags and tuples of numbers"
            source.fault(source.key(settings, key), words, "write a number, or one flag for each choice")


def _shown(source: Source, record: Optimizer | Wrapper) -> None:
    fields = record.memory._fields
    needed = [f"{record.shown}_x", f"{record.shown}_y"] if record.pair else [record.shown]
    if record.shown and not set(needed) <= {*fields}:
        words = f"`shown` is {record.shown!r}, and the memory has {', '.join(fields) or 'no fields'}"
        source.fault(source.part("shown"), words, f"give the memory {', '.join(needed)}")


def _constants(source: Source, record: Optimizer | Wrapper) -> None:
    """Note constants that are not numbers of every update, also at the ends of all ranges."""
    function, line = record.step_constants, source.of(record.step_constants, "step_constants")
    kind = source.call(get_type_hints, function)
    kind = kind.get("return") if kind is not FAILED else FAILED
    if not hasattr(kind, "_fields"):
        remedy = "write `def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:` with a named tuple"
        source.fault(line, "`step_constants` does not say which named tuple it returns", remedy)
        return
    t = np.arange(1, len(RATES) + 1)
    for settings in [*edges(record.settings), record.settings()]:
        made = source.call(function, t, RATES, settings)
        if made is FAILED:
            return
        if getattr(made, "_fields", None) != kind._fields:
            source.fault(line, f"`step_constants` returns a {type(made).__name__}", f"return {kind.__name__}(...)")
            return
        for name, value in made._asdict().items():
            if np.shape(value) not in ((), t.shape) or np.asarray(value).dtype.kind not in "iufb":
                words = f"the constant `{name}` has the shape {np.shape(value)}"
                source.fault(line, words, "give one number, or one for each of t, computed with NumPy")
                return
            if not np.isfinite(np.asarray(value, float)).all():
                words = f"the constant `{name}` is not finite for {settings}"
                source.fault(line, words, "bound the setting with Gt or Lt, or the formula with np.maximum")


def _fault_words(source: Source, record: Optimizer | Wrapper) -> None:
    said = source.call(record.fault, record.settings())
    if said is not FAILED and said is not None:
        words = f"`fault` refuses the default settings: {said}"
        source.fault(source.of(record.fault, "fault"), words, "return None where nothing is wrong")


def _updates(source: Source, record: Optimizer, settings: Any) -> list[str]:
    """Fields of the memory that keep the values of the start for a few updates; what goes wrong in them is noted."""
    memories = source.call(first_memories, record, settings, START)
    if memories is FAILED:
        return []
    if any(getattr(each, "_fields", None) != record.memory._fields for each in memories):
        words = f"`start` returns a {type(memories[0]).__name__}"
        source.fault(source.of(record.start, "start"), words, f"return {record.memory.__name__}(...)")
        return []
    if missing := [name for name in memories[0]._fields if _is_no_number(getattr(memories[0], name))]:
        source.fault(source.key(record.memory, missing[0]), f"`{missing[0]}` starts as no number", "write = 0.0")
        return []
    first, theta = memories, START
    constants = source.call(all_step_constants, record, RATES, settings)
    for k, constant in enumerate([] if constants is FAILED else constants):
        made = source.call(_once, source, record, theta, SLOPES[k % 2], memories, constant, settings)
        if made in (FAILED, None):
            return []
        theta, memories = made
    return [
        name for name in record.memory._fields if all(getattr(m, name) == getattr(first[0], name) for m in memories)
    ]


def _is_no_number(value: Any) -> bool:
    return np.asarray(value).dtype.kind not in "iufb" or np.ndim(value) > 0


def _once(
    source: Source, record: Optimizer, theta: Pair, slope: Pair, memories: list[Any], constants: Any, settings: Any
) -> tuple[Pair, list[Any]] | None:
    """One update; None, and a fault, where it does not give theta and the memory."""

    @wraps(record.update)
    def watched(*arguments: Any, **extras: Any) -> Any:
        value = record.update(*arguments, **extras)
        if problem := _returned(record, value):
            raise _Returned(problem)
        return value

    try:
        return updated_pair(replace(record, update=watched), theta, slope, memories, constants, settings, CURVATURE)
    except _Returned as problem:
        what = "Pair(x, y)" if record.pair else "the new theta"
        line = _return_line(record.update)
        source.fault(line, f"`update` returns {problem}", f"return {what}, {record.memory.__name__}(...)")
        return None


def _returned(record: Optimizer | Wrapper, value: Any) -> str:
    """What is wrong with what an update returned, empty if nothing is."""
    if not isinstance(value, tuple) or hasattr(value, "_fields") or len(value) != 2:
        return f"{len(value)} values" if isinstance(value, tuple) else f"a {type(value).__name__} alone"
    theta, memory = value
    if getattr(memory, "_fields", None) != record.memory._fields:
        return f"a {type(memory).__name__} for the memory"
    if np.shape(theta) != ((2,) if record.pair else ()) or not np.isfinite(np.asarray(theta, float)).all():
        return f"{theta!r} for theta"
    return ""


def _return_line(function: Any) -> int:
    """Where a function returns."""
    lines = [node.lineno for node in ast.walk(definition(function).tree) if isinstance(node, ast.Return)]
    return lines[-1] if lines else int(function.__code__.co_firstlineno)


class _Returned(Exception):  # noqa: N818
    """An update returned what it must not."""
