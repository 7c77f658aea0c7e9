"""The pages in docs are what the records say."""

import runpy

import pytest

from helpers.doc_blocks import ROOT, blocks

DOCS = ROOT / "docs"


def test_the_scenario_page_is_written_from_the_records() -> None:
    page = runpy.run_path(str(DOCS / "write_scenario_page.py"))["page"]()
    assert (DOCS / "scenario.md").read_text(encoding="utf-8") == page


def test_the_page_of_statistics_is_written_from_the_records() -> None:
    written = runpy.run_path(str(DOCS / "write_statistics_page.py"))
    assert (DOCS / "statistics.md").read_text(encoding="utf-8") == written["page"](written["known_coverage"]())


@pytest.mark.parametrize("page", ["README.md", "docs/landscape.md", "docs/results.md"])
def test_examples_in_python_run(page: str) -> None:
    assert blocks(page)
    exec("".join(blocks(page)), {})
