"""Run scenarios: simulate, print a table, write results and pictures.

A SCENARIO is a TOML file, the name of a bundled one (`errsurf list scenarios`), or a picture, video or page that
errsurf wrote, which carries its own.  Results go to a new folder below `results`, or to --out; Ctrl-C stops a run and
keeps what it has recorded.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.options import changes_of, folder_options, set_option
from simulator.cli.picture_options import PictureCommand, picture_changes, picture_options
from simulator.device import NAMES
from simulator.errors import Mistake

if TYPE_CHECKING:
    from simulator.cli.interrupt import Interrupt
    from simulator.scenario import Scenario


@click.command("run", help=__doc__, cls=PictureCommand)
@folder_options
@click.argument("scenario", nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path), help="Result folder; with several scenarios the folder above.")
@set_option
@click.option("--particles", type=int, help="Particles of each group.")
@click.option("--seed", type=int, help="Seed of everything random.")
@click.option("--device", type=click.Choice(NAMES), default=NAMES[0], show_default=True)
@click.option("--force", is_flag=True, help="Replace an older result in --out.")
@click.option("--quiet", is_flag=True, help="Print the result folders only.")
@picture_options
def command(
    scenario: tuple[str, ...],
    out: Path | None,
    changes: tuple[str, ...],
    particles: int | None,
    seed: int | None,
    device: str,
    force: bool,
    quiet: bool,
    **pictures: object,
) -> None:
    """Every scenario is read, its size reckoned and its folder looked at, before the first one runs."""
    from simulator.cli.interrupt import STOPPED, interrupt
    from simulator.device import chosen_device
    from simulator.run import check_free, check_pictures
    from simulator.scenario import read_scenario
    from simulator.size import check_size

    chosen_device(device)
    more = {"swarm.particles": particles, "seed": seed}
    wanted = changes_of(changes) | {key: value for key, value in more.items() if value is not None}
    wanted |= picture_changes(pictures)
    read = [read_scenario(each, wanted) for each in scenario]
    folders = _folders(out, [_name(each) for each in read])
    for each, folder in zip(read, folders, strict=True):
        check_free(folder, force=force)
        check_size(each, folder)
        check_pictures(each)
    with interrupt() as ctrl_c:
        for each, folder in zip(read, folders, strict=True):
            _run(each, folder, ctrl_c, force=force, quiet=quiet)
            if ctrl_c.stop.is_set():
                raise click.exceptions.Exit(STOPPED)


def _run(scenario: "Scenario", folder: Path, ctrl_c: "Interrupt", *, force: bool, quiet: bool) -> None:
    from simulator.cli.bar import Bar
    from simulator.cli.show import say, show_place, show_tables, show_title
    from simulator.run import part_of, run

    if not quiet:
        show_title(scenario.title)
    with Bar(quiet=quiet) as bar:

        def progress(stage: str, share: float) -> None:
            ctrl_c.recording = stage != "kernels"
            bar.progress(stage, share)

        ctrl_c.part, ctrl_c.before_leaving = part_of(folder), bar.stop
        ctrl_c.recording = False
        findings = run(scenario, folder, force=force, progress=progress, stop=ctrl_c.stop, say=say)
        ctrl_c.part = None
    if not quiet:
        show_tables(findings)
    show_place(findings, folder, quiet=quiet)


def _name(scenario: "Scenario") -> str:
    """The file's name without its ending; for the scenario of a result folder, that folder's name."""
    from simulator.folder import is_result

    folder = scenario.folder
    return folder.name if folder and scenario.name == "scenario" and is_result(folder) else scenario.name


def _folders(out: Path | None, names: list[str]) -> list[Path]:
    """The result folder of each scenario: --out, below it where there are several, or a new one below `results`."""
    if out is not None and len(names) == 1:
        return [out]
    if out is not None:
        twice = next((name for k, name in enumerate(names) if name in names[:k]), None)
        if twice:
            raise Mistake(
                f"two scenarios are called {twice}, and would both be written to {out / twice}; run them apart"
            )
        return [out / name for name in names]
    taken: list[Path] = []
    for name in names:
        taken.append(_unused(Path("results") / name, taken))
    return taken


def _unused(folder: Path, taken: list[Path]) -> Path:
    """The folder, or the same name with the first free number; being written is not free."""
    from simulator.run import part_of

    free, k = folder, 2
    while free in taken or free.exists() or part_of(free).exists():
        free, k = folder.with_name(f"{folder.name}-{k}"), k + 1
    return free
