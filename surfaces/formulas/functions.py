"""Functions for sympy that know their values and derivatives, and are simplified by no rule."""

import math
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
import sympy


def _function(name: str, value: Callable[..., Any], *derivatives: Callable[..., Any]) -> Any:
    """A function that knows its value and its derivative by each argument.

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
        return Where(above, _derivative(value, symbol), _derivative(other, symbol))


class Inside(sympy.Function):  # type: ignore[misc]
    """The second argument where the first is at least 0, NaN elsewhere; so are its derivatives."""

    def _eval_derivative(self, symbol: Any) -> Any:
        return Inside(self.args[0], self.args[1].diff(symbol))


def _derivative(value: Any, symbol: Any) -> Any:
    """The derivative, NaN where the value is, even if it does not depend on the symbol."""
    return Inside(value.args[0], _derivative(value.args[1], symbol)) if value.func is Inside else value.diff(symbol)


class Rate(sympy.Function):  # type: ignore[misc]
    """The quotient of two numbers, 0 where both are 0: the slope at a kink such as that of ``(x^2)^0.5``."""

    @classmethod
    def eval(cls, above: Any, below: Any) -> Any:
        """A number comes out of the call, and leaves an ordinary quotient if it is all; None keeps the call."""
        number, rest = above.as_coeff_Mul()
        if rest == 1 or number == 0:
            return above * sympy.Pow(below, -1)
        return None if number == 1 else number * Rate(rest, below)

    def _eval_derivative(self, symbol: Any) -> Any:
        above, below = self.args
        return above.diff(symbol) * sympy.Pow(below, -1) - above * below.diff(symbol) * sympy.Pow(below, -2)


class Half(sympy.Function):  # type: ignore[misc]
    """The square root of the first argument, to the power of the second, an odd positive number."""

    def _eval_derivative(self, symbol: Any) -> Any:
        value, power = self.args
        slope = value.diff(symbol)
        inner = Rate(slope, self) if power == 1 else Half(value, power - 2) * slope
        return sympy.Rational(power, 2) * inner


class Raised(_function("Raised", np.power, lambda u, p: p * Raised(u, p - 1), lambda u, p: Raised(u, p) * Log(u))):  # type: ignore[misc]
    """The first argument to the power of the second."""

    def _eval_derivative(self, symbol: Any) -> Any:
        value, power = self.args
        if power.is_number and 0 < power < 1:
            return power * Rate(value.diff(symbol), Raised(value, 1 - power))
        return super()._eval_derivative(symbol)
