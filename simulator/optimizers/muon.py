"""Muon: momentum whose matrix is made orthogonal; two parameters are a 1 x 2 matrix, so it is normalized."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Lt
from numpy import sqrt

from errsurf.optimizers._record import Optimizer, Pair


class Settings(NamedTuple):
    """As in torch.optim.Muon for a weight of 1 x 2, with its five Newton-Schulz steps."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1e-3
    weight_decay: Annotated[float, Ge(0), "decoupled weight decay: theta shrinks by lr weight_decay"] = 0.1
    momentum: Annotated[float, Ge(0), Lt(1), "weight of the past in the mean gradient"] = 0.95
    nesterov: Annotated[bool, "mix the mean with the gradient once more"] = True
    ns_coefficients: Annotated[
        tuple[float, float, float], "each step makes a v + b v^3 + c v^5 of the length v; (1, 0, 0) leaves it 1"
    ] = (3.4445, -4.775, 2.0315)
    eps: Annotated[float, Ge(0), "least length that the mean is divided by"] = 1e-7
    match_rms_adamw: Annotated[bool, "lr times 0.2 sqrt(2), so that movements are as large as AdamW's"] = False


class Memory(NamedTuple):
    """Running mean of the gradient."""

    momentum_buffer_x: float = 0.0
    momentum_buffer_y: float = 0.0


class StepConstants(NamedTuple):
    """The rate of this update, and the share of theta that is kept."""

    lr: Any
    kept: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(0.2 * sqrt(2.0) * lr if s.match_rms_adamw else lr, 1 - lr * s.weight_decay)


def newton_schulz(matrix: Pair, s: Settings) -> Pair:
    """``a X + (b X X^T + c (X X^T)^2) X``, which changes only the length of a 1 x 2 matrix."""
    square = matrix.x * matrix.x + matrix.y * matrix.y
    factor = s.ns_coefficients[0] + (s.ns_coefficients[1] + s.ns_coefficients[2] * square) * square
    return Pair(factor * matrix.x, factor * matrix.y)


def update(theta: Pair, gradient: Pair, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Pair, Memory]:
    """``m = momentum m + (1 - momentum) g;  n = momentum m + (1 - momentum) g, or m;  theta -= lr p(n / |n|)``.

    p is five Newton-Schulz steps.
    """
    mean_x = memory.momentum_buffer_x + (1 - s.momentum) * (gradient.x - memory.momentum_buffer_x)
    mean_y = memory.momentum_buffer_y + (1 - s.momentum) * (gradient.y - memory.momentum_buffer_y)
    x = gradient.x + s.momentum * (mean_x - gradient.x) if s.nesterov else mean_x
    y = gradient.y + s.momentum * (mean_y - gradient.y) if s.nesterov else mean_y
    length = max(sqrt(x * x + y * y), s.eps)
    twice = newton_schulz(newton_schulz(Pair(x / length, y / length), s), s)
    step = newton_schulz(newton_schulz(newton_schulz(twice, s), s), s)
    moved = Pair(constants.kept * theta.x - constants.lr * step.x, constants.kept * theta.y - constants.lr * step.y)
    return moved, Memory(mean_x, mean_y)


RECORD = Optimizer(
    family="momentum",
    formula="m_t = momentum m_{t-1} + (1 - momentum) g_t;  n_t = momentum m_t + (1 - momentum) g_t;"
    "  theta_t = (1 - lr weight_decay) theta_{t-1} - lr p n_t / |n_t|, p from five Newton-Schulz steps",
    when_to_use="For weight matrices, where it moves all directions alike; a 1 x 2 matrix has one direction.",
    weakness="Apart from weight decay, every update has the same length, by default about 0.7 lr, so at a constant rate"
    " it circles the minimum forever.",
    reference="Jordan et al. 2024, Muon: an optimizer for hidden layers in neural networks;"
    " Liu et al. 2025, arXiv:2502.16982; torch.optim.Muon",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    pair=True,
)
