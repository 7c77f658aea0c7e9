"""Run scenarios: simulate, print a table, write results and pictures.

A SCENARIO is a TOML file or the name of a bundled one (`errsurf list scenarios`).  Results go to a new folder below
`results`, or to --out; Ctrl-C stops a run and keeps what it has recorded.
"""

import signal
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Any

import click

from simulator.cli.options import changes_of, set_option


@click.command("run", help=__doc__)
@click.argument("scenario", nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path), help="Result folder; with several scenarios the folder above.")
@set_option
@click.option("--particles", type=click.IntRange(1), help="Particles of each group.")
@click.option("--seed", type=click.IntRange(0), help="Seed of everything random.")
@click.option("--device", type=click.Choice(["auto", "cpu", "cuda"]), default="auto", show_default=True)
@click.option("--force", is_flag=True, help="Replace an older result in --out.")
@click.option("--quiet", is_flag=True, help="Print the result folders only.")
def command(
    scenario: tuple[str, ...],
    out: Path | None,
    changes: tuple[str, ...],
    particles: int | None,
    seed: int | None,
    device: str,
    force: bool,
    quiet: bool,
) -> None:
    """Every scenario is read, and every folder looked at, before the first one runs."""
    from simulator.device import chosen_device
    from simulator.run import check_free, run
    from simulator.scenario import read_scenario

    chosen_device(device)
    more = {"swarm.particles": particles, "seed": seed}
    wanted = changes_of(changes) | {key: value for key, value in more.items() if value is not None}
    read = [read_scenario(each, wanted) for each in scenario]
    folders = [_folder(out, each.name, len(read) > 1) for each in read]
    for folder in folders:
        check_free(folder, force=force)
    stop = _stop_on_interrupt()
    for each, folder in zip(read, folders, strict=True):
        if out is None:
            folder = _unused(folder)
        from simulator.cli.show import Show

        with Show(each.title, quiet=quiet) as show:
            findings = run(each, folder, force=force, progress=show.progress, stop=stop)
        show.table(findings)
        show.written(findings, folder)
        if stop.is_set():
            raise SystemExit(130)


def _folder(out: Path | None, name: str, several: bool) -> Path:
    if out is None:
        return _unused(Path("results") / name)
    return out / name if several else out


def _unused(folder: Path) -> Path:
    """The folder, or the same name with the first free number."""
    free, k = folder, 2
    while free.exists():
        free, k = folder.with_name(f"{folder.name}-{k}"), k + 1
    return free


def _stop_on_interrupt() -> Event:
    """Ctrl-C asks the run to stop; a second one insists."""
    stop = Event()

    def handler(_signal: int, _frame: FrameType | None) -> Any:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    signal.signal(signal.SIGINT, handler)
    return stop
