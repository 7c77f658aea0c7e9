"""The eggholder: long curved ridges and hollows of every depth, cut by two lines of cusps.

The formula of the paper takes roots of absolute values, whose derivatives are infinite at 0.  Here ``smoothing``
rounds them: the root of ``|t|`` is ``(t^2 + smoothing^2)^(1/4)``, which by default differs by less than 0.001 where
``|t|`` is above 0.1.  The lowest point of the usual square, -959.64 at (512, 404.23), lies on its edge and is no
critical point.
"""

from typing import Annotated, Any, NamedTuple

from annotated_types import Gt
from numpy import cos, sin, sqrt

from errsurf.surfaces.shared.record import Surface


class Settings(NamedTuple):
    """How the cusps are rounded."""

    smoothing: Annotated[float, Gt(0), "width of the rounded cusps"] = 0.01


def loss(x: Any, y: Any, s: Settings) -> Any:
    """``-v sin(root(x / 2 + v)) - x sin(root(x - v))``, ``v = y + 47``."""
    v = y + 47
    return -v * sin(_root(x / 2 + v, s)) - x * sin(_root(x - v, s))


def gradient(x: Any, y: Any, s: Settings) -> tuple[Any, Any]:
    """First derivatives along x and y."""
    v = y + 47
    p, q = _root(x / 2 + v, s), _root(x - v, s)
    first, second = v * cos(p) * _slope(x / 2 + v, p), x * cos(q) * _slope(x - v, q)
    return -first / 2 - sin(q) - second, -sin(p) - first + second


def hessian(x: Any, y: Any, s: Settings) -> tuple[Any, Any, Any]:
    """Second derivatives xx, xy, yy."""
    v = y + 47
    p, q = _root(x / 2 + v, s), _root(x - v, s)
    rise, fall = cos(p) * _slope(x / 2 + v, p), cos(q) * _slope(x - v, q)
    first, second = v * _bend(x / 2 + v, p, s), x * _bend(x - v, q, s)
    return -first / 4 - 2 * fall - second, (-rise - first) / 2 + fall + second, -2 * rise - first - second


def _root(t: Any, s: Settings) -> Any:
    """The root of ``|t|``, rounded at 0."""
    return sqrt(sqrt(t**2 + s.smoothing**2))


def _slope(t: Any, root: Any) -> Any:
    """The derivative of the rounded root."""
    return t / (2 * root**3)


def _bend(t: Any, root: Any, s: Settings) -> Any:
    """The second derivative of the sine of the rounded root."""
    slope = _slope(t, root)
    return cos(root) * (1 / (2 * root**3) - 3 * slope**2 / root) - sin(root) * slope**2


RECORD = Surface(
    formula="-v sin(root(x / 2 + v)) - x sin(root(x - v)), v = y + 47, root(t) = (t^2 + smoothing^2)^(1/4)",
    reference="Whitley, Rana, Dzubera, Mathias 1996, Evaluating evolutionary algorithms, "
    "Artificial Intelligence 85(1-2), 245-276",
    settings=Settings,
    row=Settings,
    loss=loss,
    gradient=gradient,
    hessian=hessian,
    window=((-512.0, 512.0), (-512.0, 512.0)),
)
