"""Adamax: Adam that divides by the largest recent gradient instead of the root mean square."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Lt

from errsurf.optimizers._record import Optimizer

Beta = Annotated[float, Ge(0), Lt(1)]


class Settings(NamedTuple):
    """As in torch.optim.Adamax."""

    lr: Annotated[float, Ge(0), "learning rate"] = 2e-3
    betas: Annotated[tuple[Beta, Beta], "weight of the past in the mean gradient; decay of the largest one"] = (
        0.9,
        0.999,
    )
    eps: Annotated[float, Ge(0), "added to the size of every gradient"] = 1e-8
    weight_decay: Annotated[float, Ge(0), "weight of the penalty |theta|^2 / 2"] = 0.0


class Memory(NamedTuple):
    """Running mean of the gradient, and the size of the largest one, which decays."""

    exp_avg: float = 0.0
    exp_inf: float = 0.0


class StepConstants(NamedTuple):
    """``lr`` and ``lr / (1 - beta1^t)``."""

    lr: Any
    step_size: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(lr, lr / (1 - s.betas[0] ** t))


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``m = beta1 m + (1 - beta1) g;  u = max(beta2 u, |g| + eps);  theta -= lr m^ / u``."""
    gradient = gradient + s.weight_decay * theta
    mean = memory.exp_avg + (1 - s.betas[0]) * (gradient - memory.exp_avg)
    largest = max(s.betas[1] * memory.exp_inf, abs(gradient) + s.eps)
    return theta - constants.step_size * (mean / largest), Memory(mean, largest)


def rate(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """``lr / u``."""
    return constants.lr / memory.exp_inf


RECORD = Optimizer(
    family="adaptive",
    formula="u_t = max(beta2 u_{t-1}, |g_t| + eps);  theta_t = theta_{t-1} - lr m_t / (1 - beta1^t) / u_t",
    when_to_use="When single gradients are far larger than the rest: no update moves a parameter by much more than lr.",
    weakness="One outlier slows a parameter down for about 1 / (1 - beta2) updates.",
    reference="torch.optim.Adamax; Kingma, Ba 2015, arXiv:1412.6980, algorithm 2",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    rate=rate,
)
