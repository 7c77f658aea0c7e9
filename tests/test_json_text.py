"""JSON that errsurf writes has neither NaN nor infinities, whatever a run came to."""

import json
import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import tomli_w

from errsurf import open_result
from errsurf.drawing.page import page
from errsurf.statistics import statistic, statistic_names
from errsurf.sweeps.journal import Journal
from helpers.command_line import CommandLine
from helpers.limit_cases import CASES, NEVER

LIMIT = CASES["undefined test"]


def strictly(text: str) -> None:
    """Read JSON, one value a line or one in all, as other programs do."""
    for part in text.splitlines() if "\n{" in text and text[0] == "{" else [text]:
        json.loads(part, parse_constant=pytest.fail)


def test_files_and_printed_json_of_a_run_without_numbers(errsurf: CommandLine) -> None:
    """The test loss is undefined, the particles diverge, and what is claimed never comes."""
    file = errsurf.file(tomli_w.dumps(LIMIT | {"claim": [*LIMIT["claim"], *NEVER]}))
    printed = []
    for command in (
        ("run", file, "--out", "made", "--no-pictures", "--seeds", 2, "--set", "optimizer.lr=1e20"),
        ("sweep", file, "--vary", "optimizer.lr=0.1,1e20", "--out", "lab", "--json"),
        ("compare", file, "--tune", "optimizer.lr=0.1,1e20", "--seeds", 2, "--out", "fair", "--json"),
        ("inspect", file, "--json"),
        ("table", "made", "made", "--json"),
    ):
        assert errsurf(*command) == 0, errsurf.err
        printed += [errsurf.out] * (command[-1] == "--json")
    for each in statistic_names():
        if not statistic(each).settings._fields:
            assert errsurf("measure", "made", "--statistic", each, "--json") in (0, 2)
            printed.append(errsurf.out)
    for text in filter(None, printed):
        strictly(text)
    files = list(Path().rglob("*.json*"))
    assert {path.name for path in files} >= {"summary.json", "manifest.json", "cells.jsonl"}
    for path in files:
        strictly(path.read_text(encoding="utf-8"))
    for part in re.findall(r'<script type="application/json"[^>]*>([^<]*)<', page(open_result("made"))):
        strictly(part)


def test_a_journal_keeps_infinities_apart_from_texts() -> None:
    row = {"a": np.inf, "b": -np.inf, "c": np.nan, "d": "inf", "e": 1.5, "f": np.float64(np.inf)}
    stream = BytesIO()
    Journal(stream).add("cell", [row])
    strictly(stream.getvalue().decode())
    for lines in (stream.getvalue(), b'{"cell": "cell", "rows": [{"a": Infinity, "d": "inf"}]}\n'):
        (found,) = Journal(BytesIO(lines)).rows("cell")
        assert (found["a"], found["d"]) == (np.inf, "inf")
    (found,) = Journal(stream).rows("cell")
    assert found == row | {"c": None}
