"""List scenarios, surfaces, optimizers, statistics or claims; with a name, show the details of one.

Examples: `errsurf list`, `errsurf list optimizers`, `errsurf list optimizers adam`, `errsurf list claims 8` (number 8
of the lecture).
"""

from collections.abc import Iterator
from math import inf
from typing import TYPE_CHECKING, Any, NoReturn, get_type_hints

import click

from errsurf.cli.options import folder_options, lang_option, languages
from errsurf.cli.terminal import echo
from errsurf.errors import UserError

if TYPE_CHECKING:
    from errsurf.scenario import Scenario

CLAIMS = "claims"
KINDS = ("scenarios", "surfaces", "optimizers", "statistics", CLAIMS)


@click.command("list", help=__doc__)
@folder_options
@click.argument("kind", required=False)
@click.argument("name", required=False)
@lang_option
def command(kind: str | None, name: str | None, lang: str | None) -> None:
    """Print lines from the records and files themselves."""
    if kind is not None and kind not in KINDS:
        homes = (f"{each} {kind}" for each in KINDS if each != CLAIMS and kind in _names(each))
        _unknown("kind", kind, KINDS, next(homes, ""))
    for each in [kind] if kind else [kind for kind in KINDS if kind != CLAIMS]:
        rows = list(_claims(lang) if each == CLAIMS else ((known, _line(each, known, lang)) for known in _names(each)))
        names = tuple(dict.fromkeys(known for known, _ in rows))
        if name is not None and name not in names:
            _unknown(each.removesuffix("s"), name, names)
        if name is not None and each != CLAIMS:
            if each != "scenarios":
                echo(name, bold=True)
            echo(*_details(each, name))
            return
        echo(each, bold=True)
        for known, line in rows:
            if name in (None, known):
                echo(f"  {known:{max(map(len, names))}}  {line}")


def _names(kind: str) -> tuple[str, ...]:
    if kind == "scenarios":
        from errsurf.scenario import bundled

        return bundled()
    if kind == "surfaces":
        from errsurf.surfaces import surface_names

        return surface_names()
    if kind == "statistics":
        from errsurf.statistics import statistic_names

        return statistic_names()
    from errsurf.optimizers import optimizer_names

    return optimizer_names()


def _line(kind: str, name: str, lang: str | None) -> str:
    if kind == "scenarios":
        return _shown(name, lang).title
    if kind == "surfaces":
        from errsurf.surfaces import summary
    elif kind == "statistics":
        from errsurf.statistics import summary
    else:
        from errsurf.optimizers import summary
    return summary(name)


def _shown(name: str, lang: str | None) -> "Scenario":
    """A bundled scenario in the user's language."""
    from errsurf.run.language import translated
    from errsurf.scenario import read_scenario

    return translated(read_scenario(name), languages(lang, ()))


def _claims(lang: str | None) -> Iterator[tuple[str, str]]:
    """The claims of all bundled scenarios and of `errsurf batches`, by their number in the lecture, then the others."""
    from errsurf.batch_times.words import LECTURE

    shown = {name: _shown(name, lang) for name in _names("scenarios")}
    found = [
        (number, f"{name}: {claim.says}")
        for name, scenario in shown.items()
        for claim in scenario.claim
        for number in claim.lecture or (0,)
    ]
    found += [(number, f"errsurf batches: {says}") for number, says in LECTURE.items()]
    yield from ((str(number or "-"), line) for number, line in sorted(found, key=lambda row: row[0] or inf))


def _details(kind: str, name: str) -> Iterator[str]:
    if kind == "scenarios":
        from errsurf.scenario import scenario_text

        yield from scenario_text(name).rstrip().split("\n")
        return
    record = _record(kind, name)
    yield from (_line(kind, name, None), "")
    yield from (f"  {record.words if kind == 'statistics' else record.formula}", "", "settings")
    from errsurf.scenario.words import allowed, meaning, written

    hints = get_type_hints(record.settings, include_extras=True)
    for field in record.settings._fields:
        known = record.settings._field_defaults
        yield f"  {field} = {written(known[field]) or '(none)' if field in known else '(must be given)'}"
        yield f"      {meaning(hints[field])}; {allowed(hints[field]).words}"
    yield ""
    if kind == "optimizers":
        yield from (f"use: {record.when_to_use}", f"fails: {record.weakness}")
    if kind != "statistics":
        yield f"reference: {record.reference}"


def _record(kind: str, name: str) -> Any:
    if kind == "surfaces":
        from errsurf.surfaces import surface

        return surface(name)
    if kind == "statistics":
        from errsurf.statistics import statistic

        return statistic(name)
    from errsurf.optimizers import optimizer

    return optimizer(name)


def _unknown(what: str, given: str, names: tuple[str, ...], meant: str = "") -> NoReturn:
    from errsurf.records.names import nearest

    near = meant or ("" if given.isdecimal() else nearest(given, names))
    hint = f"; did you mean `{near}`?" if near else ""
    raise UserError(f"no {what} `{given}`; there are {', '.join(names)}{hint}")
