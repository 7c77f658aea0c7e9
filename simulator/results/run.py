"""A whole run: simulate, analyse, write numbers and pictures, then give the folder its final name."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event
from typing import NamedTuple

from errsurf.claims.checking import Checked, checked
from errsurf.engine.size import check_size
from errsurf.errors import FolderError, RunError, StoredError, reason
from errsurf.results.folder import SUMMARY, stored_scenario, write_arrays, write_statistics
from errsurf.results.folder_checks import part_of, resume_command
from errsurf.results.output_folder import OutputFolder, folder_again, new_folder
from errsurf.results.pictures_of_run import check_pictures, draw_pictures, pictures_of
from errsurf.results.resuming import Asked, asked_of, begin, check_unchanged, resumed_folder
from errsurf.run.language import translated_result
from errsurf.run.result import Result
from errsurf.run.simulation import simulate
from errsurf.run_analysis.findings import Findings
from errsurf.scenario import Scenario, data_files, own_files
from errsurf.scenario.scenario import require_scenario
from errsurf.sweeps.repeating import Repetition, check_seeds, repeated, with_seeds

Progress = Callable[[str, float], None]
Say = Callable[[str, str], None]


class Report(NamedTuple):
    """A run in its result folder: findings, claims (none if it was stopped), and messages about what is missing.

    ``findings.result`` is the result itself, and ``seeds`` what other seeds say, None where they were not asked.

    Examples:
        >>> import errsurf
        >>> scenario = errsurf.read_scenario("saddle_escape", {"swarm.particles": 16})
        >>> report = errsurf.run_scenario(scenario, "reported", pictures=False)
        >>> report
        Report('reported', claims: holds, not decided)
        >>> report.findings.result["batch 1"]
        Group('batch 1', sgd: 161 frames of 16 particles, 160 updates)
    """

    folder: Path
    findings: Findings
    claims: tuple[Checked, ...]
    missing: tuple[str, ...]
    seeds: Repetition | None = None

    def __repr__(self) -> str:
        """The folder, what became of each claim, and what is missing."""
        verdicts = ", ".join(claim.verdict for claim in self.claims)
        missing = "".join(f"; missing: {text}" for text in self.missing)
        return f"Report({str(self.folder)!r}, claims: {verdicts or 'none'}{missing})"


def run_scenario(
    scenario: Scenario,
    folder: str | Path | OutputFolder,
    *,
    force: bool = False,
    progress: Progress | None = None,
    stop: Event | None = None,
    say: Say | None = None,
    pictures: bool = True,
    languages: Sequence[str] = (),
    device: str = "auto",
    seeds: int = 1,
) -> Report:
    """Run a scenario into a new result folder.

    While it runs, the folder is called ``<name>.part``; with ``force`` it replaces an older result when it is
    complete.  ``progress`` is called with the stage, "kernels", "updates", "analysis", "seeds" or "pictures", and its
    share from 0 to 1;
    ``say`` with the name of a file or scenario and a notice about it.  Pictures are drawn unless
    ``pictures`` is False, with texts in the first of these ``languages`` that the scenario has.  ``device`` is as for
    ``simulate``.  With several ``seeds``, those after the run's own run too, on the CPU, and only their numbers are
    kept: intervals over seeds stand beside those over particles, and claims say with how many seeds they hold.  A run
    that is stopped keeps its frames and numbers, without pictures and claims; ``resume_run`` goes on with it.

    Raises FolderError, TooLargeError and UserError before anything is simulated, and RunError if it fails while it
    runs or is analysed, for example because the disk is full; the message says what is kept.  If a picture
    fails, the rest is written.

    Examples:
        >>> import errsurf
        >>> scenario = errsurf.read_scenario("saddle_escape", {"swarm.particles": 16})
        >>> report = errsurf.run_scenario(scenario, "results/saddle", pictures=False)
        >>> sorted(file.name for file in report.folder.glob("*.*"))
        ['examples.npz', 'manifest.json', 'scenario.toml', 'summary.json', 'table.csv']
    """
    require_scenario(scenario)
    place = folder if isinstance(folder, OutputFolder) else new_folder(Path(folder), files_of(scenario), force=force)
    asked = Asked(scenario.name, device, seeds, pictures, tuple(languages), place.force)
    with place:
        check_size(scenario, place.folder)
        check_seeds(scenario, seeds)
        if pictures:
            check_pictures(scenario)
        with _kept(place):
            begin(place.part, scenario, asked)
        return _run(scenario, place, asked, progress, stop, say)


def resume_run(
    folder: str | Path,
    *,
    progress: Progress | None = None,
    stop: Event | None = None,
    say: Say | None = None,
) -> Report:
    """Go on with a run that was stopped or killed, in its result folder, as if it had never ended.

    Its arrays, pictures and numbers are, byte for byte, those of a run that went through; only times differ.  It goes
    on from its last checkpoint, with the arguments that ``run_scenario`` got; one that was killed before its first
    checkpoint, within some seconds, begins again.  ``folder`` is ``<name>`` or ``<name>.part``.  Other arguments are as
    for ``run_scenario``; ``say`` is told what may change last bits, such as another processor.

    Raises FolderError if there is nothing to resume, if another process runs it, or for another version of errsurf or
    a scenario, data or records that changed since; RunError as ``run_scenario``.

    Examples:
        >>> import errsurf, threading
        >>> enough = threading.Event()
        >>> scenario = errsurf.read_scenario("saddle_escape", {"swarm.particles": 16})
        >>> def progress(stage, share):
        ...     if stage == "updates":
        ...         enough.set()
        >>> report = errsurf.run_scenario(scenario, "begun", pictures=False, progress=progress, stop=enough)
        >>> report.findings.result.complete
        False
        >>> errsurf.resume_run("begun").findings.result.complete
        True
    """
    return resume_in(again(folder), progress=progress, stop=stop, say=say)


def asked_in(folder: str | Path) -> tuple[Scenario, Asked]:
    """The scenario of a run to resume, and what it was asked; errors are as for ``resume_run``."""
    name = resumed_folder(Path(folder))
    at = part_of(name) if part_of(name).is_dir() else name
    asked = asked_of(at)
    return replace(stored_scenario(at), name=asked.name), asked


def again(folder: str | Path) -> OutputFolder:
    """Take the folder of a run to resume; arguments and errors are as for ``resume_run``."""
    scenario, asked = asked_in(folder)
    return folder_again(resumed_folder(Path(folder)), files_of(scenario), force=asked.force)


def resume_in(
    place: OutputFolder, *, progress: Progress | None = None, stop: Event | None = None, say: Say | None = None
) -> Report:
    """As ``resume_run``, in a folder that was taken again."""
    with place:
        scenario, asked = asked_in(place.part)
        with _kept(place):
            for text in check_unchanged(place.part, scenario):
                (say or _silent)(asked.name, f"last bits may differ; {text}")
            (place.part / SUMMARY).unlink(missing_ok=True)
        return _run(scenario, place, asked, progress, stop, say)


def _silent(*_: object) -> None:
    """Tell nobody."""


def _run(
    scenario: Scenario,
    place: OutputFolder,
    asked: Asked,
    progress: Progress | None,
    stop: Event | None,
    say: Say | None,
) -> Report:
    """Run, or go on with, a scenario in a folder that has all that is needed to resume."""
    report, tell, stop = progress or _silent, say or _silent, stop or Event()
    report("kernels", 0.0)
    result = _simulated(scenario, place, report, stop, tell, asked.device)
    findings, claims, others = _analysed(result, place, asked.seeds, report, stop)
    missing: list[str] = []
    if result.complete and asked.pictures:
        try:
            shown = translated_result(result, asked.languages)
            missing = draw_pictures(findings, shown, place.part, report, stop, tell)
        except Exception as error:  # what all pictures need, such as matplotlib itself, is missing or broken
            missing = [f"pictures: {reason(error)}"]
    place.finished = result.complete and not stop.is_set()
    kept = tuple(why.replace(str(place.part), str(place.folder)) for why in missing)
    return Report(place.folder, findings, claims, kept, others)


@contextmanager
def _kept(place: OutputFolder) -> Iterator[None]:
    """Turn an OSError inside the block into a RunError that says what is left of the run."""
    try:
        yield
    except StoredError as error:
        raise FolderError(f"{place.part}: this run cannot be resumed ({error})") from None
    except OSError as error:
        raise RunError(f"{place.folder}: {reason(error)}; {place.what_is_left}") from error


def files_of(scenario: Scenario) -> list[str]:
    """Names of the files that a run of a scenario writes besides numbers: copies of its data and records, pictures."""
    return [*data_files(scenario), *own_files(scenario), *pictures_of(scenario)]


def _simulated(scenario: Scenario, place: OutputFolder, report: Progress, stop: Event, say: Say, device: str) -> Result:
    """Simulate; the result's folder can be opened afterwards."""
    with _kept(place):
        result = simulate(
            scenario,
            place.part,
            progress=lambda share: report("updates", share),
            stop=stop,
            second_process=True,
            device=device,
            say=partial(say, scenario.name),
            resumable=True,
        )
        write_arrays(result, place.part)
    place.saved = True
    return result


def _analysed(
    result: Result, place: OutputFolder, seeds: int, report: Progress, stop: Event
) -> tuple[Findings, tuple[Checked, ...], Repetition | None]:
    """Compute findings and claims, and what other seeds say of them, and write them into the folder."""
    findings, others = Findings(result), None
    report("analysis", 0.0)
    try:
        claims = checked(findings) if result.complete else ()
        if result.complete and seeds > 1:
            others = repeated(findings, claims, seeds, lambda share: report("seeds", share), stop)
            claims = with_seeds(claims, others)
        write_statistics(findings, place.part, claims, others)
    except Exception as error:  # frames of hours of work are worth more than their statistics
        way = f"the arrays are kept, and {resume_command(place.folder)} goes on with them"
        raise RunError(f"{place.folder}: no statistics: {reason(error)}; {way}") from error
    return findings, claims, others
