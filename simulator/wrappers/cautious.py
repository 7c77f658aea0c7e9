"""Cautious: a parameter moves only if the rule moves it against the gradient of this update."""

from typing import Annotated, NamedTuple

from annotated_types import Ge

from errsurf.optimizers import Pair
from errsurf.wrappers._record import Nothing, Wrapper


class Settings(NamedTuple):
    """The authors' programs rescale what is left of a movement; the bound keeps that finite."""

    least: Annotated[float, Ge(0), "the smallest share of moving parameters by which a movement is divided"] = 1e-3


def after(
    before: Pair, theta: Pair, gradient: Pair, memory: Nothing, constants: Nothing, s: Settings
) -> tuple[Pair, Nothing]:
    """``theta = before + mask u / max(mean(mask), least)`` where ``mask = 1 if u g < 0 else 0``."""
    x, y = theta.x - before.x, theta.y - before.y
    along_x = 1.0 if x * gradient.x < 0 else 0.0
    along_y = 1.0 if y * gradient.y < 0 else 0.0
    factor = 1 / max((along_x + along_y) / 2, s.least)
    return Pair(before.x + along_x * factor * x, before.y + along_y * factor * y), memory


RECORD = Wrapper(
    formula="theta_t = theta_{t-1} + mask_t u_t / max(mean(mask_t), least),  mask_t = 1 where u_t g_t < 0, else 0",
    when_to_use="With momentum that overshoots: what points uphill waits.",
    weakness="Where one parameter waits the other moves twice as far; at the floor of a ravine both wait in turn.",
    reference="Liang et al. 2024, arXiv:2411.16085, algorithm 1; the rescaling is that of the authors' program",
    settings=Settings,
    after=after,
    pair=True,
)
