"""List scenarios, surfaces or optimizers; with a name, all about one.

Examples: `errsurf list`, `errsurf list optimizers`, `errsurf list optimizers adam`.
"""

from collections.abc import Iterator
from typing import Any, NoReturn, get_type_hints

import click

from simulator.errors import Mistake

KINDS = ("scenarios", "surfaces", "optimizers")


@click.command("list", help=__doc__)
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
    hints = get_type_hints(record.settings, include_extras=True)
    for field in record.settings._fields:
        default = record.settings._field_defaults[field]
        yield f"  {field} = {_toml(default)}"
        yield f"      {_about(hints[field])}"
    yield from ("", f"reference: {record.reference}")


def _record(kind: str, name: str) -> Any:
    if kind == "surfaces":
        from surfaces import surface

        return surface(name)
    from simulator.optimizers import optimizer

    return optimizer(name)


def _toml(value: Any) -> str:
    """A default as a scenario file writes it."""
    if value is None:
        return "(none)"
    if hasattr(value, "_asdict"):
        return "{ " + ", ".join(f"{key} = {_toml(part)}" for key, part in value._asdict().items()) + " }"
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(part) for part in value) + "]"
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _about(annotation: Any) -> str:
    """Description and range of a setting, from its annotation."""
    signs = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
    metadata = getattr(annotation, "__metadata__", ())
    words = [part for part in metadata if isinstance(part, str)]
    words += [f"{signs[key]} {getattr(part, key):g}" for part in metadata for key in signs if hasattr(part, key)]
    return "; ".join(words)


def _unknown(what: str, given: str, names: tuple[str, ...]) -> NoReturn:
    from simulator.scenario.faults import nearest

    near = nearest(given, names)
    hint = f"; did you mean `{near}`?" if near else ""
    raise Mistake(f"no {what} `{given}`; there are {', '.join(names)}{hint}")
