"""Nothing that lies in the working folder is imported, by errsurf or by the processes that it starts."""

import subprocess
from pathlib import Path

import pytest

from errsurf.system.child_process import python_command
from helpers.command_line import TWO_GROUPS, process

TRAP = "open({mark!r}, 'a').close()\nraise RuntimeError('imported from the working folder')\n"
NAMES = ("pickle", "random", "struct", "runpy", "numpy", "surfaces", "simulator", "matplotlib", "usercustomize")


@pytest.fixture(name="trapped")
def folder_with_traps(tmp_path: Path) -> Path:
    """A folder with modules that leave the file `mark` when they are imported."""
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text(TRAP.format(mark=str(tmp_path / "mark")))
    return tmp_path


@pytest.mark.parametrize("module", ["errsurf.engine.precompile", "errsurf.viewer.worker"])
def test_second_processes_import_nothing_from_the_working_folder(trapped: Path, module: str) -> None:
    done = subprocess.run(python_command(module), cwd=trapped, input=b"", capture_output=True, timeout=60, check=False)
    assert b"working folder" not in done.stderr
    assert b"No module named" not in done.stderr
    assert not (trapped / "mark").exists()


def test_a_run_imports_nothing_from_the_working_folder(trapped: Path) -> None:
    (trapped / "two.toml").write_text(TWO_GROUPS)
    script = f"import sys; sys.path.remove({str(trapped)!r}) if {str(trapped)!r} in sys.path else None\n"
    script += "sys.path = [each for each in sys.path if each]\n"
    script += "from errsurf.cli import main; sys.exit(main())"
    running = process("run", "two.toml", "--quiet", folder=trapped, script=script, ERRSURF_CACHE=str(trapped / "cache"))
    out, err = running.communicate(timeout=120)
    assert (running.returncode, out) == (0, "results/two\n"), err
    assert not (trapped / "mark").exists()


def test_settings_of_libraries_in_the_working_folder_are_not_read(tmp_path: Path) -> None:
    (tmp_path / ".numba_config.yaml").write_text(f"chrome_trace: {tmp_path / 'trace.json'}\n")
    (tmp_path / "matplotlibrc").write_bytes(b"\xff\xfe not text")
    (tmp_path / "two.toml").write_text(TWO_GROUPS)
    running = process("run", "two.toml", "--quiet", folder=tmp_path)
    out, err = running.communicate(timeout=120)
    assert (running.returncode, out) == (0, "results/two\n"), err
    assert "Traceback" not in err
    assert not (tmp_path / "trace.json").exists()
