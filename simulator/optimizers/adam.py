"""Adam: momentum divided by the root mean square of recent gradients, both corrected for their start."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Lt
from numpy import sqrt

from errsurf.optimizers._record import Optimizer

Beta = Annotated[float, Ge(0), Lt(1)]


class Settings(NamedTuple):
    """As in torch.optim.Adam, where the bias is always corrected; ``eps_hat`` is the form of Keras."""

    lr: Annotated[float, Ge(0), "learning rate"] = 1e-3
    betas: Annotated[tuple[Beta, Beta], "weight of the past in the mean gradient and in the mean square"] = (0.9, 0.999)
    eps: Annotated[float, Ge(0), "added to the root of the corrected mean square"] = 1e-8
    weight_decay: Annotated[float, Ge(0), "weight of the penalty |theta|^2 / 2"] = 0.0
    amsgrad: Annotated[bool, "divide by the largest mean square so far"] = False
    bias_correction: Annotated[bool, "divide both means by 1 - beta^t, as they start from 0"] = True
    eps_hat: Annotated[bool, "eps is added to the root of the mean square before its correction"] = False


class Memory(NamedTuple):
    """Running means of the gradient and of its square, and the largest such square so far."""

    exp_avg: float = 0.0
    exp_avg_sq: float = 0.0
    max_exp_avg_sq: float = 0.0


class StepConstants(NamedTuple):
    """``lr``, ``lr / (1 - beta1^t)`` and ``sqrt(1 - beta2^t)``."""

    lr: Any
    step_size: Any
    root_correction: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    if not s.bias_correction:
        return StepConstants(lr, lr, 1.0)
    beta1, beta2 = s.betas
    return StepConstants(lr, lr / (1 - beta1**t), sqrt(1 - beta2**t))


def root(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """``sqrt(v^) + eps``, or with eps_hat ``(sqrt(v) + eps) / sqrt(1 - beta2^t)``."""
    eps = s.eps / constants.root_correction if s.eps_hat else s.eps
    return sqrt(memory.max_exp_avg_sq if s.amsgrad else memory.exp_avg_sq) / constants.root_correction + eps


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2;  theta -= lr m^ / (sqrt(v^) + eps)``."""
    gradient = gradient + s.weight_decay * theta
    mean = memory.exp_avg + (1 - s.betas[0]) * (gradient - memory.exp_avg)
    square = s.betas[1] * memory.exp_avg_sq + (1 - s.betas[1]) * gradient * gradient
    largest = memory.max_exp_avg_sq if memory.max_exp_avg_sq > square else square
    new = Memory(mean, square, largest)
    return theta - constants.step_size * (mean / root(new, constants, s)), new


def rate(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """``lr / (sqrt(v^) + eps)``."""
    return constants.lr / root(memory, constants, s)


def gradient_weight(t: int, s: Settings) -> float:
    """``(1 - beta1) / (1 - beta1^t)``."""
    return (1 - s.betas[0]) / (1 - s.betas[0] ** t if s.bias_correction else 1.0)


def stable_product(s: Settings) -> float:
    """``2 (1 + beta1) / (1 - beta1)``, 38 for the default (Cohen et al. 2022, arXiv:2207.14484)."""
    return 2 * (1 + s.betas[0]) / (1 - s.betas[0])


RECORD = Optimizer(
    family="adaptive",
    formula="theta_t = theta_{t-1} - lr m_t / (1 - beta1^t) / (sqrt(v_t / (1 - beta2^t)) + eps)",
    when_to_use="The usual first choice when nothing is known: its movements are at most about lr, whatever the scale.",
    weakness="Rare large gradients are soon forgotten: even a convex problem can lead it the wrong way; amsgrad helps.",
    reference="torch.optim.Adam; Kingma, Ba 2015, arXiv:1412.6980, algorithm 1; Reddi et al. 2018 for amsgrad;"
    " keras.optimizers.Adam for eps_hat, section 2 of the paper",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    rate=rate,
    gradient_weight=gradient_weight,
    stable_product=stable_product,
)
