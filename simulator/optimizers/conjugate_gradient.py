"""Conjugate gradient: each direction keeps what the last one has reached, and the curvature along it sets the step."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge

from errsurf.optimizers._record import Hessian, Optimizer, Pair


class Settings(NamedTuple):
    """The share of the step to the minimum along a direction, and what bounds it where the loss is flat."""

    lr: Annotated[float, Ge(0), "learning rate; 1 goes to the minimum of the parabola along the direction"] = 1.0
    damping: Annotated[float, Ge(0), "added to the absolute curvature along the direction"] = 0.0


class Memory(NamedTuple):
    """The last direction and gradient."""

    direction_x: float = 0.0
    direction_y: float = 0.0
    gradient_x: float = 0.0
    gradient_y: float = 0.0


class StepConstants(NamedTuple):
    """The rate of this update."""

    lr: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(lr)


def direction(gradient: Pair, memory: Memory) -> Pair:
    """``d = -g + beta d`` with ``beta = max(g . (g - g_last) / g_last . g_last, 0)``; -g where d would go uphill."""
    gx, gy = gradient.x, gradient.y
    square = memory.gradient_x * memory.gradient_x + memory.gradient_y * memory.gradient_y
    product = gx * (gx - memory.gradient_x) + gy * (gy - memory.gradient_y)
    beta = max(product / (square if square > 0 else 1.0), 0.0)
    x, y = beta * memory.direction_x - gx, beta * memory.direction_y - gy
    downhill = gx * x + gy * y < 0
    return Pair(x if downhill else -gx, y if downhill else -gy)


def update(
    theta: Pair, gradient: Pair, memory: Memory, constants: StepConstants, s: Settings, curvature: Hessian
) -> tuple[Pair, Memory]:
    """``theta -= lr (g . d) / (|d . H d| + damping d . d) d``."""
    d = direction(gradient, memory)
    slope = gradient.x * d.x + gradient.y * d.y
    bend = d.x * (curvature.xx * d.x + curvature.xy * d.y) + d.y * (curvature.xy * d.x + curvature.yy * d.y)
    divisor = abs(bend) + s.damping * (d.x * d.x + d.y * d.y)
    step = constants.lr * slope / divisor if divisor > 0 else 0.0
    return Pair(theta.x - step * d.x, theta.y - step * d.y), Memory(d.x, d.y, gradient.x, gradient.y)


RECORD = Optimizer(
    family="second order",
    formula="d_t = -g_t + beta_t d_{t-1};  theta_t = theta_{t-1} - lr (g_t . d_t) / |d_t . H_t d_t| d_t",
    when_to_use="On full batches: a quadratic in two parameters is solved in two updates, without any matrix inverse.",
    weakness="Directions are conjugate for one loss, and each batch is another; where the curvature is near 0, steps"
    " are unbounded unless `damping` is set.",
    reference="Nocedal, Wright 2006, Numerical Optimization, 2nd edition, algorithm 5.4 and equations 5.44 and 5.45",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    pair=True,
)
