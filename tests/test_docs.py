"""The pages in docs are what the records say."""

import re
import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"


def test_the_scenario_page_is_written_from_the_records() -> None:
    page = runpy.run_path(str(DOCS / "write_scenario_page.py"))["page"]()
    assert (DOCS / "scenario.md").read_text(encoding="utf-8") == page


@pytest.mark.parametrize("page", ["../README.md", "landscape.md", "results.md"])
def test_examples_in_python_run(page: str) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert blocks
    exec("".join(blocks), {})
