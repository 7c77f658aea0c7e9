"""Newton: the gradient is divided by the Hessian, so that one full update solves a quadratic."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge

from errsurf.optimizers._record import Hessian, Optimizer, Pair


class Settings(NamedTuple):
    """The rate, and what is added to the Hessian's diagonal."""

    lr: Annotated[float, Ge(0), "learning rate; 1 is the full Newton update"] = 1.0
    damping: Annotated[float, Ge(0), "added to the Hessian's diagonal"] = 0.0


class Memory(NamedTuple):
    """Nothing is remembered; one number stands for it."""

    nothing: float = 0.0


class StepConstants(NamedTuple):
    """The rate of this update."""

    lr: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(lr)


def update(
    theta: Pair, gradient: Pair, memory: Memory, constants: StepConstants, s: Settings, curvature: Hessian
) -> tuple[Pair, Memory]:
    """``theta -= lr (H + damping I)^{-1} g`` with the Hessian H of the batch."""
    a, b, c = curvature.xx + s.damping, curvature.xy, curvature.yy + s.damping
    determinant = a * c - b * b
    x = (c * gradient.x - b * gradient.y) / determinant
    y = (a * gradient.y - b * gradient.x) / determinant
    return Pair(theta.x - constants.lr * x, theta.y - constants.lr * y), memory


RECORD = Optimizer(
    family="second order",
    formula="theta_t = theta_{t-1} - lr (H + damping I)^{-1} g_t",
    when_to_use="To see what second derivatives can do: on a quadratic it arrives in one update.",
    weakness="It is drawn to the nearest critical point of any kind, saddles and maxima included.",
    reference="Nocedal, Wright 2006, Numerical Optimization, 2nd edition, section 3.3",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    pair=True,
)
