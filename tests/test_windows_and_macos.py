"""What differs on Windows and macOS, imitated: open files, locks, signals, encodings, processes, names."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

import pytest

import errsurf as public
from errsurf.system.atomic_write import whole_file
from errsurf.web.archive import _made, makers
from helpers.command_line import SMALL, TWO_GROUPS, CommandLine
from helpers.doc_blocks import ROOT
from helpers.windows import windows

pytestmark = pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="the imitations need Linux")


@pytest.fixture
def on_windows() -> Iterator[None]:
    """Open files cannot be moved or removed."""
    with windows():
        yield


@pytest.mark.usefixtures("on_windows")
def test_the_imitation_refuses_what_windows_refuses(tmp_path: Path) -> None:
    first, second = tmp_path / "a" / "first", tmp_path / "second"
    first.parent.mkdir()
    second.touch()
    with first.open("wb"):
        for move in (first.unlink, lambda: first.parent.rename(tmp_path / "b"), lambda: second.replace(first)):
            with pytest.raises(PermissionError):
                move()
    with pytest.raises(FileExistsError):
        second.rename(first)
    assert second.replace(first).exists()


COMMANDS = (
    ("run", "small.toml"),
    ("run", "small.toml", "--out", "results/small", "--force"),
    ("run", "small.toml", "--seeds", "2", "--out", "seeds"),
    ("export", "results/small", "a.gif", "a.png", "a.svg", "a.html", "--seconds", "0.2"),
    ("export", "results/small", "a.gif", "a.png", "--seconds", "0.2", "--force"),
    ("verify", "results/small"),
    ("table", "results/small"),
    ("inspect", "small.toml", "-o", "points.png"),
    ("basins", "small.toml", "-o", "basins.npz", "--size", "16"),
    ("sweep", "small.toml", "--vary", "optimizer.lr=0.01,0.1", "-o", "lab"),
    ("sweep", "small.toml", "--vary", "optimizer.lr=0.01,0.1,0.2", "-o", "lab"),
    ("plot", "lab", "lab.png"),
    ("compare", "small.toml", "--tune", "lr=0.01,0.1", "--seeds", "2", "-o", "fair"),
    ("check", "small.toml"),
    ("list",),
    ("list", "optimizers", "adam"),
    ("schema",),
    ("doctor",),
)


@pytest.mark.usefixtures("on_windows")
def test_commands_move_and_remove_no_open_files(errsurf: CommandLine) -> None:
    errsurf.file(TWO_GROUPS)
    for command in COMMANDS:
        assert errsurf(*command) == 0, (command, errsurf.err)
    assert not [path for path in errsurf.folder.rglob("*") if ".part" in path.name or path.suffix == ".old"]


@pytest.mark.usefixtures("on_windows")
def test_a_folder_that_python_reads_is_not_replaced_and_kept_whole(errsurf: CommandLine) -> None:
    errsurf.file()
    assert errsurf("run", "small.toml", "--no-pictures") == 0
    result = public.open_result("results/small")
    position = result.groups[0].position
    code = errsurf("run", "small.toml", "--no-pictures", "--out", "results/small", "--force")
    assert code == 2 or code == 1, errsurf.err
    assert "results/small" in errsurf.err
    assert position.shape[1] == 16
    assert (errsurf.folder / "results/small/summary.json").exists()


def test_a_file_that_is_read_for_a_moment_is_replaced_after_it(tmp_path: Path) -> None:
    """A virus scanner, an indexer or another process has it open for some milliseconds."""
    real, refused = os.replace, []

    def busy(*paths: Path) -> None:
        if len(refused) < 2:
            refused.append(paths)
            raise PermissionError(13, "The process cannot access the file", str(paths[0]))
        real(*paths)

    with patch.object(os, "replace", busy), whole_file(tmp_path / "table.csv") as file:
        file.write(b"done")
    assert (tmp_path / "table.csv").read_bytes() == b"done"
    assert len(refused) == 2


def test_a_file_that_stays_open_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    with (
        patch.object(os, "replace", side_effect=PermissionError(13, "in use")),
        pytest.raises(PermissionError),
        whole_file(tmp_path / "table.csv") as file,
    ):
        file.write(b"done")
    assert not list(tmp_path.iterdir())


def test_signals_that_windows_lacks_are_not_needed(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "SIGHUP")
    errsurf.file()
    assert errsurf("run", "small.toml", "--no-pictures") == 0


ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "LC_ALL": "C.UTF-8"}
CHINESE = 'title = "鞍点, 噪声 → θ"\n' + SMALL.replace('kind = "sgd"', 'kind = "sgd"\nlabel = "批量 1"')


@pytest.mark.parametrize("encoding", ["cp1252", "cp936", "ascii"])
def test_consoles_of_other_encodings_show_what_they_can(encoding: str, tmp_path: Path) -> None:
    """click takes ASCII for a terminal without a locale, which shows UTF-8."""
    (tmp_path / "small.toml").write_text(CHINESE, encoding="utf-8")
    for arguments in (("run", "small.toml", "--no-pictures"), ("run", "small.toml", "--lang", "zh"), ("list",)):
        done = subprocess.run(
            [sys.executable, "-m", "errsurf", *arguments],
            cwd=tmp_path, env=ENVIRONMENT | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
            capture_output=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert done.stdout.decode("utf-8" if encoding == "ascii" else encoding)


EVERYTHING = """
from errsurf.cli import main

for command in (
    ["run", "small.toml"],
    ["export", "results/small", "a.html", "a.svg", "a.pdf", "a.gif"],
    ["sweep", "small.toml", "--vary", "optimizer.lr=0.01,0.1", "-o", "lab"],
    ["plot", "lab", "lab.png"],
    ["new", "mine.toml"],
    ["inspect", "small.toml"],
    ["verify", "results/small"],
    ["batches", "--examples", "256", "--large", "64"],
    ["doctor"],
):
    assert main(command) == 0, command
"""


def test_files_are_read_and_written_as_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    """Python warns where an encoding is left to the locale, which is cp1252 or cp936 on Windows."""
    (tmp_path / "small.toml").write_text(CHINESE, encoding="utf-8")
    (tmp_path / "all.py").write_text(EVERYTHING, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "all.py"],
        cwd=tmp_path, env=ENVIRONMENT,
        capture_output=True, encoding="utf-8", check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    warned = [line for line in done.stderr.splitlines() if "EncodingWarning" in line and "site-packages" not in line]
    assert not [line for line in warned if "errsurf" in line]


NAMES = ("con", "NUL", "aux.txt", "a:b", 'a"b', "a<b>|?*", "ends with a dot.", "space ", "x" * 300, "A", "a")


def test_folders_of_groups_have_names_that_windows_takes(errsurf: CommandLine) -> None:
    groups = "".join(
        f"\n[[optimizer]]\nkind = \"sgd\"\nlr = 0.05\nlabel = '{name[:40].strip() or name}'\n" for name in NAMES
    )
    errsurf.file(SMALL.partition("[[optimizer]]")[0] + groups)
    assert errsurf("run", "small.toml", "--no-pictures") == 0, errsurf.err
    names = [path.name for path in (errsurf.folder / "results/small").iterdir()]
    assert len({name.lower() for name in names}) == len(names)
    assert not [name for name in names if set(name) & set('<>:"/\\|?*') or name[-1] in ". " or len(name) > 100]


def test_no_two_files_differ_in_case_alone_and_none_has_a_name_of_a_device() -> None:
    """File systems of Windows and macOS keep one of two such files."""
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    files = done.stdout.splitlines()
    if not files:
        pytest.skip("no checkout")
    assert len({file.lower() for file in files}) == len(files)
    devices = {"con", "prn", "aux", "nul", *(f"{port}{k}" for port in ("com", "lpt") for k in range(10))}
    assert not [file for file in files if {Path(part).stem.lower() for part in Path(file).parts} & devices]
    assert max(map(len, files)) < 120


def test_tasks_for_other_processes_can_be_sent_to_fresh_ones() -> None:
    """Windows and macOS start them with `spawn`, and nothing of this process is there."""
    for maker in makers():
        again = pickle.loads(pickle.dumps(maker))
        assert again.func is maker.func
        assert again.args == maker.args


def test_a_fresh_process_makes_a_module_for_browsers() -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        key, code = pool.submit(_made, next(makers())).result(timeout=300)
    assert key
    assert code[:4] == b"\0asm"


def test_a_picture_is_not_named_like_the_figure_in_other_letters(errsurf: CommandLine) -> None:
    errsurf.file(f'{SMALL}\n[output]\npng = "Figure.png"\n')
    assert errsurf("check", "small.toml") == 2
    assert "output.png" in errsurf.err
