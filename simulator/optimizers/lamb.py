"""LAMB: AdamW's movement, scaled so that its length is lr times the distance of theta from the origin."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Lt
from numpy import sqrt

from errsurf.optimizers._record import Optimizer, Pair

Beta = Annotated[float, Ge(0), Lt(1)]


class Settings(NamedTuple):
    """As in the paper; x and y together are its layer, so the trust ratio is one number for both."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1e-3
    betas: Annotated[tuple[Beta, Beta], "weight of the past in the mean gradient and in the mean square"] = (0.9, 0.999)
    eps: Annotated[float, Ge(0), "added to the root of the corrected mean square"] = 1e-6
    weight_decay: Annotated[float, Ge(0), "weight decay: theta shrinks by lr weight_decay times the trust ratio"] = 1e-2
    trust_clip: Annotated[bool, "the trust ratio is at most 1"] = False
    bias_correction: Annotated[bool, "divide both means by 1 - beta^t, as they start from 0"] = True


class Memory(NamedTuple):
    """Running means of the gradient and of its square, and the last trust ratio."""

    exp_avg_x: float = 0.0
    exp_avg_y: float = 0.0
    exp_avg_sq_x: float = 0.0
    exp_avg_sq_y: float = 0.0
    trust: float = 1.0


class StepConstants(NamedTuple):
    """``lr``, ``1 - beta1^t`` and ``sqrt(1 - beta2^t)``."""

    lr: Any
    correction: Any
    root_correction: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    if not s.bias_correction:
        return StepConstants(lr, 1.0, 1.0)
    return StepConstants(lr, 1 - s.betas[0] ** t, sqrt(1 - s.betas[1] ** t))


def root(square: Any, constants: StepConstants, s: Settings) -> Any:
    """``sqrt(v^) + eps``."""
    return sqrt(square) / constants.root_correction + s.eps


def update(theta: Pair, gradient: Pair, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Pair, Memory]:
    """``u = m^ / (sqrt(v^) + eps) + weight_decay theta;  theta -= lr |theta| / |u| u``, with 1 for a norm of 0."""
    mean_x = memory.exp_avg_x + (1 - s.betas[0]) * (gradient.x - memory.exp_avg_x)
    mean_y = memory.exp_avg_y + (1 - s.betas[0]) * (gradient.y - memory.exp_avg_y)
    square_x = s.betas[1] * memory.exp_avg_sq_x + (1 - s.betas[1]) * gradient.x * gradient.x
    square_y = s.betas[1] * memory.exp_avg_sq_y + (1 - s.betas[1]) * gradient.y * gradient.y
    x = mean_x / constants.correction / root(square_x, constants, s) + s.weight_decay * theta.x
    y = mean_y / constants.correction / root(square_y, constants, s) + s.weight_decay * theta.y
    size, length = sqrt(theta.x * theta.x + theta.y * theta.y), sqrt(x * x + y * y)
    ratio = size / length if (size > 0) & (length > 0) else 1.0
    trust = min(ratio, 1.0) if s.trust_clip else ratio
    moved = Pair(theta.x - constants.lr * trust * x, theta.y - constants.lr * trust * y)
    return moved, Memory(mean_x, mean_y, square_x, square_y, trust)


def rate(memory: Memory, constants: StepConstants, s: Settings) -> Pair:
    """``lr`` times the trust ratio ``/ (sqrt(v^) + eps)``."""
    lr = constants.lr * memory.trust
    return Pair(lr / root(memory.exp_avg_sq_x, constants, s), lr / root(memory.exp_avg_sq_y, constants, s))


def gradient_weight(t: int, s: Settings) -> float:
    """``(1 - beta1) / (1 - beta1^t)``."""
    return (1 - s.betas[0]) / (1 - s.betas[0] ** t if s.bias_correction else 1.0)


RECORD = Optimizer(
    family="adaptive",
    formula="u_t = m_t / (1 - beta1^t) / (sqrt(v_t / (1 - beta2^t)) + eps) + weight_decay theta_{t-1};"
    "  theta_t = theta_{t-1} - lr |theta_{t-1}| / |u_t| u_t",
    when_to_use="For very large batches and rates: without `trust_clip`, each update moves theta by lr"
    " times its length.",
    weakness="Updates shrink to 0 near the origin, wherever the minimum is, and do not shrink at a minimum"
    " away from it.",
    reference="You et al. 2020, arXiv:1904.00962, algorithm 2; timm.optim.Lamb",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    pair=True,
    rate=rate,
    gradient_weight=gradient_weight,
)
