"""What only a process of its own shows: Ctrl-C, closed pipes, poor locales, and how soon it answers."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from errsurf import open_result
from helpers.command_line import SMALL, TWO_GROUPS, interrupted, process

LONG = TWO_GROUPS.replace("updates = 12", "updates = 3000000").replace("particles = 16", "particles = 4000")
HEAVY = {
    "llvmlite",
    "matplotlib",
    "numba",
    "numpy",
    "numpy.ma",
    "PIL",
    "pydantic",
    "pygame",
    "rich",
    "scipy",
    "tomli_w",
}


def test_help_is_quick_and_light(tmp_path: Path) -> None:
    script = "import sys; from errsurf.cli import main; main(['--help']); print(*sorted(sys.modules), file=sys.stderr)"
    out, err = process(folder=tmp_path, script=script).communicate()
    assert "errsurf.cli.main" in err.split()
    assert not HEAVY & set(err.split())
    assert {"check", "doctor", "export", "list", "new", "run", "schema"} <= set(out.split())
    seconds = []
    for _ in range(5):
        began = os.times()
        process("--help", folder=tmp_path).communicate()
        ended = os.times()
        seconds.append(sum(ended[2:4]) - sum(began[2:4]))  # processor time of children: other tests run beside this one
    assert min(seconds) < 0.25


@pytest.mark.parametrize(("words", "needed"), [("list", "numpy rich"), ("check saddle_escape", "numpy pydantic rich")])
def test_short_commands_load_little(tmp_path: Path, words: str, needed: str) -> None:
    script = f"import sys; from errsurf.cli import main; print(main({words.split()})); print(*sys.modules)"
    out, _ = process(folder=tmp_path, script=script).communicate()
    *_, code, loaded = out.splitlines()
    assert code == "0"
    assert not HEAVY & set(loaded.split()) - set(needed.split())


def test_ctrl_c_while_compiling_leaves_nothing(tmp_path: Path) -> None:
    running = process("run", _file(tmp_path, LONG), folder=tmp_path, ERRSURF_CACHE=str(tmp_path / "cache"))
    code, _, err = interrupted(running, (tmp_path / "results/long.part").is_dir)
    assert code == 130
    assert "Traceback" not in err
    assert "nothing of this run was kept" in err
    assert not (tmp_path / "results").exists()


@pytest.mark.usefixtures("warm")
def test_ctrl_c_in_a_run_keeps_what_was_recorded(tmp_path: Path) -> None:
    running = process("run", _file(tmp_path, LONG), "--set", "run.frames=2000", "--quiet", folder=tmp_path)
    frames = tmp_path / "results/long.part/1-fast/position.npy"
    code, out, err = interrupted(running, lambda: frames.is_file() and frames.stat().st_size > 100_000)
    assert (code, out) == (130, "results/long\n")
    assert "Traceback" not in err
    assert "stopped early" in err
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["long"]
    result = open_result(tmp_path / "results/long")
    assert not result.complete
    for group in result.groups:
        assert 1 < len(group.update) < 2000
        assert len(group.update) == len(group.position) == len(group.train_loss) == len(group.lr)
        assert (group.diverged < 0).all()
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.usefixtures("warm")
def test_ctrl_c_while_drawing_keeps_the_numbers(tmp_path: Path) -> None:
    changes = [f"--set={change}" for change in ("output.gif='a.gif'", "picture.seconds=600", "picture.fps=50")]
    running = process("run", _file(tmp_path, SMALL), *changes, folder=tmp_path)
    code, out, err = interrupted(running, (tmp_path / "results/long.part/figure.png").is_file)
    assert code == 130
    assert out.splitlines()[-1].startswith("results/long/: figure.png, table.csv, ")
    assert "Traceback" not in err
    assert open_result(tmp_path / "results/long").complete
    assert not list(tmp_path.rglob("*.gif*"))
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.usefixtures("warm")
def test_a_poor_locale_and_no_cache_and_no_home(tmp_path: Path) -> None:
    text = 'title = "Größe → 🚀"\n' + SMALL + 'label = "ä/ß 🚀"\n'
    environment = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "HOME": "/nonexistent"}
    environment |= dict.fromkeys(("PYTHONUTF8", "PYTHONCOERCECLOCALE"), "")
    out, err = process("run", _file(tmp_path, text), folder=tmp_path, **environment).communicate()
    assert err == "" or err.startswith("errsurf: long: no font has ")
    assert out.startswith("Gr??e ? ?\n")
    assert out.splitlines()[-1].startswith("results/long/: ")


def test_a_locale_of_ascii_only_shows_question_marks(tmp_path: Path) -> None:
    ascii_only = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "POSIX"}
    out, err = process("inspect", _file(tmp_path, SMALL), "--batch=5", folder=tmp_path, **ascii_only).communicate()
    assert err == ""
    assert re.search(r" \d+\?\n", out)


def test_an_unwritable_cache_is_said_and_works(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    running = process("doctor", folder=tmp_path, ERRSURF_CACHE=str(tmp_path / "file/cache"))
    out, err = running.communicate()
    assert (running.returncode, err) == (0, "")
    assert re.search(r"kernel cache +kernels are not kept: .*file", out)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
@pytest.mark.usefixtures("warm")
def test_closed_pipes_are_quiet(tmp_path: Path) -> None:
    _file(tmp_path, SMALL)
    command = f"'{sys.executable}' -c 'from errsurf.cli import main; raise SystemExit(main())'"
    for line in (
        f"{command} schema | head -1",
        f"{command} run long.toml long.toml | head -1",
        f"{command} list >&-",
        f"{command} list > /dev/full",
    ):
        run = subprocess.run(line, shell=True, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
        assert "Traceback" not in run.stderr
        assert "Exception" not in run.stderr


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The kernels of the small scenario are compiled."""
    folder = tmp_path_factory.mktemp("warm")
    running = process("run", _file(folder, TWO_GROUPS), "--quiet", folder=folder)
    running.communicate()
    assert running.returncode == 0


def _file(folder: Path, text: str) -> str:
    (folder / "long.toml").write_text(text, encoding="utf-8")
    return "long.toml"


def test_a_signal_while_a_folder_is_taken_closes_it(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from errsurf.cli.interrupt import interrupt\n"
        "from errsurf.results.output_folder import new_folder\n"
        "def take():\n"
        "    place = new_folder(Path(sys.argv[1]))\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    return place\n"
        "with interrupt() as signals:\n"
        "    signals.take(take)\n"
        "    print('still here')\n"
    )
    running = process(str(tmp_path / "results" / "x"), folder=tmp_path, script=script)
    out, err = running.communicate()
    assert (running.returncode, out) == (130, "")
    assert "nothing of this run was kept" in err
    assert not (tmp_path / "results").exists()
