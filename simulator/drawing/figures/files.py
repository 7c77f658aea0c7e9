"""Figures as bytes: the same figure gives the same bytes."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple
from warnings import catch_warnings, filterwarnings

from PIL import Image, PngImagePlugin

from errsurf.drawing.canvas import Canvas, RasterCanvas
from errsurf.drawing.canvas.vector import VectorCanvas
from errsurf.drawing.colours import Colour, Pixels, hexadecimal
from errsurf.drawing.figures.fonts import font_style
from errsurf.drawing.figures.posters import LAYOUTS
from errsurf.drawing.matplotlib_defaults import matplotlib_defaults
from errsurf.drawing.origin import origin
from errsurf.drawing.picture_file import PictureRequest, say_flat
from errsurf.errors import UserError
from errsurf.scenario import carried_text
from errsurf.settings.suffixes import FIGURES
from errsurf.system.atomic_write import whole_file
from errsurf.system.text import xml_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure as PlotFigure

    from errsurf.scenario import Scenario

FIGURE_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "errsurf",
    "pdf.fonttype": 42,
    "path.simplify_threshold": 0.25,
    "mathtext.fontset": "dejavusans",
}


_PAGE = """\
<!doctype html>
<html lang="{lang}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
font-src data:; base-uri 'none'; form-action 'none'">
<title>{title}</title>
<style>
body {{ margin: 0; background: {back} }}
svg {{ display: block; width: 100%; height: auto; max-height: 100vh }}
table {{ margin: 1em auto; border-collapse: collapse; background: #fff; color: #222; font: 14px sans-serif }}
th, td {{ padding: .2em .6em; border: 1px solid #ddd; text-align: right }}
</style>
{svg}
{table}
</html>
"""


class Figure(NamedTuple):
    """A figure of a scenario that any canvas can draw: its size in pixels, its background, and how it is drawn.

    A page has its numbers too: ``table``, the first row of which are heads.
    """

    scenario: "Scenario"
    size: tuple[int, int]
    background: Colour
    draw: Callable[[Canvas], None]
    table: Sequence[Sequence[str]] = ()

    @property
    def pixels(self) -> Pixels:
        """The figure as pixels, shape (height, width, 3), uint8."""
        canvas = RasterCanvas.blank(self.size, self.background)
        self.draw(canvas)
        return canvas.out


def save_figure(figure: Figure, path: str | Path) -> None:
    """Write a figure in the format of the suffix, one of ``FIGURES``; raises OSError and, for another, UserError."""
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in FIGURES:
        raise UserError(f"{path}: no format of a figure; allowed: {', '.join(FIGURES)}")
    made_by = carried_text(figure.scenario)
    with whole_file(path) as file:
        if suffix == ".png":
            save_pixels(figure.pixels, file, made_by)
            return
        with figure_style():
            canvas = VectorCanvas(figure.size, figure.background)
            figure.draw(canvas)
            kind = suffix.removeprefix(".")
            drawn = figure_bytes(canvas.figure, "svg" if kind == "html" else kind, figure.scenario.title, made_by)
            file.write(_page(figure, drawn.decode()).encode() if kind == "html" else drawn)


def _page(figure: Figure, svg: str) -> str:
    """The figure in a page as wide as the window, which may run nothing and load nothing, and its table."""
    heads, *rows = figure.table or [[]]
    cells = [("th", heads), *(("td", row) for row in rows)]
    made = "".join(
        f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in row)}</tr>\n" for tag, row in cells if row
    )
    table = f"<table>\n{made}</table>" if made else ""
    title, back = escape(figure.scenario.title), hexadecimal(figure.background)
    drawn = svg[svg.index("<svg") :]
    return _PAGE.format(title=title, lang=figure.scenario.language, back=back, svg=drawn, table=table)


def save_pixels(pixels: Pixels, file: BinaryIO, made_by: str, quality: float = 1.0) -> None:
    """Write pixels, (height, width, 3 or 4), as PNG with what made them; in 256 colours if ``quality`` is below 1."""
    image = Image.fromarray(pixels)
    if quality < 1.0:
        image = image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", made_by)
    image.save(file, format="PNG", compress_level=6, pnginfo=text)


def write_figure(request: PictureRequest, kind: str, file: BinaryIO) -> None:
    """Write the figure of an order's layout as ``svg``, ``pdf`` or ``png``, with what made it.

    Raises UserError for a layout that there is not.
    """
    say_flat(request)
    with figure_style():
        figure = request_figure(request)
        file.write(figure_bytes(figure, kind, request.result.scenario.title, origin(request.result)))


def request_figure(request: PictureRequest) -> "PlotFigure":
    """The figure of an order's layout, one of ``LAYOUTS``; raises UserError for any other."""
    if request.layout not in LAYOUTS:
        raise UserError(f"{request.layout}: no layout of a figure; allowed: {', '.join(LAYOUTS)}")
    figure = LAYOUTS[request.layout](request).figure
    if request.result.scenario.picture.transparent:
        figure.set_facecolor("none")
    return figure


@contextmanager
def figure_style() -> Iterator[None]:
    """What matplotlib is told for figures, whatever the user's own settings say."""
    from matplotlib import rc_context

    with matplotlib_defaults(), rc_context(FIGURE_SETTINGS):
        yield


def figure_bytes(figure: "PlotFigure", kind: str, title: str, made_by: str) -> bytes:
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
