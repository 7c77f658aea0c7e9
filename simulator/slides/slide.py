"""What a slide about a run shows, and what its speaker says."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from errsurf.claims.checking import Checked, checked
from errsurf.claims.wording import lines
from errsurf.drawing.colours import Theme, theme
from errsurf.results.pictures import redrawn, save_picture
from errsurf.run.language import translated_result
from errsurf.run.result import Result
from errsurf.run_analysis.findings import Findings
from errsurf.scenario import Scenario
from errsurf.system.numbers import counted
from errsurf.words import said

SIZE = (1280, 720)
"""Pixels of a picture: as many as it has on a screen 1,920 pixels wide."""


class Told(NamedTuple):
    """A claim, its verdict, and the verdict in the deck's language."""

    says: str
    verdict: str
    shown: str


class Slide(NamedTuple):
    """Texts and files of one slide; the ``poster`` stands where a movie does not play."""

    title: str
    caption: str
    movie: Path
    poster: Path
    claims: tuple[Told, ...]
    notes: str
    theme: Theme


def slide_of(
    result: Result,
    folder: Path,
    movie: str,
    languages: Sequence[str],
    say: Callable[[str], None],
    max_size: str | None = None,
) -> Slide:
    """Draw the pictures of a run into a folder, without title and caption, which the slide has, and collect its texts.

    Arguments and errors are as for ``save_picture``.
    """
    shown = translated_result(result, languages).scenario
    claims = checked(Findings(result)) if result.complete else ()
    plain = redrawn(result, {"title": "", "caption": ""})
    names = (f"{result.scenario.name}.{ending}" for ending in (movie, "png"))
    files = [save_picture(plain, folder / name, max_size=max_size, languages=languages, say=say) for name in names]
    told = (
        Told(text.says, claim.verdict, said(claim.verdict, shown.language))
        for claim, text in zip(claims, shown.claim, strict=False)
    )
    notes = "\n".join(_notes(result, claims, shown))
    texts = (shown.title, shown.picture.caption)
    return Slide(*texts, files[0], files[1], tuple(told), notes, theme(result.scenario.picture.theme))


def _notes(result: Result, claims: Sequence[Checked], shown: Scenario) -> Iterator[str]:
    """What to say: the description, each claim with its numbers, and the seed."""
    language = shown.language
    names = {group.label: table.label for group, table in zip(result.groups, shown.optimizer, strict=True)}
    if shown.about:
        yield shown.about
        yield ""
    for claim, text in zip(claims, shown.claim, strict=False):
        yield f"{text.says} ({said(claim.verdict, language)})"
        yield from (f"    {line}" for line in lines(claim, names, language))
        yield ""
    particles = counted(result.scenario.swarm.particles, "particle")
    yield said(f"{particles} in each group; seed {result.scenario.seed}", language)
