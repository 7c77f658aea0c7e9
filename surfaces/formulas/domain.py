"""Where a formula is defined: derivatives, and what is left of a formula after cancelling, are NaN elsewhere.

Sympy cancels as if everything were defined: ``sqrt(x)*sqrt(x)`` becomes x, and the derivative of ``log(x)`` is 1/x, on
both sides of 0.  So the conditions of all logarithms, roots, powers and divisions are collected as they are read, and
an expression that no longer implies one of them gets it back.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import sympy

from errsurf.surfaces.formulas.functions import Above, Abs, Cosh, Exp, Half, Inside, Log, Max, Min, Raised, Sign, Where

SWALLOW = (Above, Sign, Where)
"""Functions that compare, and so may make a number of NaN."""


class Condition(NamedTuple):
    """``value`` is at least 0; or, if it ``divides``, it is not 0."""

    value: Any
    divides: bool = False

    @property
    def is_needed(self) -> bool:
        """Whether it may fail."""
        return not (is_positive(self.value) if self.divides else is_nonnegative(self.value))

    @property
    def holds(self) -> Any:
        """An expression that is negative where the condition fails."""
        one = sympy.Integer(1)
        return Where(Abs(self.value), one, -one) if self.divides else self.value


def no_zero(value: Any) -> list[Condition]:
    """The conditions under which a value is not 0: each of its factors is not."""
    bases = [part.base if part.is_Pow and part.exp.is_integer else part for part in sympy.Mul.make_args(value)]
    return [Condition(base, divides=True) for base in bases if not base.is_number]


def defined(expression: Any, conditions: Sequence[Condition], like: Any = None) -> Any:
    """The expression, NaN where it does not imply one of the conditions and this fails.

    Divisions are looked for in ``like``, by default in the expression itself: where a division by 0 is left, the loss
    is infinite, and derivatives need no care.
    """
    for condition in conditions:
        if not _implies(expression if like is None or not condition.divides else like, condition):
            expression = Inside(condition.holds, expression)
    return expression


def kept_apart(expression: Any, conditions: Sequence[Condition]) -> Any:
    """The expression, undefined outside the conditions, so that its derivatives are too; see ``plain``."""
    roots = [each for each in conditions if not each.divides]
    inside = defined(expression, [each for each in conditions if each.divides])
    for condition in roots:
        inside = Inside(condition.holds, inside)
    return inside


def plain(expression: Any) -> Any:
    """The expression without conditions that it implies anyway."""
    return expression.replace(
        lambda part: part.func is Inside and _implies(part.args[1], Condition(part.args[0])), lambda part: part.args[1]
    )


def needed(conditions: Iterable[Condition]) -> list[Condition]:
    """Each condition that may fail, once."""
    return [each for each in dict.fromkeys(conditions) if each.is_needed]


def _implies(expression: Any, condition: Condition) -> bool:
    """Whether a part is no finite number wherever the condition fails, and the whole expression with it."""
    if expression.func is Inside:
        return expression.args[0] == condition.holds or _implies(expression.args[1], condition)
    if expression.func in SWALLOW:
        return False
    if _has_condition(expression, condition):
        return True
    return any(_implies(part, condition) for part in expression.args)


def _has_condition(part: Any, condition: Condition) -> bool:
    if condition.divides:
        return bool(part.is_Pow and part.exp.is_negative and part.base == condition.value)
    root = part.is_Pow and not part.exp.is_integer
    return bool((root or part.func in (Log, Half, Raised)) and part.args[0] == condition.value)


def is_positive(value: Any) -> bool:
    """Whether an expression is above 0 wherever it is a number, as far as that can be read from it."""
    if value.is_number:
        return bool(value > 0)
    if value.is_Add:
        return all(map(is_nonnegative, value.args)) and any(map(is_positive, value.args))
    if value.is_Mul or value.func is Min:
        return all(map(is_positive, value.args))
    if value.func is Max:
        return any(map(is_positive, value.args))
    return bool(value.func in (Exp, Cosh) or (value.is_Pow and is_positive(value.base)))


def is_nonnegative(value: Any) -> bool:
    """Whether an expression is never below 0, as far as that can be read from it."""
    if value.is_number:
        return bool(value >= 0)
    if value.is_Add or value.is_Mul or value.func is Min:
        return all(map(is_nonnegative, value.args))
    if value.func is Max:
        return any(map(is_nonnegative, value.args))
    if value.func is Where:
        return all(map(is_nonnegative, value.args[1:]))
    even = value.is_Pow and (value.exp.is_even or not value.exp.is_integer)
    return bool(even or value.func in (Abs, Half, Raised)) or is_positive(value)
