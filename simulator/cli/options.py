"""Options that several commands share."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from errsurf.catalogue import RECORDS, add_plugins, add_records
from errsurf.cli import completing
from errsurf.cli.terminal import complain
from errsurf.system.text import printable
from errsurf.words.tags import languages_of

if TYPE_CHECKING:
    from errsurf.scenario import Scenario

set_option = click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="KEY=VALUE",
    shell_complete=completing.keys,
    help="Change a value of the scenario: run.epochs=10, surface.tilt=0.2, optimizer.lr=0.1 (all groups), "
    '"batch 1.lr=0.1" (one group).  Several values for groups, such as optimizer.lr=0.1,0.01 or log:1e-3:1:4, make one '
    "group of each.  May be given several times.",
)


lang_option = click.option(
    "--lang",
    metavar="LANGUAGE",
    shell_complete=completing.languages,
    help="Language of texts, such as zh: the scenario's, if it has them, and fixed words.  [default: the locale's]",
)


def folder_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--plugins``, ``--surfaces`` and ``--optimizers``: folders whose files are records too.  Their code runs."""
    what = {
        "plugins": f"Folder with records of your own in sub-folders: {', '.join(RECORDS)}.",
        "optimizers": "Folder with optimizers of your own, one .py file each.",
        "surfaces": "Folder with surfaces of your own, one .py file each.",
    }
    for name, words in what.items():
        command = click.option(
            f"--{name}",
            type=click.Path(path_type=Path),
            multiple=True,
            expose_value=False,
            callback=_add_folders,
            metavar="DIR",
            help=f"{words}  Their code runs.",
        )(command)
    return command


def languages(lang: str | None, scenarios: Iterable["Scenario"]) -> tuple[str, ...]:
    """The languages that texts are shown in, the first one first; which scenarios lack --lang is said on stderr."""
    if lang is None:
        return languages_of()
    from errsurf.run.language import in_script, translation

    for scenario in scenarios:
        own = lang.partition("-")[0].lower() == "en" or in_script(scenario, lang)
        if translation(scenario, (lang,)) is None and not own:
            known = ", ".join(each.lang for each in scenario.translation)
            words = f"no texts in {lang}; showing the file's own" + (f"; there are {known}" if known else "")
            complain(printable(f"{scenario.name}: {words}"))
    return (lang,)


def changes_of(texts: Iterable[str], option: str = "--set") -> dict[str, object]:
    """The values by key that an option gave; a text without ``=`` is a usage error."""
    changes: dict[str, object] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise click.UsageError(f"{option} {text}: must look like KEY=VALUE, for example run.epochs=10")
        changes[key.strip()] = value.strip()
    return changes


def _add_folders(_context: click.Context, option: click.Parameter, folders: tuple[Path, ...]) -> None:
    """Every folder is added before the command begins, so that it finds all records."""
    for folder in folders:
        if option.name == "plugins":
            add_plugins(folder)
        else:
            add_records(str(option.name), folder)
