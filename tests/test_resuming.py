"""Runs that were stopped or killed go on in their folders, with the bytes of a run that went through."""

import errno
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from errsurf import open_result, read_scenario, resume_run, run_scenario, scenario_from, simulate
from errsurf.errors import DISK_FULL, FolderError, FolderTakenError, RunError
from errsurf.results.folder_checks import RESUME, part_of
from errsurf.run import checkpoint, group_run
from errsurf.run.checkpoint import CHECKPOINT
from errsurf.run.recording import FileRecording
from errsurf.run.result import Result
from errsurf.scenario import Scenario
from helpers.command_line import TWO_GROUPS, CommandLine, process

posix = pytest.mark.skipif(sys.platform == "win32", reason="folders are not locked on Windows")
LONG = TWO_GROUPS.replace("updates = 12", "updates = 60000").replace("particles = 16", "particles = 400")
SOON = "from errsurf.run import checkpoint; checkpoint.FIRST_SECONDS = 0.05\n"
SOON += "import sys; from errsurf.cli import main; sys.exit(main())"
ARRAYS = ("update", "examples_seen", "lr", "position", "train_loss", "test_loss", "diverged", "entered", "left")


class KilledError(BaseException):
    """Raised in place of a kill."""


@pytest.fixture(name="scenario")
def many_things() -> Scenario:
    """Memories, wrappers, changes, recorded parts, regions, and a group that diverges."""
    return scenario_from(
        {
            "surface": {"kind": "saddle", "tilt": 0.4},
            "swarm": {"particles": 40, "start": "cloud", "spread": 0.3},
            "run": {"updates": 200, "frames": 9, "frame_spacing": "log", "record": ["gradient", "memory"]},
            "region": [{"name": "middle", "at": [0, 0], "radius": 0.3}],
            "optimizer": [
                {
                    "kind": "adam",
                    "lr": 0.05,
                    "batch": 4,
                    "changes": [{"after": 90, "lr": 0.01}],
                    "wrappers": [{"kind": "lookahead"}],
                },
                {"kind": "sgd", "lr": 3.0, "label": "too fast"},
            ],
        }
    )


@pytest.fixture(name="often")
def checkpoints_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint after every piece, and pieces of a few updates."""
    monkeypatch.setattr(checkpoint, "FIRST_SECONDS", 0.0)
    monkeypatch.setattr(checkpoint, "LARGEST_SHARE", 1e9)
    monkeypatch.setattr(group_run, "PIECE_SECONDS", 1e-4)
    monkeypatch.setattr(group_run, "FIRST_GRADIENTS", 1 << 12)


def kill_after(monkeypatch: pytest.MonkeyPatch, checkpoints: int) -> None:
    """Let the next run end as if killed, after so many checkpoints."""
    write, left = checkpoint.write_checkpoint, [checkpoints]

    def killed(*given: object) -> None:
        write(*given)  # type: ignore[arg-type]
        left[0] -= 1
        if left[0] == 0:
            raise KilledError

    monkeypatch.setattr(checkpoint, "write_checkpoint", killed)


def same(one: Result, other: Result) -> bool:
    """Whether all arrays of two results have the same bytes."""
    return all(
        np.asarray(getattr(a, name)).tobytes() == np.asarray(getattr(b, name)).tobytes()
        for a, b in zip(one.groups, other.groups, strict=True)
        for name in ARRAYS
    ) and all(
        np.asarray(a.parts[name]).tobytes() == np.asarray(b.parts[name]).tobytes()
        for a, b in zip(one.groups, other.groups, strict=True)
        for name in a.parts
    )


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a result, without its times."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    summary = json.loads(found["summary.json"])
    for table in (summary, *summary["groups"]):
        for key in ("wall_time", "seconds"):
            table.pop(key, None)
    return {**found, "summary.json": json.dumps(summary).encode(), "manifest.json": b""}


@pytest.mark.usefixtures("often")
def test_a_run_that_is_killed_again_and_again_has_the_same_bytes(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = simulate(scenario)
    for checkpoints in (1, 2, 3, 5, 8):
        with monkeypatch.context() as patch:
            kill_after(patch, checkpoints)
            with pytest.raises(KilledError):
                simulate(scenario, tmp_path, resumable=True)
    assert same(whole, simulate(scenario, tmp_path, resumable=True))


@pytest.mark.usefixtures("often")
def test_a_folder_of_a_killed_run_is_opened_as_far_as_its_checkpoint(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run_scenario(scenario, tmp_path / "whole", pictures=False).findings.result
    with monkeypatch.context() as patch:
        kill_after(patch, 12)
        with pytest.raises(KilledError):
            run_scenario(scenario, tmp_path / "x", pictures=False)
    part = part_of(tmp_path / "x")
    found = open_result(part)
    assert not found.complete
    for mine, theirs in zip(found.groups, whole.groups, strict=True):
        frames = len(mine.update)
        assert 1 < frames < len(theirs.update) or mine.label == "too fast"
        assert mine.position.tobytes() == theirs.position[:frames].tobytes()
        assert mine.lr[:-1].tolist() == theirs.lr[: frames - 1].tolist()
    report = resume_run(part)
    assert report.folder == tmp_path / "x"
    assert contents(tmp_path / "x") == contents(tmp_path / "whole")
    assert not part.exists()


def test_a_run_that_was_stopped_goes_on(scenario: Scenario, tmp_path: Path) -> None:
    stop = threading.Event()
    stopped = run_scenario(scenario, tmp_path / "x", pictures=False, stop=stop, progress=lambda *_: stop.set())
    assert not stopped.findings.result.complete
    assert (tmp_path / "x" / RESUME).is_file()
    assert resume_run(tmp_path / "x").findings.result.complete
    run_scenario(scenario, tmp_path / "whole", pictures=False)
    assert contents(tmp_path / "x") == contents(tmp_path / "whole")


@pytest.mark.usefixtures("often")
def test_a_full_disk_keeps_what_a_checkpoint_covers(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, done = FileRecording.append, []

    def full(self: FileRecording, frames: np.ndarray) -> None:  # type: ignore[type-arg]
        done.append(frames)
        if len(done) > 40:
            raise OSError(errno.ENOSPC, "No space left on device")
        append(self, frames)

    assert errno.ENOSPC in DISK_FULL
    with monkeypatch.context() as patch:
        patch.setattr(FileRecording, "append", full)
        with pytest.raises(RunError, match=r"the disk is full; .* kept as .*x\.part, and `errsurf run --resume "):
            run_scenario(scenario, tmp_path / "x", pictures=False)
    resume_run(tmp_path / "x")
    run_scenario(scenario, tmp_path / "whole", pictures=False)
    assert contents(tmp_path / "x") == contents(tmp_path / "whole")


@pytest.fixture(name="killed")
def killed_with_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, often: None) -> Path:  # noqa: ARG001
    """The folder of a killed run with a data file."""
    (tmp_path / "points.csv").write_text("input,target\n1,2\n2,3\n3,5\n", encoding="utf-8")
    tables = {
        "surface": {"kind": "linear_regression", "data": "points.csv"},
        "swarm": {"particles": 8},
        "run": {"updates": 60},
        "optimizer": [{"kind": "sgd", "lr": 0.05}],
    }
    with monkeypatch.context() as patch:
        kill_after(patch, 1)
        with pytest.raises(KilledError):
            run_scenario(scenario_from(tables, tmp_path), tmp_path / "x", pictures=False)
    return tmp_path / "x.part"


@pytest.mark.parametrize(
    ("file", "before", "after", "words"),
    [
        (
            "points.csv",
            "2,3",
            "2,4",
            r"changed since the run began: points\.csv; put back what was there, or ",
        ),
        ("scenario.toml", "0.05", "0.06", r"changed since the run began: scenario\.toml"),
        (RESUME, '"errsurf": "', '"errsurf": "9', r"errsurf 9.* began this run, and this is .*; install that version"),
        (RESUME, '"seeds": 1', '"seeds": "1"', r"cannot be resumed \(resume\.json: `seeds` is not as errsurf wrote it"),
    ],
)
def test_what_has_changed_is_refused(killed: Path, file: str, before: str, after: str, words: str) -> None:
    text = (killed / file).read_text(encoding="utf-8")
    assert before in text
    (killed / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(FolderError, match=words):
        resume_run(killed)
    (killed / file).write_text(text, encoding="utf-8")
    assert resume_run(killed).findings.result.complete


def test_another_processor_is_said(killed: Path) -> None:
    path = killed / RESUME
    table = json.loads(path.read_text(encoding="utf-8"))
    table["made_with"]["processor"] = "Abacus"
    path.write_text(json.dumps(table), encoding="utf-8")
    said: list[str] = []
    resume_run(killed, say=lambda _what, text: said.append(text))
    assert any("last bits may differ; processor: Abacus then" in text for text in said)


@pytest.mark.parametrize("cut", [0, 1, 40, 400])
def test_a_broken_checkpoint_is_refused(killed: Path, cut: int) -> None:
    path = killed / CHECKPOINT
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(FolderError, match=r"cannot be resumed \(checkpoint: "):
        resume_run(killed)
    with pytest.raises(FolderError, match="not a complete result folder"):
        open_result(killed)


def test_there_must_be_something_to_resume(errsurf: CommandLine, scenario: Scenario) -> None:
    assert errsurf("run", "--resume", "nosuch") == 2
    assert "nosuch: there is no such folder, and no nosuch.part either" in errsurf.err
    run_scenario(scenario, errsurf.folder / "done", pictures=False)
    assert errsurf("run", "--resume", "done") == 2
    assert "done: this run is finished; there is nothing to resume" in errsurf.err
    assert errsurf("run", "saddle_escape", "--resume", "done", "--set", "seed=3") == 2
    assert "--resume goes on with a run as it was asked; leave out SCENARIO, --set" in errsurf.err


def test_bytes_are_verified(errsurf: CommandLine, scenario: Scenario) -> None:
    run_scenario(scenario, errsurf.folder / "x", pictures=False)
    assert errsurf("verify", "x") == 0
    assert errsurf.out.endswith("x: all bytes agree\n")
    assert errsurf("verify", "x", "--particles", 3) == 0
    file = errsurf.folder / "x/1-too-fast/position.npy"
    array = np.load(file)
    array[4, 7] = np.nextafter(array[4, 7], np.float32(9))
    np.save(file, array)
    assert errsurf("verify", "x") == 1
    update = open_result(errsurf.folder / "x")["too fast"].update[4]
    assert f"position differs in 2 of 720 numbers, first after update {update}, by at most" in errsurf.out
    assert "the arrays may have been changed since" in errsurf.out
    summary = errsurf.folder / "x/summary.json"
    table = json.loads(summary.read_text(encoding="utf-8"))
    table["made_with"]["numba"] = "0.1"
    summary.write_text(json.dumps(table), encoding="utf-8")
    assert errsurf("verify", "x", "--quiet") == 1
    assert "numba: 0.1 then" in errsurf.out


@posix
def test_a_process_that_is_killed_and_then_stopped_goes_on(tmp_path: Path) -> None:
    (tmp_path / "long.toml").write_text(LONG, encoding="utf-8")
    running = process("run", "long.toml", "--out=x", "--quiet", "--no-pictures", folder=tmp_path, script=SOON)
    _wait_for(tmp_path / "x.part" / CHECKPOINT, running)
    with pytest.raises(FolderTakenError, match="x is being written by another run"):
        resume_run(tmp_path / "x")
    running.kill()
    running.communicate()
    assert not open_result(tmp_path / "x.part").complete
    before = (tmp_path / "x.part" / CHECKPOINT).stat().st_mtime_ns
    running = process("run", "--resume", "x", "--quiet", folder=tmp_path, script=SOON)
    while running.poll() is None and (tmp_path / "x.part" / CHECKPOINT).stat().st_mtime_ns == before:
        time.sleep(0.005)
    running.terminate()
    assert running.communicate()[0] == "x\n"
    assert running.returncode == 143
    done = process("run", "--resume", "x", "--quiet", folder=tmp_path)
    assert (*done.communicate(), done.returncode) == ("x\n", "", 0)
    run_scenario(read_scenario(tmp_path / "long.toml"), tmp_path / "whole", pictures=False)
    assert contents(tmp_path / "x") == contents(tmp_path / "whole")
    assert not list(tmp_path.glob("*.part"))


def _wait_for(file: Path, running: "subprocess.Popen[str]") -> None:
    while running.poll() is None and not file.is_file():
        time.sleep(0.01)
    assert running.poll() is None, running.communicate()
