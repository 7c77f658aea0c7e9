"""Lookahead: after every few updates theta returns part of the way to where it was before them."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Ge, Le
from numpy import where

from errsurf.wrappers._record import Wrapper


class Settings(NamedTuple):
    """As in the paper."""

    k: Annotated[int, Ge(1), "updates from one synchronization to the next"] = 5
    alpha: Annotated[float, Ge(0), Le(1), "share of the way from the slow weights to theta"] = 0.5


class Memory(NamedTuple):
    """The slow weights: theta after the last synchronization."""

    slow: float = 0.0


class StepConstants(NamedTuple):
    """Whether this update ends with a synchronization."""

    synchronizes: Any


def start(theta: Any, s: Settings) -> Memory:
    """The slow weights start at theta."""
    return Memory(theta)


def step_constants(t: Any, lr: Any, s: Settings) -> StepConstants:
    """What update t = 1, 2, ... needs."""
    return StepConstants(where(t % s.k == 0, 1.0, 0.0))


def after(
    before: Any, theta: Any, gradient: Any, memory: Memory, constants: StepConstants, s: Settings
) -> tuple[Any, Memory]:
    """``slow += alpha (theta - slow);  theta = slow`` after every k-th update."""
    moved = memory.slow + s.alpha * (theta - memory.slow)
    slow = moved if constants.synchronizes == 1 else memory.slow
    return slow if constants.synchronizes == 1 else theta, Memory(slow)


RECORD = Wrapper(
    formula="slow_t = slow_{t-1} + alpha (theta_t - slow_{t-1}), theta_t = slow_t  if k divides t",
    when_to_use="To calm an optimizer that swings: the slow weights average theta over synchronizations,"
    " so swings partly cancel.",
    weakness="Progress along a steady slope is slower, by the factor alpha.",
    reference="Zhang, Lucas, Hinton, Ba 2019, arXiv:1907.08610, algorithm 1",
    settings=Settings,
    memory=Memory,
    step_constants=step_constants,
    start=start,
    after=after,
)
