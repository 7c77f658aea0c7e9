"""The pages in docs are what the records say."""

import runpy
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"


def test_the_scenario_page_is_written_from_the_records() -> None:
    page = runpy.run_path(str(DOCS / "write_scenario_page.py"))["page"]()
    assert (DOCS / "scenario.md").read_text(encoding="utf-8") == page
