"""Run scenarios: simulate, print a table, write results and pictures.

SCENARIO is a TOML file, the name of a bundled one (`errsurf list scenarios`), or a picture, video or page that errsurf
wrote, which contains its scenario.  Results go to a new folder in `results`, or to --out; Ctrl-C stops a run and keeps
what it has recorded.  A run that was stopped or killed goes on with --resume.  Each claim of the scenario is printed
with its numbers and its verdict.

\b
Examples:
  errsurf run saddle_escape
  errsurf run mine.toml --particles 500 --seed 3 --out results/more
  errsurf run mine.toml --set optimizer.lr=0.1 --set run.epochs=20 --lang zh
"""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from errsurf.cli import completing
from errsurf.cli.options import changes_of, folder_options, lang_option, languages, set_option
from errsurf.cli.picture_options import PictureCommand, picture_changes, picture_options
from errsurf.errors import UserError
from errsurf.run.device import NAMES
from errsurf.system.text import printable

if TYPE_CHECKING:
    from errsurf.cli.interrupt import Interrupt
    from errsurf.results.output_folder import OutputFolder
    from errsurf.results.run import Report
    from errsurf.scenario import Scenario

RESUMED = ("resume", "strict", "quiet", "plugins", "surfaces", "optimizers")
Take = Callable[[Path, Iterable[str]], "OutputFolder"]


@click.command("run", help=__doc__, cls=PictureCommand)
@folder_options
@click.argument("scenario", nargs=-1, shell_complete=completing.scenarios)
@click.option("--all", "everything", is_flag=True, help="Run every bundled scenario.")
@click.option(
    "--resume",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Go on with the run in this result folder, as it was asked; --plugins, --strict and --quiet go with it.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Result folder; for several scenarios, the parent folder.")
@set_option
@click.option("--particles", type=int, help="Particles of each group.")
@click.option("--lr", metavar="LR", help="Learning rate of all groups; 0.1,0.01 makes two groups of each.")
@click.option("--epochs", type=int, help="Length of the run in passes over the examples.")
@click.option("--updates", type=int, help="Length of the run in updates.")
@click.option("--seed", type=int, help="Seed of all random numbers.")
@click.option(
    "--seeds",
    type=int,
    default=1,
    help="Run with so many seeds, from the scenario's on; of the others only numbers are kept, which give intervals "
    "over seeds.",
)
@click.option(
    "--device",
    type=click.Choice(NAMES),
    default=NAMES[0],
    show_default=True,
    help="Device that computes the updates; auto uses a GPU for large runs if `errsurf doctor` finds one.",
)
@click.option("--force", is_flag=True, help="Replace an older result in --out, unless it contains other files.")
@click.option("--strict", is_flag=True, help="Exit with code 1 unless all claims hold.")
@click.option("--quiet", is_flag=True, help="Print the result folders only.")
@click.option("--no-pictures", "undrawn", is_flag=True, help="Write numbers only.")
@lang_option
@picture_options
def command(
    scenario: tuple[str, ...],
    everything: bool,
    resume: Path | None,
    out: Path | None,
    changes: tuple[str, ...],
    particles: int | None,
    lr: str | None,
    epochs: int | None,
    updates: int | None,
    seed: int | None,
    seeds: int,
    device: str,
    force: bool,
    strict: bool,
    quiet: bool,
    undrawn: bool,
    lang: str | None,
    **pictures: object,
) -> None:
    """Read every scenario, and check its size and folder, before the first one runs."""
    from errsurf.cli.interrupt import interrupt
    from errsurf.cli.terminal import complain
    from errsurf.engine.size import check_size
    from errsurf.results.doubts import doubts
    from errsurf.results.folder_checks import check_free, check_place
    from errsurf.results.output_folder import new_folder, new_numbered_folder
    from errsurf.results.pictures_of_run import check_pictures
    from errsurf.run.device import check_device
    from errsurf.scenario import read_scenario
    from errsurf.sweeps.repeating import check_seeds

    if resume is not None:
        _check_alone()
        with interrupt() as signals:
            _close([_resumed(resume, signals, quiet=quiet)], signals, strict=strict)
        return
    check_device(device)
    more = {
        "swarm.particles": particles,
        "seed": seed,
        "optimizer.lr": lr,
        "run.epochs": epochs,
        "run.updates": updates,
    }
    wanted = changes_of(changes) | {key: value for key, value in more.items() if value is not None}
    wanted |= picture_changes(pictures)
    read = [read_scenario(each, wanted) for each in _sources(scenario, everything=everything)]
    folders = _folders(out, [_name(each) for each in read])
    for each, folder in zip(read, folders, strict=True):
        if out is None:
            check_place(folder)
        else:
            check_free(folder, force=force)
        check_size(each, folder)
        check_seeds(each, seeds)
        if not undrawn:
            check_pictures(each)
        for doubt in () if quiet else doubts(each):
            complain(printable(doubt))
    take = partial(new_folder, force=force) if out is not None else new_numbered_folder
    options = {"pictures": not undrawn, "languages": languages(lang, read), "device": device, "seeds": seeds}
    with interrupt() as signals:
        done = _run_all(read, folders, take, signals, options, quiet=quiet)
    _close(done, signals, strict=strict)


def _check_alone() -> None:
    """A usage error for options that a run takes when it begins, not when it goes on."""
    context = click.get_current_context()
    given = [each for each in context.command.params if each.name not in RESUMED and each.name is not None]
    begun = [each for each in given if context.get_parameter_source(str(each.name)) is ParameterSource.COMMANDLINE]
    if begun:
        names = ", ".join(each.opts[-1] if isinstance(each, click.Option) else "SCENARIO" for each in begun)
        raise click.UsageError(f"--resume goes on with a run as it was asked; leave out {names}")


def _close(done: "list[Report]", signals: "Interrupt", *, strict: bool) -> None:
    """Say what could not be saved, and exit with the code of a run that was stopped, or that lacks something."""
    from errsurf.cli.terminal import complain
    from errsurf.engine.cache_folder import why_not_saved

    if signals.stop.is_set():
        raise click.exceptions.Exit(signals.code)
    if why := why_not_saved():
        complain(why)
    held = all(claim.verdict == "holds" for each in done for claim in each.claims)
    if any(each.missing for each in done) or (strict and not held):
        raise click.exceptions.Exit(1)


def _resumed(folder: Path, signals: "Interrupt", *, quiet: bool) -> "Report":
    """Go on with the run in a folder."""
    from errsurf.results.run import again, asked_in, resume_in

    scenario, asked = asked_in(folder)
    return _show(scenario, asked.languages, signals, partial(again, folder), resume_in, quiet=quiet)


def _sources(given: tuple[str, ...], *, everything: bool) -> tuple[str, ...]:
    """The scenarios to run: the given ones, or all bundled ones."""
    from errsurf.scenarios import bundled

    if bool(given) == everything:
        raise click.UsageError("name scenarios, or give --all; `errsurf list scenarios` lists the bundled ones")
    return bundled() if everything else given


def _run_all(
    read: "list[Scenario]",
    folders: list[Path],
    take: Take,
    signals: "Interrupt",
    options: dict[str, Any],
    *,
    quiet: bool,
) -> "list[Report]":
    from errsurf.cli.show import show_closing
    from errsurf.words.tags import language_of

    done, seconds = [], []
    for each, folder in zip(read, folders, strict=True):
        began = perf_counter()
        done.append(_run(each, folder, take, signals, options, quiet=quiet))
        seconds.append(perf_counter() - began)
        if signals.stop.is_set():
            raise click.exceptions.Exit(signals.code)
    if len(done) > 1 and not quiet:
        show_closing(done, seconds, language_of(options["languages"]))
    return done


def _run(
    scenario: "Scenario", folder: Path, take: Take, signals: "Interrupt", options: dict[str, Any], *, quiet: bool
) -> "Report":
    from errsurf.results.run import files_of, run_scenario

    def run(place: "OutputFolder", **how: Any) -> "Report":
        return run_scenario(scenario, place, **how, **options)

    taken = partial(take, folder, files_of(scenario))
    return _show(scenario, options["languages"], signals, taken, run, folder, quiet=quiet)


def _show(
    scenario: "Scenario",
    languages: Iterable[str],
    signals: "Interrupt",
    take: Callable[[], "OutputFolder"],
    run: Callable[..., "Report"],
    wanted: Path | None = None,
    *,
    quiet: bool,
) -> "Report":
    """Run a scenario in the folder that it takes, and print what came out; ``wanted`` is the folder asked for."""
    from errsurf.cli.bar import Bar
    from errsurf.cli.show import show_claims, show_measures, show_place, show_seeds, show_tables, show_title
    from errsurf.cli.terminal import complain, say
    from errsurf.results.doubts import lost_groups, unentered_regions
    from errsurf.run.language import translated

    shown = translated(scenario, tuple(languages))
    if not quiet:
        show_title(shown.title)
    with Bar(quiet=quiet) as bar:

        def progress(stage: str, share: float) -> None:
            signals.recording = stage != "kernels"
            bar.progress(stage, share)

        signals.before_leaving, signals.recording = bar.stop, False
        report = run(signals.take(take), progress=progress, stop=signals.stop, say=say)
    if not quiet:
        show_tables(report.findings, shown)
        show_seeds(report, shown)
        show_measures(report, shown)
        show_claims(report, shown)
        for words in (*lost_groups(report.findings), *unentered_regions(report.findings)):
            complain(printable(words))
    show_place(report, wanted, shown.language, quiet=quiet)
    return report


def _name(scenario: "Scenario") -> str:
    """The file's name without its ending; for the scenario of a result folder, that folder's name."""
    from errsurf.results.folder import is_result

    folder = scenario.folder
    return folder.name if folder and scenario.name == "scenario" and is_result(folder) else scenario.name


def _folders(out: Path | None, names: list[str]) -> list[Path]:
    """The result folder of each scenario: --out, in --out if there are several, or one in `results`."""
    if out is not None and len(names) == 1:
        return [out]
    if out is not None:
        twice = next((name for k, name in enumerate(names) if name in names[:k]), None)
        if twice:
            raise UserError(
                f"two scenarios are called {twice}, and would both be written to {out / twice}; run them separately"
            )
        return [out / name for name in names]
    return [Path("results") / name for name in names]
