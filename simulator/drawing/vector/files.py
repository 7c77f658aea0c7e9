"""Figures as bytes: the same figure gives the same bytes."""

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO
from warnings import catch_warnings, filterwarnings

from errsurf.drawing.matplotlib_defaults import matplotlib_defaults
from errsurf.drawing.origin import origin
from errsurf.drawing.picture_file import Order, say_flat, say_omitted
from errsurf.drawing.vector.fonts import font_style
from errsurf.drawing.vector.layouts import run_figure
from errsurf.drawing.vector.wish import Wish
from errsurf.system.text import xml_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "errsurf",
    "pdf.fonttype": 42,
    "hatch.linewidth": 0.5,
    "path.simplify_threshold": 0.25,
    "mathtext.fontset": "dejavusans",
}


def write_figure(order: Order, kind: str, file: BinaryIO) -> None:
    """Write the figure of an order's layout as ``svg``, ``pdf`` or ``png``, with what made it."""
    from matplotlib import rc_context

    say_flat(order)
    say_omitted(order, ("beside", "members"))
    with matplotlib_defaults(), rc_context(STYLE):
        wish = Wish(order.result, order.critical, order.basin_of, order.at, order.frames)
        figure = run_figure(wish, order.layout)
        file.write(figure_bytes(figure, kind, order.result.scenario.title, origin(order.result)))


def figure_bytes(figure: "Figure", kind: str, title: str, made_by: str) -> bytes:
    """A figure as ``svg``, ``pdf`` or ``png``, with its title and what made it, and without a date."""
    file = BytesIO()
    with catch_warnings():
        filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(file, format=kind, dpi=200, metadata=_metadata(kind, title, made_by))
    return _finished(file.getvalue().decode()).encode() if kind == "svg" else file.getvalue()


def _metadata(kind: str, title: str, made_by: str) -> dict[str, Any]:
    title = xml_text(title)
    if kind == "svg":
        return {"Title": title, "Creator": "errsurf", "Description": made_by, "Date": None}
    if kind == "pdf":
        return {"Title": title, "Creator": "errsurf", "Keywords": made_by, "CreationDate": None}
    return {"Title": title, "Software": "errsurf", "Comment": made_by}


def _finished(svg: str) -> str:
    """Coordinates to a hundredth of a point, no blanks around the letters of paths, and the fonts within."""

    def path(found: re.Match[str]) -> str:
        return found[1] + re.sub(r"\s*([A-Za-z])\s*", r"\1", re.sub(r"(\.\d{2})\d+", r"\1", found[2]))

    short = re.sub(r'( d=")([^"]*)', path, xml_text(svg))
    return short.replace("<defs>", f"<defs>\n  <style>{font_style(short)}</style>", 1)
