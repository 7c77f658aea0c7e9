"""The painter that a scenario's ``picture.view`` asks for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from simulator.drawing.history import BasinOf
from simulator.drawing.painter import Painter
from simulator.drawing.relief import ReliefPainter, relief_painter
from simulator.drawing.stage import painter as flat_painter

if TYPE_CHECKING:
    from simulator.analysis import Critical
    from simulator.result import Result

AnyPainter: TypeAlias = Painter | ReliefPainter


def painter(
    result: "Result",
    *,
    critical: Sequence["Critical"] = (),
    basin_of: BasinOf | None = None,
    size: tuple[int, int] | None = None,
    charts: Sequence[str] | None = None,
    fade: float = 0.08,
) -> AnyPainter:
    """The flat painter of a result, or that of its relief; the arguments are those of ``stage.painter``."""
    flat = flat_painter(result, critical=critical, basin_of=basin_of, size=size, charts=charts, fade=fade)
    return relief_painter(flat, critical=critical) if result.scenario.picture.view == "3d" else flat
