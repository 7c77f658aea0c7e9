"""Schedule-free AdamW: RMSProp's divided gradients, and an average in place of momentum and of a falling rate."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Le, Lt
from numpy import cumsum, divide, maximum, sqrt, zeros_like

from errsurf.optimizers._record import Optimizer

Share = Annotated[float, Ge(0), Le(1)]
Beta = Annotated[float, Ge(0), Lt(1)]


class Settings(NamedTuple):
    """As in schedulefree.AdamWScheduleFree, whose warmup is that of a schedule here."""

    lr: Annotated[float, Ge(0), "learning rate"] = 2.5e-3
    betas: Annotated[
        tuple[Share, Beta], "weight of the average where gradients are taken, and of the past in the mean square"
    ] = (0.9, 0.999)
    eps: Annotated[float, Ge(0), "added to the root of the corrected mean square"] = 1e-8
    weight_decay: Annotated[float, Ge(0), "decoupled weight decay: z loses lr weight_decay theta"] = 0.0
    r: Annotated[float, Ge(0), "update t counts t^r times in the average"] = 0.0
    weight_lr_power: Annotated[float, Ge(0), "and the largest lr so far to this power"] = 2.0


class Memory(NamedTuple):
    """The average, which is the answer, the point that descends, and the running mean of the squared gradient."""

    x: float = 0.0
    z: float = 0.0
    exp_avg_sq: float = 0.0


class StepConstants(NamedTuple):
    """The rate of this update, the share of its point in the average, and ``1 - beta2^t``."""

    lr: Any
    share: Any
    correction: Any


def start(theta: Any, s: Settings) -> Memory:
    """All three points start at theta."""
    return Memory(theta, theta)


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    weight = t**s.r * maximum.accumulate(lr) ** s.weight_lr_power
    total = cumsum(weight)
    share = divide(weight, total, out=zeros_like(total), where=total > 0)
    return StepConstants(lr, share, 1 - s.betas[1] ** t)


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``z -= lr (g / (sqrt(v^) + eps) + weight_decay y);  x += c (z - x);  y = beta1 x + (1 - beta1) z``.

    y is theta.
    """
    square = s.betas[1] * memory.exp_avg_sq + (1 - s.betas[1]) * gradient * gradient
    divided = gradient / (sqrt(square / constants.correction) + s.eps)
    z = memory.z - constants.lr * (divided + s.weight_decay * theta)
    x = memory.x + constants.share * (z - memory.x)
    return z + s.betas[0] * (x - z), Memory(x, z, square)


RECORD = Optimizer(
    family="schedule-free",
    formula="z_t = z_{t-1} - lr (g(y_{t-1}) / (sqrt(v_t / (1 - beta2^t)) + eps) + weight_decay y_{t-1});"
    "  x_t = (1 - c_t) x_{t-1} + c_t z_t;  y_t = beta1 x_t + (1 - beta1) z_t;"
    "  c_t = w_t / sum_{i<=t} w_i, w_t = t^r (max_{i<=t} lr_i)^weight_lr_power",
    when_to_use="In place of AdamW with a schedule, when the number of updates is not known beforehand.",
    weakness="At a constant rate z circles the minimum as RMSProp does; x needs many updates to average that out.",
    reference="Defazio et al. 2024, arXiv:2405.15682, algorithm 1; schedulefree.AdamWScheduleFree",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    start=start,
    shown="x",
)
