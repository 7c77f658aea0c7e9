"""The clock of a picture: what it counts, and its words."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from errsurf.drawing.history.frames import shown_groups
from errsurf.engine.kernel_sources import gradient_evaluations
from errsurf.optimizers import optimizer
from errsurf.system.numbers import counted

if TYPE_CHECKING:
    from errsurf.run.result import Result


class Clock(NamedTuple):
    """What is counted: its ``noun``, and the examples of an ``epoch`` where epochs can be told.

    Where an optimizer evaluates the gradient of a batch twice, as sam does, gradients of examples are counted: they are
    no measure of how often the examples were used.
    """

    noun: str
    epoch: int | None = None

    @property
    def word(self) -> str:
        """The name of an axis."""
        return "examples seen" if self.noun == "example" else f"{self.noun}s"


def clock_of(counts: str, kinds: Iterable[str], examples: int) -> Clock:
    """The clock of groups with optimizers of these kinds; ``counts`` is as ``[picture] clock``."""
    if counts != "examples":
        return Clock("update")
    if any(gradient_evaluations(optimizer(kind)) > 1 for kind in kinds):
        return Clock("example gradient")
    return Clock("example", examples)


def shown_clock(result: "Result") -> Clock:
    """The clock of a picture's groups."""
    kinds = (result.groups[k].kind for k in shown_groups(result))
    return clock_of(result.scenario.picture.clock, kinds, len(result.landscape.train))


def clock_texts(value: float, clock: Clock) -> tuple[str, ...]:
    """A value of the clock in words, in full and shorter."""
    done = int(value + 1e-9)
    number = counted(done, clock.noun)
    if clock.epoch is None:
        return (number,)
    epoch = f"epoch {done // clock.epoch:,}"
    return f"{number} seen, {epoch}", f"{number}, {epoch}", number, f"{done:,}"
