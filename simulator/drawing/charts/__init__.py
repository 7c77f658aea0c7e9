"""Charts beside the map, one file each; a new file in this folder is a new chart."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from errsurf.drawing.charts._record import Along, Chart, ChartKind, Curve, Data, Source, Values, chart, joint_chart
from errsurf.drawing.charts._scales import ZERO_ROOM, Marks, Scale
from errsurf.records import listing

if TYPE_CHECKING:
    from errsurf.analysis import Critical
    from errsurf.run.result import Result

__all__ = [
    "ZERO_ROOM",
    "Along",
    "Chart",
    "ChartKind",
    "Curve",
    "Data",
    "Marks",
    "Scale",
    "Source",
    "Values",
    "chart",
    "chart_kind",
    "chart_names",
    "drawable",
    "joint_chart",
    "made_charts",
    "summary",
    "tells_basins",
]


def chart_names() -> tuple[str, ...]:
    """Names of the charts, sorted."""
    return tuple(name.replace("_", " ") for name in listing.names(__name__))


@listing.cached
def chart_kind(name: str) -> ChartKind:
    """The record of the chart with this name; KeyError if no file has it."""
    return listing.record(__name__, name.replace(" ", "_"), ChartKind)


def summary(name: str) -> str:
    """First line of the chart file's docstring."""
    return listing.summary(__name__, name.replace(" ", "_"))


def tells_basins(wanted: Sequence[str]) -> bool:
    """Whether any of these charts tells basins apart."""
    return any(chart_kind(name).basins for name in wanted)


def drawable(
    wanted: Sequence[str], result: "Result", critical: Sequence["Critical"], *, told_apart: bool
) -> tuple[str, ...]:
    """The wanted charts; the loss, or the rate if it is not recorded, in place of those that cannot be drawn."""
    kinds = {name: chart_kind(name) for name in wanted}
    fine = [kind.possible(result, critical) and (told_apart or not kind.basins) for kind in kinds.values()]
    spare = "loss" if chart_kind("loss").possible(result, critical) else "lr"
    return tuple(dict.fromkeys(name if can else spare for name, can in zip(kinds, fine, strict=True)))


def made_charts(source: Source, wanted: Sequence[str]) -> dict[str, Chart]:
    """The drawable ones of these charts, by their names."""
    names = drawable(wanted, source.result, source.critical, told_apart=source.basins is not None)
    return {name: chart(chart_kind(name), source) for name in names}
