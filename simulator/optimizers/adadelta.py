"""Adadelta: the root mean square of past movements takes the place of a rate."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Le
from numpy import sqrt

from errsurf.optimizers._record import Optimizer


class Settings(NamedTuple):
    """As in torch.optim.Adadelta."""

    lr: Annotated[float, Ge(0), "factor of every movement; the paper has 1"] = 1.0
    rho: Annotated[float, Ge(0), Le(1), "weight of the past in both means of squares"] = 0.9
    eps: Annotated[float, Ge(0), "added to both means of squares; its root is how movements begin"] = 1e-6
    weight_decay: Annotated[float, Ge(0), "weight of the penalty |theta|^2 / 2"] = 0.0


class Memory(NamedTuple):
    """Running means of the squared gradient and of the squared movement."""

    square_avg: float = 0.0
    acc_delta: float = 0.0


class StepConstants(NamedTuple):
    """The factor of this update."""

    lr: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(lr)


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``d = sqrt(u + eps) / sqrt(v + eps) g;  theta -= lr d``, with v the mean of ``g^2`` and u that of ``d^2``."""
    gradient = gradient + s.weight_decay * theta
    square = s.rho * memory.square_avg + (1 - s.rho) * gradient * gradient
    delta = sqrt(memory.acc_delta + s.eps) / sqrt(square + s.eps) * gradient
    moved = s.rho * memory.acc_delta + (1 - s.rho) * delta * delta
    return theta - constants.lr * delta, Memory(square, moved)


def rate(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """``lr sqrt(u + eps) / sqrt(v + eps)``, with this update's own movement already in u."""
    return constants.lr * sqrt(memory.acc_delta + s.eps) / sqrt(memory.square_avg + s.eps)


RECORD = Optimizer(
    family="adaptive",
    formula="d_t = sqrt(u_{t-1} + eps) / sqrt(v_t + eps) g_t;  theta_t = theta_{t-1} - lr d_t",
    when_to_use="When no rate is known: movements have theta's own scale, whatever that of the loss.",
    weakness="It starts with movements of about sqrt(eps), 0.001 by default, and takes long to trust larger ones.",
    reference="torch.optim.Adadelta; Zeiler 2012, arXiv:1212.5701, algorithm 1",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    rate=rate,
)
