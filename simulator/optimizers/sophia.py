"""Sophia: the mean gradient divided by a mean of the Hessian's diagonal, and clipped."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Gt, Lt
from numpy import where

from errsurf.optimizers._hutchinson import diagonal
from errsurf.optimizers._record import Hessian, Optimizer, Pair

Beta = Annotated[float, Ge(0), Lt(1)]


class Settings(NamedTuple):
    """As in the paper's Sophia-H."""

    lr: Annotated[float, Ge(0), "learning rate: apart from weight decay, no update moves a parameter further"] = 1e-2
    betas: Annotated[tuple[Beta, Beta], "weight of the past in the mean gradient and in the mean diagonal"] = (
        0.965,
        0.99,
    )
    gamma: Annotated[float, Gt(0), "factor of the mean diagonal"] = 0.01
    eps: Annotated[float, Ge(0), "smallest divisor"] = 1e-12
    weight_decay: Annotated[float, Ge(0), "decoupled weight decay: theta shrinks by lr weight_decay"] = 0.0
    update_interval: Annotated[float, Ge(1), "updates from one estimate of the diagonal to the next"] = 10.0
    hutchinson: Annotated[bool, "estimate the diagonal from random signs; otherwise it is exact"] = True


class Memory(NamedTuple):
    """Running means of the gradient and of the Hessian's diagonal."""

    exp_avg_x: float = 0.0
    exp_avg_y: float = 0.0
    hessian_x: float = 0.0
    hessian_y: float = 0.0


class StepConstants(NamedTuple):
    """The rate, and the share of the past in the mean diagonal: 1 at updates without an estimate."""

    lr: Any
    kept: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(lr, where((t - 1) % s.update_interval < 1, s.betas[1], 1.0))


def clipped(mean: Any, hessian: Any, s: Settings) -> Any:
    """``m / max(gamma h, eps)``, at most 1 in size."""
    return max(min(mean / max(s.gamma * hessian, s.eps), 1.0), -1.0)


def update(
    theta: Pair,
    gradient: Pair,
    memory: Memory,
    constants: StepConstants,
    s: Settings,
    normal: Pair,
    curvature: Hessian,
) -> tuple[Pair, Memory]:
    """``theta -= lr weight_decay theta;  theta -= lr clip(m / max(gamma h, eps), 1)``."""
    estimate = diagonal(curvature, normal, s.hutchinson)
    mean_x = s.betas[0] * memory.exp_avg_x + (1 - s.betas[0]) * gradient.x
    mean_y = s.betas[0] * memory.exp_avg_y + (1 - s.betas[0]) * gradient.y
    hessian_x = constants.kept * memory.hessian_x + (1 - constants.kept) * estimate.x
    hessian_y = constants.kept * memory.hessian_y + (1 - constants.kept) * estimate.y
    x = theta.x - constants.lr * (s.weight_decay * theta.x + clipped(mean_x, hessian_x, s))
    y = theta.y - constants.lr * (s.weight_decay * theta.y + clipped(mean_y, hessian_y, s))
    return Pair(x, y), Memory(mean_x, mean_y, hessian_x, hessian_y)


RECORD = Optimizer(
    family="second order",
    formula="m_t = beta1 m_{t-1} + (1 - beta1) g_t;"
    "  h_t = beta2 h_{t-1} + (1 - beta2) z_t (H_t z_t) every update_interval updates, else h_{t-1};"
    "  theta_t = theta_{t-1} - lr clip(m_t / max(gamma h_t, eps), 1);  z_t: random signs",
    when_to_use="Where curvatures differ much between parameters: a flat one moves further, and none further than lr.",
    weakness="The diagonal knows nothing of valleys across the axes, and where it is negative the clip sets the size.",
    reference="Liu, Li, Hall, Liang, Ma 2023, arXiv:2305.14342, algorithm 3; pytorch_optimizer.SophiaH",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    pair=True,
)
