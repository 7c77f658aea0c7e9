"""A whole run: simulate, read, write numbers and pictures, and only then give the folder its name."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Event

from simulator.errors import FULL, Failure, Mistake, reason
from simulator.findings import Findings
from simulator.folder import FolderError, write_numbers
from simulator.language import translated_result
from simulator.result import Result
from simulator.scenario import Scenario
from simulator.simulation import simulate
from simulator.size import check_size

Progress = Callable[[str, float], None]


def run(
    scenario: Scenario,
    folder: Path,
    *,
    force: bool = False,
    progress: Progress | None = None,
    stop: Event | None = None,
    say: Callable[[str, str], None] | None = None,
    pictures: bool = True,
    languages: Sequence[str] = (),
    device: str = "auto",
) -> Findings:
    """Run a scenario into a new result folder.

    While it runs, the folder is called ``<name>.part``; ``force`` lets it replace an older result, when it is
    whole.  ``progress`` is told the stage, "kernels", "updates" or "pictures", and its share from 0 to 1, and
    ``say`` what should be known of a file or of the scenario's pictures, and of which.  Pictures are drawn unless
    ``pictures`` is False, with texts in the first of these ``languages`` that the scenario has.  ``device`` is as for
    ``simulate``.  A run that is stopped keeps its frames and numbers, draws no pictures and checks no claims.  Raises
    FolderError, TooLarge and Mistake before anything is written, and Failure for what goes wrong later, such as a full
    disk; then nothing of the run is left, except that numbers are kept if only the pictures failed.
    """
    check_free(folder, force=force)
    check_size(scenario, folder)
    report = progress or (lambda _stage, _share: None)
    if pictures:
        check_pictures(scenario)
    undrawn: OSError | Mistake | None = None
    with _part(folder, force=force) as part:
        report("kernels", 0.0)
        result = simulate(
            scenario,
            part,
            progress=lambda share: report("updates", share),
            stop=stop,
            second_process=True,
            device=device,
            say=lambda text: say(scenario.name, text) if say else None,
        )
        findings = Findings(result)
        write_numbers(result, findings.statistics, findings.minima, part, findings.claims)
        if result.complete and pictures:
            try:
                shown = translated_result(result, languages)
                _draw(findings, shown, part, report, stop or Event(), say or (lambda _what, _text: None))
            except (OSError, Mistake) as error:
                undrawn = error
        _place(part, folder, force=force)
    if undrawn is not None:
        why = reason(undrawn) if isinstance(undrawn, OSError) else str(undrawn)
        raise Failure(f"{folder}: {why}; the numbers are kept, pictures are missing") from undrawn
    return findings


def part_of(folder: Path) -> Path:
    """The name of a result folder while it is being written."""
    whole = folder.resolve()
    return whole.with_name(whole.name + ".part")


def check_free(folder: Path, *, force: bool) -> None:
    """Raise FolderError if a folder cannot take a result: it exists, and is no result or ``force`` is not given."""
    try:
        problem = _in_the_way(folder, force=force)
    except OSError as error:
        problem = f"cannot be made: {reason(error)}"
    if problem:
        raise FolderError(f"{folder} {problem}; name another folder with --out")


def check_pictures(scenario: Scenario) -> None:
    """Raise Mistake if a picture that a scenario asks for needs an extra that is not installed."""
    names = _pictures(scenario)
    if names:
        from simulator.drawing.formats import format_of

        for name in names:
            format_of(name)


def _pictures(scenario: Scenario) -> list[str]:
    """Names of the files of ``[output]``, whose keys are suffixes but for one."""
    return [name for key, name in scenario.output._asdict().items() if name and key != "max_size"]


def _in_the_way(folder: Path, *, force: bool) -> str | None:
    """What keeps a folder from taking a result."""
    whole = folder.resolve()
    if whole == Path.cwd() or whole in Path.cwd().parents:
        return "is the working folder or above it"
    above = next(parent for parent in whole.parents if parent.exists())
    if not above.is_dir():
        return f"cannot be made: {above} is a file"
    if part_of(folder).exists() and not force:
        return f"is being written by another run, or {part_of(folder)} was left by one that was killed"
    if not os.access(above, os.W_OK):
        return f"cannot be made: {above} cannot be written"
    if not whole.exists():
        return None
    if not whole.is_dir():
        return "is a file"
    if not any(whole.iterdir()):
        return None
    if not (whole / "summary.json").is_file():
        return "exists and is not a result folder"
    return None if force else "holds a result already; replace it with --force"


@contextmanager
def _part(folder: Path, *, force: bool) -> Iterator[Path]:
    """The folder to write into; if anything goes wrong it vanishes, and with it the folders made above it."""
    part = part_of(folder)
    made = [parent for parent in part.parents if not parent.exists()]
    if force:
        shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True)
    except OSError as error:
        kind = Failure if error.errno in FULL else FolderError
        raise kind(f"{folder} cannot be made: {reason(error)}; name another folder with --out") from None
    try:
        yield part
    except BaseException as error:
        shutil.rmtree(part, ignore_errors=True)
        with suppress(OSError):
            for parent in made:
                parent.rmdir()
        if isinstance(error, OSError):
            raise Failure(f"{folder}: {reason(error)}; nothing of this run was kept") from error
        raise


def _place(part: Path, folder: Path, *, force: bool) -> None:
    """Give a written folder its name; an older result goes only after that."""
    whole = folder.resolve()
    old = whole.with_name(f"{whole.name}.{os.getpid()}.old")
    if whole.exists():
        if force:
            whole.rename(old)
        else:
            whole.rmdir()
    part.rename(whole)
    shutil.rmtree(old, ignore_errors=True)


class _Stopped(Exception):  # noqa: N818
    """The drawing was stopped."""


def _draw(
    findings: Findings, shown: Result, folder: Path, report: Progress, stop: Event, say: Callable[[str, str], None]
) -> None:
    from simulator.drawing import Order, write_figure, write_picture
    from simulator.drawing.lettering.notices import notices
    from simulator.drawing.moving.fitting import byte_count

    def drawn(done: int, total: int) -> None:
        report("pictures", done / total)
        if stop.is_set():
            raise _Stopped

    output, critical = shown.scenario.output, findings.critical
    for text in notices(shown.scenario):
        say(shown.scenario.name, text)
    report("pictures", 0.0)
    write_figure(shown, folder / "figure.png", critical=critical)
    most = byte_count(output.max_size) if output.max_size else None
    with suppress(_Stopped):
        for name in _pictures(shown.scenario):
            order = Order(shown, critical, findings.basin_of, progress=drawn, say=partial(say, name))
            write_picture(order, folder / name, most=most)
    report("pictures", 1.0)
