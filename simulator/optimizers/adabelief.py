"""AdaBelief: Adam that divides by how far gradients are from their mean, not by how large they are."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Lt
from numpy import sqrt

from errsurf.optimizers._record import Optimizer

Beta = Annotated[float, Ge(0), Lt(1)]


class Settings(NamedTuple):
    """As in the paper."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1e-3
    betas: Annotated[tuple[Beta, Beta], "weight of the past in the mean gradient and in the mean square"] = (0.9, 0.999)
    eps: Annotated[float, Ge(0), "added to the mean square at every update, and once more to its corrected root"] = (
        1e-16
    )
    weight_decay: Annotated[float, Ge(0), "weight of the penalty |theta|^2 / 2"] = 0.0
    decoupled_weight_decay: Annotated[bool, "the decay shrinks theta itself, as in AdamW"] = False
    amsgrad: Annotated[bool, "divide by the largest mean square so far"] = False


class Memory(NamedTuple):
    """Running means of the gradient and of its squared distance from that mean, and the largest such square so far."""

    exp_avg: float = 0.0
    exp_avg_var: float = 0.0
    max_exp_avg_var: float = 0.0


class StepConstants(NamedTuple):
    """``lr``, the share of theta that is kept, ``lr / (1 - beta1^t)`` and ``sqrt(1 - beta2^t)``."""

    lr: Any
    kept: Any
    step_size: Any
    root_correction: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    beta1, beta2 = s.betas
    kept = 1 - lr * s.weight_decay if s.decoupled_weight_decay else 1.0
    return StepConstants(lr, kept, lr / (1 - beta1**t), sqrt(1 - beta2**t))


def root(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """``sqrt(s^) + eps``."""
    return sqrt(memory.max_exp_avg_var if s.amsgrad else memory.exp_avg_var) / constants.root_correction + s.eps


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``s = beta2 s + (1 - beta2) (g - m)^2 + eps;  theta -= lr m^ / (sqrt(s^) + eps)``, with m as in Adam."""
    gradient = gradient if s.decoupled_weight_decay else gradient + s.weight_decay * theta
    mean = memory.exp_avg + (1 - s.betas[0]) * (gradient - memory.exp_avg)
    away = gradient - mean
    spread = s.betas[1] * memory.exp_avg_var + (1 - s.betas[1]) * away * away + s.eps
    largest = memory.max_exp_avg_var if memory.max_exp_avg_var > spread else spread
    new = Memory(mean, spread, largest)
    return constants.kept * theta - constants.step_size * (mean / root(new, constants, s)), new


def rate(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """``lr / (sqrt(s^) + eps)``."""
    return constants.lr / root(memory, constants, s)


def gradient_weight(t: int, s: Settings) -> float:
    """``(1 - beta1) / (1 - beta1^t)``."""
    return (1 - s.betas[0]) / (1 - s.betas[0] ** t)


RECORD = Optimizer(
    family="adaptive",
    formula="m_t = beta1 m_{t-1} + (1 - beta1) g_t;  s_t = beta2 s_{t-1} + (1 - beta2) (g_t - m_t)^2 + eps;"
    "  theta_t = theta_{t-1} - lr m_t / (1 - beta1^t) / (sqrt(s_t / (1 - beta2^t)) + eps)",
    when_to_use="Where Adam is too slow on long even slopes: gradients that agree make large movements.",
    weakness="With full batches gradients hardly change, so it divides by almost 0 and can take very long steps.",
    reference="Zhuang et al. 2020, arXiv:2010.07468, algorithm 2; timm.optim.AdaBelief",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    rate=rate,
    gradient_weight=gradient_weight,
)
