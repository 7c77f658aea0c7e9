"""Saddle-free Newton: the gradient is divided by the Hessian with its eigenvalues made positive."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Gt
from numpy import sqrt

from errsurf.optimizers._record import Optimizer


class Settings(NamedTuple):
    """The rate, and what keeps flat directions bounded."""

    lr: Annotated[float, Ge(0), "learning rate; 1 is the full update"] = 1.0
    damping: Annotated[float, Gt(0), "added to the absolute eigenvalues"] = 1e-3


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
    """``(|H| + damping I)^{-1} g``, where ``|H|`` has the eigenvectors of H and its absolute eigenvalues.

    With middle m and radius r of the eigenvalues m + r and m - r, ``(H - m I) / r`` turns into the difference
    of the two projections, so no angle is needed.
    """
    m, d = (xx + yy) / 2, (xx - yy) / 2
    r = sqrt(d * d + xy * xy)
    high, low = 1 / (abs(m + r) + s.damping), 1 / (abs(m - r) + s.damping)
    middle, half = (high + low) / 2, (high - low) / 2
    along = half * d / r if r > 0 else 0.0
    across = half * xy / r if r > 0 else 0.0
    return (middle + along) * gx + across * gy, across * gx + (middle - along) * gy


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``theta -= lr |H|^{-1} g``."""
    return theta - constants.lr * gradient, memory


RECORD = Optimizer(
    formula="theta_t = theta_{t-1} - lr (|H| + damping I)^{-1} g_t",
    when_to_use="To leave saddles as fast as Newton approaches them.",
    weakness="It needs the whole Hessian, and along flat directions only the damping bounds the update.",
    reference="Dauphin et al. 2014, arXiv:1406.2572, algorithm 1",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    direction=direction,
)
