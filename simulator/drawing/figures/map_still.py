"""The map of a run at its end, without any words: a small picture of it that suits every language."""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

from errsurf.drawing.boxes import Box
from errsurf.drawing.layout.parts import only_map
from errsurf.drawing.layout.style import scenario_style
from errsurf.drawing.painter import scene_painter
from errsurf.drawing.scene import scene_on

if TYPE_CHECKING:
    from errsurf.analysis import Critical
    from errsurf.run.result import Result

FADE = 0.6
STYLE = (960, 540)
"""The size of pictures that dots and names are as large as."""


def map_still(
    result: "Result", critical: Sequence["Critical"], size: tuple[int, int], quality: int, *, particles: bool
) -> bytes:
    """WebP of ``size`` pixels, with long trails or without particles; ``quality`` is from 0 to 100."""
    plan = only_map(size, scenario_style(result.scenario, STYLE), Box(0, 0, *size))
    plan = plan._replace(outer=((False, False),))
    shown = scene_on(plan, result, critical=critical, fade=FADE)
    painter = scene_painter(shown if particles else replace(shown, swarms=()))
    file = BytesIO()
    Image.fromarray(painter.frame(painter.end)).save(file, "WEBP", quality=quality, method=6)
    return file.getvalue()
