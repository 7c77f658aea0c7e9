"""How large and in which colours everything of a picture is drawn."""

from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from errsurf.drawing.colours import Theme, theme
from errsurf.drawing.lettering.fonts import Faces
from errsurf.drawing.lettering.notices import scenario_faces
from errsurf.drawing.lettering.text import Type
from errsurf.words import ENGLISH

if TYPE_CHECKING:
    from errsurf.scenario import Scenario


class Style(NamedTuple):
    """The types of a picture's texts, the units of gaps and of lines in pixels, and its colours."""

    title: Type
    label: Type
    number: Type
    tick: Type
    unit: float
    line: float
    theme: Theme


def scenario_style(scenario: "Scenario", size: tuple[int, int], colours: Theme | None = None) -> Style:
    """The style that a scenario's ``[picture]`` asks for, or one with these colours, in a picture of ``size``."""
    chosen = colours or theme(scenario.picture.theme, scenario.picture.colormap)
    return style(size, chosen, scenario_faces(scenario), scenario.language)


def style(size: tuple[int, int], colours: Theme, faces: Faces, language: str = ENGLISH) -> Style:
    """The style of a picture of ``size`` (width, height).

    At 960 x 540 the title is 23 pixels high and no text is below 13; all grow with the picture's sides, and no text of
    a picture is below 10.
    """
    width, height = size
    unit = min(sqrt(width * height) / 720, min(width, height) / 480)

    def kind(pixels: float, *, bold: bool = False) -> Type:
        return Type(max(10, round(pixels * unit * colours.type)), faces.bold if bold else faces.regular, language)

    return Style(kind(23, bold=True), kind(16, bold=True), kind(14), kind(13), unit, unit * colours.line, colours)
