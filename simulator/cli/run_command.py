"""Run scenarios: simulate, print a table, write results and pictures.

A SCENARIO is a TOML file, the name of a bundled one (`errsurf list scenarios`), or a picture, video or page that
errsurf wrote, which carries its own.  Results go to a new folder below `results`, or to --out; Ctrl-C stops a run and
keeps what it has recorded.  Each claim of the scenario is printed with its numbers and with what became of it.
"""

from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.options import changes_of, folder_options, lang_option, languages, set_option
from simulator.cli.picture_options import PictureCommand, picture_changes, picture_options
from simulator.device import NAMES
from simulator.errors import Mistake

if TYPE_CHECKING:
    from simulator.cli.interrupt import Interrupt
    from simulator.findings import Findings
    from simulator.scenario import Scenario


@click.command("run", help=__doc__, cls=PictureCommand)
@folder_options
@click.argument("scenario", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Run every bundled scenario.")
@click.option("--out", type=click.Path(path_type=Path), help="Result folder; with several scenarios the folder above.")
@set_option
@click.option("--particles", type=int, help="Particles of each group.")
@click.option("--seed", type=int, help="Seed of everything random.")
@click.option(
    "--device",
    type=click.Choice(NAMES),
    default=NAMES[0],
    show_default=True,
    help="What makes the updates; auto takes a GPU for large runs, `errsurf doctor` says if there is one.",
)
@click.option("--force", is_flag=True, help="Replace an older result in --out.")
@click.option("--strict", is_flag=True, help="End with code 1 unless all claims hold.")
@click.option("--quiet", is_flag=True, help="Print the result folders only.")
@click.option("--no-pictures", "undrawn", is_flag=True, help="Write numbers only.")
@lang_option
@picture_options
def command(
    scenario: tuple[str, ...],
    everything: bool,
    out: Path | None,
    changes: tuple[str, ...],
    particles: int | None,
    seed: int | None,
    device: str,
    force: bool,
    strict: bool,
    quiet: bool,
    undrawn: bool,
    lang: str | None,
    **pictures: object,
) -> None:
    """Every scenario is read, its size reckoned and its folder looked at, before the first one runs."""
    from simulator.cli.interrupt import interrupt
    from simulator.device import check_device
    from simulator.run import check_free, check_pictures
    from simulator.scenario import read_scenario
    from simulator.size import check_size

    check_device(device)
    more = {"swarm.particles": particles, "seed": seed}
    wanted = changes_of(changes) | {key: value for key, value in more.items() if value is not None}
    wanted |= picture_changes(pictures)
    read = [read_scenario(each, wanted) for each in _sources(scenario, everything=everything)]
    folders = _folders(out, [_name(each) for each in read])
    for each, folder in zip(read, folders, strict=True):
        check_free(folder, force=force)
        check_size(each, folder)
        if not undrawn:
            check_pictures(each)
    options = {"force": force, "pictures": not undrawn, "languages": languages(lang, read), "device": device}
    with interrupt() as ctrl_c:
        done = _run_all(read, folders, ctrl_c, options, quiet=quiet)
    if strict and not all(claim.verdict == "holds" for findings in done for claim in findings.claims):
        raise click.exceptions.Exit(1)


def _sources(given: tuple[str, ...], *, everything: bool) -> tuple[str, ...]:
    """What is to be run: the scenarios that are named, or all bundled ones."""
    from simulator.scenario import bundled

    if bool(given) == everything:
        raise click.UsageError("name scenarios, or give --all; `errsurf list scenarios` names the bundled ones")
    return bundled() if everything else given


def _run_all(
    read: "list[Scenario]", folders: list[Path], ctrl_c: "Interrupt", options: dict[str, Any], *, quiet: bool
) -> "list[Findings]":
    from simulator.cli.interrupt import STOPPED
    from simulator.cli.show import show_closing

    done, seconds = [], []
    for each, folder in zip(read, folders, strict=True):
        began = perf_counter()
        done.append(_run(each, folder, ctrl_c, options, quiet=quiet))
        seconds.append(perf_counter() - began)
        if ctrl_c.stop.is_set():
            raise click.exceptions.Exit(STOPPED)
    if len(done) > 1 and not quiet:
        show_closing(done, seconds)
    return done


def _run(
    scenario: "Scenario", folder: Path, ctrl_c: "Interrupt", options: dict[str, Any], *, quiet: bool
) -> "Findings":
    from simulator.cli.bar import Bar
    from simulator.cli.show import say, show_claims, show_place, show_tables, show_title
    from simulator.language import translated
    from simulator.run import part_of, run

    shown = translated(scenario, options["languages"])
    if not quiet:
        show_title(shown.title)
    with Bar(quiet=quiet) as bar:

        def progress(stage: str, share: float) -> None:
            ctrl_c.recording = stage != "kernels"
            bar.progress(stage, share)

        ctrl_c.part, ctrl_c.before_leaving = part_of(folder), bar.stop
        ctrl_c.recording = False
        findings = run(scenario, folder, progress=progress, stop=ctrl_c.stop, say=say, **options)
        ctrl_c.part = None
    if not quiet:
        show_tables(findings, [group.label for group in shown.optimizer])
        show_claims(findings, shown)
    show_place(findings, folder, quiet=quiet)
    return findings


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
