"""Run a result again and say whether its bytes are the same.

RESULT is a result folder, whole or unfinished.  All arrays of its groups are compared, or with --particles the paths of
some.  If any bits differ, it says where first, how far apart, and what is not as it was: versions, processor, device.
Exit code 0 means that all bytes agree, 1 that some do not.

\b
Examples:
  errsurf verify results/mine
  errsurf verify results/mine --particles 4
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from errsurf.cli.options import folder_options
from errsurf.cli.terminal import echo

if TYPE_CHECKING:
    from errsurf.run.again import Rerun


@click.command("verify", help=__doc__)
@folder_options
@click.argument("result", type=click.Path(path_type=Path))
@click.option(
    "--particles", type=click.IntRange(min=1), help="Run so many particles of each group only, spread evenly."
)
@click.option("--quiet", is_flag=True, help="Print only whether the bytes agree.")
def command(result: Path, particles: int | None, quiet: bool) -> None:
    """Open the folder, run it again, and compare."""
    from errsurf.cli.bar import Bar
    from errsurf.cli.source import opened_result
    from errsurf.results.provenance import changes_since
    from errsurf.run.again import run_again
    from errsurf.sampling.particles import evenly

    opened = opened_result(result)
    every = opened.scenario.swarm.particles
    some = None if particles is None or particles >= every else evenly(every, particles)
    with Bar(quiet=quiet) as bar:
        found = list(run_again(opened, some, progress=lambda share: bar.progress("updates", share)))
    differ = any(each.differences for each in found)
    if not quiet:
        echo(*(_line(each) for each in found))
    agree = (
        "all bytes agree" if particles is None else "all bytes of these particles agree; the others were not compared"
    )
    echo(f"{result}: {'some bytes differ' if differ else agree}")
    if differ:
        echo(*(f"  {text}" for text in changes_since(result, opened) or (NOTHING,)))
        raise click.exceptions.Exit(1)


NOTHING = "versions, processor and device are as they were; the arrays may have been changed since"


def _line(found: "Rerun") -> str:
    """What came out for a group."""
    from errsurf.system.numbers import counted
    from errsurf.system.text import printable

    size = f"{counted(found.particles, 'particle')}, {counted(found.updates, 'update')}"
    told = [
        f"{each.array} differs in {each.numbers:,} of {each.of:,} numbers"
        + (f", first after update {each.update:,}" if each.update >= 0 else "")
        + f", by at most {each.relative:.2g} of the largest"
        for each in found.differences
    ]
    return printable(f"{found.label} ({size}): {'; '.join(told) or 'all bytes agree'}", 1000)
