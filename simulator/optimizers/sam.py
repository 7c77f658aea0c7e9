"""SAM: the gradient is taken where the loss is worst within a distance rho, which favours flat minima."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge
from numpy import sqrt

from errsurf.optimizers._record import Optimizer


class Settings(NamedTuple):
    """As in the paper, on gradient descent with momentum."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1e-3
    rho: Annotated[float, Ge(0), "distance of the probe"] = 0.05
    momentum: Annotated[float, Ge(0), "share of the last movement that is kept"] = 0.0
    weight_decay: Annotated[float, Ge(0), "weight of the penalty |theta|^2 / 2"] = 0.0


class Memory(NamedTuple):
    """The weighted sum of all gradients so far."""

    momentum_buffer: float = 0.0


class StepConstants(NamedTuple):
    """The rate of this update."""

    lr: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(lr)


def probe(x: Any, y: Any, gx: Any, gy: Any, s: Settings) -> tuple[Any, Any]:
    """``theta + rho g / |g|``: where the second gradient of the batch is taken; theta itself where g is zero."""
    norm = sqrt(gx * gx + gy * gy)
    reach = s.rho / norm if norm > 0 else 0.0
    return x + reach * gx, y + reach * gy


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``b = momentum b + g(probe);  theta -= lr b``; b stays as it is while momentum is 0."""
    buffer = s.momentum * memory.momentum_buffer + gradient + s.weight_decay * theta
    return theta - constants.lr * buffer, Memory(buffer if s.momentum != 0 else memory.momentum_buffer)


RECORD = Optimizer(
    family="sharpness-aware",
    formula="theta_t = theta_{t-1} - lr g(theta_{t-1} + rho g / |g|)",
    when_to_use="To prefer flat minima: the gradient at the probe is large in sharp ones.",
    weakness="Every update costs two gradients, and near a minimum it keeps moving by about lr rho sharpness.",
    reference="Foret, Kleiner, Mobahi, Neyshabur 2021, arXiv:2010.01412, algorithm 1",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    probe=probe,
)
