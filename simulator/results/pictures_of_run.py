"""The pictures of a whole run, drawn into its result folder."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event

from errsurf.errors import reason
from errsurf.run.result import Result
from errsurf.run_analysis.findings import Findings
from errsurf.scenario import Scenario

Progress = Callable[[str, float], None]
Say = Callable[[str, str], None]


def check_pictures(scenario: Scenario) -> None:
    """Raise UserError if a picture that a scenario asks for needs an extra that is not installed."""
    names = pictures_of(scenario)
    if names:
        from errsurf.drawing.formats import format_of

        for name in names:
            format_of(name)


def pictures_of(scenario: Scenario) -> list[str]:
    """Names of the files of ``[output]``, whose keys are suffixes but for one."""
    return [name for key, name in scenario.output.items() if key != "max_size"]


class _Stopped(Exception):  # noqa: N818
    """The drawing was stopped."""


def draw_pictures(
    findings: Findings, shown: Result, folder: Path, report: Progress, stop: Event, say: Say
) -> list[str]:
    """Draw the figure and the scenario's pictures; returns messages about those that failed."""
    from errsurf.drawing import PictureRequest, write_figure, write_picture
    from errsurf.drawing.lettering.notices import notices
    from errsurf.drawing.moving.fitting import byte_count

    names = ("figure.png", *pictures_of(shown.scenario))

    def drawn(before: int, done: int, total: int) -> None:
        report("pictures", (before + done / total) / len(names))
        if stop.is_set():
            raise _Stopped

    def draw(name: str) -> None:
        if name == "figure.png":
            write_figure(shown, folder / name, critical=findings.critical, basin_of=findings.basin_of)
            return
        request = PictureRequest(
            shown,
            findings.critical,
            findings.basin_of,
            findings.regions,
            progress=partial(drawn, names.index(name)),
            say=partial(say, name),
        )
        write_picture(request, folder / name, most=byte_count(largest) if largest else None)

    largest = shown.scenario.output.get("max_size")
    missing: list[str] = []
    for text in notices(shown.scenario):
        say(shown.scenario.name, text)
    report("pictures", 0.0)
    for k, name in enumerate(names):
        try:
            draw(name)
            report("pictures", (k + 1) / len(names))
        except _Stopped:
            return missing
        except Exception as error:  # one picture that fails takes neither the numbers nor the other pictures with it
            missing.append(f"{name}: {reason(error)}")
    return missing
