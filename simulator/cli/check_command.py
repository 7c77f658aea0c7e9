"""Check scenario files: report every fault, run nothing.

Says for each good file how large the run would be.
"""

import click

from simulator.cli.options import changes_of, set_option


@click.command("check", help=__doc__)
@click.argument("scenario", nargs=-1, required=True)
@set_option
def command(scenario: tuple[str, ...], changes: tuple[str, ...]) -> None:
    """Files are independent: the faults of all of them are shown."""
    from simulator.errors import Mistake
    from simulator.scenario import read_scenario
    from simulator.size import in_words, run_size

    bad = False
    for each in scenario:
        try:
            read = read_scenario(each, changes_of(changes))
            size = run_size(read)
            groups, particles = len(read.optimizer), read.swarm.particles
            click.echo(f"{each}: good; {groups} groups of {particles:,} particles, frames of {in_words(size.frames)}")
        except Mistake as fault:
            click.echo(f"errsurf: {fault}", err=True)
            bad = True
    if bad:
        raise SystemExit(2)
