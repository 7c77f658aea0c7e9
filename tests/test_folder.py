"""The result folder: what stands in it, that it is read again, and that nothing half-written gets its name."""

import csv
import errno
import json
import re
from concurrent.futures import Executor, Future
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from errsurf.errors import FolderError, RunError
from errsurf.results.folder import open_result
from errsurf.results.run import run_scenario
from errsurf.run.recording import FileRecording
from errsurf.run_analysis.findings import Findings
from errsurf.scenario import Scenario, read_scenario
from helpers.command_line import TWO_GROUPS


@pytest.fixture(name="scenario")
def small_scenario(tmp_path: Path) -> Scenario:
    """Two groups of 16 particles, 12 updates, 5 frames."""
    file = tmp_path / "small.toml"
    file.write_text(TWO_GROUPS, encoding="utf-8")
    return read_scenario(file, {"output.gif": "a.gif", "picture.seconds": 0.2})


@pytest.fixture(name="findings")
def small_findings(scenario: Scenario, tmp_path: Path) -> Findings:
    """A run of it in the folder `result`."""
    return run_scenario(scenario, tmp_path / "result").findings


def test_every_file_of_the_design_is_there(findings: Findings, tmp_path: Path) -> None:
    result = findings.result
    names = {str(path.relative_to(tmp_path / "result")) for path in (tmp_path / "result").rglob("*") if path.is_file()}
    arrays = ("update", "examples_seen", "lr", "position", "train_loss", "test_loss", "diverged", "loss_particles")
    expected = {"scenario.toml", "summary.json", "table.csv", "figure.png", "examples.npz", "a.gif"}
    assert expected | {f"{folder}/{name}.npy" for folder in ("0-slow", "1-fast") for name in arrays} <= names
    slow = result["slow"]
    assert slow.update.tolist() == [0, 3, 6, 9, 12]
    assert slow.examples_seen.tolist() == [0, 60, 120, 180, 240]
    assert (slow.position.shape, slow.position.dtype) == ((5, 16, 2), np.float32)
    assert (slow.train_loss.shape, slow.test_loss.shape, slow.train_loss.dtype) == ((5, 16), (5, 16), np.float64)
    assert {slow.update.dtype, slow.examples_seen.dtype, slow.diverged.dtype} == {np.dtype(np.int64)}
    assert slow.diverged.tolist() == [-1] * 16
    with np.load(tmp_path / "result/examples.npz") as examples:
        assert examples["train"].shape == (20, len(examples["columns"]))
        assert examples["test"].shape == (500, len(examples["columns"]))


def test_a_result_is_read_as_it_was(findings: Findings, tmp_path: Path, scenario: Scenario) -> None:
    again = open_result(tmp_path / "result")
    assert again.scenario == scenario
    assert again.complete
    for old, new in zip(findings.result.groups, again.groups, strict=True):
        for name in ("update", "examples_seen", "lr", "position", "train_loss", "test_loss", "diverged"):
            np.testing.assert_array_equal(getattr(old, name), getattr(new, name))
    with pytest.raises(KeyError, match="slow"):
        again["medium"]


def test_table_and_summary_hold_the_statistics(findings: Findings, tmp_path: Path) -> None:
    with (tmp_path / "result/table.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    groups = json.loads((tmp_path / "result/summary.json").read_text(encoding="utf-8"))["groups"]
    for row, group, found in zip(rows, groups, findings.statistics, strict=True):
        assert float(row["train_loss"]) == group["train_loss"] == found.train_loss.median
        for first in ("at_", "flow_"):
            rest = ("on_the_way", "outside_the_map") if first == "at_" else ()
            shares = [key for key in row if key.startswith(first) or key in rest]
            keys = [key for key in shares if not key.endswith(("_low", "_high", "_n"))]
            assert sum(float(row[key]) for key in keys) + int(row["diverged"]) / 16 == pytest.approx(1)
        assert {"at_A", "at_B", "at_saddle", "flow_to_A", "flow_to_B", "flow_elsewhere"} <= set(row)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("summary.json", b""),
        ("summary.json", b"[]"),
        ("summary.json", b"{}"),
        ("0-slow/position.npy", b""),
        ("0-slow/position.npy", b"\x93NUMPY"),
        ("0-slow/update.npy", None),
        ("1-fast/lr.npy", "short"),
    ],
)
def test_a_damaged_result_is_no_result(
    findings: Findings, tmp_path: Path, file: str, content: bytes | str | None
) -> None:
    path = tmp_path / "result" / file
    assert findings.result.complete
    path.unlink()
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content:
        np.save(path, np.zeros(2))
    with pytest.raises(FolderError, match="not a complete result folder"):
        open_result(tmp_path / "result")


@pytest.mark.parametrize("appends", [0, 1, 3])
def test_a_disk_that_fills_up_leaves_nothing(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, appends: int
) -> None:
    append, done = FileRecording.append, []

    def full(self: FileRecording, frames: np.ndarray) -> None:  # type: ignore[type-arg]
        if len(done) >= appends:
            raise OSError(errno.ENOSPC, "No space left on device")
        done.append(frames)
        append(self, frames)

    monkeypatch.setattr(FileRecording, "append", full)
    with pytest.raises(RunError, match="the disk is full; nothing of this run was kept"):
        run_scenario(scenario, tmp_path / "new/deep/result")
    assert [path.name for path in tmp_path.iterdir()] == ["small.toml"]


class FullDisk(Executor):
    """Every write fails, after the caller has gone on."""

    def submit(self, *_: object) -> Future[int]:  # type: ignore[override]
        failed: Future[int] = Future()
        failed.set_exception(OSError(errno.ENOSPC, "No space left on device"))
        return failed


@pytest.mark.parametrize("step", ["append", "sync", "close"])
def test_a_write_that_fails_is_raised_by_the_next_step(step: str, tmp_path: Path) -> None:
    recording, frame = FileRecording(tmp_path / "a.npy", (2, 3), np.float64, FullDisk()), np.zeros((1, 3))
    recording.append(frame)
    with pytest.raises(OSError, match="No space left"):
        getattr(recording, step)(*{"append": (frame,), "close": (1,)}.get(step, ()))
    recording.release()


def test_a_failure_keeps_the_older_result(
    scenario: Scenario, findings: Findings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("errsurf.results.run.write_arrays", broken)
    with pytest.raises(RunError, match="Input/output error; nothing of this run was kept"):
        run_scenario(scenario, tmp_path / "result", force=True)
    np.testing.assert_array_equal(open_result(tmp_path / "result")["slow"].position, findings.result["slow"].position)
    assert {path.name for path in tmp_path.iterdir()} == {"small.toml", "result"}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (IndexError("list index out of range"), r"internal error \(IndexError: list index out of range\)"),
        (RecursionError("too deep"), r"internal error \(RecursionError: too deep\)"),
        (MemoryError(), "out of memory"),
    ],
)
def test_numbers_and_other_pictures_outlive_a_picture(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("errsurf.drawing.write_figure", broken)
    report = run_scenario(scenario, tmp_path / "result")
    (missing,) = report.missing
    assert re.fullmatch(f"figure.png: {words}", missing)
    assert report.findings.statistics
    assert open_result(tmp_path / "result").complete
    assert (tmp_path / "result/a.gif").stat().st_size > 1000
    assert not list(tmp_path.glob("*.part"))


def test_arrays_outlive_statistics(scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("errsurf.results.folder.group_rows", broken)
    with pytest.raises(RunError, match=r"no statistics: internal error \(ZeroDivisionError.*the arrays are kept"):
        run_scenario(scenario, tmp_path / "result")
    assert open_result(tmp_path / "result")["slow"].position.shape == (5, 16, 2)


def test_a_stopped_run_is_whole_but_short(scenario: Scenario, tmp_path: Path) -> None:
    stop = Event()
    stop.set()
    findings = run_scenario(scenario, tmp_path / "result", stop=stop).findings
    assert not findings.result.complete
    result = open_result(tmp_path / "result")
    assert not result.complete
    for group in result.groups:
        assert len(group.update) == len(group.position) == len(group.train_loss) == len(group.test_loss) >= 1
    assert not (tmp_path / "result/figure.png").exists()


def test_a_stop_while_drawing_keeps_the_numbers(scenario: Scenario, tmp_path: Path) -> None:
    stop = Event()

    def progress(stage: str, share: float) -> None:
        if stage == "pictures" and share > 0:
            stop.set()

    run_scenario(scenario, tmp_path / "result", progress=progress, stop=stop)
    assert open_result(tmp_path / "result").complete
    assert not list((tmp_path / "result").glob("*.gif*"))


def test_stages_come_in_order(scenario: Scenario, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    run_scenario(scenario, tmp_path / "result", progress=lambda stage, share: told.append((stage, share)))
    order = ["kernels", "updates", "analysis", "pictures"]
    assert list(dict.fromkeys(stage for stage, _ in told)) == order
    for stage in order:
        shares = [share for each, share in told if each == stage]
        assert shares == sorted(shares)
        assert 0 <= shares[0] <= shares[-1] <= 1
