"""The wheel: one name, beside other packages of similar names, and only what the folders hold."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from helpers.command_line import SMALL

ROOT = Path(__file__).parent.parent
FOLDERS = ("simulator", "surfaces", "gpu", "web", "scenarios")
TRAP = "raise RuntimeError('not errsurf')\n"
RUN = "import sys, errsurf; print(errsurf.__file__); from errsurf.cli import main; sys.exit(main())"


@pytest.fixture(scope="module", name="wheel")
def built_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a copy of the checkout in which an older build has left a surface that is deleted by now."""
    copy = tmp_path_factory.mktemp("copy")
    for name in (*FOLDERS, "setup.py", "pyproject.toml", "README.md", "LICENSE"):
        copied = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copied(ROOT / name, copy / name)
    old = copy / "build/lib/errsurf/surfaces/deleted.py"
    old.parent.mkdir(parents=True)
    old.write_text("RECORD = None\n")
    _pip("wheel", "--no-deps", "--wheel-dir", copy / "dist", copy)
    (wheel,) = (copy / "dist").iterdir()
    return wheel


def test_it_installs_one_name_and_every_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        names = {name for name in file.namelist() if ".dist-info/" not in name}
    assert {name.partition("/")[0] for name in names} == {"errsurf"}
    assert names == {installed for folder in FOLDERS for installed in _installed(folder)}


def test_it_runs_beside_packages_and_files_of_the_same_names(wheel: Path, tmp_path: Path) -> None:
    site, work = tmp_path / "site", tmp_path / "work"
    _pip("install", "--no-deps", "--target", site, wheel)
    _pip("install", "--no-deps", "--only-binary", ":all:", "--target", tmp_path / "other", "surfaces")
    shutil.copytree(tmp_path / "other", site, dirs_exist_ok=True)
    assert (site / "surfaces").is_dir()
    (work / "surfaces").mkdir(parents=True)
    for file in (site / "simulator.py", site / "scenarios.py", work / "surfaces/__init__.py", work / "gpu.py"):
        file.write_text(TRAP)
    (work / "small.toml").write_text(SMALL)
    path = os.pathsep.join([str(work), str(site), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-c", RUN, "run", "small.toml", "--no-pictures", "--quiet"],
        cwd=work, env=os.environ | {"PYTHONPATH": path}, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(site / "errsurf/__init__.py"), "results/small"]


def _installed(folder: str) -> set[str]:
    """Where the wheel has the files of a folder that git would track."""
    place = Path("errsurf") if folder == "simulator" else Path("errsurf", folder)
    files = (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(place / path.relative_to(ROOT / folder)) for path in files}


def _pip(*arguments: object) -> None:
    """Run pip; skip where it has no network."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode and any(
        word in done.stderr for word in ("No matching distribution", "connection", "resolve host")
    ):
        pytest.skip(f"needs a network: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
