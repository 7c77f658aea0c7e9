"""Write a deck of slides: a slide a scenario, with title, moving picture, claims, verdicts and speaker notes.

SCENARIO is a TOML file, the name of a bundled one, a result folder, or a picture that errsurf wrote; scenarios are
simulated first.  DECK ends in .pptx, for PowerPoint, Keynote and LibreOffice Impress.

\b
Examples:
  errsurf slides saddle_escape flat_or_sharp lecture.pptx
  errsurf slides results/mine talk.pptx --movie mp4 --theme dark --lang zh
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from errsurf.cli import completing
from errsurf.cli.options import changes_of, folder_options, lang_option, languages, set_option
from errsurf.cli.picture_options import PictureCommand, picture_changes, picture_options
from errsurf.cli.terminal import echo, say
from errsurf.errors import UserError

if TYPE_CHECKING:
    from errsurf.cli.bar import Bar
    from errsurf.run.result import Result
    from errsurf.slides.slide import Slide

MOVIES = ("gif", "mp4")


@click.command("slides", help=__doc__, cls=PictureCommand)
@folder_options
@click.argument("scenario", nargs=-1, required=True, shell_complete=completing.scenarios)
@click.argument("deck", type=click.Path(path_type=Path))
@set_option
@click.option("--movie", type=click.Choice(MOVIES), default=MOVIES[0], show_default=True, help="Moving pictures.")
@click.option("--max-size", metavar="SIZE", help='Largest size of each picture, such as "2MB".')
@click.option("--force", is_flag=True, help="Replace DECK if it exists.")
@lang_option
@picture_options
def command(
    scenario: tuple[str, ...],
    deck: Path,
    changes: tuple[str, ...],
    movie: str,
    max_size: str | None,
    force: bool,
    lang: str | None,
    **pictures: object,
) -> None:
    """Check the deck's file and the scenarios, simulate, draw, and write."""
    from errsurf.cli.bar import Bar
    from errsurf.cli.source import source_scenario
    from errsurf.drawing.moving.fitting import byte_count
    from errsurf.results.target import check_target, writing
    from errsurf.run.extras import check_extra
    from errsurf.slides.deck import write_deck
    from errsurf.system.atomic_write import whole_file

    if deck.suffix.lower() != ".pptx":
        raise UserError(f"{deck}: a deck of slides ends in .pptx, such as {deck.with_suffix('.pptx')}")
    check_target(deck, force=force)
    check_extra("pptx", "slides")
    if max_size:
        byte_count(max_size)
    wanted = _size(pictures) | changes_of(changes) | picture_changes(pictures)
    for each in scenario:
        source_scenario(each, wanted)
    with TemporaryDirectory(prefix="errsurf-", ignore_cleanup_errors=True) as folder, Bar() as bar:
        slides = list(_slides(scenario, wanted, movie, max_size, lang, Path(folder), bar))
        with writing(deck), whole_file(deck) as file:
            write_deck(slides, file)
    echo(deck)


def _size(pictures: dict[str, object]) -> dict[str, object]:
    """The size that is sharp on a slide, unless one is asked."""
    from errsurf.slides.slide import SIZE

    return {} if pictures.get("picture_size") else {"picture.size": list(SIZE)}


def _slides(
    sources: tuple[str, ...],
    wanted: dict[str, object],
    movie: str,
    max_size: str | None,
    lang: str | None,
    folder: Path,
    bar: "Bar",
) -> "Iterator[Slide]":
    from errsurf.drawing.lettering.notices import notices
    from errsurf.run.language import translated
    from errsurf.slides.slide import slide_of

    for k, source in enumerate(sources):
        place = folder / str(k)
        place.mkdir()
        result = _result(source, wanted, bar)
        bar.progress("pictures", k / len(sources))
        wanted_languages = languages(lang, [result.scenario])
        for text in notices(translated(result.scenario, wanted_languages)):
            say(source, text)
        yield slide_of(result, place, movie, wanted_languages, partial(say, source), max_size)


def _result(source: str, wanted: dict[str, object], bar: "Bar") -> "Result":
    from errsurf.cli.source import opened_result
    from errsurf.results.folder import is_result
    from errsurf.run.simulation import simulate
    from errsurf.scenario import read_scenario

    if is_result(Path(source)):
        return opened_result(Path(source), wanted)
    result = simulate(read_scenario(source, wanted), progress=lambda share: bar.progress("updates", share))
    if not result.complete:
        raise KeyboardInterrupt
    return result
