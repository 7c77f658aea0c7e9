"""D-Adaptation: gradient descent whose rate is scaled by a running estimate of the distance to the solution."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Gt, Lt
from numpy import sqrt

from errsurf.optimizers._record import Optimizer, Pair


class Settings(NamedTuple):
    """As in dadaptation.DAdaptSGD."""

    lr: Annotated[float, Ge(0), "factor of the rate that is found"] = 1.0
    momentum: Annotated[float, Ge(0), Lt(1), "weight of theta when averaged with the descending point"] = 0.0
    weight_decay: Annotated[float, Ge(0), "weight of the penalty |theta|^2 / 2"] = 0.0
    d0: Annotated[float, Gt(0), "first estimate of the distance"] = 1e-6
    growth_rate: Annotated[float, Ge(1), "largest factor by which the distance grows in an update"] = 1e30


class Memory(NamedTuple):
    """The distance d, the first gradient's length, the sums of the estimate, and the way from the start."""

    d: float = 0.0
    first_norm: float = 0.0
    numerator: float = 0.0
    s_x: float = 0.0
    s_y: float = 0.0
    moved_x: float = 0.0
    moved_y: float = 0.0


class StepConstants(NamedTuple):
    """The rate of this update."""

    lr: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(lr)


def start(theta: Pair, s: Settings) -> Memory:
    """The distance is d0."""
    return Memory(d=s.d0)


def update(theta: Pair, gradient: Pair, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Pair, Memory]:
    """``rate = lr d / |g_1|;  r += rate g . s;  s += rate g;  d = max(d, 2 r / |s|)``.

    Then ``theta = momentum theta + (1 - momentum) (theta_0 - s)``.  g_1 is the first gradient that is not 0.
    """
    norm = sqrt(gradient.x * gradient.x + gradient.y * gradient.y)
    first = memory.first_norm if memory.first_norm > 0 else norm
    rate = memory.d * constants.lr / (first if first > 0 else 1.0)
    gx, gy = gradient.x + s.weight_decay * theta.x, gradient.y + s.weight_decay * theta.y
    numerator = memory.numerator + rate * (gx * memory.s_x + gy * memory.s_y)
    s_x, s_y = memory.s_x + rate * gx, memory.s_y + rate * gy
    length = sqrt(s_x * s_x + s_y * s_y)
    estimate = 2 * numerator / (length if length > 0 else 1.0)
    d = max(memory.d, min(estimate, memory.d * s.growth_rate))
    moved_x = s.momentum * memory.moved_x - (1 - s.momentum) * s_x
    moved_y = s.momentum * memory.moved_y - (1 - s.momentum) * s_y
    x, y = theta.x + (moved_x - memory.moved_x), theta.y + (moved_y - memory.moved_y)
    return Pair(x, y), Memory(d, first, numerator, s_x, s_y, moved_x, moved_y)


def rate(memory: Memory, constants: StepConstants, s: Settings) -> Pair:
    """``lr d / |g_1|`` in all directions, with the d that the next update uses; this one used the d before it."""
    found = constants.lr * memory.d / memory.first_norm if memory.first_norm > 0 else 0.0
    return Pair(found, found)


RECORD = Optimizer(
    family="adaptive",
    formula="d_t = max(d_{t-1}, 2 r_t / |s_t|);  theta_t = theta_{t-1} - lr d_{t-1} / |g_1| g_t",
    when_to_use="Where no rate is known: d grows from d0 to at most twice the distance to a convex loss's minimum.",
    weakness="A flat start makes lr d / |g_1| too large: on a bowl of condition 2 or more it may exceed 2 / sharpness.",
    reference="Defazio, Mishchenko 2023, arXiv:2301.07733, the form for SGD; dadaptation.DAdaptSGD",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    pair=True,
    start=start,
    rate=rate,
)
