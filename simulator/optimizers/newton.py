"""Newton: the gradient is divided by the Hessian, so that one full update solves a quadratic."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge

from errsurf.optimizers._record import Optimizer


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


def direction(gx: Any, gy: Any, xx: Any, xy: Any, yy: Any, s: Settings) -> tuple[Any, Any]:
    """``(H + damping I)^{-1} g`` with the Hessian of the batch."""
    a, c = xx + s.damping, yy + s.damping
    determinant = a * c - xy * xy
    return (c * gx - xy * gy) / determinant, (a * gy - xy * gx) / determinant


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``theta -= lr H^{-1} g``."""
    return theta - constants.lr * gradient, memory


RECORD = Optimizer(
    formula="theta_t = theta_{t-1} - lr (H + damping I)^{-1} g_t",
    when_to_use="To see what second derivatives can do: on a quadratic it arrives in one update.",
    weakness="It is drawn to the nearest critical point of any kind, saddles and maxima included.",
    reference="Nocedal, Wright 2006, Numerical Optimization, 2nd edition, section 3.3",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    direction=direction,
)
