"""LARS: momentum of gradients that are scaled to a share of the distance of theta from the origin."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Gt
from numpy import sqrt, where

from errsurf.optimizers._record import Optimizer, Pair


class Settings(NamedTuple):
    """As in the paper, with torch's momentum; x and y together are its layer, so the trust ratio is one number."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1.0
    momentum: Annotated[float, Ge(0), "share of the last movement that is kept"] = 0.0
    dampening: Annotated[float, "share of the gradient that momentum leaves out"] = 0.0
    weight_decay: Annotated[float, Ge(0), "weight of the penalty |theta|^2 / 2"] = 0.0
    nesterov: Annotated[bool, "add the gradient once more, ahead of the momentum"] = False
    trust_coeff: Annotated[float, Gt(0), "norm of a scaled gradient, as a share of the norm of theta"] = 1e-3
    eps: Annotated[float, Ge(0), "added to the length of the gradient"] = 1e-8
    trust_clip: Annotated[bool, "lr times the trust ratio is at most lr, as in LARC"] = False


class Memory(NamedTuple):
    """The weighted sum of all scaled gradients so far, and the last trust ratio."""

    momentum_buffer_x: float = 0.0
    momentum_buffer_y: float = 0.0
    trust: float = 1.0


class StepConstants(NamedTuple):
    """The rate of this update, and the weight of the gradient in the buffer: 1 at first, 1 - dampening later."""

    lr: Any
    weight: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(lr, where((t == 1) | (s.momentum == 0), 1.0, 1 - s.dampening))


def trust_ratio(theta: Pair, gradient: Pair, constants: StepConstants, s: Settings) -> Any:
    """``trust_coeff |theta| / (|g| + weight_decay |theta| + eps)``, or 1 where either length is 0."""
    size, length = sqrt(theta.x * theta.x + theta.y * theta.y), sqrt(gradient.x * gradient.x + gradient.y * gradient.y)
    known = (size > 0) & (length > 0)
    ratio = s.trust_coeff * size / (length + size * s.weight_decay + s.eps) if known else 1.0
    return (ratio / constants.lr if ratio < constants.lr else 1.0) if s.trust_clip else ratio


def update(theta: Pair, gradient: Pair, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Pair, Memory]:
    """``h = trust (g + weight_decay theta);  b = momentum b + weight h;  theta -= lr b``.

    b stays as it is while momentum is 0.
    """
    trust = trust_ratio(theta, gradient, constants, s)
    x, y = trust * (gradient.x + s.weight_decay * theta.x), trust * (gradient.y + s.weight_decay * theta.y)
    buffer_x = s.momentum * memory.momentum_buffer_x + constants.weight * x
    buffer_y = s.momentum * memory.momentum_buffer_y + constants.weight * y
    step_x = x + s.momentum * buffer_x if s.nesterov else buffer_x
    step_y = y + s.momentum * buffer_y if s.nesterov else buffer_y
    moved = Pair(theta.x - constants.lr * step_x, theta.y - constants.lr * step_y)
    kept_x = buffer_x if s.momentum != 0 else memory.momentum_buffer_x
    kept_y = buffer_y if s.momentum != 0 else memory.momentum_buffer_y
    return moved, Memory(kept_x, kept_y, trust)


def rate(memory: Memory, constants: StepConstants, s: Settings) -> Pair:
    """``lr`` times the trust ratio, the same in all directions."""
    return Pair(constants.lr * memory.trust, constants.lr * memory.trust)


def gradient_weight(t: int, s: Settings) -> float:
    """1, less what dampening leaves out, and with nesterov once more ahead of the momentum."""
    weight = 1.0 if t == 1 or s.momentum == 0 else 1 - s.dampening
    return weight * (1 + s.momentum) if s.nesterov else weight


def fault(s: Settings) -> str | None:
    """Nesterov's form is defined for momentum without dampening only."""
    if s.nesterov and (s.momentum <= 0 or s.dampening != 0):
        return "nesterov needs a momentum above 0 and a dampening of 0"
    return None


RECORD = Optimizer(
    family="momentum",
    formula="h_t = trust_coeff |theta_{t-1}| / (|g_t| + weight_decay |theta_{t-1}| + eps)"
    " (g_t + weight_decay theta_{t-1});  b_t = momentum b_{t-1} + h_t;  theta_t = theta_{t-1} - lr b_t",
    when_to_use="For very large batches, where a rate that suits one layer throws another: lengths set the movements.",
    weakness="The size of the gradient is lost, so it does not settle: near a minimum movements are as long as ever.",
    reference="You, Gitman, Ginsburg 2017, arXiv:1708.03888, algorithm 1; timm.optim.Lars",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    pair=True,
    fault=fault,
    rate=rate,
    gradient_weight=gradient_weight,
)
