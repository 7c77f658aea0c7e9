"""AdaHessian: Adam with the diagonal of the Hessian in place of the gradient in the mean square."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Lt
from numpy import sqrt

from errsurf.optimizers._hutchinson import diagonal
from errsurf.optimizers._record import Hessian, Optimizer, Pair

Beta = Annotated[float, Ge(0), Lt(1)]


class Settings(NamedTuple):
    """As in the paper, with a Hessian power of 1 and no mean over neighbouring parameters."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1e-1
    betas: Annotated[tuple[Beta, Beta], "weight of the past in the mean gradient and in the mean square"] = (0.9, 0.999)
    eps: Annotated[float, Ge(0), "added to the root of the corrected mean square"] = 1e-4
    weight_decay: Annotated[float, Ge(0), "decoupled weight decay: theta shrinks by lr weight_decay"] = 0.0
    hutchinson: Annotated[bool, "estimate the diagonal from random signs; otherwise it is exact"] = True


class Memory(NamedTuple):
    """Running means of the gradient and of the squares of the Hessian's diagonal."""

    exp_avg_x: float = 0.0
    exp_avg_y: float = 0.0
    hessian_sq_x: float = 0.0
    hessian_sq_y: float = 0.0


class StepConstants(NamedTuple):
    """``lr``, ``lr / (1 - beta1^t)`` and ``sqrt(1 - beta2^t)``."""

    lr: Any
    step_size: Any
    root_correction: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(lr, lr / (1 - s.betas[0] ** t), sqrt(1 - s.betas[1] ** t))


def update(
    theta: Pair,
    gradient: Pair,
    memory: Memory,
    constants: StepConstants,
    s: Settings,
    normal: Pair,
    curvature: Hessian,
) -> tuple[Pair, Memory]:
    """``theta -= lr weight_decay theta;  v = beta2 v + (1 - beta2) h^2;  theta -= lr m^ / (sqrt(v^) + eps)``."""
    estimate = diagonal(curvature, normal, s.hutchinson)
    mean_x = s.betas[0] * memory.exp_avg_x + (1 - s.betas[0]) * gradient.x
    mean_y = s.betas[0] * memory.exp_avg_y + (1 - s.betas[0]) * gradient.y
    square_x = s.betas[1] * memory.hessian_sq_x + (1 - s.betas[1]) * estimate.x * estimate.x
    square_y = s.betas[1] * memory.hessian_sq_y + (1 - s.betas[1]) * estimate.y * estimate.y
    kept = 1 - constants.lr * s.weight_decay
    x = kept * theta.x - constants.step_size * mean_x / (sqrt(square_x) / constants.root_correction + s.eps)
    y = kept * theta.y - constants.step_size * mean_y / (sqrt(square_y) / constants.root_correction + s.eps)
    return Pair(x, y), Memory(mean_x, mean_y, square_x, square_y)


def rate(memory: Memory, constants: StepConstants, s: Settings) -> Pair:
    """``lr / (sqrt(v^) + eps)``."""
    root_x = sqrt(memory.hessian_sq_x) / constants.root_correction
    root_y = sqrt(memory.hessian_sq_y) / constants.root_correction
    return Pair(constants.lr / (root_x + s.eps), constants.lr / (root_y + s.eps))


def gradient_weight(t: int, s: Settings) -> float:
    """``(1 - beta1) / (1 - beta1^t)``."""
    return (1 - s.betas[0]) / (1 - s.betas[0] ** t)


RECORD = Optimizer(
    family="second order",
    formula="m_t = beta1 m_{t-1} + (1 - beta1) g_t;  v_t = beta2 v_{t-1} + (1 - beta2) (z_t (H_t z_t))^2;"
    "  theta_t = theta_{t-1} - lr m_t / (1 - beta1^t) / (sqrt(v_t / (1 - beta2^t)) + eps);  z_t: random signs",
    when_to_use="Where curvatures differ much between parameters: on a bowl along the axes it moves like Newton.",
    weakness="With `hutchinson`, where x and y are coupled, the mean of squares is larger than the diagonal's square:"
    " it moves too little.",
    reference="Yao et al. 2020, arXiv:2006.00719, algorithm 1; pytorch_optimizer.AdaHessian",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    pair=True,
    rate=rate,
    gradient_weight=gradient_weight,
)
