"""Shampoo: the gradient is divided by the matrix root of the sum of all gradients' outer products."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Gt, Lt
from numpy import sqrt, where

from errsurf.optimizers._record import Optimizer, Pair


class Settings(NamedTuple):
    """As in the paper, for x and y as one vector: a tensor of order 1, so that the matrix has the power -1/2."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1e-1
    momentum: Annotated[float, Ge(0), Lt(1), "share of the last buffer that is kept"] = 0.0
    weight_decay: Annotated[float, Ge(0), "weight of the penalty |theta|^2 / 2"] = 0.0
    eps: Annotated[float, Gt(0), "added to the matrix's diagonal"] = 1e-2
    precondition_frequency: Annotated[float, Ge(1), "updates from one root of the matrix to the next"] = 1.0


class Memory(NamedTuple):
    """The sum of the outer products, its power -1/2 as last computed, and the weighted sum of gradients."""

    xx: float = 0.0
    xy: float = 0.0
    yy: float = 0.0
    root_xx: float = 0.0
    root_xy: float = 0.0
    root_yy: float = 0.0
    buffer_x: float = 0.0
    buffer_y: float = 0.0


class StepConstants(NamedTuple):
    """The rate, and 1 at updates that compute the root, else 0."""

    lr: Any
    fresh: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(lr, where((t - 1) % s.precondition_frequency < 1, 1.0, 0.0))


def inverse_root(a: Any, b: Any, c: Any) -> tuple[Any, Any, Any]:
    """Of ``L = [[a, b], [b, c]]`` the power -1/2: ``(adj L + r I) / (r sqrt(a + c + 2 r))`` with ``r^2 = det L``."""
    r = sqrt(a * c - b * b)
    divisor = r * sqrt(a + c + 2 * r)
    return (c + r) / divisor, -b / divisor, (a + r) / divisor


def update(theta: Pair, gradient: Pair, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Pair, Memory]:
    """``L += g g^T;  b = momentum b + g;  theta -= lr (L + eps I)^{-1/2} b``; b stays as it is while momentum is 0."""
    gx, gy = gradient.x + s.weight_decay * theta.x, gradient.y + s.weight_decay * theta.y
    xx, xy, yy = memory.xx + gx * gx, memory.xy + gx * gy, memory.yy + gy * gy
    a, b, c = inverse_root(xx + s.eps, xy, yy + s.eps)
    a = a if constants.fresh == 1 else memory.root_xx
    b = b if constants.fresh == 1 else memory.root_xy
    c = c if constants.fresh == 1 else memory.root_yy
    x, y = s.momentum * memory.buffer_x + gx, s.momentum * memory.buffer_y + gy
    moved = Pair(theta.x - constants.lr * (a * x + b * y), theta.y - constants.lr * (b * x + c * y))
    kept_x = x if s.momentum != 0 else memory.buffer_x
    kept_y = y if s.momentum != 0 else memory.buffer_y
    return moved, Memory(xx, xy, yy, a, b, c, kept_x, kept_y)


RECORD = Optimizer(
    family="second order",
    formula="L_t = L_{t-1} + g_t g_t^T;  theta_t = theta_{t-1} - lr (L_t + eps I)^{-1/2} g_t",
    when_to_use="Where a valley lies across the axes: for two parameters it is Adagrad with the full matrix.",
    weakness="The sum only grows, so that the rate falls forever, as with Adagrad.",
    reference="Gupta, Koren, Singer 2018, arXiv:1802.09568, algorithm 2; pytorch_optimizer.Shampoo",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    pair=True,
)
