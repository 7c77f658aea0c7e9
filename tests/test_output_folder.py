"""Result folders: --force removes only what errsurf wrote, and a folder that is being written is left alone."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from errsurf import open_result
from errsurf.cli.interrupt import Interrupt
from errsurf.errors import FolderError, FolderTakenError, RunError
from errsurf.results.folder_checks import check_free, part_of
from errsurf.results.manifest import MANIFEST, begin_manifest, complete_manifest, sorted_names
from errsurf.results.output_folder import OutputFolder, new_folder, new_numbered_folder
from errsurf.results.run import run_scenario
from errsurf.scenario import Scenario, read_scenario
from helpers.command_line import SMALL, TWO_GROUPS, interrupted, process

LONG = TWO_GROUPS.replace("updates = 12", "updates = 3000000").replace("particles = 16", "particles = 4000")
posix = pytest.mark.skipif(sys.platform == "win32", reason="folders are not locked on Windows")


@pytest.fixture(name="scenario")
def small_scenario(tmp_path: Path) -> Scenario:
    """Two groups of 16 particles, without a picture of their own."""
    file = tmp_path / "small.toml"
    file.write_text(TWO_GROUPS, encoding="utf-8")
    return read_scenario(file)


@pytest.fixture(name="result")
def small_result(scenario: Scenario, tmp_path: Path) -> Path:
    """The folder of a run of it."""
    run_scenario(scenario, tmp_path / "result", pictures=False)
    return tmp_path / "result"


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_result_is_all_errsurfs_own_and_is_replaced(scenario: Scenario, result: Path) -> None:
    own, foreign = sorted_names(result)
    assert foreign == []
    assert {"scenario.toml", MANIFEST, "0-slow/", "0-slow/position.npy"} <= set(own)
    with pytest.raises(FolderTakenError, match="already contains a result; replace it with --force"):
        run_scenario(scenario, result, pictures=False)
    run_scenario(scenario, result, force=True, pictures=False)
    assert sorted(path.name for path in result.parent.iterdir()) == ["result", "small.toml"]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("thesis.tex", "years of work"),
        ("0-slow/notes.npy", "mine"),
        ("0-slow/deep/er/notes", "mine"),
        ("empty folder/", ""),
        ("scenario.toml", "# my comments\n" + SMALL),
        ("table.csv", "label,my own column\n"),
        ("0-slow/lr.npy", "no array"),
    ],
)
def test_force_keeps_what_errsurf_did_not_write(scenario: Scenario, result: Path, file: str, content: str) -> None:
    path = result / file
    path.parent.mkdir(parents=True, exist_ok=True)
    if file.endswith("/"):
        path.mkdir()
    else:
        path.write_text(content)
    before = contents(result)
    with pytest.raises(FolderError, match="did not write, or that were changed since: .*" + file.rpartition("/")[0]):
        run_scenario(scenario, result, force=True, pictures=False)
    assert contents(result) == before


def test_force_follows_no_links(scenario: Scenario, result: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/thesis.tex").write_text("years of work")
    (result / "2-link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FolderError, match="2-link"):
        run_scenario(scenario, result, force=True, pictures=False)
    assert (tmp_path / "elsewhere/thesis.tex").read_text(encoding="utf-8") == "years of work"


@pytest.mark.parametrize("name", ["result", "result.part"])
@pytest.mark.parametrize(
    "manifest", [None, "", "[]", "{}", '{"errsurf": 1}', '{"errsurf": 1, "files": 3}', "[" * 100_000, "\0\xff"]
)
def test_a_folder_that_is_no_result_stays(scenario: Scenario, tmp_path: Path, name: str, manifest: str | None) -> None:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "summary.json").write_text("{}")
    (folder / "thesis.tex").write_text("years of work")
    if manifest is not None:
        (folder / MANIFEST).write_text(manifest, encoding="utf-8")
    before = contents(folder)
    with pytest.raises(FolderError, match="thesis.tex" if name == "result" else "was not made by errsurf"):
        run_scenario(scenario, tmp_path / "result", force=True, pictures=False)
    assert contents(folder) == before


@pytest.mark.parametrize("files", [{"thesis.tex": None}, {"../small.toml": None}, {"thesis.tex": {"bytes": 13}}])
def test_a_forged_manifest_gives_nothing_away(scenario: Scenario, tmp_path: Path, files: object) -> None:
    folder = tmp_path / "result"
    folder.mkdir()
    (folder / "thesis.tex").write_text("years of work")
    (folder / MANIFEST).write_text(json.dumps({"errsurf": "0", "complete": True, "files": files}))
    with pytest.raises(FolderError, match=r"thesis\.tex"):
        run_scenario(scenario, folder, force=True, pictures=False)
    assert (folder / "thesis.tex").read_text(encoding="utf-8") == "years of work"
    assert (tmp_path / "small.toml").exists()


def test_unfinished_files_go_when_the_folder_is_complete(tmp_path: Path) -> None:
    locks = [begin_manifest(tmp_path, ["last.png"])]
    for name in ("last.png", ".last.png.12.part", ".mine.png.12.part"):
        (tmp_path / name).touch()
    locks.append(complete_manifest(tmp_path))
    for lock in filter(None, locks):
        lock.close()
    assert sorted_names(tmp_path) == (["last.png", MANIFEST], [".mine.png.12.part"])
    assert not (tmp_path / ".last.png.12.part").exists()


@posix
def test_a_folder_that_is_being_written_is_left_alone(scenario: Scenario, tmp_path: Path) -> None:
    with new_folder(tmp_path / "result", force=True) as place:
        for force in (False, True):
            with pytest.raises(FolderTakenError, match="is being written by another run"):
                run_scenario(scenario, tmp_path / "result", force=force, pictures=False)
        assert place.part.is_dir()
    assert not place.part.exists()


@posix
def test_what_a_killed_run_left_is_replaced_with_force_only(scenario: Scenario, tmp_path: Path) -> None:
    running = process("run", _file(tmp_path, LONG), folder=tmp_path)
    part = tmp_path / "results/long.part"
    _wait_for(part / "1-fast/position.npy", running)
    running.kill()
    running.communicate()
    with pytest.raises(FolderTakenError, match=r"left behind by a killed run; .*replace it with --force"):
        check_free(tmp_path / "results/long", force=False)
    (part / "thesis.tex").write_text("years of work")
    with pytest.raises(FolderError, match=r"which contains files that errsurf did not write: thesis\.tex"):
        run_scenario(scenario, tmp_path / "results/long", force=True, pictures=False)
    (part / "thesis.tex").unlink()
    run_scenario(scenario, tmp_path / "results/long", force=True, pictures=False)
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["long"]


@posix
def test_six_runs_at_once_take_six_numbers(tmp_path: Path) -> None:
    file = _file(tmp_path, TWO_GROUPS)
    running = [process("run", file, "--no-pictures", "--quiet", folder=tmp_path) for _ in range(6)]
    printed = sorted(each.communicate()[0] for each in running)
    names = ["long", *(f"long-{k}" for k in range(2, 7))]
    assert printed == [f"results/{name}\n" for name in names]
    assert sorted(path.name for path in (tmp_path / "results").iterdir()) == names
    first, *others = (open_result(tmp_path / "results" / name) for name in names)
    for other in others:
        assert all((a.position == b.position).all() for a, b in zip(first.groups, other.groups, strict=True))


@posix
def test_the_second_of_two_runs_with_force_refuses(tmp_path: Path) -> None:
    arguments = ("run", _file(tmp_path, LONG), "--out=one", "--force", "--quiet")
    first = process(*arguments, folder=tmp_path)
    _wait_for(tmp_path / "one.part/1-fast/position.npy", first)
    second = process(*arguments, folder=tmp_path)
    out, err = second.communicate(timeout=60)
    assert (second.returncode, out) == (2, "")
    assert "one is being written by another run" in err
    code, out, _ = interrupted(first, lambda: True)
    assert (code, out) == (130, "one\n")
    assert not open_result(tmp_path / "one").complete


def test_numbers_skip_what_exists(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run-2").write_text("a file")
    with new_numbered_folder(tmp_path / "run") as third, new_numbered_folder(tmp_path / "run") as fourth:
        assert [place.folder.name for place in (third, fourth)] == ["run-3", "run-4"]


def test_a_folder_that_appears_meanwhile_does_not_cost_the_result(scenario: Scenario, tmp_path: Path) -> None:
    def progress(stage: str, _share: float) -> None:
        if stage == "updates":
            (tmp_path / "result").mkdir(exist_ok=True)
            (tmp_path / "result/thesis.tex").write_text("years of work")

    with pytest.raises(RunError, match=r"the result is kept as .*result\.part"):
        run_scenario(scenario, tmp_path / "result", progress=progress, pictures=False)
    assert (tmp_path / "result/thesis.tex").read_text(encoding="utf-8") == "years of work"
    assert open_result(part_of(tmp_path / "result")).complete


@posix
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_run_that_is_terminated_keeps_what_was_recorded(tmp_path: Path, name: str) -> None:
    running = process("run", _file(tmp_path, LONG), "--set", "run.frames=2000", "--quiet", folder=tmp_path)
    _wait_for(tmp_path / "results/long.part/1-fast/position.npy", running, 100_000)
    number = getattr(signal, name)
    running.send_signal(number)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (128 + number, "results/long\n")
    assert "Traceback" not in err
    assert not open_result(tmp_path / "results/long").complete
    assert not list(tmp_path.rglob("*.part"))


@posix
def test_an_export_that_is_terminated_leaves_nothing(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    changes = ("--set=picture.seconds=600", "--set=picture.fps=50")
    running = process("export", _file(tmp_path, SMALL), "a.gif", *changes, folder=tmp_path, TMPDIR=str(temporary))
    while running.poll() is None and not list(tmp_path.glob(".a.gif.*.part")):
        time.sleep(0.01)
    running.terminate()
    assert "Traceback" not in running.communicate(timeout=60)[1]
    assert running.returncode == 128 + signal.SIGTERM
    assert sorted(path.name for path in tmp_path.iterdir()) == ["long.toml", "temporary"]
    assert not list(temporary.iterdir())


@pytest.mark.parametrize(("saved", "words"), [(True, "result is kept"), (False, "nothing of this run was kept")])
def test_a_second_ctrl_c_says_what_became_of_the_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], saved: bool, words: str
) -> None:
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)
    signals = Interrupt()
    signals.place = place = OutputFolder(tmp_path / "result", (), force=False)
    signals.recording, place.saved = True, saved
    signals.handle(signal.SIGINT, None)
    assert signals.stop.is_set()
    assert not codes
    signals.handle(signal.SIGINT, None)
    assert codes == [130]
    assert words in capfd.readouterr().err
    assert (tmp_path / "result").exists() is saved
    assert not place.part.exists()


def test_the_end_of_a_file_is_no_ctrl_c(tmp_path: Path) -> None:
    script = (
        "import sys, errsurf.scenario\n"
        "def broken(*_): raise EOFError('the file ends')\n"
        "errsurf.scenario.read_scenario = broken\n"
        "from errsurf.cli import main; sys.exit(main())"
    )
    done = process("check", "saddle_escape", folder=tmp_path, script=script)
    err = done.communicate()[1]
    assert done.returncode == 1
    assert "stopped" not in err
    assert "the file ends" in err


def _wait_for(file: Path, running: "subprocess.Popen[str]", size: int = 1) -> None:
    while running.poll() is None and not (file.is_file() and file.stat().st_size >= size):
        time.sleep(0.01)
    assert running.poll() is None, running.communicate()


def _file(folder: Path, text: str) -> str:
    (folder / "long.toml").write_text(text, encoding="utf-8")
    return "long.toml"
