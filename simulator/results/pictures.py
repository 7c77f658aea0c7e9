"""Pictures of a result that is in memory or was opened: what `errsurf export` and Python both do."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from inspect import Parameter, signature
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from errsurf.drawing import PictureRequest, format_of, write_picture
from errsurf.drawing.charts import chart_kind, drawable
from errsurf.drawing.figures.posters import LAYOUTS
from errsurf.drawing.moving.film import clock_at
from errsurf.drawing.moving.fitting import byte_count
from errsurf.errors import UserError
from errsurf.records.names import listed, nearest
from errsurf.results.target import check_target, writing
from errsurf.run.language import translated_result
from errsurf.run.result import Result, require_result, unrecorded
from errsurf.run_analysis.findings import Findings
from errsurf.scenario import Picture, scenario_from

SHOWN_BY = {
    **dict.fromkeys(("panels", "beside", "colorbar", "legend", "size"), ("picture",)),
    **dict.fromkeys(("title", "caption", "theme"), ("picture", "slide", "talk")),
    "chart": ("picture", "paper", "slide"),
    "verdict": ("talk",),
}
"""The layouts that show what a key asks for; all show the others."""

F = TypeVar("F", bound=Callable[..., Any])


def with_picture_options(function: F) -> F:
    """Let ``help`` and notebooks show the title and the keys of ``[picture]`` instead of ``**picture``."""
    *own, _ = signature(function).parameters.values()
    hints = {"title": str, **get_type_hints(Picture)}
    keys = [Parameter(key, Parameter.KEYWORD_ONLY, default=..., annotation=hint) for key, hint in hints.items()]
    function.__signature__ = signature(function).replace(parameters=[*own, *keys])  # type: ignore[attr-defined]
    return function


@with_picture_options
def save_picture(
    result: Result,
    path: str | Path,
    *,
    at: float | str | None = None,
    layout: str = "picture",
    frames: int = 4,
    max_size: str | None = None,
    languages: Sequence[str] = (),
    progress: Callable[[float], None] | None = None,
    say: Callable[[str], None] | None = None,
    **picture: Any,
) -> Path:
    """Write a picture of a result, in the format that the suffix of ``path`` names, and return its path.

    ``.gif``, ``.mp4``, ``.webm``, ``.webp`` and ``.apng`` move, ``.html`` is a page that plays the run; ``.png``,
    ``.svg`` and ``.pdf`` are stills: of the last frame, or of the clock value ``at``, such as 300 or "50%".  The other
    options are ``title`` and the keys of ``[picture]``, which stand in place of the scenario's: ``theme="dark"``,
    ``size=(640, 360)`` in pixels, ``seconds=4.0``.

    ``layout`` of a still is "picture", "paper", "slide", "talk" or "strip", which has so many ``frames``; a file has
    at most ``max_size``, such as "2MB"; texts are in the first of the ``languages`` that it has.  ``progress``
    is told the share that is drawn, from 0 to 1, and ``say`` what the picture cannot show.  A file that exists is
    replaced.

    Raises UserError for an unknown suffix or layout and for a file that cannot be written, ScenarioError for options
    that ``[picture]`` does not take, RunError if the disk is full.

    Examples:
        >>> import errsurf
        >>> result = errsurf.simulate(errsurf.read_scenario("saddle_escape", {"swarm.particles": 16}))
        >>> errsurf.save_picture(result, "saddle.png", at="50%", size=(480, 270), theme="dark").stat().st_size > 1000
        True
    """
    path = Path(path)
    moving = format_of(path).moving
    check_layout(layout, "layout = ")
    if moving and (at is not None or layout != "picture"):
        raise UserError(f"{path}: this picture moves; at and layout are for .png, .svg and .pdf")
    check_target(path, force=True)
    changed = redrawn(result, picture)
    keys = [key if key == "title" else f"picture.{key}" for key in picture]
    for text in without_effect(changed, keys, layout):
        (say or (lambda _text: None))(text)
    try:
        request = picture_request(changed, None if at is None else str(at), languages)
    except UserError as error:
        raise UserError(str(error).replace("--at ", "at = ", 1)) from None
    report, tell = progress or (lambda _share: None), say or (lambda _text: None)
    request = replace(
        request, layout=layout, frames=frames, progress=lambda done, total: report(done / total), say=tell
    )
    with writing(path):
        write_request(request, path, max_size)
    return path


def redrawn(result: Result, picture: Mapping[str, object]) -> Result:
    """The result with another title and other values of keys of ``[picture]``, which are checked as in a file.

    Raises ScenarioError, and UserError for a picture that needs what the run has not recorded.
    """
    require_result(result)
    if not picture:
        return result
    changes = {key if key == "title" else f"picture.{key}": value for key, value in picture.items()}
    scenario = scenario_from(result.scenario, changes=changes)
    if missing := unrecorded(result.scenario, scenario):
        raise UserError(missing)
    return replace(result, scenario=scenario)


def check_layout(layout: str, option: str) -> None:
    """Raise UserError for a layout that there is not, as it was given to this option."""
    if layout not in LAYOUTS:
        near = nearest(layout, LAYOUTS)
        hint = f"; did you mean `{near}`?" if near else ""
        raise UserError(f"{option}{layout}: no such layout; allowed: {', '.join(LAYOUTS)}{hint}")


def without_effect(result: Result, asked: Collection[str], layout: str) -> Iterator[str]:
    """A sentence for each key that was asked for and that a layout or a picture of this run does not show, and why."""
    scenario = result.scenario
    for key in asked:
        name = "title" if key == "title" else key.partition(".")[2]
        if layout not in (able := SHOWN_BY.get(name, (layout,))):
            yield f"{key} has no effect in the layout {layout}; it has one in {listed(able)}"
        elif name == "verdict" and scenario.picture.verdict and not scenario.claim:
            yield f"{key} has no effect: the scenario has no [[claim]]"
        elif name == "chart":
            yield from _undrawn(result)


def _undrawn(result: Result) -> Iterator[str]:
    """A sentence for each chart of the scenario's picture that cannot be drawn of this run, with what it needs."""
    critical, charts = Findings(result).critical, result.scenario.picture.charts
    instead = drawable(charts, result, critical, told_apart=True)
    for name in charts:
        if not (kind := chart_kind(name)).possible(result, critical):
            yield f"picture.chart={name}: {listed(instead)} is drawn instead; this chart needs {kind.needs}"


def picture_request(result: Result, at: str | None = None, languages: Sequence[str] = ()) -> PictureRequest:
    """What a picture of a result is to show: its critical points, its basins, and the frame ``at`` a clock value.

    Raises UserError if that lies outside the run.
    """
    findings, shown = Findings(result), translated_result(result, languages)
    clock = None if at is None else clock_at(result, at)
    return PictureRequest(shown, findings.critical, findings.basin_of, findings.regions, at=clock)


def write_request(request: PictureRequest, path: Path, max_size: str | None = None) -> None:
    """Write a picture of at most ``max_size``, or else of the size that the scenario's ``[output]`` allows."""
    most = max_size or request.result.scenario.output.get("max_size")
    write_picture(request, path, most=byte_count(most) if most else None)
