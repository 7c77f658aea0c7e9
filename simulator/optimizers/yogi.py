"""Yogi: Adam whose mean square changes by no more than a share of the squared gradient, so it falls slowly."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Lt
from numpy import sqrt

from errsurf.optimizers._record import Optimizer
from errsurf.optimizers._sign import sign

Beta = Annotated[float, Ge(0), Lt(1)]


class Settings(NamedTuple):
    """As in the paper, with Adam's bias correction that packages add."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1e-2
    betas: Annotated[tuple[Beta, Beta], "weight of the past in the mean gradient and in the mean square"] = (0.9, 0.999)
    eps: Annotated[float, Ge(0), "added to the root of the corrected mean square"] = 1e-3
    weight_decay: Annotated[float, Ge(0), "weight of the penalty |theta|^2 / 2"] = 0.0
    initial_accumulator_value: Annotated[float, Ge(0), "the mean square at the start"] = 1e-6
    bias_correction: Annotated[bool, "divide both means by 1 - beta^t; the paper does not"] = True


class Memory(NamedTuple):
    """Running mean of the gradient, and what follows its square."""

    exp_avg: float = 0.0
    exp_avg_sq: float = 0.0


class StepConstants(NamedTuple):
    """``lr``, ``lr / (1 - beta1^t)`` and ``sqrt(1 - beta2^t)``."""

    lr: Any
    step_size: Any
    root_correction: Any


def start(theta: Any, s: Settings) -> Memory:
    """The mean square starts from its setting."""
    return Memory(0.0, s.initial_accumulator_value)


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    if not s.bias_correction:
        return StepConstants(lr, lr, 1.0)
    beta1, beta2 = s.betas
    return StepConstants(lr, lr / (1 - beta1**t), sqrt(1 - beta2**t))


def root(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """``sqrt(v^) + eps``."""
    return sqrt(memory.exp_avg_sq) / constants.root_correction + s.eps


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``m = beta1 m + (1 - beta1) g;  v -= (1 - beta2) sign(v - g^2) g^2;  theta -= lr m^ / (sqrt(v^) + eps)``."""
    gradient = gradient + s.weight_decay * theta
    squared = gradient * gradient
    mean = memory.exp_avg + (1 - s.betas[0]) * (gradient - memory.exp_avg)
    square = memory.exp_avg_sq - (1 - s.betas[1]) * sign(memory.exp_avg_sq - squared) * squared
    new = Memory(mean, square)
    return theta - constants.step_size * (mean / root(new, constants, s)), new


def rate(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """``lr / (sqrt(v^) + eps)``."""
    return constants.lr / root(memory, constants, s)


def gradient_weight(t: int, s: Settings) -> float:
    """``(1 - beta1) / (1 - beta1^t)``."""
    return (1 - s.betas[0]) / (1 - s.betas[0] ** t if s.bias_correction else 1.0)


RECORD = Optimizer(
    family="adaptive",
    formula="m_t = beta1 m_{t-1} + (1 - beta1) g_t;  v_t = v_{t-1} - (1 - beta2) sign(v_{t-1} - g_t^2) g_t^2;"
    "  theta_t = theta_{t-1} - lr m_t / (1 - beta1^t) / (sqrt(v_t / (1 - beta2^t)) + eps)",
    when_to_use="Where gradients are rare or fall fast: its rate rises slowly, where Adam's jumps up.",
    weakness="After one very large gradient it stays slow for long, as v shrinks by small squares only.",
    reference="Zaheer et al. 2018, Adaptive methods for nonconvex optimization, NeurIPS, algorithm 2;"
    " pytorch_optimizer.Yogi",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    start=start,
    rate=rate,
    gradient_weight=gradient_weight,
)
