"""Langevin: gradient descent with normal noise of a chosen temperature."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge
from numpy import sqrt

from errsurf.optimizers._record import Optimizer


class Settings(NamedTuple):
    """As in the unadjusted Langevin algorithm."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1e-3
    temperature: Annotated[float, Ge(0), "the density in the long run is exp(-loss / temperature)"] = 0.01


class Memory(NamedTuple):
    """Nothing is remembered; one number stands for it."""

    nothing: float = 0.0


class StepConstants(NamedTuple):
    """The rate, and the standard deviation of the noise: ``sqrt(2 lr temperature)``."""

    lr: Any
    deviation: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(lr, sqrt(2 * lr * s.temperature))


def update(
    theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings, normal: Any
) -> tuple[Any, Memory]:
    """``theta += -lr g + sqrt(2 lr temperature) z`` with z standard normal."""
    return theta - constants.lr * gradient + constants.deviation * normal, memory


RECORD = Optimizer(
    family="noise",
    formula="theta_t = theta_{t-1} - lr g_t + sqrt(2 lr temperature) z_t",
    when_to_use="To compare the noise of batches with noise of known strength, the same in all directions.",
    weakness="At a finite lr the density is too wide in sharp directions, by a factor 1 / (1 - lr sharpness / 2).",
    reference="Welling, Teh 2011, ICML, equation (4); Roberts, Tweedie 1996, Bernoulli 2, 341-363",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
)
