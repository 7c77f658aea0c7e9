"""Saddle-free Newton: the gradient is divided by the Hessian with its eigenvalues made positive."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Gt
from numpy import sqrt

from errsurf.optimizers._record import Hessian, Optimizer, Pair


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


def direction(gradient: Pair, h: Hessian, s: Settings) -> Pair:
    """``(|H| + damping I)^{-1} g``, where ``|H|`` has the eigenvectors of H and its absolute eigenvalues.

    With middle m and radius r of the eigenvalues m + r and m - r, ``(H - m I) / r`` turns into the difference
    of the two projections, so no angle is needed.
    """
    m, d = (h.xx + h.yy) / 2, (h.xx - h.yy) / 2
    r = sqrt(d * d + h.xy * h.xy)
    high, low = 1 / (abs(m + r) + s.damping), 1 / (abs(m - r) + s.damping)
    middle, half = (high + low) / 2, (high - low) / 2
    along = half * d / r if r > 0 else 0.0
    across = half * h.xy / r if r > 0 else 0.0
    return Pair(
        (middle + along) * gradient.x + across * gradient.y, across * gradient.x + (middle - along) * gradient.y
    )


def update(
    theta: Pair, gradient: Pair, memory: Memory, constants: StepConstants, s: Settings, curvature: Hessian
) -> tuple[Pair, Memory]:
    """``theta -= lr |H|^{-1} g`` with the Hessian H of the batch."""
    step = direction(gradient, curvature, s)
    return Pair(theta.x - constants.lr * step.x, theta.y - constants.lr * step.y), memory


RECORD = Optimizer(
    family="second order",
    formula="theta_t = theta_{t-1} - lr (|H| + damping I)^{-1} g_t",
    when_to_use="To leave saddles as fast as Newton approaches them.",
    weakness="It needs the whole Hessian, and along flat directions only the damping bounds the update.",
    reference="Dauphin et al. 2014, arXiv:1406.2572, algorithm 1",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    pair=True,
)
