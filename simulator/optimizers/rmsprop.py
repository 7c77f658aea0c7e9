"""RMSProp: each parameter's rate follows a running mean of its squared gradients."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Gt
from numpy import sqrt

from simulator.optimizers._record import Optimizer


class Settings(NamedTuple):
    """As in torch.optim.RMSprop."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1e-2
    alpha: Annotated[float, Ge(0), "weight of the past in the mean of squared gradients"] = 0.99
    eps: Annotated[float, Gt(0), "added to the root of the mean"] = 1e-8
    weight_decay: Annotated[float, Ge(0), "weight of the penalty |theta|^2 / 2"] = 0.0
    momentum: Annotated[float, Ge(0), "share of the last movement that is kept"] = 0.0
    centered: Annotated[bool, "divide by the deviation, not by the root mean square"] = False


class Memory(NamedTuple):
    """Running means of the squared gradient and of the gradient, and the momentum."""

    square_avg: float = 0.0
    grad_avg: float = 0.0
    momentum_buffer: float = 0.0


class Now(NamedTuple):
    """The rate of this update."""

    lr: Any


def now(t: Any, lr: Any, s: Settings) -> Now:
    """What update t = 1, 2, ... needs."""
    return Now(lr)


def update(theta: Any, gradient: Any, memory: Memory, now: Now, s: Settings) -> tuple[Any, Memory]:
    """``v = alpha v + (1 - alpha) g^2;  b = momentum b + g / (sqrt(v) + eps);  theta -= lr b``."""
    gradient = gradient + s.weight_decay * theta
    square = s.alpha * memory.square_avg + (1 - s.alpha) * gradient * gradient
    mean = memory.grad_avg + (1 - s.alpha) * (gradient - memory.grad_avg)
    spread = square - mean * mean if s.centered else square
    buffer = s.momentum * memory.momentum_buffer + gradient / (sqrt(spread) + s.eps)
    return theta - now.lr * buffer, Memory(square, mean, buffer)


RECORD = Optimizer(
    formula="v_t = alpha v_{t-1} + (1 - alpha) g_t^2;  theta_t = theta_{t-1} - lr g_t / (sqrt(v_t) + eps)",
    reference="torch.optim.RMSprop; Tieleman, Hinton 2012, Neural Networks for Machine Learning, lecture 6e",
    settings=Settings,
    memory=Memory,
    now=now,
    update=update,
)
