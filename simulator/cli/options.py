"""Options that several commands share."""

from collections.abc import Iterable

import click

set_option = click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="KEY=VALUE",
    help="Change a value of the scenario: run.epochs=10, surface.tilt=0.2, optimizer.lr=0.1 (all groups), "
    '"batch 1.lr=0.1" (one group).  May be given several times.',
)


def changes_of(texts: Iterable[str]) -> dict[str, object]:
    """The changes that ``--set`` gave; a text without ``=`` is a usage error."""
    changes: dict[str, object] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise click.UsageError(f"--set {text}: must look like KEY=VALUE, for example run.epochs=10")
        changes[key.strip()] = value.strip()
    return changes
