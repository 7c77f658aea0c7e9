"""ASGD: descent with a slowly falling rate, and beside it the average of where it has been."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge
from numpy import concatenate, maximum

from errsurf.optimizers._record import Optimizer


class Settings(NamedTuple):
    """As in torch.optim.ASGD."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1e-2
    lambd: Annotated[float, Ge(0), "share of theta that an update takes away, times its rate; also slows the rate"] = (
        1e-4
    )
    alpha: Annotated[float, Ge(0), "power with which the rate falls"] = 0.75
    t0: Annotated[float, Ge(0), "updates before averaging starts"] = 1e6
    weight_decay: Annotated[float, Ge(0), "weight of the penalty |theta|^2 / 2"] = 0.0


class Memory(NamedTuple):
    """The averaged theta: theta itself until averaging starts."""

    ax: float = 0.0


def start(theta: Any, s: Settings) -> Memory:
    """The average starts at theta."""
    return Memory(theta)


class StepConstants(NamedTuple):
    """The rate of this update, and the share of theta in the new average."""

    eta: Any
    mu: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs; torch computes both after the update before, with that one's lr."""
    before = concatenate([lr[:1], lr[:-1]])
    return StepConstants(before / (1 + s.lambd * before * (t - 1)) ** s.alpha, 1 / maximum(1, t - 1 - s.t0))


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``theta = (1 - lambd eta) theta - eta g;  ax += mu (theta - ax)``."""
    gradient = gradient + s.weight_decay * theta
    moved = theta * (1 - s.lambd * constants.eta) - constants.eta * gradient
    return moved, Memory(moved if constants.mu == 1 else memory.ax + (moved - memory.ax) * constants.mu)


RECORD = Optimizer(
    family="plain",
    formula="theta_t = (1 - lambd eta_t) theta_{t-1} - eta_t g_t, eta_t = lr / (1 + lambd lr (t - 1))^alpha;"
    "  ax_t = ax_{t-1} + mu_t (theta_t - ax_{t-1}), mu_t = 1 / max(1, t - 1 - t0)",
    when_to_use="When the average of a noisy path is what is wanted: ax settles while theta still swings.",
    weakness="The average forgets nothing: what came early drags along.",
    reference="torch.optim.ASGD; Polyak, Juditsky 1992, SIAM J. Control Optim. 30, 838-855",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    start=start,
    shown="ax",
)
