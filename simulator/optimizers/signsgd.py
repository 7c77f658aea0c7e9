"""SignSGD: every parameter moves by lr against the sign of its gradient; with momentum it is Signum."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Lt

from errsurf.optimizers._record import Optimizer
from errsurf.optimizers._sign import sign


class Settings(NamedTuple):
    """As in the paper; it names no default rate."""

    lr: Annotated[float, Ge(0), "learning rate: how far every update moves each parameter"] = 1e-3
    momentum: Annotated[float, Ge(0), Lt(1), "weight of the past in the mean gradient whose sign counts"] = 0.0
    weight_decay: Annotated[float, Ge(0), "weight of the penalty |theta|^2 / 2"] = 0.0


class Memory(NamedTuple):
    """Running mean of the gradient."""

    momentum_buffer: float = 0.0


class StepConstants(NamedTuple):
    """The rate of this update."""

    lr: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(lr)


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``m = momentum m + (1 - momentum) g;  theta -= lr sign(m)``."""
    gradient = gradient + s.weight_decay * theta
    mean = s.momentum * memory.momentum_buffer + (1 - s.momentum) * gradient
    return theta - constants.lr * sign(mean), Memory(mean)


RECORD = Optimizer(
    family="sign",
    formula="m_t = momentum m_{t-1} + (1 - momentum) g_t;  theta_t = theta_{t-1} - lr sign(m_t)",
    when_to_use="When only signs can be sent between machines, or gradients of all sizes should count alike.",
    weakness="Where a batch's noise is skewed most signs may point uphill; at a constant rate it never settles.",
    reference="Bernstein et al. 2018, signSGD, arXiv:1802.04434, algorithms 1 and 2",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
)
