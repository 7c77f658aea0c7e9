"""SWA: what is shown is the plain mean of theta at every few updates, from a given update on."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge
from numpy import where

from errsurf.wrappers._record import Wrapper


class Settings(NamedTuple):
    """As in torch.optim.swa_utils.AveragedModel, which averages alike whenever it is called."""

    begin: Annotated[int, Ge(1), "the first update whose theta is averaged"] = 1
    every: Annotated[int, Ge(1), "updates from one that is averaged to the next"] = 1


class Memory(NamedTuple):
    """The mean; theta itself until averaging begins."""

    mean: float = 0.0


class StepConstants(NamedTuple):
    """The weight of theta in the new mean: 1 until averaging begins, then 1 / n for the n-th, or 0 in between."""

    weight: Any


def start(theta: Any, s: Settings) -> Memory:
    """The mean starts at theta."""
    return Memory(theta)


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    since = t - s.begin
    counted = where(since % s.every == 0, s.every / (abs(since) + s.every), 0.0)
    return StepConstants(where(since <= 0, 1.0, counted))


def after(
    before: Any, theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings
) -> tuple[Any, Memory]:
    """``mean += weight (theta - mean)``."""
    return theta, Memory(theta if constants.weight == 1 else memory.mean + constants.weight * (theta - memory.mean))


RECORD = Wrapper(
    formula="mean_n = mean_{n-1} + (theta_n - mean_{n-1}) / n  over the averaged updates n = 1, 2, ...",
    when_to_use="At the end of a run with a constant or cyclic rate: the mean lies deeper in a flat valley than theta.",
    weakness="It forgets nothing: if it begins too early, the way down drags it back.",
    reference="torch.optim.swa_utils.AveragedModel; Izmailov et al. 2018, arXiv:1803.05407, algorithm 1;"
    " Polyak, Juditsky 1992, SIAM J. Control Optim. 30, 838-855",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    start=start,
    after=after,
    shown="mean",
    moves=False,
)
