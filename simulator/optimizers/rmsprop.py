"""RMSProp: each parameter's rate follows a running mean of its squared gradients."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge
from numpy import sqrt, where

from errsurf.optimizers._record import Optimizer


class Settings(NamedTuple):
    """As in torch.optim.RMSprop; ``first_value`` and ``raw_momentum`` are the lecture's forms.

    ``eps_inside``, ``movement`` and an ``initial_accumulator_value`` of 1 make it that of TensorFlow.
    """

    lr: Annotated[float, Ge(0), "learning rate"] = 1e-2
    alpha: Annotated[float, Ge(0), "weight of the past in the mean of squared gradients"] = 0.99
    eps: Annotated[float, Ge(0), "added to the root of the mean"] = 1e-8
    weight_decay: Annotated[float, Ge(0), "weight of the penalty |theta|^2 / 2"] = 0.0
    momentum: Annotated[float, Ge(0), "share of the last movement that is kept"] = 0.0
    centered: Annotated[bool, "divide by the deviation, not by the root mean square"] = False
    first_value: Annotated[bool, "the mean starts as the first gradient's square, not as 0"] = False
    raw_momentum: Annotated[bool, "momentum sums gradients and is then divided, not the other way round"] = False
    eps_inside: Annotated[bool, "eps is added to the mean of squares, inside the root"] = False
    movement: Annotated[bool, "momentum keeps movements, each with its own lr, not gradients"] = False
    initial_accumulator_value: Annotated[float, Ge(0), "the mean of squares at the start"] = 0.0


class Memory(NamedTuple):
    """Running means of the squared gradient and of the gradient, and the momentum."""

    square_avg: float = 0.0
    grad_avg: float = 0.0
    momentum_buffer: float = 0.0


class StepConstants(NamedTuple):
    """The rates of this update for momentum and gradient, and the weights of past and present in the mean of squares.

    Without ``movement``, ``weight`` is 1; with it, ``lr`` is 1.
    """

    lr: Any
    weight: Any
    past: Any
    present: Any


def start(theta: Any, s: Settings) -> Memory:
    """The mean of squares starts from its setting."""
    return Memory(s.initial_accumulator_value)


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    first = (t == 1) & s.first_value
    past, present = where(first, 0.0, s.alpha), where(first, 1.0, 1 - s.alpha)
    return StepConstants(1.0, lr, past, present) if s.movement else StepConstants(lr, 1.0, past, present)


def root(memory: Memory, s: Settings) -> Any:
    """``sqrt(v) + eps``, or with eps_inside ``sqrt(v + eps)``; with centered of the variance."""
    spread = memory.square_avg - memory.grad_avg * memory.grad_avg if s.centered else memory.square_avg
    return sqrt(max(spread, 0.0) + s.eps) if s.eps_inside else sqrt(max(spread, 0.0)) + s.eps


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``v = alpha v + (1 - alpha) g^2;  b = momentum b + g / (sqrt(v) + eps);  theta -= lr b``.

    b stays as it is while momentum is 0.
    """
    gradient = gradient + s.weight_decay * theta
    square = constants.past * memory.square_avg + constants.present * gradient * gradient
    mean = memory.grad_avg + (1 - s.alpha) * (gradient - memory.grad_avg)
    divisor = root(Memory(square, mean, memory.momentum_buffer), s)
    weighted = constants.weight * gradient if s.movement else gradient
    buffer = s.momentum * memory.momentum_buffer + (weighted if s.raw_momentum else weighted / divisor)
    step = buffer / divisor if s.raw_momentum else buffer
    return theta - constants.lr * step, Memory(square, mean, buffer if s.momentum != 0 else memory.momentum_buffer)


def rate(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """``lr / (sqrt(v) + eps)``."""
    return (constants.weight if s.movement else constants.lr) / root(memory, s)


def fault(s: Settings) -> str | None:
    """After one gradient its deviation is 0; first_value and initial_accumulator_value both set the start."""
    if s.first_value and s.centered:
        return "first_value has no meaning with centered: one gradient has no deviation"
    if s.first_value and s.initial_accumulator_value > 0:
        return "first_value needs an initial_accumulator_value of 0"
    return None


def gradient_weight(t: int, s: Settings) -> float:
    """All of it."""
    return 1.0


def stable_product(s: Settings) -> float:
    """``2 (1 + momentum)``, as for gradient descent in the measure of the rates."""
    return 2 * (1 + s.momentum)


RECORD = Optimizer(
    family="adaptive",
    formula="v_t = alpha v_{t-1} + (1 - alpha) g_t^2;  theta_t = theta_{t-1} - lr g_t / (sqrt(v_t) + eps)",
    when_to_use="When the slope changes on the way: after about 1 / (1 - alpha) updates the rate fits it again.",
    weakness="At a constant rate it never settles: near a minimum gradients shrink, and what divides them shrinks too.",
    reference="torch.optim.RMSprop; Tieleman, Hinton 2012, Neural Networks for Machine Learning, lecture 6e;"
    " timm.optim.RMSpropTF for TensorFlow's form",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    start=start,
    fault=fault,
    rate=rate,
    gradient_weight=gradient_weight,
    stable_product=stable_product,
)
