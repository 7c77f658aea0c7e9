"""A formula's tree as sympy's expressions of loss, gradient and Hessian.

Functions are those of ``functions.py``.  Sympy's own look for identities of complex numbers: they took 86 s for
``tan(tan(...))``, twelve deep, and overflowed the stack for a ``tanh``.
"""

from fractions import Fraction
from functools import reduce
from typing import Any

import sympy
from sympy.core.parameters import distribute

from errsurf.errors import FormulaError, FormulaFault
from errsurf.surfaces.formulas.domain import Condition, defined, is_positive, kept_apart, needed, no_zero, plain
from errsurf.surfaces.formulas.functions import (
    Abs,
    Arctan,
    Cos,
    Cosh,
    Erf,
    Exp,
    Half,
    Inverse,
    Log,
    Max,
    Min,
    Raised,
    Sign,
    Sin,
    Sinh,
    Tan,
    Tanh,
    Where,
)
from errsurf.surfaces.formulas.reading import NOWHERE, UNREAL, Tree

X, Y = sympy.Symbol("x"), sympy.Symbol("y")
IMPOSSIBLE = (sympy.zoo, sympy.nan, sympy.oo, -sympy.oo, sympy.I)
SMALL = 1000
CALLED: dict[str, Any] = {
    "exp": Exp,
    "log": Log,
    "sin": Sin,
    "cos": Cos,
    "tan": Tan,
    "arctan": Arctan,
    "sinh": Sinh,
    "cosh": Cosh,
    "tanh": Tanh,
    "erf": Erf,
    "abs": Abs,
    "sign": Sign,
    "min": Min,
    "max": Max,
}


def column(name: str) -> Any:
    """The symbol of a column, called as a row's field is."""
    return sympy.Symbol(f"e.{name}")


def derived(tree: Tree) -> dict[str, list[Any]]:
    """Expressions of ``loss``, ``gradient`` (x, y) and ``hessian`` (xx, xy, yy); raises FormulaError.

    They are NaN wherever a part of the formula is.  Sums are kept as they were written: multiplied out they would take
    more operations, and round more.
    """
    with distribute(False):
        conditions: list[Condition] = []
        loss = _expression(tree, conditions)
        _check([loss])
        if not loss.has(X, Y):
            raise FormulaError([FormulaFault(0, NOWHERE)])
        gradient = [loss.diff(X), loss.diff(Y)]
        found = {
            "loss": [loss],
            "gradient": gradient,
            "hessian": [gradient[0].diff(X), gradient[0].diff(Y), gradient[1].diff(Y)],
        }
        _check([*found["gradient"], *found["hessian"]])
        needs = needed(conditions)
        return {name: [_inverted(plain(defined(each, needs, loss))) for each in parts] for name, parts in found.items()}


def _check(expressions: list[Any]) -> None:
    """Raise FormulaError for what sympy finds not to be real numbers."""
    if any(expression.has(*IMPOSSIBLE) for expression in expressions):
        raise FormulaError([FormulaFault(0, UNREAL)])


def _inverted(expression: Any) -> Any:
    """The expression with its divisions as powers of inverses."""
    return expression.replace(
        lambda part: part.is_Pow and part.exp.is_Integer and part.exp.is_negative and not part.base.is_number,
        lambda part: sympy.Pow(Inverse(part.base), -part.exp),
    )


def _expression(tree: Tree, conditions: list[Condition]) -> Any:
    """The expression of a tree; where it is defined is added to the conditions."""
    if tree.name == "where":
        return _where(tree, conditions)
    parts = [_expression(part, conditions) for part in tree.parts]
    match tree.kind:
        case "number":
            return _number(tree.value)
        case "name":
            return {"x": X, "y": Y}.get(tree.name) or column(tree.name)
        case "sum":
            return sympy.Add(*parts)
        case "product":
            return sympy.Mul(*parts)
        case "negative":
            return -parts[0]
        case "reciprocal":
            return _power(parts[0], sympy.Integer(-1), conditions)
        case "power":
            return _power(parts[0], parts[1], conditions)
    return _call(tree.name, parts, conditions)


def _call(name: str, parts: list[Any], conditions: list[Condition]) -> Any:
    if name == "sqrt":
        return _power(parts[0], sympy.Rational(1, 2), conditions)
    conditions += [Condition(parts[0])] if name == "log" else []
    return reduce(CALLED[name], parts) if name in ("min", "max") else CALLED[name](*parts)


def _where(tree: Tree, conditions: list[Condition]) -> Any:
    """A choice, whose values may be undefined where the other one is taken; a comparison with NaN does not hold."""
    above = _expression(tree.parts[0], [])
    values = []
    for part in tree.parts[1:]:
        own: list[Condition] = []
        value = _expression(part, own)
        values.append(kept_apart(value, needed(own)))
    return Where(above, *values)


def _power(base: Any, power: Any, conditions: list[Condition]) -> Any:
    """Whole powers for sympy's rules, and roots of what is above 0; other powers for none."""
    if power.is_number and power.is_integer:
        conditions += no_zero(base) if power < 0 else []
        return sympy.Pow(base, power)
    conditions.append(Condition(base))
    if not power.is_number or not (2 * power).is_integer:
        return Exp(power * Log(base)) if base.is_number else Raised(base, power)
    if base.is_number or is_positive(base):
        return sympy.Pow(base, power)
    return Half(base, power * 2) if power > 0 else sympy.Pow(Half(base, -power * 2), -1)


def _number(value: float) -> Any:
    """Whole numbers and simple fractions exactly, so that 3 * 0.1 is 0.3; others as the float they are."""
    exact = Fraction(str(value))
    if abs(exact.numerator) <= SMALL**2 and exact.denominator <= SMALL:
        return sympy.Rational(exact.numerator, exact.denominator)
    return sympy.Float(value)
