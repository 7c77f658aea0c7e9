"""List scenarios, surfaces or optimizers; with a name, all about one.

Examples: `errsurf list`, `errsurf list optimizers`, `errsurf list optimizers adam`.
"""

from collections.abc import Iterator
from typing import Any, NoReturn, get_type_hints

import click

from simulator.cli.options import folder_options
from simulator.errors import Mistake

KINDS = ("scenarios", "surfaces", "optimizers")


@click.command("list", help=__doc__)
@folder_options
@click.argument("kind", required=False)
@click.argument("name", required=False)
def command(kind: str | None, name: str | None) -> None:
    """Everything shown comes from the records and files themselves."""
    if kind is not None and kind not in KINDS:
        _unknown("kind", kind, KINDS)
    for each in [kind] if kind else KINDS:
        names = _names(each)
        if name is not None and name not in names:
            _unknown(each.removesuffix("s"), name, names)
        if name is not None:
            click.echo("\n".join(_details(each, name)))
            return
        click.echo(click.style(each, bold=True))
        for known in names:
            click.echo(f"  {known:{max(map(len, names))}}  {_line(each, known)}")


def _names(kind: str) -> tuple[str, ...]:
    if kind == "scenarios":
        from simulator.scenario import bundled

        return bundled()
    if kind == "surfaces":
        from surfaces import surface_names

        return surface_names()
    from simulator.optimizers import optimizer_names

    return optimizer_names()


def _line(kind: str, name: str) -> str:
    if kind == "scenarios":
        from simulator.scenario import read_scenario

        return read_scenario(name).title
    if kind == "surfaces":
        from surfaces import summary

        return summary(name)
    from simulator.optimizers import summary

    return summary(name)


def _details(kind: str, name: str) -> Iterator[str]:
    if kind == "scenarios":
        from simulator.scenario import scenario_text

        yield scenario_text(name).rstrip()
        return
    record = _record(kind, name)
    yield from (click.style(name, bold=True), _line(kind, name), "", f"  {record.formula}", "", "settings")
    from simulator.scenario.words import allowed, meaning, written

    hints = get_type_hints(record.settings, include_extras=True)
    for field in record.settings._fields:
        default = record.settings._field_defaults[field]
        yield f"  {field} = {written(default) or '(none)'}"
        yield f"      {meaning(hints[field])}; {allowed(hints[field]).words}"
    yield ""
    if kind == "optimizers":
        yield from (f"use: {record.use}", f"fails: {record.fails}")
    yield f"reference: {record.reference}"


def _record(kind: str, name: str) -> Any:
    if kind == "surfaces":
        from surfaces import surface

        return surface(name)
    from simulator.optimizers import optimizer

    return optimizer(name)


def _unknown(what: str, given: str, names: tuple[str, ...]) -> NoReturn:
    from simulator.scenario.faults import nearest

    near = nearest(given, names)
    hint = f"; did you mean `{near}`?" if near else ""
    raise Mistake(f"no {what} `{given}`; there are {', '.join(names)}{hint}")
