"""Grams: the rule says how far to move, the sign of this update's gradient in which direction."""

from typing import Any, NamedTuple

from errsurf.optimizers._sign import sign
from errsurf.wrappers._record import Nothing, Wrapper


class Settings(NamedTuple):
    """There is nothing to set."""


def after(
    before: Any, theta: Any, gradient: Any, memory: Nothing, constants: Nothing, s: Settings
) -> tuple[Any, Nothing]:
    """``theta = before - sign(g) |theta - before|``."""
    return before - sign(gradient) * abs(theta - before), memory


RECORD = Wrapper(
    formula="theta_t = theta_{t-1} - sign(g_t) |u_t|  with the movement u_t of the rule",
    when_to_use="To keep Adam's step lengths but never move against the current gradient.",
    weakness="With small batches the sign is that of the noise, and what momentum averages away comes back.",
    reference="Cao, Li, Song 2024, arXiv:2412.17107, definition 1.3",
    settings=Settings,
    after=after,
)
