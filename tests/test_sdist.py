"""What is uploaded: sources with all that tests need, the same bytes each time, and a description with pictures."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from helpers.doc_blocks import ROOT

FOLDERS = ("simulator", "surfaces", "gpu", "web", "scenarios", "benchmarks", "docs", "examples", "research", "tests")
FILES = ("ARCHITECTURE.md", "CHANGES.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "README.md")
SETTINGS = ("MANIFEST.in", "pyproject.toml", "setup.py")
LEFT = shutil.ignore_patterns("__pycache__", "*.gif", "*.webp", "golden")
MOMENT = "1764000000"


@pytest.fixture(scope="module", name="archives")
def built_twice(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The archive of two copies, whose files have other times; one has what an older build left."""
    made = []
    for copy in (tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")):
        for folder in FOLDERS:
            shutil.copytree(ROOT / folder, copy / folder, ignore=LEFT, copy_function=shutil.copyfile)
        for name in (*FILES, *SETTINGS):
            shutil.copyfile(ROOT / name, copy / name)
        made.append(copy)
    old = made[0] / "build/lib/errsurf/surfaces/deleted.py"
    old.parent.mkdir(parents=True)
    old.write_text("RECORD = None\n", encoding="utf-8")
    os.utime(made[0] / "README.md", (1, 1))
    return [_built(copy) for copy in made]


def _built(copy: Path) -> Path:
    """The archive that `python -m build --sdist` makes; skip where it cannot install setuptools."""
    command = [sys.executable, "-m", "build", "--sdist", str(copy)]
    environment = os.environ | {"SOURCE_DATE_EPOCH": MOMENT}
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    if done.returncode and re.search("No matching distribution|onnection|resolve host", done.stdout + done.stderr):
        pytest.skip("needs a network")
    assert done.returncode == 0, done.stdout + done.stderr
    (archive,) = (copy / "dist").iterdir()
    return archive


def test_bytes_depend_on_the_sources_alone(archives: list[Path]) -> None:
    first, second = (archive.read_bytes() for archive in archives)
    assert first == second


def test_it_holds_sources_tests_and_pages_and_no_rest(archives: list[Path]) -> None:
    with tarfile.open(archives[0]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {*FILES, *SETTINGS} <= names
    assert {"tests/test_sdist.py", "docs/index.md", "docs/conf.py", "docs/gallery/results.json"} <= names
    assert {"web/engine.js", "scenarios/saddle_escape.toml", "examples/plugins/tub.toml"} <= names
    unwanted = re.compile(r"(^|/)(build|dist|\.venv|__pycache__|\.git)(/|$)|\.(pyc|gif|webp)$")
    assert not [name for name in names if unwanted.search(name)]


def test_links_of_the_description_are_whole(archives: list[Path]) -> None:
    with tarfile.open(archives[0]) as archive:
        (name,) = [name for name in archive.getnames() if re.fullmatch(r"[^/]+/PKG-INFO", name)]
        found = archive.extractfile(name)
        assert found is not None
        text = found.read().decode()
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert len(links) > 20
    assert not [link for link in links if not link.startswith("https://")]
    pictures = re.findall(r"!\[[^]]*\]\(https://[^)]+/raw/main/([^)]+)\)", text)
    assert len(pictures) >= 3
    assert not [picture for picture in pictures if not (ROOT / picture).exists()]


def test_twine_accepts_it(archives: list[Path]) -> None:
    command = [sys.executable, "-m", "twine", "check", "--strict", str(archives[0])]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout


def test_the_recipe_asks_for_what_the_package_asks_for() -> None:
    recipe = (ROOT / "packaging/recipe.yaml").read_text(encoding="utf-8")
    wanted = dict(re.findall(r"^    - ([\w-]+) >=([\d.]+)$", recipe.partition("  run:\n")[2], re.MULTILINE))
    project = _project()
    asked = {each.name: each.specifier for each in map(Requirement, project["dependencies"])}
    asked["matplotlib-base"] = asked.pop("matplotlib")
    assert {name: f">={least}" for name, least in wanted.items()} == {name: str(each) for name, each in asked.items()}
    assert f'version: "{project["version"]}"' in recipe


def test_workflows_try_every_python_that_is_promised() -> None:
    tests = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text(encoding="utf-8"))
    tried = tests["jobs"]["tests"]["strategy"]["matrix"]
    promised = [text.rpartition(" ")[2] for text in _project()["classifiers"] if "Python :: 3." in text]
    assert tried["python"] == promised
    assert [system.partition("-")[0] for system in tried["os"]] == ["ubuntu", "macos", "windows"]


@pytest.mark.parametrize("file", sorted((ROOT / ".github").rglob("*.yml")), ids=lambda file: file.name)
def test_files_for_the_code_host_are_yaml(file: Path) -> None:
    found = yaml.safe_load(file.read_text(encoding="utf-8"))
    for job in found.get("jobs", {}).values():
        used = [step["uses"] for step in job["steps"] if "uses" in step]
        assert not [each for each in used if not re.fullmatch(r"[\w-]+/[\w-]+@(v\d+|release/v\d+)", each)]


def test_the_versions_are_one() -> None:
    project = _project()
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == project["version"]
    assert citation["repository-code"] == project["urls"]["Source"]


def _project() -> dict[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert isinstance(project, dict)
    return project


def test_the_paper_cites_what_its_list_has() -> None:
    paper = (ROOT / "paper/paper.md").read_text(encoding="utf-8")
    known = re.findall(r"^@\w+\{(\w+),", (ROOT / "paper/paper.bib").read_text(encoding="utf-8"), re.MULTILINE)
    assert {*re.findall(r"@(\w+\d{4}\w+)", paper)} == {*known}
    assert 250 < len(paper.split()) < 1000
