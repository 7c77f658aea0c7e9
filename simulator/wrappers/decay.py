"""Weight decay: a pull to the origin, decoupled from the gradient or added to it."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge

from errsurf.wrappers._record import Nothing, Wrapper


class Settings(NamedTuple):
    """The strength of the pull, and its form."""

    weight_decay: Annotated[float, Ge(0), "weight of the pull"] = 0.01
    decoupled: Annotated[bool, "theta shrinks by lr weight_decay; otherwise the rule sees the pull in the gradient"] = (
        True
    )


class StepConstants(NamedTuple):
    """The share of theta that a decoupled pull takes away."""

    share: Any


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(lr * s.weight_decay if s.decoupled else 0.0)


def before(theta: Any, gradient: Any, constants: StepConstants, s: Settings) -> Any:
    """``g + weight_decay theta``, unless decoupled."""
    return gradient if s.decoupled else gradient + s.weight_decay * theta


def after(
    before: Any, theta: Any, gradient: Any, memory: Nothing, constants: StepConstants, s: Settings
) -> tuple[Any, Nothing]:
    """``theta -= lr weight_decay theta_{t-1}``, if decoupled."""
    return theta - constants.share * before, memory


RECORD = Wrapper(
    formula="theta_t = rule(theta_{t-1}) - lr weight_decay theta_{t-1};"
    "  if not decoupled, the rule gets g + weight_decay theta instead",
    when_to_use="For rules without a weight decay of their own, and to compare its two forms.",
    weakness="The minimum moves towards the origin; in the gradient's form an adaptive rule divides the pull away.",
    reference="Loshchilov, Hutter 2019, arXiv:1711.05101, algorithms 1 and 2",
    settings=Settings,
    step_constants=step_constants,
    before=before,
    after=after,
)
