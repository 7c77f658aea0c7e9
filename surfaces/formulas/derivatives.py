"""A formula's tree as sympy's expressions of loss, gradient and Hessian."""

import math
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
import sympy
from sympy.core.parameters import distribute

from errsurf.errors import FormulaError, FormulaFault
from errsurf.surfaces.formulas.reading import NOWHERE, UNREAL, Tree

X, Y = sympy.Symbol("x"), sympy.Symbol("y")
IMPOSSIBLE = (sympy.zoo, sympy.nan, sympy.oo, -sympy.oo, sympy.I)
SMALL = 1000


def _function(name: str, value: Callable[..., Any], *derivatives: Callable[..., Any]) -> Any:
    """A function for sympy that knows its value and its derivative by each argument, and is simplified by no rule.

    Sympy's own functions look for identities of complex numbers: they took 86 s for ``tan(tan(...))``, twelve deep, and
    overflowed the stack for a ``tanh``.
    """

    def evaluated(_cls: Any, *arguments: Any) -> Any:
        if not all(argument.is_number for argument in arguments):
            return None
        with np.errstate(all="ignore"), suppress(TypeError, OverflowError):
            return sympy.Float(float(value(*(np.float64(argument) for argument in arguments))))
        return sympy.nan

    def derivative(self: Any, argument: int = 1) -> Any:
        return derivatives[argument - 1](*self.args)

    return type(name, (sympy.Function,), {"eval": classmethod(evaluated), "fdiff": derivative})


Exp: Any = _function("Exp", np.exp, lambda u: Exp(u))
Log: Any = _function("Log", np.log, lambda u: 1 / u)
Sin: Any = _function("Sin", np.sin, lambda u: Cos(u))
Cos: Any = _function("Cos", np.cos, lambda u: -Sin(u))
Tan: Any = _function("Tan", np.tan, lambda u: 1 + Tan(u) ** 2)
Tanh: Any = _function("Tanh", np.tanh, lambda u: 1 - Tanh(u) ** 2)
Arctan: Any = _function("Arctan", np.arctan, lambda u: 1 / (1 + u**2))
Sinh: Any = _function("Sinh", np.sinh, lambda u: Cosh(u))
Cosh: Any = _function("Cosh", np.cosh, lambda u: Sinh(u))
Erf: Any = _function("Erf", math.erf, lambda u: 2 / sympy.sqrt(sympy.pi).evalf() * Exp(-(u**2)))
Abs: Any = _function("Abs", np.abs, lambda u: Sign(u))
Sign: Any = _function("Sign", np.sign, lambda _u: sympy.Integer(0))
Above: Any = _function("Above", lambda u: u > 0, lambda _u: sympy.Integer(0))
Max: Any = _function("Max", np.maximum, lambda u, v: Above(u - v), lambda u, v: 1 - Above(u - v))
Min: Any = _function("Min", np.minimum, lambda u, v: 1 - Above(u - v), lambda u, v: Above(u - v))
Raised: Any = _function("Raised", np.power, lambda u, p: p * Raised(u, p - 1), lambda u, p: Raised(u, p) * Log(u))
Inverse: Any = _function("Inverse", lambda u: 1 / u, lambda u: -(Inverse(u) ** 2))


class Where(sympy.Function):  # type: ignore[misc]
    """The second argument where the first is above 0, the third elsewhere; so are its derivatives."""

    @classmethod
    def eval(cls, above: Any, value: Any, other: Any) -> Any:
        """One of the two where they are equal or the first argument is a number; None keeps the call."""
        if value == other:
            return value
        return (value if above > 0 else other) if above.is_number else None

    def _eval_derivative(self, symbol: Any) -> Any:
        above, value, other = self.args
        return Where(above, value.diff(symbol), other.diff(symbol))


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
    "where": Where,
}


def column(name: str) -> Any:
    """The symbol of a column, called as a row's field is."""
    return sympy.Symbol(f"e.{name}")


def derived(tree: Tree) -> dict[str, list[Any]]:
    """Expressions of ``loss``, ``gradient`` (x, y) and ``hessian`` (xx, xy, yy); raises FormulaError.

    Sums are kept as they were written: multiplied out they would take more operations, and round more.
    """
    with distribute(False):
        loss = _expression(tree)
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
        return {name: [_inverted(expression) for expression in expressions] for name, expressions in found.items()}


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


def _expression(tree: Tree) -> Any:
    parts = [_expression(part) for part in tree.parts]
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
            return sympy.Pow(parts[0], -1)
        case "power":
            return _power(*parts)
    return _call(tree.name, parts)


def _power(base: Any, power: Any) -> Any:
    """Whole powers and roots for sympy's rules, others for none."""
    if power.is_number and (2 * power).is_integer:
        return sympy.Pow(base, power)
    return Exp(power * Log(base)) if base.is_number else Raised(base, power)


def _call(name: str, parts: list[Any]) -> Any:
    match name:
        case "sqrt":
            return sympy.sqrt(*parts)
        case "min" | "max":
            return reduce(Min if name == "min" else Max, parts)
    return CALLED[name](*parts)


def _number(value: float) -> Any:
    """Whole numbers and simple fractions exactly, so that 3 * 0.1 is 0.3; others as the float they are."""
    exact = Fraction(str(value))
    if abs(exact.numerator) <= SMALL**2 and exact.denominator <= SMALL:
        return sympy.Rational(exact.numerator, exact.denominator)
    return sympy.Float(value)
