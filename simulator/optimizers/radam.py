"""RAdam: Adam that waits until its mean square is known well enough, a warmup of its own."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Lt
from numpy import maximum, sqrt, where

from errsurf.optimizers._record import Optimizer

Beta = Annotated[float, Ge(0), Lt(1)]


class Settings(NamedTuple):
    """As in torch.optim.RAdam."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1e-3
    betas: Annotated[tuple[Beta, Beta], "weight of the past in the mean gradient and in the mean square"] = (0.9, 0.999)
    eps: Annotated[float, Ge(0), "added to the root of the mean square"] = 1e-8
    weight_decay: Annotated[float, Ge(0), "weight of the penalty |theta|^2 / 2"] = 0.0
    decoupled_weight_decay: Annotated[bool, "the decay shrinks theta itself, as in AdamW"] = False


class Memory(NamedTuple):
    """Running means of the gradient and of its square."""

    exp_avg: float = 0.0
    exp_avg_sq: float = 0.0


class StepConstants(NamedTuple):
    """``lr``, the share of theta that is kept, ``lr / (1 - beta1^t)``, and r_t ``sqrt(1 - beta2^t)`` or 0."""

    lr: Any
    kept: Any
    step_size: Any
    rectification: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    kept = 1 - lr * s.weight_decay if s.decoupled_weight_decay else 1.0
    return StepConstants(lr, kept, lr / (1 - s.betas[0] ** t), rectification(t, s.betas[1]))


def rectification(t: Any, beta2: float) -> Any:
    """``r_t sqrt(1 - beta2^t)``, or 0 while rho_t, the number of gradients that v_t is worth, is at most 5."""
    most = 2 / (1 - beta2) - 1
    if most <= 5:
        return 0.0
    rho = most - 2 * t * beta2**t / (1 - beta2**t)
    known = maximum(rho, 5)
    r = sqrt((known - 4) * (known - 2) * most / ((most - 4) * (most - 2) * known))
    return where(rho > 5, r * sqrt(1 - beta2**t), 0.0)


def scale(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """``r_t / (sqrt(v^) + eps)``, or 1 while v is not trusted."""
    return constants.rectification / (sqrt(memory.exp_avg_sq) + s.eps) if constants.rectification > 0 else 1.0


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``theta -= lr m^ r_t / (sqrt(v^) + eps)`` if rho_t > 5, else ``theta -= lr m^``."""
    gradient = gradient if s.decoupled_weight_decay else gradient + s.weight_decay * theta
    mean = memory.exp_avg + (1 - s.betas[0]) * (gradient - memory.exp_avg)
    square = s.betas[1] * memory.exp_avg_sq + (1 - s.betas[1]) * gradient * gradient
    new = Memory(mean, square)
    return constants.kept * theta - constants.step_size * mean * scale(new, constants, s), new


def rate(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """``lr r_t / (sqrt(v^) + eps)``, or lr while v is not trusted."""
    return constants.lr * scale(memory, constants, s)


RECORD = Optimizer(
    family="adaptive",
    formula="theta_t = theta_{t-1} - lr m_t / (1 - beta1^t) r_t / (sqrt(v_t / (1 - beta2^t)) + eps) if rho_t > 5,"
    " else theta_{t-1} - lr m_t / (1 - beta1^t)",
    when_to_use="Adam without a warmup to tune: its rate rises by itself as v becomes reliable.",
    weakness="The first five or so updates are momentum at the full lr, undivided: on a steep surface they throw far.",
    reference="torch.optim.RAdam; Liu et al. 2020, arXiv:1908.03265, algorithm 2",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    rate=rate,
)
