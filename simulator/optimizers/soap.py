"""SOAP: Adam in the eigenvectors of the mean of the gradients' outer products."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Gt, Lt
from numpy import maximum, sqrt, where

from errsurf.optimizers._record import Optimizer, Pair

Beta = Annotated[float, Ge(0), Lt(1)]


class Settings(NamedTuple):
    """As in the authors' code, for x and y as one vector."""

    lr: Annotated[float, Ge(0), "learning rate"] = 3e-3
    betas: Annotated[tuple[Beta, Beta], "weight of the past in the mean gradient and in the mean square"] = (0.95, 0.95)
    shampoo_beta: Annotated[Beta, "weight of the past in the mean of outer products"] = 0.95
    eps: Annotated[float, Gt(0), "added to the root of the mean square before its correction"] = 1e-8
    weight_decay: Annotated[float, Ge(0), "decoupled weight decay: theta shrinks by lr weight_decay"] = 0.0
    precondition_frequency: Annotated[float, Ge(1), "updates from one set of eigenvectors to the next"] = 10.0


class Memory(NamedTuple):
    """The first eigenvector, the mean of outer products, the mean gradient, and mean squares along the eigenvectors.

    The second eigenvector is the first turned left by 90 degrees.  The signs of both change nothing.
    """

    along_x: float = 1.0
    along_y: float = 0.0
    xx: float = 0.0
    xy: float = 0.0
    yy: float = 0.0
    exp_avg_x: float = 0.0
    exp_avg_y: float = 0.0
    along_sq: float = 0.0
    across_sq: float = 0.0


class StepConstants(NamedTuple):
    """``step_size`` is ``lr sqrt(1 - beta2^n) / (1 - beta1^n)``, with n = t - 1; ``decay`` is ``lr weight_decay``.

    At the first update, which moves nothing, ``first`` is 1, later 0, and ``decay`` is 0.  ``fresh`` is 1 at updates
    that turn the eigenvectors, else 0.
    """

    lr: Any
    step_size: Any
    decay: Any
    first: Any
    fresh: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    count = maximum(t - 1, 1)
    step_size = lr * sqrt(1 - s.betas[1] ** count) / (1 - s.betas[0] ** count)
    fresh = where((t > 1) & ((t - 1) % s.precondition_frequency < 1), 1.0, 0.0)
    return StepConstants(lr, step_size, where(t > 1, lr * s.weight_decay, 0.0), where(t == 1, 1.0, 0.0), fresh)


def unit(vector: Pair, otherwise: Pair) -> Pair:
    """A vector divided by its length, or another vector where the length is 0."""
    length = sqrt(vector.x * vector.x + vector.y * vector.y)
    safe = length if length > 0 else 1.0
    return Pair(vector.x / safe if length > 0 else otherwise.x, vector.y / safe if length > 0 else otherwise.y)


def adam(theta: Pair, g: Pair, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Pair, Pair, Pair]:
    """Adam's update along the eigenvectors, then the decay: theta, mean gradient, and mean squares along them."""
    x, y = memory.along_x, memory.along_y
    mean_x = s.betas[0] * memory.exp_avg_x + (1 - s.betas[0]) * g.x
    mean_y = s.betas[0] * memory.exp_avg_y + (1 - s.betas[0]) * g.y
    along, across = x * g.x + y * g.y, x * g.y - y * g.x
    along_sq = s.betas[1] * memory.along_sq + (1 - s.betas[1]) * along * along
    across_sq = s.betas[1] * memory.across_sq + (1 - s.betas[1]) * across * across
    step_u = constants.step_size * (x * mean_x + y * mean_y) / (sqrt(along_sq) + s.eps)
    step_v = constants.step_size * (x * mean_y - y * mean_x) / (sqrt(across_sq) + s.eps)
    new_x, new_y = theta.x - (x * step_u - y * step_v), theta.y - (y * step_u + x * step_v)
    moved = Pair(new_x - constants.decay * new_x, new_y - constants.decay * new_y)
    return moved, Pair(mean_x, mean_y), Pair(along_sq, across_sq)


def update(theta: Pair, gradient: Pair, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Pair, Memory]:
    """Adam's update along u and v; then ``M = beta M + (1 - beta) g g^T``, and at some updates ``u = M u / |M u|``.

    This power iteration starts from the eigenvector with the larger ``u M u``, which takes its mean square along.
    """
    first = constants.first == 1
    seen = Pair(0.0 if first else gradient.x, 0.0 if first else gradient.y)
    moved, mean, square = adam(theta, seen, memory, constants, s)
    weight = 1 - s.shampoo_beta
    xx = s.shampoo_beta * memory.xx + weight * gradient.x * gradient.x
    xy = s.shampoo_beta * memory.xy + weight * gradient.x * gradient.y
    yy = s.shampoo_beta * memory.yy + weight * gradient.y * gradient.y

    old = Pair(memory.along_x, memory.along_y)
    larger = old.x * old.x * xx + 2 * old.x * old.y * xy + old.y * old.y * yy >= (xx + yy) / 2
    u = Pair(old.x if larger else -old.y, old.y if larger else old.x)
    turned = unit(Pair(xx * u.x + xy * u.y, xy * u.x + yy * u.y), u)
    started = unit(gradient, old)
    fresh = constants.fresh == 1
    new_x = turned.x if fresh else (started.x if first else old.x)
    new_y = turned.y if fresh else (started.y if first else old.y)
    along_sq = (square.x if larger else square.y) if fresh else square.x
    across_sq = (square.y if larger else square.x) if fresh else square.y
    return moved, Memory(new_x, new_y, xx, xy, yy, mean.x, mean.y, along_sq, across_sq)


RECORD = Optimizer(
    family="second order",
    formula="theta_t = theta_{t-1} - lr sqrt(1 - beta2^n) / (1 - beta1^n) Q m / (sqrt(v) + eps), n = t - 1;"
    "  m: Q^T times the mean of g;  v: mean of (Q^T g)^2;  Q: eigenvectors of the mean of g g^T",
    when_to_use="Where Adam suffers from a valley that lies across the axes: it turns the axes along the valley.",
    weakness="Between two changes of the eigenvectors it is Adam along old axes, which are wrong in a curved valley.",
    reference="Vyas et al. 2024, arXiv:2409.11321, algorithm 3; pytorch_optimizer.SOAP",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    pair=True,
)
