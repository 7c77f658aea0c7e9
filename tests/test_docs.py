"""The pages in docs are what the records say."""

import ast
import re
import runpy
from dataclasses import fields
from inspect import signature
from typing import Any

import pytest

import errsurf
from errsurf.optimizers import Optimizer
from errsurf.surfaces import Surface
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


def test_recipes_for_clusters_call_what_there_is() -> None:
    """There is no cluster to run them on; each is Python, and what it gives to ``sweep`` are arguments of it."""
    found = blocks("docs/cluster.md")
    calls = [
        node
        for block in found
        for node in ast.walk(ast.parse(block))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "errsurf.sweep"
    ]
    assert len(calls) == len(found) == 3
    for call in calls:
        assert {each.arg for each in call.keywords} <= set(signature(errsurf.sweep).parameters)


def test_the_image_has_all_that_the_package_is_made_of() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"}
    folders = re.findall(r'"errsurf[.\w]*": "(\w+)"', (ROOT / "setup.py").read_text(encoding="utf-8"))
    assert kept == {*folders, "LICENSE", "README.md", "pyproject.toml", "setup.py"}


@pytest.mark.parametrize("name", ["command_line", "python_names"])
def test_pages_of_commands_and_names_are_written_from_the_code(name: str) -> None:
    again = f"run it again: python docs/write_{name}_page.py"
    page = runpy.run_path(str(DOCS / f"write_{name}_page.py"))["page"]()
    assert (DOCS / f"{name}.md").read_text(encoding="utf-8") == page, again


@pytest.mark.parametrize(
    ("page", "record"),
    [("adding_a_surface", Surface), ("adding_an_optimizer", Optimizer)],
    ids=["surface", "optimizer"],
)
def test_pages_about_records_name_every_field(page: str, record: type[Any]) -> None:
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    assert not [field.name for field in fields(record) if not re.search(rf"[`^ ]{field.name}\b", text)]
