"""A whole run: simulate, read, write numbers and pictures, and only then give the folder its name."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event

from simulator.findings import Findings
from simulator.folder import FolderError, write_numbers
from simulator.scenario import Scenario
from simulator.simulation import simulate

Progress = Callable[[str, float], None]


def run(
    scenario: Scenario,
    folder: Path,
    *,
    force: bool = False,
    progress: Progress | None = None,
    stop: Event | None = None,
) -> Findings:
    """Run a scenario into a new result folder.

    While it runs, the folder is called ``<name>.part``; ``force`` lets it replace an older result, when it is
    whole.  ``progress`` is told the stage, "kernels", "updates" or "pictures", and its share from 0 to 1.
    A run that is stopped keeps its frames and numbers and draws no pictures.  Raises FolderError, TooLarge
    and OSError; then nothing of the run is left.
    """
    check_free(folder, force=force)
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    report = progress or (lambda _stage, _share: None)
    report("kernels", 0.0)
    try:
        result = simulate(scenario, part, progress=lambda share: report("updates", share), stop=stop)
        findings = Findings(result)
        write_numbers(result, findings.statistics, findings.minima, part)
        if result.complete:
            _draw(findings, part, report, stop or Event())
        if folder.exists():
            shutil.rmtree(folder)
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return findings


def check_free(folder: Path, *, force: bool) -> None:
    """Raise FolderError if a folder cannot take a result: it exists, and is no result or ``force`` is not given."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise FolderError(f"{folder} is a file; name another folder with --out")
    if not any(folder.iterdir()):
        return
    if not (folder / "summary.json").is_file():
        raise FolderError(f"{folder} exists and is not a result folder; name another one with --out")
    if not force:
        raise FolderError(
            f"{folder} holds a result already; name another folder with --out, or replace it with --force"
        )


class _Stopped(Exception):  # noqa: N818
    """The drawing was stopped."""


def _draw(findings: Findings, folder: Path, report: Progress, stop: Event) -> None:
    from simulator.drawing import write_figure, write_gif, write_png

    def drawn(done: int, total: int) -> None:
        report("pictures", done / total)
        if stop.is_set():
            raise _Stopped

    result, output, critical = findings.result, findings.result.scenario.output, findings.critical
    report("pictures", 0.0)
    write_figure(result, folder / "figure.png", critical=critical)
    if output.png:
        write_png(result, folder / output.png, critical=critical, basin_of=findings.basin_of)
    if output.gif:
        with suppress(_Stopped):
            path = folder / output.gif
            write_gif(result, path, critical=critical, basin_of=findings.basin_of, progress=drawn)
    report("pictures", 1.0)
