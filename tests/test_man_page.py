"""The manual page: it is written from the commands, and troff reads it without a warning."""

import runpy
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from errsurf.cli.main import commands

DOCS = Path(__file__).parent.parent / "docs"


def test_the_manual_page_is_written_from_the_commands() -> None:
    page = runpy.run_path(str(DOCS / "write_man_page.py"))["page"]()
    assert (DOCS / "errsurf.1").read_text(encoding="utf-8") == page, "run it again: python docs/write_man_page.py"
    for name in commands.list_commands(click.Context(commands)):
        assert f".SS errsurf {name}" in page


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
def test_troff_reads_the_manual_page() -> None:
    done = subprocess.run(
        ["groff", "-man", "-Tascii", "-ww", DOCS / "errsurf.1"],
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )
    assert done.stderr == ""
    assert "errsurf run saddle_escape" in done.stdout
