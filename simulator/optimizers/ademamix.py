"""AdEMAMix: AdamW with a second, much slower mean of gradients added to the usual one."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Lt
from numpy import exp, log, minimum, sqrt

from errsurf.optimizers._record import Optimizer

Beta = Annotated[float, Ge(0), Lt(1)]


class Settings(NamedTuple):
    """As in the paper."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1e-3
    betas: Annotated[
        tuple[Beta, Beta, Beta], "weight of the past in the fast mean, in the mean square and in the slow mean"
    ] = (0.9, 0.999, 0.9999)
    alpha: Annotated[float, Ge(0), "weight of the slow mean in the movement"] = 5.0
    eps: Annotated[float, Ge(0), "added to the root of the corrected mean square"] = 1e-8
    weight_decay: Annotated[float, Ge(0), "decoupled weight decay: theta shrinks by lr weight_decay"] = 0.0
    t_alpha_beta3: Annotated[float, Ge(0), "updates over which alpha and betas[2] rise to their values; 0: none"] = 0.0


class Memory(NamedTuple):
    """Fast and slow running means of the gradient, and the running mean of its square."""

    exp_avg: float = 0.0
    exp_avg_slow: float = 0.0
    exp_avg_sq: float = 0.0


class StepConstants(NamedTuple):
    """``lr``, the share of theta that is kept, ``1 - beta1^t``, ``sqrt(1 - beta2^t)``, alpha_t and beta3_t."""

    lr: Any
    kept: Any
    correction: Any
    root_correction: Any
    alpha: Any
    beta3: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs; with a warmup 1 / log(beta3_t) changes linearly."""
    beta1, beta2, beta3 = s.betas
    alpha_t: Any = s.alpha
    beta3_t: Any = beta3
    if s.t_alpha_beta3 > 0:
        share = minimum(t / s.t_alpha_beta3, 1.0)
        alpha_t = s.alpha * share
        beta3_t = minimum(exp(1 / ((1 - share) / log(beta1) + share / log(beta3))), beta3)
    return StepConstants(lr, 1 - lr * s.weight_decay, 1 - beta1**t, sqrt(1 - beta2**t), alpha_t, beta3_t)


def root(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """``sqrt(v^) + eps``."""
    return sqrt(memory.exp_avg_sq) / constants.root_correction + s.eps


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``theta *= 1 - lr weight_decay;  theta -= lr (m1^ + alpha_t m2) / (sqrt(v^) + eps)``; m2 is not corrected."""
    fast = memory.exp_avg + (1 - s.betas[0]) * (gradient - memory.exp_avg)
    slow = memory.exp_avg_slow + (1 - constants.beta3) * (gradient - memory.exp_avg_slow)
    square = s.betas[1] * memory.exp_avg_sq + (1 - s.betas[1]) * gradient * gradient
    new = Memory(fast, slow, square)
    movement = (fast / constants.correction + constants.alpha * slow) / root(new, constants, s)
    return constants.kept * theta - constants.lr * movement, new


def fault(s: Settings) -> str | None:
    """The warmup of betas[2] starts at betas[0] and needs the logarithms of both."""
    if s.t_alpha_beta3 > 0 and min(s.betas[0], s.betas[2]) == 0:
        return "t_alpha_beta3 above 0 needs betas[0] and betas[2] above 0"
    return None


RECORD = Optimizer(
    family="adaptive",
    formula="m1_t = beta1 m1_{t-1} + (1 - beta1) g_t;  m2_t = beta3_t m2_{t-1} + (1 - beta3_t) g_t;"
    "  v_t = beta2 v_{t-1} + (1 - beta2) g_t^2;  theta_t = (1 - lr weight_decay) theta_{t-1}"
    " - lr (m1_t / (1 - beta1^t) + alpha_t m2_t) / (sqrt(v_t / (1 - beta2^t)) + eps)",
    when_to_use="For long runs on small batches, where gradients of thousands of updates ago still help.",
    weakness="The slow mean remembers slopes that are long gone: after a turn of the valley it pushes the old way.",
    reference="Pagliardini, Ablin, Grangier 2024, arXiv:2409.03137, algorithm 1; pytorch_optimizer.AdEMAMix",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    fault=fault,
)
