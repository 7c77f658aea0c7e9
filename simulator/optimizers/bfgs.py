"""BFGS: the inverse Hessian is estimated from how the gradient changed along past movements."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge
from numpy import where

from errsurf.optimizers._record import Optimizer, Pair


class Settings(NamedTuple):
    """The rate, as there is no line search, and which estimates are skipped."""

    lr: Annotated[float, Ge(0), "learning rate; 1 is the full quasi-Newton update"] = 0.1
    min_curvature: Annotated[float, Ge(0), "skip an estimate if s . y is at most this times y . H y"] = 1e-8


class Memory(NamedTuple):
    """The estimate H of the inverse Hessian, and the last theta and gradient."""

    xx: float = 1.0
    xy: float = 0.0
    yy: float = 1.0
    last_x: float = 0.0
    last_y: float = 0.0
    gradient_x: float = 0.0
    gradient_y: float = 0.0


class StepConstants(NamedTuple):
    """The rate; 1 at the second update, which scales H, else 0; and 1 from the second update on, else 0."""

    lr: Any
    second: Any
    later: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(lr, where(t == 2, 1.0, 0.0), where(t > 1, 1.0, 0.0))


def estimated(memory: Memory, move: Pair, change: Pair, constants: StepConstants, s: Settings) -> tuple[Any, Any, Any]:
    """``H += (s.y + y.H y) s s^T / (s.y)^2 - (H y s^T + s y^T H) / s.y`` for a movement s and the gradient's change y.

    At the second update H is first scaled to ``|s.y| / y.y`` times the identity, unless s.y is 0.
    """
    along = move.x * change.x + move.y * change.y
    square = change.x * change.x + change.y * change.y
    scale = abs(along) / (square if square > 0 else 1.0) if along * constants.second != 0 else 1.0
    xx, xy, yy = memory.xx * scale, memory.xy * scale, memory.yy * scale
    x, y = xx * change.x + xy * change.y, xy * change.x + yy * change.y
    product = change.x * x + change.y * y
    safe = along if along > s.min_curvature * product else 1.0
    weight = (along + product) / (safe * safe)
    new_xx = xx + weight * move.x * move.x - 2 * x * move.x / safe
    new_xy = xy + weight * move.x * move.y - (x * move.y + y * move.x) / safe
    new_yy = yy + weight * move.y * move.y - 2 * y * move.y / safe
    taken = along * constants.later > s.min_curvature * product
    return new_xx if taken else xx, new_xy if taken else xy, new_yy if taken else yy


def update(theta: Pair, gradient: Pair, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Pair, Memory]:
    """``theta -= lr H g``."""
    move = Pair(theta.x - memory.last_x, theta.y - memory.last_y)
    change = Pair(gradient.x - memory.gradient_x, gradient.y - memory.gradient_y)
    xx, xy, yy = estimated(memory, move, change, constants, s)
    x = theta.x - constants.lr * (xx * gradient.x + xy * gradient.y)
    y = theta.y - constants.lr * (xy * gradient.x + yy * gradient.y)
    return Pair(x, y), Memory(xx, xy, yy, theta.x, theta.y, gradient.x, gradient.y)


RECORD = Optimizer(
    family="second order",
    formula="theta_t = theta_{t-1} - lr H_t g_t, with H_t (g_t - g_{t-1}) = theta_{t-1} - theta_{t-2}",
    when_to_use="On full batches near a minimum: it learns the curvature from gradients alone.",
    weakness="It takes the noise between gradients of different batches for curvature, and no line search bounds it.",
    reference="Nocedal, Wright 2006, Numerical Optimization, 2nd edition, equations 6.17 and 6.20; scipy.optimize.BFGS",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    pair=True,
)
