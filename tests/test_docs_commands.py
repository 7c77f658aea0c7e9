"""Every command and block of Python of README and docs/ runs; campaigns/docs_commands.py runs those that take long."""

from pathlib import Path

import pytest

from helpers.doc_blocks import ROOT
from helpers.doc_commands import Block, commands, page_blocks, run_page

LONG = {
    "docs/gallery.md": "38 runs: tests/test_bundled_claims.py runs the same scenarios",
    "docs/pictures.md": "five of the runs of the gallery",
    "docs/studies/batch_size.md": "a sweep of many minutes",
    "docs/studies/escape.md": "a sweep of many minutes",
    "docs/studies/paper.md": "a sweep of many minutes",
}
# Their Python runs in a test of their own, which also looks at what it gives.
TESTED = {
    "docs/adding_an_optimizer.md": "tests/test_adding_an_optimizer.py",
    "docs/comparing.md": "tests/test_comparing.py",
    "docs/python.md": "tests/test_python_tour.py",
    "docs/recipes.md": "tests/test_recipes.py",
    "docs/sweeps.md": "tests/test_sweeps.py",
}
PAGES = ["README.md", "CONTRIBUTING.md"]
PAGES += sorted(page.relative_to(ROOT).as_posix() for page in (ROOT / "docs").rglob("*.md"))
WITH_CODE = [page for page in PAGES if any(block.kind in ("sh", "python") for block in page_blocks(page))]


@pytest.mark.parametrize("page", [page for page in WITH_CODE if page not in LONG])
def test_a_page_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run_page(page, cheap=True, python=page not in TESTED)
    assert done or all(block.mark or page in TESTED for block in page_blocks(page) if block.kind in ("sh", "python"))


@pytest.mark.parametrize(("page", "test"), TESTED.items())
def test_tests_of_pages_are_there(page: str, test: str) -> None:
    assert Path(page).name in (ROOT / test).read_text(encoding="utf-8")


def test_a_command_that_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "page.md"
    page.write_text("Text.\n\n```sh\nerrsurf check no_such_scenario\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError, match=r"page.md, line 3: errsurf check no_such_scenario ended with 2"):
        run_page(str(page), cheap=True)


def test_blocks_have_files_and_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "Save this as `a/b.toml`:\n\n```toml\nx = 1\n```\n\n<!-- elsewhere: no docker -->\n```sh\ndocker\n```\n",
        encoding="utf-8",
    )
    assert list(page_blocks(str(page))) == [
        Block("toml", "x = 1\n", 3, "a/b.toml", ""),
        Block("sh", "docker\n", 8, "", "elsewhere"),
    ]
    assert list(commands("errsurf a 'b c' \\\n  d  # e\n")) == [["errsurf", "a", "b c", "d"]]
