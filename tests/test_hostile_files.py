"""The files of tests/hostile/, which once broke a reader or must not: each is refused in words.

They are what tests/campaigns/fuzz_readers.py and people found, as small as can be.
"""

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from io import StringIO
from pathlib import Path

import pytest

from errsurf.drawing.page.assembly import FOLDER
from errsurf.errors import ScenarioError
from errsurf.results.resuming import asked_of
from errsurf.scenario import scenario_from
from errsurf.surfaces.shared.table import csv_columns
from errsurf.sweeps.journal import Journal
from errsurf.sweeps.sweeping import open_sweep
from errsurf.system.spreadsheet import write_table
from errsurf.system.text import printable
from errsurf.words import said, texts
from helpers.command_line import SMALL, CommandLine, any_names
from helpers.node import NODE, run_node

guarded = pytest.importorskip("helpers.guarded") if sys.platform != "win32" else None
pytestmark = pytest.mark.skipif(guarded is None, reason="no limits of processes on this system")

HOSTILE = Path(__file__).parent / "hostile"
READERS: dict[str, Callable[[Path], object]] = {
    "sweep.toml": lambda file: open_sweep(file.parent),
    "resume.json": lambda file: asked_of(file.parent),
    ".csv": lambda file: csv_columns(file, ("input", "target")),
}
FILES = sorted(file for file in HOSTILE.rglob("*") if READERS.keys() & {file.name, file.suffix})


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(HOSTILE)))
def test_hostile_files_are_refused_in_words(file: Path) -> None:
    read = READERS.get(file.name) or READERS[file.suffix]
    assert guarded.outcome(partial(read, file)) == ("refused", "")


def test_what_a_reader_may_not_do_is_noticed(tmp_path: Path) -> None:
    def hang() -> None:
        while True:
            pass

    forbidden: dict[str, Callable[[], object]] = {
        "open": lambda: (tmp_path / "a").write_text("x"),
        "subprocess.Popen": lambda: subprocess.run(["true"], check=True),
        "os.system": lambda: os.system("true"),
        "compile": lambda: eval("1 + 1"),
        "os.mkdir": lambda: (tmp_path / "b").mkdir(),
        "ZeroDivisionError": lambda: 1 / 0,
    }
    for name, read in forbidden.items():
        assert name in guarded.outcome(read)[1]
    with pytest.raises(guarded.TooLong), guarded.watched(0.05):
        hang()


def test_a_journal_takes_texts_and_numbers_only(tmp_path: Path) -> None:
    rows = [{"group": "\ud800"}, {"\udfff": 1.0}, {"group": "\U0001f600"}, {"group": [1]}, {"seed": 10**400}]
    lines = [json.dumps({"cell": str(k), "rows": [row]}) for k, row in enumerate(rows)]
    (tmp_path / "cells.jsonl").write_text("\n".join([*lines, ""]), encoding="utf-8")
    with (tmp_path / "cells.jsonl").open("rb") as stream:
        assert list(Journal(stream)) == ["2"]


@pytest.mark.parametrize("text", ["A " * 5000, "1 " * 5000, ": " * 5000, ", " * 5000])
def test_texts_are_translated_to_a_depth(text: str, tmp_path: Path) -> None:
    assert isinstance(said(text, "zh"), str)
    script = (FOLDER / "words.js").read_text("utf-8")
    scripts = f"const run = {{ words: told.words }};\n{script} return typeof said(told.text);"
    told = {"words": texts("zh"), "text": text}
    assert NODE is None or run_node("const np = { Nd: Map };", scripts, told, tmp_path) == "string"


def test_letters_without_width_are_shown_as_escapes() -> None:
    hidden = "\u200b\u2060\u00ad\u180e\U000e0069"
    assert printable(f"a{hidden}b") == r"a\u200b\u2060\xad\u180e\U000e0069b"
    assert printable("\u0646\u200c\u0647 \U0001f469\u200d\U0001f52c") == "\u0646\u200c\u0647 \U0001f469\u200d\U0001f52c"


def test_no_cell_of_a_table_is_a_formula_not_even_in_its_head() -> None:
    stream, begin = StringIO(), "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
    write_table(stream, [f"{letter}x" for letter in begin], [{"=x": "=y", "+x": -1.5}])
    stream.seek(0)
    head, row = csv.reader(stream)
    assert head == [f"'{letter}x" for letter in begin]
    assert row == ["'=y", "-1.5", *[""] * (len(begin) - 2)]


@any_names
def test_a_table_of_results_is_printed_without_escapes(errsurf: CommandLine) -> None:
    name = "a\x1b[31m\u202e\u200b"
    assert errsurf("run", errsurf.file(SMALL), "--no-pictures", "--out", errsurf.folder / name) == 0
    assert errsurf("table", errsurf.folder / name, "--csv") == 0
    assert r"a\x1b[31m\u202e\u200b" in errsurf.out
    assert all(letter.isprintable() for letter in errsurf.out.replace("\n", ""))


@pytest.mark.parametrize("name", ["com\u00b9.gif", "CONIN$.gif", "a\u202efig.gif", "a\u200b.gif", "\u2066.gif"])
def test_no_pictures_name_is_a_device_or_looks_like_another(name: str) -> None:
    plain = {"surface": {"kind": "saddle"}, "run": {"updates": 1}, "optimizer": [{"kind": "sgd"}]}
    with pytest.raises(ScenarioError, match=r"output\.gif"):
        scenario_from(plain | {"output": {"gif": name}})


def test_every_page_has_a_policy_that_allows_nothing_by_default() -> None:
    """All templates of whole pages; tests of each writer open its pages in a browser."""
    root = Path(__file__).parents[1] / "simulator"
    files = [*root.rglob("*.py"), *root.rglob("*.html")]
    texts = {file.relative_to(root).as_posix(): file.read_text("utf-8") for file in files}
    pages = {name: text for name, text in texts.items() if re.search("(?im)^<!doctype html>", text)}
    assert pages.keys() >= {"drawing/page/page.html", "site/page.html", "drawing/figures/files.py"}
    for text in pages.values():
        policy = text.replace("\\\n", "").split('http-equiv="Content-Security-Policy" content="')[1].split('"')[0]
        assert {"default-src 'none'", "base-uri 'none'", "form-action 'none'"} <= {*policy.split("; ")}
