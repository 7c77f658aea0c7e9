"""Check scenario files, and records of your own: report every error without running a scenario.

For each valid file, print how large the run would be.  Records of --plugins, --surfaces and --optimizers are checked as
the built-in ones are: derivatives, critical points, rates, and kernels in small runs.

\b
Examples:
  errsurf check mine.toml
  errsurf check mine.toml --set optimizer.lr=0.1
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from errsurf.catalogue import check_added
from errsurf.cli import completing
from errsurf.cli.options import changes_of, folder_options, set_option
from errsurf.cli.terminal import complain, echo
from errsurf.errors import UserError
from errsurf.system.text import printable

if TYPE_CHECKING:
    from errsurf.scenario import Scenario


@click.command("check", help=__doc__)
@folder_options
@click.argument("scenario", nargs=-1, shell_complete=completing.scenarios)
@set_option
def command(scenario: tuple[str, ...], changes: tuple[str, ...]) -> None:
    """Report the faults of all files."""
    from errsurf.engine.size import check_size
    from errsurf.scenario import read_scenario

    wanted, bad, own = changes_of(changes), False, check_added()
    if not (scenario or own):
        raise click.UsageError("name a scenario, or a folder of records with --plugins, --surfaces or --optimizers")
    for file, faults in own.items():
        for fault in faults:
            complain(str(fault))
        if not faults:
            echo(f"{file}: good")
        bad = bad or bool(faults)
    for each in scenario:
        try:
            read = read_scenario(each, wanted)
            check_size(read, Path.cwd())
            echo(f"{each}: good; {_size(read)}{_cells(each, read, wanted)}{_trials(each, read, wanted)}")
            for doubt in _doubts(each, read, wanted):
                complain(printable(doubt))
        except UserError as fault:
            complain(str(fault))
            bad = True
    if bad:
        raise click.exceptions.Exit(2)


def _cells(source: str, scenario: "Scenario", changes: Mapping[str, object]) -> str:
    """The cells of its sweep, which are checked too; nothing without one."""
    if not scenario.sweep.vary:
        return ""
    from errsurf.sweeps.sweeping import prepared
    from errsurf.system.numbers import counted

    return f"; a sweep of {counted(len(prepared(source, {}, changes=changes).cells), 'cell')}"


def _doubts(source: str, scenario: "Scenario", changes: Mapping[str, object]) -> list[str]:
    """What its author may not mean; of a sweep, in some of the cells in which one key differs from the first one."""
    from errsurf.results.doubts import doubts, doubts_of_cells

    if not scenario.sweep.vary:
        return doubts(scenario)
    from errsurf.sweeps.sweeping import prepared

    return doubts_of_cells(prepared(source, {}, changes=changes).cells)


def _trials(source: str, scenario: "Scenario", changes: Mapping[str, object]) -> str:
    """The values that its comparison tries, which are checked too; nothing without one."""
    if scenario.compare is None or not scenario.compare.tune:
        return ""
    from errsurf.comparing.comparing import planned
    from errsurf.comparing.search import trials
    from errsurf.system.numbers import counted

    count = sum(1 for _ in trials(planned(source, {}, changes).lists))
    return f"; a comparison of {counted(count, 'value')}, then of {counted(scenario.compare.seeds, 'seed')}"


def _size(scenario: "Scenario") -> str:
    from errsurf.engine.size import run_size
    from errsurf.system.memory import in_words

    groups, particles, size = len(scenario.optimizer), scenario.swarm.particles, run_size(scenario)
    return (
        f"{groups} group{'s' * (groups > 1)} of {particles:,} particle{'s' * (particles > 1)}, "
        f"{in_words(size.memory)} of memory, {in_words(size.frames)} of frames"
    )
