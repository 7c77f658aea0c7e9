"""The table ``[picture]``: how a run is drawn."""

from itertools import pairwise
from typing import Annotated, Literal, NamedTuple

from annotated_types import Ge, Gt, Le, Len, MultipleOf

from errsurf.records import listing
from errsurf.settings.bounds import MAX_GROUPS
from errsurf.settings.kinds import MOST, Lines, OneLine, Point, Rising
from errsurf.settings.rules import OneOf, Rule, matching
from errsurf.surfaces.shared.table import Csv

FONT_FILES = (".ttf", ".otf", ".ttc")


class Window(NamedTuple):
    """The part of the plane that is drawn."""

    x: Annotated[tuple[float, float], Rising, "left and right edge"]
    y: Annotated[tuple[float, float], Rising, "lower and upper edge"]


Side = Annotated[int, Ge(240), Le(3840), MultipleOf(2)]


def _charts() -> tuple[str, ...]:
    """Names of the charts: files of their folders, found without loading any, because that takes what draws."""
    return tuple(name.replace("_", " ") for name in listing.names("errsurf.drawing.charts"))


def _overlays() -> tuple[str, ...]:
    """Names of the overlays, found in the same way."""
    return listing.names("errsurf.drawing.overlays")


ChartName = Annotated[str, OneOf(_charts)]
OneChart = Annotated[str, OneOf(lambda: (*_charts(), "none"))]
OneOrTwo = Rule("a list of one or two charts", lambda names: 1 <= len(names) <= 2)


class Near(NamedTuple):
    """Which particles the chart `near` counts."""

    at: Annotated[Point | None, "the point; by default, the saddle nearest to the start"] = None
    radius: Annotated[
        Annotated[float, Gt(0)] | None,
        "largest distance from it; by default, a quarter of the way to the next critical point",
    ] = None
    log: Annotated[bool, "show the share on a logarithmic axis"] = False


Climbing = Rule("a list of ascending numbers", lambda values: all(a < b for a, b in pairwise(values)))


class Picture(NamedTuple):
    """How the run is drawn."""

    window: Annotated[Window | None, "part of the plane to draw; by default, fits surface and particles"] = None
    axes: Annotated[
        tuple[Annotated[str, Len(1, 40), OneLine], Annotated[str, Len(1, 40), OneLine]] | None,
        "names of the two axes; by default, what the surface calls its parameters",
    ] = None
    clock: Annotated[
        Literal["auto", "examples", "updates"],
        "synchronize groups by examples seen, or by updates; `auto`: by what [run] counts, epochs or updates",
    ] = "auto"
    pace: Annotated[
        Literal["even", "eased", "log"],
        "how moving pictures spend their time: evenly; slower at the start; or in the logarithm of the clock",
    ] = "even"
    size: Annotated[tuple[Side, Side], "width and height in pixels, even numbers"] = (960, 540)
    theme: Annotated[
        Literal["light", "dark", "projector", "projector_dark"],
        "colours and sizes; `projector`, `projector_dark`: larger type, stronger colours",
    ] = "light"
    colormap: Annotated[
        Literal["theme", "blue_red", "viridis", "cividis", "magma", "grey"],
        "colours of the map from low loss to high; `theme`: those of the theme",
    ] = "theme"
    colorbar: Annotated[bool, "a bar with the map's colours and losses beside it"] = False
    transparent: Annotated[bool, "stills have no background, for slides with one of their own"] = False
    font: Annotated[
        str | None,
        Len(1, 200),
        matching(
            r"[^/\\\x00-\x1f\x7f-\x9f]*",
            "a family's name, or that of a .ttf, .otf or .ttc file in the scenario's folder",
        ),
        "preferred font; by default, one that has all characters is found",
    ] = None
    seconds: Annotated[float, Gt(0), Le(600), "time from the first frame to the last"] = 6.0
    fps: Annotated[int, Ge(1), Le(100), "frames per second; 25 and 50 are exact in a GIF"] = 25
    hold_first: Annotated[float, Ge(0), Le(60), "seconds for which the first frame stays"] = 0.0
    hold: Annotated[float, Ge(0), Le(60), "seconds for which the last frame stays"] = 1.5
    loop: Annotated[int, Ge(0), Le(65_535), "how often a moving picture plays, 0: forever"] = 0
    page: Annotated[
        Literal["recorded", "live"],
        "an `.html` page plays the recorded run; `live`: it computes runs in the browser, with settings to change",
    ] = "recorded"
    caption: Annotated[str, Len(0, 400), Lines, "a sentence below the picture"] = ""
    verdict: Annotated[bool, "a still for a talk says whether the first claim holds, with its numbers"] = False
    groups: Annotated[
        tuple[Annotated[int, Ge(1), Le(MAX_GROUPS)] | Annotated[str, Len(1, 80)], ...] | None,
        Len(1, MAX_GROUPS),
        "groups that are drawn, by label or number; by default, all",
    ] = None
    panels: Annotated[bool, "a map of its own for each group, side by side"] = False
    legend: Annotated[bool, "name the groups, with their numbers"] = True
    chart: Annotated[
        OneChart | Annotated[tuple[ChartName, ...], OneOrTwo],
        "one chart beside the surface, or two, or none",
    ] = "loss"
    loss_scale: Annotated[
        Literal["auto", "linear", "log"],
        "the axis of the chart of losses; `auto`: logarithmic where all are positive and span more than a factor of 30",
    ] = "auto"
    near: Annotated[Near | None, "for the chart `near`: which particles it counts"] = None
    levels: Annotated[
        Annotated[int, Ge(2), Le(200)] | Annotated[tuple[float, ...], Len(1, 200), Climbing],
        "number of contours, or the losses at which they are drawn",
    ] = 24
    level_scale: Annotated[
        Literal["area", "linear", "log"],
        "how contours are spaced, if `levels` is a number: evenly in map area, in loss, or in log loss",
    ] = "area"
    view: Annotated[Literal["flat", "3d"], "`3d`: the surface in 3D, in raster formats only"] = "flat"
    azimuth: Annotated[
        float | None,
        Ge(-360),
        Le(360),
        "of the 3d view, in degrees: 0 looks along +y, 90 along -x; by default, the one that hides least",
    ] = None
    elevation: Annotated[float, Ge(15), Le(90), "degrees above the horizon in the 3d view; 90 looks down"] = 50.0
    exaggeration: Annotated[
        Annotated[float, Gt(0), Le(1e6)] | None,
        "length of one unit of loss in the 3d view, in units of x; by default, what shows most, not to scale",
    ] = None
    turn: Annotated[float, Ge(-3600), Le(3600), "degrees the 3d view rotates from first frame to last"] = 0.0
    surface: Annotated[
        Literal["train", "test", "batch"],
        "loss that fills the map: of all training examples, the test examples, or the followed particle's next batch",
    ] = "train"
    beside: Annotated[
        Literal["none", "train", "test", "batch"],
        "a second map beside the first one, with this loss; `batch` shows the followed particle only",
    ] = "none"
    test: Annotated[bool, "contours of the test loss, dashed, over the map"] = False
    members: Annotated[
        bool, "a cell for each training example below the map: filled in the followed particle's next batch"
    ] = False
    arrows: Annotated[
        Literal["none", "update", "batch"],
        "`update`: parts due to the gradient and the past, and their sum; `batch`: descent for next batch and all",
    ] = "none"
    rates: Annotated[bool, "a cross at the followed particle: arm lengths are the parameters' effective rates"] = False
    stability: Annotated[bool, "hatch where the surface is too sharp for the group's lr: beyond 2 / lr"] = False
    noise: Annotated[bool, "ellipses of 1 and 2 standard deviations of the followed particle's batch gradient"] = False
    overlays: Annotated[
        tuple[Annotated[str, OneOf(_overlays)], ...],
        Len(0, 16),
        "further overlays by their names: those that have no key of their own, such as yours",
    ] = ()
    trajectory: Annotated[
        Csv | None, "CSV file of a path of your own, drawn over the map as the clock runs: columns `x` and `y`"
    ] = None
    follow: Annotated[
        Annotated[int, Ge(1), Le(MAX_GROUPS)] | Annotated[str, Len(1, 80)] | None,
        "group whose particle is followed, by label or number; by default, the drawn group with the smallest batch",
    ] = None
    particle: Annotated[int, Ge(0), Le(MOST), "the followed particle, counted from 0"] = 0
    trails: Annotated[int, Ge(0), Le(1000), "particles drawn with their trail"] = 5
    trail_length: Annotated[float, Gt(0), Le(1), "length of a trail, as a share of the run"] = 1.0
    markers: Annotated[
        tuple[Annotated[int, Ge(0), Le(MOST)], ...], Len(0, 6), "updates that are marked on trails and curves"
    ] = ()

    @property
    def charts(self) -> tuple[str, ...]:
        """Names of the charts; empty where there is none."""
        names = self.chart if isinstance(self.chart, tuple) else (self.chart,)
        return tuple(name for name in dict.fromkeys(names) if name != "none")
