"""A whole run: simulate, analyse, write numbers and pictures, then give the folder its final name."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from threading import Event
from typing import NamedTuple

from errsurf.claims.checking import Checked, checked
from errsurf.engine.size import check_size
from errsurf.errors import RunError, reason
from errsurf.results.folder import write_arrays, write_statistics
from errsurf.results.output_folder import OutputFolder, new_folder
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
    complete.  ``progress`` is called with the stage, "kernels", "updates" or "pictures", and its share from 0 to 1;
    ``say`` with the name of a file or scenario and a notice about it.  Pictures are drawn unless
    ``pictures`` is False, with texts in the first of these ``languages`` that the scenario has.  ``device`` is as for
    ``simulate``.  With several ``seeds``, those after the run's own run too, on the CPU, and only their numbers are
    kept: intervals over seeds stand beside those over particles, and claims say with how many seeds they hold.  A run
    that is stopped keeps its frames and numbers, draws no pictures and checks no claims.

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
    report, tell = progress or (lambda _stage, _share: None), say or (lambda _what, _text: None)
    with place:
        check_size(scenario, place.folder)
        check_seeds(scenario, seeds)
        if pictures:
            check_pictures(scenario)
        report("kernels", 0.0)
        result = _simulated(scenario, place, report, stop, tell, device)
        findings, claims, others = _analysed(result, place, seeds, report, stop)
        missing: list[str] = []
        if result.complete and pictures:
            try:
                shown = translated_result(result, languages)
                missing = _draw(findings, shown, place.part, report, stop or Event(), tell)
            except Exception as error:  # what all pictures need, such as matplotlib itself, is missing or broken
                missing = [f"pictures: {reason(error)}"]
    kept = tuple(why.replace(str(place.part), str(place.folder)) for why in missing)
    return Report(place.folder, findings, claims, kept, others)


def files_of(scenario: Scenario) -> list[str]:
    """Names of the files that a run of a scenario writes besides numbers: copies of its data and records, pictures."""
    return [*data_files(scenario), *own_files(scenario), *_pictures(scenario)]


def check_pictures(scenario: Scenario) -> None:
    """Raise UserError if a picture that a scenario asks for needs an extra that is not installed."""
    names = _pictures(scenario)
    if names:
        from errsurf.drawing.formats import format_of

        for name in names:
            format_of(name)


def _pictures(scenario: Scenario) -> list[str]:
    """Names of the files of ``[output]``, whose keys are suffixes but for one."""
    return [name for key, name in scenario.output.items() if key != "max_size"]


def _simulated(
    scenario: Scenario, place: OutputFolder, report: Progress, stop: Event | None, say: Say, device: str
) -> Result:
    """Simulate; the result's folder can be opened afterwards."""
    try:
        result = simulate(
            scenario,
            place.part,
            progress=lambda share: report("updates", share),
            stop=stop,
            second_process=True,
            device=device,
            say=partial(say, scenario.name),
        )
        write_arrays(result, place.part)
    except OSError as error:
        raise RunError(f"{place.folder}: {reason(error)}; nothing of this run was kept") from error
    place.saved = True
    return result


def _analysed(
    result: Result, place: OutputFolder, seeds: int, report: Progress, stop: Event | None
) -> tuple[Findings, tuple[Checked, ...], Repetition | None]:
    """Compute findings and claims, and what other seeds say of them, and write them into the folder."""
    findings, others = Findings(result), None
    try:
        claims = checked(findings) if result.complete else ()
        if result.complete and seeds > 1:
            others = repeated(findings, claims, seeds, lambda share: report("seeds", share), stop)
            claims = with_seeds(claims, others)
        write_statistics(findings, place.part, claims, others)
    except Exception as error:  # frames of hours of work are worth more than their statistics
        raise RunError(f"{place.folder}: no statistics: {reason(error)}; the arrays are kept") from error
    return findings, claims, others


class _Stopped(Exception):  # noqa: N818
    """The drawing was stopped."""


def _draw(findings: Findings, shown: Result, folder: Path, report: Progress, stop: Event, say: Say) -> list[str]:
    """Draw the figure and the scenario's pictures; returns messages about those that failed."""
    from errsurf.drawing import PictureRequest, write_figure, write_picture
    from errsurf.drawing.lettering.notices import notices
    from errsurf.drawing.moving.fitting import byte_count

    def drawn(done: int, total: int) -> None:
        report("pictures", done / total)
        if stop.is_set():
            raise _Stopped

    def draw(name: str) -> None:
        if name == "figure.png":
            write_figure(shown, folder / name, critical=findings.critical, basin_of=findings.basin_of)
            return
        request = PictureRequest(
            shown, findings.critical, findings.basin_of, findings.regions, progress=drawn, say=partial(say, name)
        )
        write_picture(request, folder / name, most=byte_count(largest) if largest else None)

    largest = shown.scenario.output.get("max_size")
    missing: list[str] = []
    for text in notices(shown.scenario):
        say(shown.scenario.name, text)
    report("pictures", 0.0)
    for name in ("figure.png", *_pictures(shown.scenario)):
        try:
            draw(name)
        except _Stopped:
            return missing
        except Exception as error:  # one picture that fails takes neither the numbers nor the other pictures with it
            missing.append(f"{name}: {reason(error)}")
    report("pictures", 1.0)
    return missing
