"""Surfaces of the user's own: their formulas, derivatives, critical points and window."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.own_records.fields import taken_names
from errsurf.own_records.formula import formula_faults
from errsurf.own_records.ranges import other_settings
from errsurf.own_records.source import FAILED, Source
from errsurf.sampling.philox import Draw, Stream
from errsurf.scenario.tables import GenericExamples, OwnExamples
from errsurf.surfaces import CriticalPoint, Surface

Array = NDArray[np.float64]
FORMULAS = {"loss": "the loss", "gradient": "(along x, along y)", "hessian": "(xx, xy, yy)"}
COUNTS = {"loss": 1, "gradient": 2, "hessian": 3}
POINTS = 200
STEP = 1e-30
NEAR = 1e-4
"""How far, in widths of the window, a critical point may be from where Newton's method finds it."""


class Derivative(NamedTuple):
    """A derivative at points, as the record gives it, as complex steps give it, and as differences do."""

    name: str
    given: Array
    exact: Array
    close: Array
    other: Array


def text_faults(source: Source, record: Surface) -> None:
    """Note what is wrong with a surface without compiling anything."""
    for name in FORMULAS:
        formula_faults(source, getattr(record, name), name)
    _window(source, record)
    own = record.examples is not None and not record.generic
    taken_names(
        source, record.settings, "[surface] table", {"test", *(OwnExamples if own else GenericExamples)._fields}
    )
    if source.faults or record.lookup:
        return
    table = rows(source, record, record.settings())
    if record.terms is not None and record.examples is not None:
        source.fault(source.part("examples"), "both `terms` and `examples` are given", "give one of them")
    for row in table[:1]:
        _values(source, record, row)


def number_faults(source: Source, record: Surface) -> None:
    """Note derivatives that are not those of the loss, and critical points that are none."""
    if record.lookup:
        return
    for settings in other_settings(record.settings):
        made = source.call(record.made, settings) if record.made else record
        for row in rows(source, made, settings) if made is not FAILED and not source.faults else ():
            _derivatives(source, made, row, "" if settings == record.settings() else f", with {settings}")
    table = rows(source, record, record.settings())
    if record.critical_points and not source.faults:
        found = source.call(record.critical_points, record.settings())
        width = float(np.ptp(record.window, axis=1).max())
        line = source.of(record.critical_points, "critical_points")
        if found is not FAILED and not all(isinstance(point, CriticalPoint) for point in found):
            source.fault(
                line, "what `critical_points` returns is no list of points", "return [CriticalPoint(x, y, kind)]"
            )
            return
        for point in found if found is not FAILED else ():
            if problem := point_fault(record, table, point, NEAR * width):
                source.fault(line, problem, "correct the point or its kind")


def _derivatives(source: Source, record: Surface, row: Any, where: str) -> None:
    """Note derivatives that are wrong, of the loss first, and else of the gradient."""
    for each in derivatives(record, row, POINTS):
        if len(each.name) == 2 and source.faults:
            return
        if problem := derivative_fault(each):
            name = "gradient" if len(each.name) == 1 else "hessian"
            line = source.of(getattr(record, name), name)
            remedy = (
                f"correct it; the {'loss' if len(each.name) == 1 else 'gradient'}, derived numerically, gives the other"
            )
            source.fault(line, f"`{name}`: {problem}{where}", remedy)


def rows(source: Source, record: Surface, settings: Any, examples: int = 4) -> list[Any]:
    """The formula's rows under these settings, at most a few; none if they cannot be made."""
    if record.terms is not None:
        made = source.call(record.terms, settings)
        found = [] if made is FAILED else list(made)
        for row in found[:1]:
            if getattr(row, "_fields", None) != record.row._fields:
                words = f"`terms` gives a list of {type(row).__name__}, and `row` is {record.row.__name__}"
                source.fault(source.of(record.terms, "terms"), words, f"give rows {record.row.__name__}(...)")
                return []
        return found
    if record.examples is None:
        if record.row is not record.settings and record.row._fields != record.settings._fields:
            remedy = "write row=" + record.settings.__name__ + ", or give `terms` that makes rows"
            source.fault(source.part("row"), "`row` is not the settings, and nothing makes such rows", remedy)
            return []
        return [settings]
    made = source.call(record.examples, settings, examples, Draw(5, Stream.TRAIN))
    columns = len(record.row._fields)
    if made is not FAILED and np.shape(made)[1:] != (columns,):
        words = f"`examples` gives an array of shape {np.shape(made)}"
        source.fault(source.of(record.examples, "examples"), words, f"its shape is (examples, {columns})")
        return []
    return [] if made is FAILED else [record.row(*row) for row in np.asarray(made).tolist()[:examples]]


def points(record: Surface, count: int, zoom: float = 1.0) -> tuple[Array, Array]:
    """Seeded random points of the window, or of ``zoom`` times it."""
    (x0, x1), (y0, y1) = record.window
    u, v = zoom * np.random.default_rng(11).uniform(-0.5, 0.5, (2, count))
    return (x0 + x1) / 2 + u * (x1 - x0), (y0 + y1) / 2 + v * (y1 - y0)


def parts(value: Any) -> tuple[Any, ...]:
    """One number or several as a tuple."""
    return value if isinstance(value, tuple) else (value,)


def mean(formula: Callable[..., Any], x: Array, y: Array, table: list[Any]) -> Array:
    """The mean over rows of a formula as NumPy evaluates it, shape (points, parts)."""
    found = [np.stack(np.broadcast_arrays(*parts(formula(x, y, row)), x)[:-1], axis=-1) for row in table]
    return np.asarray(np.mean(found, axis=0))


def derivatives(record: Surface, row: Any, count: int) -> Iterator[Derivative]:
    """Each first and second derivative at random points of the window, from the formula one order below it."""
    x, y = points(record, count)
    h = 1e-5 * np.ptp(record.window, axis=1)
    given = dict(zip(("x", "y"), record.gradient(x, y, row), strict=True))
    given |= dict(zip(("xx", "xy", "yy"), record.hessian(x, y, row), strict=True))
    for name in ("x", "y", "xx", "xy", "yx", "yy"):
        formula = record.loss if len(name) == 1 else _component(record.gradient, "xy".index(name[0]))
        along, across = ("xy".index(name[-1]), 1 - "xy".index(name[-1]))
        exact, close = _derived(formula, x, y, row, along, h[along])
        _, other = _derived(formula, x, y, row, across, h[across])
        mine = given["xy" if name == "yx" else name]
        yield Derivative(name, np.broadcast_to(np.asarray(mine, float), x.shape), exact, close, other)


def agree(given: Array, exact: Array, tolerance: float = 1e-8) -> bool:
    """Whether two derivatives agree, relative to each value and to the largest; points without a value count not."""
    known = np.isfinite(given) & np.isfinite(exact)
    size = np.abs(exact[known]).max(initial=0.0)
    return bool(known.any()) and np.allclose(given[known], exact[known], rtol=tolerance, atol=tolerance * size)


def derivative_fault(each: Derivative) -> str:
    """What is wrong with a derivative, empty if nothing is.

    Complex steps are exact, within 1e-8, where a formula takes complex numbers; differences are right within 1e-4.
    """
    if agree(each.given, each.exact) or agree(each.given, each.close, 1e-4):
        return ""
    what = f"the derivative along {each.name}" if len(each.name) == 1 else f"the second derivative {each.name}"
    if not (np.isfinite(each.given) & np.isfinite(each.close)).any():
        return f"{what} is not finite in the window"
    if agree(-each.given, each.close, 1e-4):
        return f"{what} has the wrong sign"
    if len(each.name) == 1 and agree(each.given, each.other, 1e-4):
        return f"{what} is that along the other parameter"
    worst = int(np.nanargmax(np.abs(each.given - each.close)))
    factor = np.median(each.given[each.close != 0] / each.close[each.close != 0]) if each.close.any() else np.nan
    if np.isfinite(factor) and agree(each.given, factor * each.close, 1e-4):
        return f"{what} is {factor:.4g} times what it should be"
    return f"{what} is wrong, such as {each.given[worst]:.4g} where it should be {each.close[worst]:.4g}"


def point_fault(record: Surface, table: list[Any], point: Any, within: float) -> str:
    """What is wrong with a declared critical point, empty if nothing is.

    ``within`` is how far it may be from the place to which the gradient and the curvature there lead.
    """
    place = f"the declared {getattr(point, 'kind', '?')} at ({point.x:g}, {point.y:g})"
    x, y = np.array([point.x]), np.array([point.y])
    (gradient,) = mean(record.gradient, x, y, table)
    ((xx, xy, yy),) = mean(record.hessian, x, y, table)
    low, high = np.linalg.eigvalsh([[xx, xy], [xy, yy]]).tolist()
    if not np.abs(gradient).max() <= within * max(abs(low), abs(high)):
        return f"{place} is no critical point: the gradient is ({gradient[0]:.4g}, {gradient[1]:.4g})"
    kind = "minimum" if low > 0 else "maximum" if high < 0 else "saddle"
    kind = kind if min(abs(low), abs(high)) > 1e-6 * max(abs(low), abs(high)) else kind_by_sight(record, table, point)
    return "" if kind == point.kind else f"{place} is a {kind}"


def kind_by_sight(record: Surface, table: list[Any], point: Any) -> str:
    """What a point without curvature is, by the losses on a small circle around it."""
    turn, radius = np.linspace(0, 2 * np.pi, 100), 1e-3 * np.ptp(record.window[0])
    around = mean(record.loss, point.x + radius * np.cos(turn), point.y + radius * np.sin(turn), table)
    (here,) = mean(record.loss, np.array([point.x]), np.array([point.y]), table)
    return "minimum" if (around > here).all() else "maximum" if (around < here).all() else "saddle"


def _component(formula: Callable[..., Any], k: int) -> Callable[..., Any]:
    return lambda x, y, row: formula(x, y, row)[k]


def _derived(formula: Callable[..., Any], x: Array, y: Array, row: Any, along: int, h: float) -> tuple[Array, Array]:
    """The derivative along a parameter by complex steps, NaN where the formula takes none, and by differences."""

    def at(step: Any) -> Any:
        return np.broadcast_to(formula(x + step * (along == 0), y + step * (along == 1), row), x.shape)

    close = (at(h) - at(-h)) / (2 * h)
    try:
        exact = np.imag(at(1j * STEP)) / STEP
    except (TypeError, ValueError):
        exact = np.full(x.shape, np.nan)
    return exact, close


def _window(source: Source, record: Surface) -> None:
    try:
        edges = np.array(record.window, float)
        good = edges.shape == (2, 2) and bool(np.isfinite(edges).all() and (edges[:, 0] < edges[:, 1]).all())
    except (TypeError, ValueError):
        good = False
    if not good:
        remedy = "write ((x from, x to), (y from, y to)), each from a smaller to a larger number"
        source.fault(source.part("window"), f"`window` = {record.window!r}", remedy)


def _values(source: Source, record: Surface, row: Any) -> None:
    """Note formulas that do not give one finite number for each point of an array."""
    x, y = points(record, POINTS)
    for name, what in FORMULAS.items():
        formula = getattr(record, name)
        value = source.call(formula, x, y, row)
        if value is FAILED:
            continue
        found, line = parts(value), source.of(formula, name)
        if len(found) != COUNTS[name] or (name != "loss" and not isinstance(value, tuple)):
            given = f"{len(found)} values" if isinstance(value, tuple) else f"a {type(value).__name__}"
            source.fault(line, f"`{name}` returns {given}", f"return {what}")
        elif not all(np.shape(part) in ((), x.shape) and np.asarray(part).dtype.kind in "if" for part in found):
            source.fault(line, f"`{name}` returns what is no number for each point", f"return {what}")
        elif not any(np.isfinite(np.broadcast_to(part, x.shape)).any() for part in found):
            source.fault(line, f"`{name}` is finite nowhere in the window", "correct the formula or the window")
        source.call(formula, float(x[0]), float(y[0]), row)
