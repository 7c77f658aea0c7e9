"""NAdam: Adam with Nesterov's look ahead and a momentum that rises from half of beta1."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Lt
from numpy import cumprod, sqrt

from errsurf.optimizers._record import Optimizer

Beta = Annotated[float, Ge(0), Lt(1)]


class Settings(NamedTuple):
    """As in torch.optim.NAdam."""

    lr: Annotated[float, Ge(0), "learning rate"] = 2e-3
    betas: Annotated[tuple[Beta, Beta], "weight of the past in the mean gradient and in the mean square"] = (0.9, 0.999)
    eps: Annotated[float, Ge(0), "added to the root of the corrected mean square"] = 1e-8
    weight_decay: Annotated[float, Ge(0), "weight of the penalty |theta|^2 / 2"] = 0.0
    momentum_decay: Annotated[float, Ge(0), "mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2)"] = 4e-3
    decoupled_weight_decay: Annotated[bool, "the decay shrinks theta itself, as in AdamW"] = False


class Memory(NamedTuple):
    """Running means of the gradient and of its square."""

    exp_avg: float = 0.0
    exp_avg_sq: float = 0.0


class StepConstants(NamedTuple):
    """``lr``, the share of theta that is kept, the rates of gradient and mean, and ``1 - beta2^t``."""

    lr: Any
    kept: Any
    gradient_rate: Any
    mean_rate: Any
    correction: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    beta1, beta2 = s.betas
    mu = beta1 * (1 - 0.5 * 0.96 ** (t * s.momentum_decay))
    following = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * s.momentum_decay))
    product = cumprod(mu)
    kept = 1 - lr * s.weight_decay if s.decoupled_weight_decay else 1.0
    return StepConstants(
        lr, kept, lr * (1 - mu) / (1 - product), lr * following / (1 - product * following), 1 - beta2**t
    )


def root(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """``sqrt(v^) + eps``."""
    return sqrt(memory.exp_avg_sq / constants.correction) + s.eps


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``theta -= lr ((1 - mu_t) g / (1 - mu_1..mu_t) + mu_{t+1} m / (1 - mu_1..mu_{t+1})) / (sqrt(v^) + eps)``."""
    gradient = gradient if s.decoupled_weight_decay else gradient + s.weight_decay * theta
    mean = memory.exp_avg + (1 - s.betas[0]) * (gradient - memory.exp_avg)
    square = s.betas[1] * memory.exp_avg_sq + (1 - s.betas[1]) * gradient * gradient
    new = Memory(mean, square)
    divisor = root(new, constants, s)
    return constants.kept * theta - constants.gradient_rate * (gradient / divisor) - constants.mean_rate * (
        mean / divisor
    ), new


def rate(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """``lr / (sqrt(v^) + eps)``."""
    return constants.lr / root(memory, constants, s)


RECORD = Optimizer(
    family="adaptive",
    formula="theta_t = theta_{t-1} - lr ((1 - mu_t) g_t / (1 - prod_{i<=t} mu_i)"
    " + mu_{t+1} m_t / (1 - prod_{i<=t+1} mu_i)) / (sqrt(v_t / (1 - beta2^t)) + eps)",
    when_to_use="Where Adam's momentum overshoots: the newest gradient counts more, so it turns earlier.",
    weakness="The same extra weight lets through more of a small batch's noise; otherwise as Adam.",
    reference="torch.optim.NAdam; Dozat 2016, Incorporating Nesterov momentum into Adam, ICLR workshop",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    rate=rate,
)
