"""Adam-mini: AdamW with one mean square, and so one rate, for both parameters together."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Lt
from numpy import sqrt

from errsurf.optimizers._record import Optimizer, Pair

Beta = Annotated[float, Ge(0), Lt(1)]


class Settings(NamedTuple):
    """As in the paper; x and y together are one of its blocks."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1e-3
    betas: Annotated[tuple[Beta, Beta], "weight of the past in the mean gradient and in the mean square"] = (0.9, 0.999)
    eps: Annotated[float, Ge(0), "added to the root of the corrected mean square"] = 1e-8
    weight_decay: Annotated[float, Ge(0), "decoupled weight decay: theta shrinks by lr weight_decay"] = 0.0


class Memory(NamedTuple):
    """Running means of the gradient, and of half of its squared length."""

    exp_avg_x: float = 0.0
    exp_avg_y: float = 0.0
    exp_avg_sq: float = 0.0


class StepConstants(NamedTuple):
    """``lr``, the share of theta that is kept, ``lr / (1 - beta1^t)`` and ``sqrt(1 - beta2^t)``."""

    lr: Any
    kept: Any
    step_size: Any
    root_correction: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    beta1, beta2 = s.betas
    return StepConstants(lr, 1 - lr * s.weight_decay, lr / (1 - beta1**t), sqrt(1 - beta2**t))


def root(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """``sqrt(v^) + eps``."""
    return sqrt(memory.exp_avg_sq) / constants.root_correction + s.eps


def update(theta: Pair, gradient: Pair, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Pair, Memory]:
    """``v = beta2 v + (1 - beta2) (g_x^2 + g_y^2) / 2``; the rest is as in AdamW."""
    mean_x = memory.exp_avg_x + (1 - s.betas[0]) * (gradient.x - memory.exp_avg_x)
    mean_y = memory.exp_avg_y + (1 - s.betas[0]) * (gradient.y - memory.exp_avg_y)
    present = (gradient.x * gradient.x + gradient.y * gradient.y) / 2
    new = Memory(mean_x, mean_y, s.betas[1] * memory.exp_avg_sq + (1 - s.betas[1]) * present)
    step = constants.step_size / root(new, constants, s)
    return Pair(constants.kept * theta.x - step * mean_x, constants.kept * theta.y - step * mean_y), new


def rate(memory: Memory, constants: StepConstants, s: Settings) -> Pair:
    """``lr / (sqrt(v^) + eps)``, the same in all directions."""
    each = constants.lr / root(memory, constants, s)
    return Pair(each, each)


def gradient_weight(t: int, s: Settings) -> float:
    """``(1 - beta1) / (1 - beta1^t)``."""
    return (1 - s.betas[0]) / (1 - s.betas[0] ** t)


RECORD = Optimizer(
    family="adaptive",
    formula="v_t = beta2 v_{t-1} + (1 - beta2) (g_{x,t}^2 + g_{y,t}^2) / 2;"
    "  theta_t = (1 - lr weight_decay) theta_{t-1} - lr m_t / (1 - beta1^t) / (sqrt(v_t / (1 - beta2^t)) + eps)",
    when_to_use="To see what Adam's rate for each parameter is worth: this is Adam without it and, for large models,"
    " with about half the memory.",
    weakness="In a ravine along an axis it crawls as gradient descent does, where Adam does not.",
    reference="Zhang et al. 2024, arXiv:2406.16793, algorithm 1; pytorch_optimizer.AdamMini",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    pair=True,
    rate=rate,
    gradient_weight=gradient_weight,
)
