"""Lion: the sign of a momentum in which the newest gradient counts more."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Lt

from errsurf.optimizers._record import Optimizer
from errsurf.optimizers._sign import sign

Beta = Annotated[float, Ge(0), Lt(1)]


class Settings(NamedTuple):
    """As in the paper."""

    lr: Annotated[float, Ge(0), "learning rate: how far every update moves each parameter"] = 1e-4
    betas: Annotated[tuple[Beta, Beta], "weight of the past in the movement's sign, and in what is kept"] = (0.9, 0.99)
    weight_decay: Annotated[float, Ge(0), "decoupled weight decay: theta shrinks by lr weight_decay"] = 0.0


class Memory(NamedTuple):
    """Running mean of the gradient."""

    exp_avg: float = 0.0


class StepConstants(NamedTuple):
    """The rate of this update, and the share of theta that is kept."""

    lr: Any
    kept: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(lr, 1 - lr * s.weight_decay)


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``theta -= lr (sign(beta1 m + (1 - beta1) g) + weight_decay theta);  m = beta2 m + (1 - beta2) g``."""
    mixed = s.betas[0] * memory.exp_avg + (1 - s.betas[0]) * gradient
    mean = s.betas[1] * memory.exp_avg + (1 - s.betas[1]) * gradient
    return constants.kept * theta - constants.lr * sign(mixed), Memory(mean)


RECORD = Optimizer(
    family="sign",
    formula="theta_t = theta_{t-1} - lr (sign(beta1 m_{t-1} + (1 - beta1) g_t) + weight_decay theta_{t-1});"
    "  m_t = beta2 m_{t-1} + (1 - beta2) g_t",
    when_to_use="With large batches and a falling rate, at 3 to 10 times less lr than Adam; it keeps one number each.",
    weakness="Every update moves each parameter by lr, so at a constant rate it circles the minimum forever.",
    reference="Chen et al. 2023, Symbolic discovery of optimization algorithms, arXiv:2302.06675, algorithm 2",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
)
