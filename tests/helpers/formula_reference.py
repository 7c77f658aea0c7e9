"""Values and derivatives of a formula by Python's own grammar and mpmath: another way to the same numbers."""

from typing import Any

import mpmath
import numpy as np

from errsurf.surfaces import Surface
from helpers.formula_texts import COLUMNS

POINT = {"x": 0.7312, "y": 1.2391, "a": 0.6173, "b": 1.4142, "width_2": 2.1097}


def _abs(u: Any) -> Any:
    return u if u >= 0 else -u


def _where(condition: bool, a: Any, b: Any) -> Any:
    return a if condition else b


MPMATH = ("exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "erf", "sign", "pi", "e")
SPACE = {name: getattr(mpmath, name) for name in MPMATH} | {"arctan": mpmath.atan, "where": _where}
SPACE |= {"abs": _abs, "min": lambda *us: min(us), "max": lambda *us: max(us), "__builtins__": {}}


def value(text: str, x: Any, y: Any) -> Any:
    """The value at theta; the text must be one that was accepted."""
    code = compile(" ".join(text.replace("^", "**").split()), "<text>", "eval")
    return eval(code, SPACE, {name: mpmath.mpf(POINT[name]) for name in COLUMNS} | {"x": x, "y": y})


def disagreement(text: str, record: Surface) -> str:
    """Which of loss, gradient and Hessian differs from mpmath's, empty if none does where mpmath finds real numbers."""
    row = record.row(*(POINT.get(name, 0.0) for name in record.row._fields))
    at = (mpmath.mpf(POINT["x"]), mpmath.mpf(POINT["y"]))
    with mpmath.workdps(60), np.errstate(all="ignore"):
        for name, orders in ORDERS.items():
            given = np.ravel(getattr(record, name)(np.float64(POINT["x"]), np.float64(POINT["y"]), row))
            try:
                exact = [mpmath.diff(lambda x, y: value(text, x, y), at, order) for order in orders]
                sizes = [float(number) for number in exact]
            except (ArithmeticError, TypeError, ValueError, SyntaxError):
                return ""
            if max(map(abs, sizes)) > 1e12 or not np.allclose(given, sizes, rtol=1e-7, atol=1e-7):
                return name if max(map(abs, sizes)) <= 1e12 else ""
    return ""


ORDERS = {"loss": [(0, 0)], "gradient": [(1, 0), (0, 1)], "hessian": [(2, 0), (1, 1), (0, 2)]}
