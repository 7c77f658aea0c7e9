"""Rprop: each parameter has its own step size, which grows while its gradient keeps its sign."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Gt, Lt
from numpy import where

from errsurf.optimizers._record import Optimizer
from errsurf.optimizers._sign import sign

Shrink = Annotated[float, Gt(0), Lt(1)]
Grow = Annotated[float, Gt(1)]
Size = Annotated[float, Ge(0)]


class Settings(NamedTuple):
    """As in torch.optim.Rprop."""

    lr: Annotated[float, Ge(0), "the first step size; what a schedule does later has no effect"] = 1e-2
    etas: Annotated[tuple[Shrink, Grow], "factor of the step size if the sign changes, and if it stays"] = (
        0.5,
        1.2,
    )
    step_sizes: Annotated[tuple[Size, Size], "smallest and largest step size"] = (1e-6, 50.0)


class Memory(NamedTuple):
    """The last gradient, 0 after a change of sign, and the step size."""

    prev: float = 0.0
    step_size: float = 0.0


class StepConstants(NamedTuple):
    """The rate at the first update, -1 later."""

    first_step_size: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(where(t == 1, lr, -1.0))


def update(theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings) -> tuple[Any, Memory]:
    """``size *= eta, clamped;  theta -= size sign(g)``; after a change of sign theta rests for one update."""
    agreement = gradient * memory.prev
    eta = s.etas[1] if agreement > 0 else (s.etas[0] if agreement < 0 else 1.0)
    size = eta * (memory.step_size if constants.first_step_size < 0 else constants.first_step_size)
    size = min(max(size, s.step_sizes[0]), s.step_sizes[1])
    heeded = 0.0 if agreement < 0 else gradient
    return theta - size * sign(heeded), Memory(heeded, size)


def rate(memory: Memory, constants: StepConstants, s: Settings) -> Any:
    """The step size, which multiplies the gradient's sign."""
    return memory.step_size


def fault(s: Settings) -> str | None:
    """The sizes in order."""
    if s.step_sizes[0] > s.step_sizes[1]:
        return "step_sizes: the smallest is larger than the largest"
    return None


RECORD = Optimizer(
    family="sign",
    formula="size_t = size_{t-1} etas[1] if g_t g_{t-1} > 0, etas[0] if < 0;  theta_t = theta_{t-1} - size_t sign(g_t)",
    when_to_use="For the full batch: fast, with nothing to tune, blind to the scale of the loss.",
    weakness="Small batches change signs by chance: step sizes shrink, and large rare gradients count like small ones.",
    reference="torch.optim.Rprop; Riedmiller, Braun 1993, ICNN, 586-591",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    update=update,
    fault=fault,
    rate=rate,
)
