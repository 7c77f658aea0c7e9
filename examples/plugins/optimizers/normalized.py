"""Each parameter moves by nearly the same, however large its gradient is."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Gt
from numpy import sqrt

from errsurf.optimizers import Optimizer


class Settings(NamedTuple):
    """The rate, and from which size of a gradient on it counts no more."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1e-2
    eps: Annotated[float, Gt(0), "size of a gradient that is still followed in proportion"] = 1e-2


class Memory(NamedTuple):
    """Nothing is remembered."""


class StepConstants(NamedTuple):
    """The scheduled rate."""

    lr: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(lr)


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``theta -= lr g / sqrt(g^2 + eps^2)``."""
    return theta - constants.lr * gradient / sqrt(gradient * gradient + s.eps * s.eps), memory


RECORD = Optimizer(
    family="momentum",
    formula="theta_t = theta_{t-1} - lr g_t / sqrt(g_t^2 + eps^2)",
    when_to_use="Gradients of very different sizes.",
    weakness="The noise of batches counts as much as the slope.",
    reference="made for this example",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
)
