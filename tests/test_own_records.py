"""Optimizers and surfaces of the user's own, from a folder that the command names."""

from pathlib import Path

import pytest

from helpers.command_line import process

GUIDE = Path(__file__).parent.parent / "docs" / "adding_an_optimizer.md"
SURFACES = GUIDE.with_name("adding_a_surface.md")
SCENARIO = '[surface]\nkind = "quadratic_bowl"\n[run]\nupdates = 5\n[[optimizer]]\nkind = "qhm"\nlr = 0.1\n'
SURFACE = Path(__file__).parent.parent / "surfaces" / "rosenbrock.py"


def command(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code and output of a process of its own, because folders stay added while a process lives."""
    script = f"import sys; from errsurf.cli import main; sys.exit(main({list(arguments)!r}))"
    running = process(folder=folder, script=script)
    out, err = running.communicate()
    return running.returncode, out, err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scenario that needs the optimizer of the guide, which lies in the folder ``mine``."""
    (tmp_path / "mine").mkdir()
    listing = GUIDE.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    (tmp_path / "mine" / "qhm.py").write_text(listing, encoding="utf-8")
    (tmp_path / "bowl.toml").write_text(SCENARIO, encoding="utf-8")
    return tmp_path


def test_an_optimizer_of_ones_own_runs_when_the_command_names_its_folder(folder: Path) -> None:
    assert command(folder, "run", "bowl.toml", "--quiet", "--optimizers", "mine")[0] == 0
    assert len(list((folder / "results" / "bowl").glob("0-qhm*/position.npy"))) == 1


def test_a_scenario_alone_never_loads_code(folder: Path) -> None:
    (folder / "qhm.py").write_text("raise SystemExit('loaded')")
    code, _, err = command(folder, "check", "bowl.toml")
    assert code == 2
    assert '"qhm"' in err
    assert "loaded" not in err


def test_a_surface_of_ones_own_is_listed(folder: Path) -> None:
    (folder / "mine" / "qhm.py").unlink()
    (folder / "mine" / "banana.py").write_text(SURFACE.read_text(encoding="utf-8"), encoding="utf-8")
    code, out, _ = command(folder, "list", "surfaces", "banana", "--surfaces", "mine")
    assert code == 0
    assert "Rosenbrock" in out


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("broken", "def update(:\n", "cannot be loaded"),
        ("empty", "x = 1\n", "has no RECORD = Optimizer"),
        ("adam", "x = 1\n", "there is a `adam` already"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(folder: Path, name: str, text: str, words: str) -> None:
    (folder / "mine" / f"{name}.py").write_text(text)
    code, _, err = command(folder, "check", "bowl.toml", "--optimizers", "mine")
    assert code == 2
    assert f"{name}.py" in err
    assert words in err
    assert "Traceback" not in err


def test_a_surface_of_the_guide_is_good_and_a_wrong_sign_is_not(folder: Path) -> None:
    """With the line of the gradient, from a command that has no scenario."""
    (folder / "mine" / "qhm.py").unlink()
    listing = SURFACES.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    file = folder / "mine" / "bukin.py"
    file.write_text(listing, encoding="utf-8")
    assert command(folder, "check", "--surfaces", "mine") == (0, f"{file}: good\n", "")
    file.write_text(listing.replace("return -pull * x", "return pull * x"), encoding="utf-8")
    code, _, err = command(folder, "check", "--surfaces", "mine")
    assert code == 2
    line = 1 + listing[: listing.index("def gradient")].count("\n")
    assert err.startswith(f"errsurf: {file}:{line}: `gradient`: the derivative along x is wrong")


def test_what_numba_cannot_compile_is_named_with_its_line(folder: Path) -> None:
    file = folder / "mine" / "qhm.py"
    text = file.read_text(encoding="utf-8")
    wrong = "    kept = memory if gradient > 0 else 1.0\n"
    file.write_text(text.replace("    mean = s.momentum", f"{wrong}    mean = s.momentum"), encoding="utf-8")
    code, _, err = command(folder, "run", "bowl.toml", "--quiet", "--optimizers", "mine")
    assert code == 2
    line = file.read_text(encoding="utf-8").split("\n").index(wrong.rstrip()) + 1
    assert err.startswith(f"errsurf: {file}:{line}: numba cannot compile this: Cannot unify")
    assert err.count("\n") == 1


def test_a_result_keeps_the_files_and_loads_them_only_when_it_is_told_to(folder: Path) -> None:
    assert command(folder, "run", "bowl.toml", "--quiet", "--optimizers", "mine")[0] == 0
    copy = folder / "results" / "bowl" / "own" / "optimizers" / "qhm.py"
    assert copy.read_bytes() == (folder / "mine" / "qhm.py").read_bytes()
    copy.write_text("raise SystemExit('loaded')\n" + copy.read_text(encoding="utf-8"), encoding="utf-8")
    for arguments in (
        ("run", "results/bowl/scenario.toml"),
        ("export", "results/bowl", "a.png"),
        ("inspect", "results/bowl"),
    ):
        code, _, err = command(folder, *arguments)
        assert code == 2
        assert "--plugins results/bowl/own loads it, and runs the code of qhm.py" in err
    copy.write_bytes((folder / "mine" / "qhm.py").read_bytes())
    assert command(folder, "export", "results/bowl", "a.png", "--plugins", "results/bowl/own")[0] == 0
    again = ("run", "results/bowl/scenario.toml", "--quiet", "--plugins", "results/bowl/own", "--out", "again")
    assert command(folder, *again)[0] == 0
    assert (folder / "again" / "own" / "optimizers" / "qhm.py").read_bytes() == copy.read_bytes()


KILLED = """
import os, sys
from errsurf.cli import main
from errsurf.run import checkpoint, group_run
checkpoint.FIRST_SECONDS, group_run.FIRST_GRADIENTS, write = 0.0, 1, checkpoint.write_checkpoint
checkpoint.write_checkpoint = lambda *given: (write(*given), os._exit(9))
sys.exit(main())
"""


def test_a_killed_run_goes_on_with_its_copy_of_the_code(folder: Path) -> None:
    options = ("bowl.toml", "--quiet", "--no-pictures", "--out")
    killed = process("run", *options, "x", "--optimizers", "mine", folder=folder, script=KILLED)
    assert (*killed.communicate(), killed.returncode) == ("", "", 9)
    code, _, err = command(folder, "run", "--resume", "x", "--quiet")
    assert code == 2
    assert "--plugins x.part/own loads it, and runs the code of qhm.py" in err
    assert command(folder, "run", "--resume", "x", "--quiet", "--plugins", "x.part/own") == (0, "x\n", "")
    assert command(folder, "run", *options, "whole", "--plugins", "x/own")[0] == 0
    one, other = (next((folder / name).glob("0-qhm*/position.npy")) for name in ("x", "whole"))
    assert one.read_bytes() == other.read_bytes()


def test_a_folder_without_files_is_named(folder: Path) -> None:
    code, _, err = command(folder, "list", "--optimizers", "nowhere")
    assert code == 2
    assert "nowhere" in err
