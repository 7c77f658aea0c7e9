"""A formula of the scenario's own over x, y and columns, of which every example has its own numbers."""

from collections import namedtuple
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Annotated, Any, NamedTuple

from annotated_types import Len

from errsurf.errors import FormulaError, FormulaFault, SettingsError, SettingsFault
from errsurf.records.names import listed
from errsurf.settings.bounds import EDGES, wide_enough
from errsurf.surfaces.formulas.columns import MAX_COLUMNS, Columns, column_faults, column_table, said, usable
from errsurf.surfaces.formulas.numbers import worked_out
from errsurf.surfaces.formulas.reading import FUNCTIONS, NOWHERE, formula_tree, names, renamed
from errsurf.surfaces.shared.points import with_columns
from errsurf.surfaces.shared.record import Array, Draw, Surface

FORMULA = "(x^2 - 1)^2 / 4 + y^2 / 2"


class Extent(NamedTuple):
    """The part of the plane that shows the surface."""

    x: Annotated[tuple[float, float], "left and right edge"] = (-2.0, 2.0)
    y: Annotated[tuple[float, float], "lower and upper edge"] = (-1.5, 1.5)


class Settings(NamedTuple):
    """The formula and its columns."""

    loss: Annotated[
        str,
        f"loss of an example: a formula of x, y and columns, of + - * / ^ ( ), numbers, pi, e, {', '.join(FUNCTIONS)}; "
        "where(x < 1, y, 0) is y where x < 1, and 0 elsewhere",
    ] = FORMULA
    columns: Annotated[Columns, "the examples' own numbers, by the names that the formula gives them"] = Columns()
    window: Annotated[Extent, "part of the plane to search and to draw, unless [picture] says otherwise"] = Extent()
    standardize: Annotated[
        tuple[str, ...],
        Len(0, MAX_COLUMNS),
        "columns less their mean, and over their standard deviation; both are those of the training examples",
    ] = ()
    parameters: Annotated[tuple[str, str], "what the formula calls its two parameters, instead of x and y"] = ("x", "y")


class Term(NamedTuple):
    """The one row of a formula without columns; all its numbers stand in the formula itself."""

    none: float


def loss(x: Any, y: Any, e: Term) -> Any:
    """The default formula, ``(x^2 - 1)^2 / 4 + y^2 / 2``; functions of any other are made."""
    return (x**2 - 1) ** 2 / 4 + y**2 / 2


def gradient(x: Any, y: Any, e: Term) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    return x * (x**2 - 1), y


def hessian(x: Any, y: Any, e: Term) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    return 3 * x**2 - 1, 0.0, 1.0


def terms(s: Settings) -> Sequence[Term]:
    """The one row."""
    return [Term(0.0)]


def examples(s: Settings, count: int, draw: Draw) -> Array:
    """The columns that the formula has, shape (examples, columns); all are drawn, whatever the formula."""
    table, used = column_table(s.columns, count, draw), _made(s.loss, tuple(s.columns), s.parameters).row._fields
    return table[:, [list(s.columns).index(name) for name in used]]


def made(s: Settings) -> Surface:
    """The record of these settings' formula.  Raises SettingsError with all faults of formula and columns."""
    faults = column_faults(s.columns)
    taken = len(set(s.parameters)) < 2 or any(name in s.parameters for name in filter(usable, s.columns))
    if taken or not all(map(_names_parameter, s.parameters)):
        allowed = "two different names that no column, function or constant has: letters, digits and _"
        faults.append(SettingsFault("parameters", "cannot be the names", str(list(s.parameters)), allowed))
        raise SettingsError(faults)
    faults += [
        SettingsFault(f"window.{axis}", "not possible", str(list(edges)), EDGES)
        for axis, edges in s.window._asdict().items()
        if not wide_enough(*edges)
    ]
    faults += [
        SettingsFault("standardize", "no such column", name, f"names of columns: {listed(list(s.columns)) or 'none'}")
        for name in s.standardize
        if name not in s.columns
    ]
    try:
        record = _made(s.loss, tuple(s.columns), s.parameters)
    except FormulaError as error:
        faults += [SettingsFault("loss", *said(s.loss, fault)) for fault in error.faults]
    if faults:
        raise SettingsError(faults)
    used = tuple(name for name in record.row._fields if name in s.standardize)
    return replace(with_columns(record, record.row._fields, used) if used else record, window=(s.window.x, s.window.y))


def _names_parameter(name: str) -> bool:
    return name in ("x", "y") or usable(name)


@lru_cache(64)
def _made(formula: str, columns: tuple[str, ...], parameters: tuple[str, str]) -> Surface:
    """The record of a formula, with a row of the columns that it has."""
    known = formula_tree(formula, (*parameters, *filter(usable, columns)), FUNCTIONS)
    tree = worked_out(renamed(known, dict(zip(parameters, ("x", "y"), strict=True))))
    if not names(tree) & {"x", "y"}:
        raise FormulaError([FormulaFault(0, NOWHERE)])
    from errsurf.surfaces.formulas.derivatives import derived
    from errsurf.surfaces.formulas.source import functions

    used = [name for name in columns if name in names(tree)]
    found = functions(derived(tree))
    record = replace(
        RECORD,
        formula=formula,
        axes=None if parameters == ("x", "y") else parameters,
        made=None,
        loss=found["loss"],
        gradient=found["gradient"],
        hessian=found["hessian"],
    )
    if not used:
        return record
    return replace(record, row=namedtuple("Row", used), terms=None, examples=examples, generic=True)


RECORD = Surface(
    formula=FORMULA,
    reference="Meurer et al. 2017, SymPy: symbolic computing in Python, PeerJ Computer Science 3:e103 (derivatives)",
    settings=Settings,
    row=Term,
    terms=terms,
    made=made,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-2.0, 2.0), (-1.5, 1.5)),
)
