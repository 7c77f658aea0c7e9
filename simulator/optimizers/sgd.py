"""Gradient descent on batches, with momentum, dampening and Nesterov's look ahead."""

from math import inf
from typing import Annotated, Any, NamedTuple

from annotated_types import Ge
from numpy import where

from errsurf.optimizers._record import Optimizer


class Settings(NamedTuple):
    """As in torch.optim.SGD; ``movement`` is the lecture's form of momentum, and with ``nesterov`` that of Keras."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1e-3
    momentum: Annotated[float, Ge(0), "share of the last movement that is kept"] = 0.0
    dampening: Annotated[float, "share of the gradient that momentum leaves out"] = 0.0
    weight_decay: Annotated[float, Ge(0), "weight of the penalty |theta|^2 / 2"] = 0.0
    nesterov: Annotated[bool, "add the gradient once more, ahead of the momentum"] = False
    movement: Annotated[bool, "momentum keeps movements, each with its own lr, not gradients"] = False


class Memory(NamedTuple):
    """The weighted sum of all gradients so far; with ``movement``, each times its lr."""

    momentum_buffer: float = 0.0


class StepConstants(NamedTuple):
    """The buffer's rate, and the weight of the gradient in it: 1 at the first update, 1 - dampening later.

    Without momentum torch keeps no buffer and dampens nothing.  With ``movement`` the lr is the gradient's
    weight, and the buffer's rate is 1.
    """

    lr: Any
    weight: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    if s.movement:
        return StepConstants(1.0, lr)
    return StepConstants(lr, where((t == 1) | (s.momentum == 0), 1.0, 1 - s.dampening))


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``b = momentum b + weight g;  theta -= lr b``, or ``lr (g + momentum b)`` with nesterov.

    With movement ``b = momentum b + lr g;  theta -= b``, or ``lr g + momentum b`` with nesterov.  As in torch, b stays
    as it is while momentum is 0.
    """
    gradient = gradient + s.weight_decay * theta
    buffer = s.momentum * memory.momentum_buffer + constants.weight * gradient
    ahead = constants.weight * gradient if s.movement else gradient
    step = ahead + s.momentum * buffer if s.nesterov else buffer
    return theta - constants.lr * step, Memory(buffer if s.momentum != 0 else memory.momentum_buffer)


def rate(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """The lr, the same in all directions."""
    return constants.weight if s.movement else constants.lr


def gradient_weight(t: int, s: Settings) -> float:
    """1, less what dampening leaves out, and with nesterov once more ahead of the momentum."""
    weight = 1.0 if t == 1 or s.momentum == 0 else 1 - s.dampening
    return weight * (1 + s.momentum) if s.nesterov else weight


def max_stable_sharpness(lr: float, s: Settings) -> float:
    """``2 (1 + momentum) / lr`` (Polyak 1964); with nesterov ``2 (1 + momentum) / (1 + 2 momentum) / lr``.

    Both less ``weight_decay``, which curves the loss too.
    """
    if s.momentum >= 1:
        return 0.0
    rate = lr * (1 - s.dampening if s.momentum else 1.0)
    ahead = 1 + 2 * s.momentum if s.nesterov else 1.0
    return max(2 * (1 + s.momentum) / ahead / rate - s.weight_decay, 0.0) if rate > 0 else inf


def fault(s: Settings) -> str | None:
    """Nesterov's form and the lecture's are defined without dampening only, Nesterov's with momentum only."""
    if s.nesterov and (s.momentum <= 0 or s.dampening != 0):
        return "nesterov needs a momentum above 0 and a dampening of 0"
    if s.movement and s.dampening != 0:
        return "movement needs a dampening of 0"
    return None


RECORD = Optimizer(
    family="momentum",
    formula="b_t = momentum b_{t-1} + (1 - dampening) g_t;  theta_t = theta_{t-1} - lr b_t",
    when_to_use="The baseline: its few settings are well understood; with momentum and a falling rate it ends well.",
    weakness="One rate for all directions: the steepest allows no more than 2 / sharpness, with which flat ones crawl.",
    reference="torch.optim.SGD; Sutskever, Martens, Dahl, Hinton 2013, ICML, equations (1) to (4);"
    " keras.optimizers.SGD for nesterov with movement",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    fault=fault,
    rate=rate,
    gradient_weight=gradient_weight,
    max_stable_sharpness=max_stable_sharpness,
)
