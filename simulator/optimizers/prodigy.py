"""Prodigy: Adam whose rate is scaled by a running estimate of the distance to the solution."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Gt, Lt
from numpy import sqrt

from errsurf.optimizers._record import Optimizer, Pair

Beta = Annotated[float, Ge(0), Lt(1)]


class Settings(NamedTuple):
    """As in prodigyopt.Prodigy."""

    lr: Annotated[float, Ge(0), "factor of the rate that is found"] = 1.0
    betas: Annotated[tuple[Beta, Beta], "weight of the past in the mean gradient and in the mean square"] = (0.9, 0.999)
    eps: Annotated[float, Ge(0), "added, times d, to the root of the mean square"] = 1e-8
    weight_decay: Annotated[float, Ge(0), "decoupled weight decay: theta shrinks by lr d weight_decay"] = 0.0
    d0: Annotated[float, Gt(0), "first estimate of the distance"] = 1e-6
    d_coef: Annotated[float, Gt(0), "factor of the estimate"] = 1.0
    growth_rate: Annotated[float, Ge(1), "largest factor by which the distance grows in an update"] = 1e30
    bias_correction: Annotated[bool, "multiply lr by Adam's two corrections for the start from 0"] = False
    safeguard_warmup: Annotated[bool, "leave lr out of the estimate's divisor"] = False


class Memory(NamedTuple):
    """The distance d, its largest estimate, what the estimate is made of, the way from the start, and Adam's means.

    The means are those of d times the gradient.
    """

    d: float = 0.0
    d_max: float = 0.0
    numerator: float = 0.0
    s_x: float = 0.0
    s_y: float = 0.0
    moved_x: float = 0.0
    moved_y: float = 0.0
    exp_avg_x: float = 0.0
    exp_avg_y: float = 0.0
    exp_avg_sq_x: float = 0.0
    exp_avg_sq_y: float = 0.0


class StepConstants(NamedTuple):
    """The rate, with Adam's corrections if they are asked for, and ``sqrt(beta2)``."""

    lr: Any
    beta3: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    beta1, beta2 = s.betas
    correction = sqrt(1 - beta2**t) / (1 - beta1**t) if s.bias_correction else 1.0
    return StepConstants(lr * correction, sqrt(beta2))


def start(theta: Pair, s: Settings) -> Memory:
    """The distance is d0."""
    return Memory(d=s.d0, d_max=s.d0)


def update(theta: Pair, gradient: Pair, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Pair, Memory]:
    """``r = beta3 r + lr d^2 g . (theta_0 - theta);  s = beta3 s + lr d^2 g;  d = max(d, d_coef r / |s|_1)``.

    Then ``theta -= lr d_old m / (sqrt(v) + d eps)``, and as much of theta as ``lr d_old weight_decay``.
    """
    gx, gy, d = gradient.x, gradient.y, memory.d
    rate, relative = d * constants.lr, d / s.d0
    numerator = constants.beta3 * memory.numerator - relative * rate * (gx * memory.moved_x + gy * memory.moved_y)
    weight = relative * (d if s.safeguard_warmup else rate)
    s_x, s_y = constants.beta3 * memory.s_x + weight * gx, constants.beta3 * memory.s_y + weight * gy
    divisor = abs(s_x) + abs(s_y)
    estimate = s.d_coef * numerator / (divisor if divisor > 0 else 1.0)
    d_max = max(memory.d_max, estimate)
    new_d = min(d_max, (max(d, estimate) if d == s.d0 else d) * s.growth_rate)

    mean_x = s.betas[0] * memory.exp_avg_x + (1 - s.betas[0]) * d * gx
    mean_y = s.betas[0] * memory.exp_avg_y + (1 - s.betas[0]) * d * gy
    square_x = s.betas[1] * memory.exp_avg_sq_x + (1 - s.betas[1]) * d * d * gx * gx
    square_y = s.betas[1] * memory.exp_avg_sq_y + (1 - s.betas[1]) * d * d * gy * gy
    x = rate * (s.weight_decay * theta.x + mean_x / (sqrt(square_x) + new_d * s.eps))
    y = rate * (s.weight_decay * theta.y + mean_y / (sqrt(square_y) + new_d * s.eps))
    moved = Pair(memory.moved_x - x, memory.moved_y - y)
    new = Memory(new_d, d_max, numerator, s_x, s_y, moved.x, moved.y, mean_x, mean_y, square_x, square_y)
    return Pair(theta.x - x, theta.y - y), new


def rate(memory: Memory, constants: StepConstants, s: Settings) -> Pair:
    """``lr d^2 / (sqrt(v) + d eps)``, with the d that the next update uses; this one used the d before it."""
    top, least = constants.lr * memory.d * memory.d, memory.d * s.eps
    return Pair(top / (sqrt(memory.exp_avg_sq_x) + least), top / (sqrt(memory.exp_avg_sq_y) + least))


def gradient_weight(t: int, s: Settings) -> float:
    """``1 - beta1``."""
    return 1 - s.betas[0]


RECORD = Optimizer(
    family="adaptive",
    formula="d_t = max(d_{t-1}, r_t / |s_t|_1);  theta_t = theta_{t-1} - lr d_{t-1} m_t / (sqrt(v_t) + d_t eps)",
    when_to_use="Where no rate is known: d grows from d0 to about the larger of the distances that x and y have"
    " to move.",
    weakness="The rate never falls by itself, so it needs a schedule to settle, and noise can make d too large.",
    reference="Mishchenko, Defazio 2023, arXiv:2306.06101, the form for Adam; prodigyopt.Prodigy",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    pair=True,
    start=start,
    rate=rate,
    gradient_weight=gradient_weight,
)
