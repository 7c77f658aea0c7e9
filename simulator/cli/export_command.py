"""Write pictures of a scenario, which is simulated first, or of a result folder.

The suffix of each OUTPUT gives the format: `.gif`, `.mp4`, `.webm`, `.webp` and `.apng` are animations, `.html` is a
page that plays the run; `.png`, `.svg` and `.pdf` are stills of the last frame, or of --at.  SOURCE may be a picture
that errsurf wrote, whose scenario is simulated again.  The other options change [picture]: with --page live, a page
computes its runs itself, with settings to change.

\b
Examples:
  errsurf export saddle_escape saddle.gif saddle.png
  errsurf export results/mine talk.png --layout talk --theme projector --at 50%
  errsurf export mine.toml mine.html --page live
"""

from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from errsurf.cli import completing
from errsurf.cli.options import changes_of, folder_options, lang_option, languages, set_option
from errsurf.cli.picture_options import PictureCommand, picture_changes, picture_options
from errsurf.cli.terminal import complain, echo, say
from errsurf.errors import RunError, UserError, reason

if TYPE_CHECKING:
    from errsurf.cli.bar import Bar
    from errsurf.drawing import PictureRequest
    from errsurf.run.result import Result


@click.command("export", help=__doc__, cls=PictureCommand)
@folder_options
@click.argument("source", shell_complete=completing.scenarios)
@click.argument("output", nargs=-1, required=True, type=click.Path(path_type=Path), shell_complete=completing.pictures)
@set_option
@click.option("--at", metavar="CLOCK", help='Frame of a still: a value of the clock, such as 300, or "50%" of the run.')
@click.option(
    "--layout",
    default="picture",
    help="Layout of a still: picture, or a figure for paper, slide, talk or strip (paper and strip are light).",
)
@click.option("--frames", type=click.IntRange(1, 12), default=4, help="Frames of a strip.", show_default=True)
@click.option("--max-size", metavar="SIZE", help="Largest file size, such as 2MB; reduced to fit, with a notice.")
@click.option("--force", is_flag=True, help="Replace files that exist.")
@lang_option
@picture_options
def command(
    source: str,
    output: tuple[Path, ...],
    changes: tuple[str, ...],
    at: str | None,
    layout: str,
    frames: int,
    max_size: str | None,
    force: bool,
    lang: str | None,
    **pictures: object,
) -> None:
    """Check all outputs before anything is simulated or drawn; those that cannot be do not stop the others."""
    from errsurf.cli.bar import Bar
    from errsurf.drawing.moving.fitting import byte_count

    impossible = _impossible(output, force=force)
    possible = tuple(path for path in output if path not in impossible)
    if not possible:
        raise UserError(*map(str, impossible.values()))
    _check_options(possible, at, layout)
    if max_size:
        byte_count(max_size)
    from errsurf.results.pictures import without_effect

    wanted = changes_of(changes) | picture_changes(pictures)
    for fault in impossible.values():
        complain(str(fault))
    with TemporaryDirectory(prefix="errsurf-", ignore_cleanup_errors=True) as folder, Bar() as bar:
        result = _result(source, wanted, Path(folder), bar, possible)
        for text in without_effect(result, wanted, layout):
            complain(text)
        request = _request(result, lang, at, bar)
        failed = _write(replace(request, layout=layout, frames=frames), possible, max_size)
    for path in possible:
        if path not in failed:
            echo(path)
    words = [f"{path}: it was not written" for path in impossible]
    words += [f"{path}: {reason(error)}; it was not written" for path, error in failed.items()]
    if words:
        raise UserError(*words) if all(isinstance(error, UserError) for error in failed.values()) else RunError(*words)


def _impossible(output: tuple[Path, ...], *, force: bool) -> dict[Path, UserError]:
    """The outputs that cannot be written, or whose format there is not, each with its fault."""
    from errsurf.drawing import format_of
    from errsurf.results.target import check_target

    found: dict[Path, UserError] = {}
    for path in output:
        try:
            format_of(path)
            check_target(path, force=force)
        except UserError as error:
            found[path] = error
    return found


def _check_options(output: tuple[Path, ...], at: str | None, layout: str) -> None:
    """Raise UserError for options that apply to none of the outputs."""
    from errsurf.drawing import format_of
    from errsurf.results.pictures import check_layout

    moving = [format_of(path).moving for path in output]
    check_layout(layout, "--layout ")
    for option, given in (("--at", at is not None), ("--layout", layout != "picture")):
        if given and all(moving):
            raise UserError(f"{option} is for still pictures; moving: {', '.join(map(str, output))}")


def _result(source: str, changes: dict[str, object], folder: Path, bar: "Bar", output: tuple[Path, ...]) -> "Result":
    from errsurf.cli.source import opened_result
    from errsurf.drawing.page.starting import start_result
    from errsurf.results.folder import is_result
    from errsurf.run.simulation import simulate
    from errsurf.scenario import read_scenario

    if is_result(Path(source)):
        return opened_result(Path(source), changes)
    scenario = read_scenario(source, changes)
    if scenario.picture.page == "live" and all(path.suffix.lower() == ".html" for path in output):
        return start_result(scenario)
    result = simulate(scenario, folder, progress=lambda share: bar.progress("updates", share))
    if not result.complete:
        raise KeyboardInterrupt
    return result


def _request(result: "Result", lang: str | None, at: str | None, bar: "Bar") -> "PictureRequest":
    from errsurf.drawing.lettering.notices import notices
    from errsurf.results.pictures import picture_request

    bar.progress("pictures", 0.0)
    request = picture_request(result, at, languages(lang, [result.scenario]))
    for text in notices(request.result.scenario):
        say(request.result.scenario.name, text)
    return replace(request, progress=lambda done, total: bar.progress("pictures", done / total))


def _write(request: "PictureRequest", output: tuple[Path, ...], max_size: str | None) -> dict[Path, Exception]:
    """Write each picture; one that fails does not stop the others."""
    from errsurf.results.pictures import write_request

    failed = {}
    for path in output:
        try:
            write_request(replace(request, say=partial(say, str(path))), path, max_size)
        except Exception as error:
            failed[path] = error
    return failed
