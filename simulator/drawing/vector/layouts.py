"""The kinds of figures there are."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from errsurf.drawing.vector.overlays import drawable_wish
from errsurf.drawing.vector.posters import paper, slide, strip
from errsurf.drawing.vector.sheet import Sheet
from errsurf.drawing.vector.still import still
from errsurf.drawing.vector.wish import Wish
from errsurf.errors import UserError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LAYOUTS: dict[str, Callable[[Wish], Sheet]] = {"picture": still, "paper": paper, "slide": slide, "strip": strip}


def run_figure(wish: Wish, layout: str = "picture") -> "Figure":
    """The figure of a layout, one of ``LAYOUTS``; raises UserError for any other."""
    if layout not in LAYOUTS:
        raise UserError(f"{layout}: no layout of a figure; allowed: {', '.join(LAYOUTS)}")
    return LAYOUTS[layout](drawable_wish(wish)).figure
