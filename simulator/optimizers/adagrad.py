"""Adagrad: each parameter's rate falls with the sum of its squared gradients."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge
from numpy import sqrt

from errsurf.optimizers._record import Optimizer


class Settings(NamedTuple):
    """As in torch.optim.Adagrad; ``root_mean_square`` is the lecture's form."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1e-2
    lr_decay: Annotated[float, Ge(0), "the rate is divided by 1 + (t - 1) lr_decay"] = 0.0
    weight_decay: Annotated[float, Ge(0), "weight of the penalty |theta|^2 / 2"] = 0.0
    initial_accumulator_value: Annotated[float, Ge(0), "the sum before the first update"] = 0.0
    eps: Annotated[float, Ge(0), "added to the root of the sum"] = 1e-10
    root_mean_square: Annotated[bool, "divide by the root of the mean of all squares, not of their sum"] = False


class Memory(NamedTuple):
    """The sum of all squared gradients so far."""

    sum: float = 0.0


class StepConstants(NamedTuple):
    """The rate of this update, and what the sum is divided by: 1, or the number of gradients in it."""

    lr: Any
    count: Any


def start(theta: Any, s: Settings) -> Memory:
    """The memory before the first update."""
    return Memory(s.initial_accumulator_value)


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(lr / (1 + (t - 1) * s.lr_decay), t if s.root_mean_square else 1.0)


def root(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """``sqrt(sum) + eps``."""
    return sqrt(memory.sum / constants.count) + s.eps


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``sum += g^2;  theta -= lr g / (sqrt(sum) + eps)``."""
    gradient = gradient + s.weight_decay * theta
    new = Memory(memory.sum + gradient * gradient)
    return theta - constants.lr * (gradient / root(new, constants, s)), new


def rate(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """``lr / (sqrt(sum) + eps)``."""
    return constants.lr / root(memory, constants, s)


def gradient_weight(t: int, s: Settings) -> float:
    """All of it."""
    return 1.0


RECORD = Optimizer(
    family="adaptive",
    formula="s_t = s_{t-1} + g_t^2;  theta_t = theta_{t-1} - lr g_t / (sqrt(s_t) + eps)",
    when_to_use="When slopes differ much between parameters and hardly over time: flat directions keep a larger rate.",
    weakness="The sum only grows, so the rate falls to nothing, at the minimum or not.",
    reference="torch.optim.Adagrad; Duchi, Hazan, Singer 2011, JMLR 12, 2121-2159",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    start=start,
    rate=rate,
    gradient_weight=gradient_weight,
)
