"""Python functions made of sympy's expressions, with a source, as if someone had written a file of them."""

import hashlib
import linecache
from collections.abc import Callable, Sequence
from functools import partial
from math import isfinite, prod
from typing import Any

import numpy as np
import sympy
from sympy.core.parameters import distribute

from errsurf.errors import FormulaError, FormulaFault
from errsurf.surfaces.formulas.functions import (
    Above,
    Abs,
    Arctan,
    Cos,
    Cosh,
    Erf,
    Exp,
    Half,
    Inside,
    Inverse,
    Log,
    Max,
    Min,
    Raised,
    Rate,
    Sign,
    Sin,
    Sinh,
    Tan,
    Tanh,
    Where,
)
from errsurf.surfaces.formulas.reading import UNREAL

MAX_POWER = 16
LARGEST = 1e37
CALLS = {
    Exp: "exp({})",
    Log: "log({})",
    Sin: "sin({})",
    Cos: "cos({})",
    Tan: "tan({})",
    Arctan: "arctan({})",
    Sinh: "sinh({})",
    Cosh: "cosh({})",
    Tanh: "tanh({})",
    Erf: "erf({})",
    Abs: "abs({})",
    Sign: "where({0} > 0, 1.0, where({0} < 0, -1.0, 0.0))",
    Above: "where({} > 0, 1.0, 0.0)",
    Where: "where({} > 0, {}, {})",
    Inside: "inside({}, {})",
    Rate: "rate({}, {})",
    Max: "maximum({}, {})",
    Min: "minimum({}, {})",
}
NAMES = ("exp", "log", "sin", "cos", "arctan", "sinh", "cosh", "tanh", "sqrt", "where", "maximum", "minimum")
DOCS = {
    "loss": "The formula itself.",
    "gradient": "First derivatives along x and y.",
    "hessian": "Second derivatives xx, xy, yy.",
}
TAN = """def tan(u):
    \"\"\"Sine divided by cosine.\"\"\"
    return sin(u) / cos(u)
"""


def _inside(condition: Any, value: Any) -> Any:
    """A number where a condition is at least 0, NaN elsewhere."""
    return np.where(condition >= 0, value, np.nan)


def _rate(above: Any, below: Any) -> Any:
    """A quotient that is 0 where the first is 0 and the second a number."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(above != 0, above / below, 0 * below)


OWN = {"inside": partial(_inside), "rate": partial(_rate)}
"""What stands for the kernels' functions of these names; a plain function would be linked in their place."""
SUM, PRODUCT, POWER, ATOM = range(4)
Text = tuple[str, int]


def functions(derived: dict[str, list[Any]]) -> dict[str, Callable[..., Any]]:
    """Functions of (x, y, e) by the names of the expressions; ``e`` is a row of the columns in them.

    The text that is run is written here, number by number and operator by operator; nothing of a scenario's own
    text goes into it but the names of columns.  Raises FormulaError if a number is too large for a kernel.
    """
    text = "\n\n".join([_function(name, parts) for name, parts in derived.items()])
    text = f"{text}\n\n{TAN}" if "tan(" in text else text
    file = f"<errsurf formula {hashlib.sha256(text.encode()).hexdigest()[:16]}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    space: dict[str, Any] = {"__name__": __name__, **{name: getattr(np, name) for name in NAMES}, **OWN}
    if "erf(" in text:
        # scipy.special takes 0.1 s to import, and few formulas need it.
        from scipy.special import erf

        space["erf"] = erf
    exec(compile(text, file, "exec"), space)
    return {name: space[name] for name in derived}


def _function(name: str, parts: list[Any]) -> str:
    """The text of a function; what occurs more than once is worked out once."""
    with distribute(False):
        shared, results = sympy.cse(parts, symbols=(sympy.Symbol(f"t{k}") for k in range(1_000_000)))
    lines = [f"{symbol} = {_text(value)[0]}" for symbol, value in shared]
    values = ", ".join(_text(value)[0] for value in results)
    return "\n    ".join([f"def {name}(x, y, e):", f'"""{DOCS[name]}"""', *lines, f"return {values}\n"])


def _text(expression: Any) -> Text:
    """An expression as Python's text, and how tightly its outermost operator binds."""
    if expression.is_Symbol:
        return expression.name, ATOM
    minus, text = _signed(expression)
    return (f"-{_bracketed(text, PRODUCT)}", SUM) if minus else text


def _signed(expression: Any) -> tuple[bool, Text]:
    """Whether an expression begins with a minus, and its text without it."""
    if expression.is_number:
        value = _value(expression)
        return value < 0, (_digits(abs(value)), ATOM)
    if expression.is_Add:
        return False, (_sum(expression.args), SUM)
    if expression.is_Mul or expression.is_Pow or expression.func is Inverse:
        factors = sympy.Mul.make_args(expression)
        value = prod(_value(factor) for factor in factors if factor.is_number)
        return value < 0, _product(abs(value), [factor for factor in factors if not factor.is_number])
    if expression.is_Symbol:
        return False, _text(expression)
    if expression.func is Half:
        return False, _power(expression.args[0], expression.args[1] / 2)
    if expression.func is Raised:
        base, power = expression.args
        least = PRODUCT if power.is_Add else SUM
        return False, (f"exp({_bracketed(_text(power), least)} * log({_text(base)[0]}))", ATOM)
    return False, (CALLS[expression.func].format(*(_text(part)[0] for part in expression.args)), ATOM)


def _bracketed(text: Text, least: int) -> str:
    """The text, in brackets if it binds less tightly than its place needs."""
    return text[0] if text[1] >= least else f"({text[0]})"


def _value(expression: Any) -> float:
    try:
        value = float(expression)
    except OverflowError:
        value = float("inf")
    except TypeError:
        raise FormulaError([FormulaFault(0, UNREAL)]) from None
    if not isfinite(value) or abs(value) > LARGEST:
        raise FormulaError([FormulaFault(0, "has a number in its derivatives that is too large", f"up to {LARGEST:g}")])
    return value


def _digits(value: float) -> str:
    return str(int(value)) if value == int(value) and value < 1e6 else repr(value)


def _sum(terms: Sequence[Any]) -> str:
    parts = sorted((_signed(term) for term in terms), key=lambda part: part[0])
    first = f"-{_bracketed(parts[0][1], PRODUCT)}" if parts[0][0] else _bracketed(parts[0][1], SUM)
    return first + "".join(f" {'-' if minus else '+'} {_bracketed(text, PRODUCT)}" for minus, text in parts[1:])


def _product(number: float, factors: Sequence[Any]) -> Text:
    """A number times factors, divided once by all those of a negative power."""
    pairs = [_base_and_power(factor) for factor in factors]
    below = [_power(base, -power) for base, power in pairs if power.is_negative]
    above = [_power(base, power) for base, power in pairs if not power.is_negative]
    if number != 1 or not above:
        above.insert(0, (_digits(number), ATOM))
    top, bottom = _times(above), _times(below) if below else None
    return (f"{_bracketed(top, PRODUCT)} / {_bracketed(bottom, POWER)}", PRODUCT) if bottom else top


def _base_and_power(factor: Any) -> tuple[Any, Any]:
    if factor.func is Inverse:
        return factor.args[0], sympy.Integer(-1)
    if factor.is_Pow and factor.base.func is Inverse:
        return factor.base.args[0], -factor.exp
    return (factor.base, factor.exp) if factor.is_Pow else (factor, sympy.Integer(1))


def _times(parts: Sequence[Text]) -> Text:
    return parts[0] if len(parts) == 1 else (" * ".join(_bracketed(part, POWER) for part in parts), PRODUCT)


def _power(base: Any, power: Any) -> Text:
    """A whole power, with a square root for one half more; other powers, that sympy made of roots, by exp and log."""
    if not (2 * power).is_integer:
        return f"exp({_text(power)[0]} * log({_text(base)[0]}))", ATOM
    whole, half = divmod(int(2 * power), 2)
    inner = _text(base)
    return _times([*_whole(inner, whole), *([(f"sqrt({inner[0]})", ATOM)] if half else [])])


def _whole(base: Text, power: int) -> list[Text]:
    """A whole power as one or two factors, with no exponent above MAX_POWER in it."""
    if power <= 1:
        return [base] * power
    if power <= MAX_POWER:
        return [(f"{_bracketed(base, ATOM)}**{power}", POWER)]
    high, rest = divmod(power, MAX_POWER)
    return [*_whole((f"{_bracketed(base, ATOM)}**{MAX_POWER}", POWER), high), *_whole(base, rest)]
