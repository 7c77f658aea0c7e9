"""The painter that a scenario's ``picture.view`` asks for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from errsurf.drawing.colours import Colour
from errsurf.drawing.history.numbers import BasinOf
from errsurf.drawing.painter import Painter, scene_painter
from errsurf.drawing.relief import ReliefPainter, relief_painter
from errsurf.drawing.scene import on_paper, scene

if TYPE_CHECKING:
    from errsurf.analysis import Critical, Regions
    from errsurf.run.result import Result

AnyPainter: TypeAlias = Painter | ReliefPainter


def painter(
    result: "Result",
    *,
    critical: Sequence["Critical"] = (),
    basin_of: BasinOf | None = None,
    regions: "Regions | None" = None,
    size: tuple[int, int] | None = None,
    charts: Sequence[str] | None = None,
    fade: float = 0.08,
    paper: Colour | None = None,
) -> AnyPainter:
    """The flat painter of a result, or that of its relief; the arguments are those of ``scene.scene``.

    ``paper`` is behind everything, by default the theme's background.
    """
    shown = scene(result, critical=critical, basin_of=basin_of, regions=regions, size=size, charts=charts, fade=fade)
    shown = shown if paper is None else on_paper(shown, paper)
    flat = scene_painter(shown)
    return relief_painter(flat) if result.scenario.picture.view == "3d" else flat
