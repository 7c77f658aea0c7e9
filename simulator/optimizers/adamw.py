"""AdamW: Adam whose weight decay shrinks theta itself and stays out of the means."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Lt
from numpy import sqrt

from errsurf.optimizers._record import Optimizer

Beta = Annotated[float, Ge(0), Lt(1)]


class Settings(NamedTuple):
    """As in torch.optim.AdamW."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1e-3
    betas: Annotated[tuple[Beta, Beta], "weight of the past in the mean gradient and in the mean square"] = (0.9, 0.999)
    eps: Annotated[float, Ge(0), "added to the root of the corrected mean square"] = 1e-8
    weight_decay: Annotated[float, Ge(0), "decoupled weight decay: theta shrinks by lr weight_decay"] = 1e-2
    amsgrad: Annotated[bool, "divide by the largest mean square so far"] = False


class Memory(NamedTuple):
    """Running means of the gradient and of its square, and the largest such square so far."""

    exp_avg: float = 0.0
    exp_avg_sq: float = 0.0
    max_exp_avg_sq: float = 0.0


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
    return sqrt(memory.max_exp_avg_sq if s.amsgrad else memory.exp_avg_sq) / constants.root_correction + s.eps


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``theta *= 1 - lr weight_decay;  theta -= lr m^ / (sqrt(v^) + eps)``, with m and v as in Adam."""
    mean = memory.exp_avg + (1 - s.betas[0]) * (gradient - memory.exp_avg)
    square = s.betas[1] * memory.exp_avg_sq + (1 - s.betas[1]) * gradient * gradient
    largest = memory.max_exp_avg_sq if memory.max_exp_avg_sq > square else square
    new = Memory(mean, square, largest)
    return constants.kept * theta - constants.step_size * (mean / root(new, constants, s)), new


def rate(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """``lr / (sqrt(v^) + eps)``."""
    return constants.lr / root(memory, constants, s)


def gradient_weight(t: int, s: Settings) -> float:
    """``(1 - beta1) / (1 - beta1^t)``."""
    return (1 - s.betas[0]) / (1 - s.betas[0] ** t)


def stable_product(s: Settings) -> float:
    """``2 (1 + beta1) / (1 - beta1)``, 38 for the default (Cohen et al. 2022, arXiv:2207.14484)."""
    return 2 * (1 + s.betas[0]) / (1 - s.betas[0])


RECORD = Optimizer(
    family="adaptive",
    formula="theta_t = (1 - lr weight_decay) theta_{t-1} - lr m_t / (1 - beta1^t) / (sqrt(v_t / (1 - beta2^t)) + eps)",
    when_to_use="Adam with weight decay: all parameters decay alike, where Adam's penalty hardly reaches steep ones.",
    weakness="Unless weight_decay is set to 0 it ends between the minimum and the origin; otherwise as Adam.",
    reference="torch.optim.AdamW; Loshchilov, Hutter 2019, arXiv:1711.05101, algorithm 2",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    rate=rate,
    gradient_weight=gradient_weight,
    stable_product=stable_product,
)
