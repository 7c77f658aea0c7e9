"""List scenarios and records of one kind, such as surfaces, optimizers or charts; a name shows its details.

KIND is one of those listed below; a number after `claims` is that of the lecture.

\b
Examples:
  errsurf list
  errsurf list optimizers adam
  errsurf list charts
  errsurf list claims 8
"""

from collections.abc import Collection, Iterator
from math import inf
from typing import TYPE_CHECKING

import click
from rich.text import Text

from errsurf.catalogue import RECORDS, THEMES, describe, groups_of, names, summary, unknown
from errsurf.cli import completing
from errsurf.cli.console import PlainConsole
from errsurf.cli.options import folder_options, lang_option, languages
from errsurf.cli.terminal import echo
from errsurf.scenarios import bundled_title
from errsurf.words import said
from errsurf.words.tags import language_of

if TYPE_CHECKING:
    from errsurf.scenario import Scenario

CLAIMS = "claims"
LEAST_TEXT = 30
ASKED = ("charts", "overlays", "formats", THEMES, CLAIMS)
"""Kinds that are listed by themselves only."""
KINDS = ("scenarios", *(kind for kind in RECORDS if kind not in ASKED), *ASKED)


@click.command("list", help=(__doc__ or "").replace("those listed below", ", ".join(KINDS)))
@folder_options
@click.argument("kind", required=False, shell_complete=completing.listed(KINDS))
@click.argument("name", required=False, shell_complete=completing.names_of_kind)
@lang_option
def command(kind: str | None, name: str | None, lang: str | None) -> None:
    """Print lines from the records and files themselves."""
    for each in [_known(kind)] if kind else [kind for kind in KINDS if kind not in ASKED]:
        claims = list(_claims(lang)) if each == CLAIMS else []
        known = tuple(dict(claims)) if claims else names(each)
        if name is not None and name not in known:
            unknown(each.removesuffix("s"), name, known, _elsewhere(name, known))
        if name is not None and each != CLAIMS:
            if each != "scenarios":
                echo(name, bold=True)
            echo(*describe(each, name).split("\n"))
            return
        echo(each, bold=True)
        for group, rows in {"": claims}.items() if claims else _rows(each, lang):
            if group:
                echo(f"  {group}")
            for one, line in rows:
                if name in (None, one):
                    echo(*_wrapped(f"{'    ' if group else '  '}{one:{max(map(len, known))}}  ", line))

    if kind is None:
        echo(f"errsurf list KIND lists also: {', '.join(ASKED)}")


def _wrapped(head: str, text: str) -> list[str]:
    """A name with a text, which on a terminal is in lines below each other."""
    console = PlainConsole()
    if not console.is_terminal:
        return [head + text]
    lines = Text(text).wrap(console, max(console.width - len(head), LEAST_TEXT))
    return [(" " * len(head) if k else head) + line.plain.rstrip() for k, line in enumerate(lines)]


def _known(kind: str) -> str:
    """A kind; raises UserError for any other, with the kind that has a record of that name."""
    if kind not in KINDS:
        homes = (f"{each} {kind}" for each in KINDS if each != CLAIMS and kind in names(each))
        unknown("kind", kind, KINDS, next(homes, ""))
    return kind


def _elsewhere(name: str, known: Collection[str]) -> str:
    """How a scenario has a kind that other programs know by this name; empty if nothing is known of it."""
    from errsurf.scenario.elsewhere import meant_kind

    meant = meant_kind("kind", name)
    return meant if any(f'"{each}"' in meant for each in known) else ""


def _rows(kind: str, lang: str | None) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The lines of a kind in groups: names and summaries."""
    for group, found in groups_of(kind).items():
        yield group, [(one, _line(kind, one, lang)) for one in found]


def _line(kind: str, name: str, lang: str | None) -> str:
    if kind == "scenarios":
        return bundled_title(name, languages(lang, ()))
    line = summary(kind, name)
    return said(line, language_of(languages(lang, ()))) if kind == THEMES else line


def _shown(name: str, lang: str | None) -> "Scenario":
    """A bundled scenario in the user's language."""
    from errsurf.run.language import translated
    from errsurf.scenario import read_scenario

    return translated(read_scenario(name), languages(lang, ()))


def _claims(lang: str | None) -> Iterator[tuple[str, str]]:
    """The claims of all bundled scenarios and of `errsurf batches`, by their number in the lecture, then the others."""
    from errsurf.batch_times.words import LECTURE

    shown = {name: _shown(name, lang) for name in names("scenarios")}
    found = [
        (number, f"{name}: {claim.says}")
        for name, scenario in shown.items()
        for claim in scenario.claim
        for number in claim.lecture or (0,)
    ]
    language = language_of(languages(lang, ()))
    found += [(number, f"errsurf batches: {said(says, language)}") for number, says in LECTURE.items()]
    yield from ((str(number or "-"), line) for number, line in sorted(found, key=lambda row: row[0] or inf))
