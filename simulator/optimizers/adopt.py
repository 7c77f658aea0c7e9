"""ADOPT: each gradient is divided by the root of the mean square before it, and only then averaged."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Lt
from numpy import sqrt, where

from errsurf.optimizers._record import Optimizer

Beta = Annotated[float, Ge(0), Lt(1)]


class Settings(NamedTuple):
    """As in the paper and the authors' code; the first update only sets the mean square."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1e-3
    betas: Annotated[tuple[Beta, Beta], "weight of the past in the mean movement and in the mean square"] = (
        0.9,
        0.9999,
    )
    eps: Annotated[float, Ge(0), "least value of the root of the mean square"] = 1e-6
    weight_decay: Annotated[float, Ge(0), "weight of the penalty |theta|^2 / 2"] = 0.0
    decoupled_weight_decay: Annotated[bool, "the decay shrinks theta itself, as in AdamW"] = False
    clipping: Annotated[bool, "limit the size of the divided gradient to (t - 1)^(1/4) at update t"] = True


class Memory(NamedTuple):
    """Running means of the divided gradient and of the gradient's square."""

    exp_avg: float = 0.0
    exp_avg_sq: float = 0.0


class StepConstants(NamedTuple):
    """``lr``, the share of theta that is kept, the limit, and the weights of the mean's and the square's parts."""

    lr: Any
    kept: Any
    limit: Any
    share: Any
    past: Any
    present: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs; the first only sets the mean square."""
    first = t == 1
    kept = where(first, 1.0, 1 - lr * s.weight_decay) if s.decoupled_weight_decay else 1.0
    share, past, present = where(first, 0.0, 1 - s.betas[0]), where(first, 0.0, s.betas[1]), 1 - s.betas[1]
    return StepConstants(lr, kept, (t - 1) ** 0.25, share, past, where(first, 1.0, present))


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``m = beta1 m + (1 - beta1) clip(g / max(sqrt(v), eps));  theta -= lr m;  v = beta2 v + (1 - beta2) g^2``."""
    gradient = gradient if s.decoupled_weight_decay else gradient + s.weight_decay * theta
    divided = gradient / max(sqrt(memory.exp_avg_sq), s.eps)
    limited = max(min(divided, constants.limit), -constants.limit) if s.clipping else divided
    mean = memory.exp_avg + constants.share * (limited - memory.exp_avg) if constants.share > 0 else memory.exp_avg
    square = constants.past * memory.exp_avg_sq + constants.present * gradient * gradient
    return constants.kept * theta - constants.lr * mean, Memory(mean, square)


def rate(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """``lr / max(sqrt(v), eps)``, with the v that the next update divides by; this one divided by the v before it."""
    return constants.lr / max(sqrt(memory.exp_avg_sq), s.eps)


RECORD = Optimizer(
    family="adaptive",
    formula="m_t = beta1 m_{t-1} + (1 - beta1) clip(g_t / max(sqrt(v_{t-1}), eps), -c_t, c_t), c_t = (t - 1)^(1/4);"
    "  theta_t = theta_{t-1} - lr m_t;  v_t = beta2 v_{t-1} + (1 - beta2) g_t^2;  v_1 = g_1^2, theta_1 = theta_0",
    when_to_use="Where Adam needs a beta2 near 1: no gradient divides itself, so rare large ones keep their weight.",
    weakness="After a small first gradient the next movements are large, up to the limit of the clipping.",
    reference="Taniguchi et al. 2024, arXiv:2411.02853, algorithm 2; timm.optim.Adopt",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    rate=rate,
)
