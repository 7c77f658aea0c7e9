"""Halved: every movement is half as long as the rule's."""

from typing import Any, NamedTuple

from errsurf.wrappers import Nothing, Wrapper


class Settings(NamedTuple):
    """There is nothing to set."""


def after(
    before: Any, theta: Any, gradient: Any, memory: Nothing, constants: Nothing, s: Settings
) -> tuple[Any, Nothing]:
    """``theta = (before + theta) / 2``."""
    return 0.5 * (before + theta), memory


RECORD = Wrapper(
    formula="theta_t = (theta_{t-1} + rule(theta_{t-1})) / 2",
    when_to_use="Where a rule moves too far.",
    weakness="It takes twice as many updates.",
    reference="made for this example",
    settings=Settings,
    after=after,
)
