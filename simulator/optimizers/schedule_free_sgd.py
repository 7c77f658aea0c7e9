"""Schedule-free SGD: an average of all points takes the place of a falling learning rate."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Le
from numpy import cumsum, divide, maximum, zeros_like

from errsurf.optimizers._record import Optimizer


class Settings(NamedTuple):
    """As in schedulefree.SGDScheduleFree, whose warmup is that of a schedule here."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1.0
    momentum: Annotated[float, Ge(0), Le(1), "weight of the average in the point where gradients are taken"] = 0.9
    weight_decay: Annotated[float, Ge(0), "weight of the penalty |theta|^2 / 2"] = 0.0
    r: Annotated[float, Ge(0), "update t counts t^r times in the average"] = 0.0
    weight_lr_power: Annotated[float, Ge(0), "and the largest lr so far to this power"] = 2.0


class Memory(NamedTuple):
    """The average, which is the answer, and the point that descends."""

    x: float = 0.0
    z: float = 0.0


class StepConstants(NamedTuple):
    """The rate of this update, and the share of its point in the average."""

    lr: Any
    share: Any


def start(theta: Any, s: Settings) -> Memory:
    """All three points start at theta."""
    return Memory(theta, theta)


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    weight = t**s.r * maximum.accumulate(lr) ** s.weight_lr_power
    total = cumsum(weight)
    return StepConstants(lr, divide(weight, total, out=zeros_like(total), where=total > 0))


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``z -= lr g(y);  x += c (z - x);  y = momentum x + (1 - momentum) z``, where y is theta."""
    gradient = gradient + s.weight_decay * theta
    z = memory.z - constants.lr * gradient
    x = memory.x + constants.share * (z - memory.x)
    return z + s.momentum * (x - z), Memory(x, z)


RECORD = Optimizer(
    family="schedule-free",
    formula="z_t = z_{t-1} - lr g(y_{t-1});  x_t = (1 - c_t) x_{t-1} + c_t z_t;"
    "  y_t = momentum x_t + (1 - momentum) z_t;"
    "  c_t = w_t / sum_{i<=t} w_i, w_t = t^r (max_{i<=t} lr_i)^weight_lr_power",
    when_to_use="When the number of updates is not known beforehand: x is good at all times, at a constant rate.",
    weakness="The average remembers all points alike, so x lags behind where the way is long or turns late.",
    reference="Defazio et al. 2024, arXiv:2405.15682, equations (3) to (5); schedulefree.SGDScheduleFree",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    start=start,
    shown="x",
)
