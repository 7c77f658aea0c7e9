"""Box: after each update theta is projected back into a rectangle."""

from typing import Annotated, NamedTuple

from errsurf.optimizers import Pair
from errsurf.wrappers._record import Nothing, Wrapper


class Settings(NamedTuple):
    """The sides of the rectangle."""

    x: Annotated[tuple[float, float], "smallest and largest x"] = (-1.0, 1.0)
    y: Annotated[tuple[float, float], "smallest and largest y"] = (-1.0, 1.0)


def after(
    before: Pair, theta: Pair, gradient: Pair, memory: Nothing, constants: Nothing, s: Settings
) -> tuple[Pair, Nothing]:
    """``theta = min(max(theta, smallest), largest)``."""
    return Pair(min(max(theta.x, s.x[0]), s.x[1]), min(max(theta.y, s.y[0]), s.y[1])), memory


def fault(s: Settings) -> str | None:
    """Each side needs its smaller end first."""
    return None if s.x[0] <= s.x[1] and s.y[0] <= s.y[1] else "the smallest value of a side comes first"


RECORD = Wrapper(
    formula="theta_t = min(max(rule(theta_{t-1}), smallest), largest)  for x and for y",
    when_to_use="Where parameters are bounded, such as variances or shares.",
    weakness="Momentum knows nothing of the wall and goes on pushing against it.",
    reference="Bertsekas 1976, IEEE Trans. Automat. Contr. 21, 174-184: projected gradient descent",
    settings=Settings,
    after=after,
    pair=True,
    fault=fault,
)
