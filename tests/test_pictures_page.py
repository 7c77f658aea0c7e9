"""docs/pictures.md is what its script writes, and its sheets are there and small."""

import runpy

import numpy as np

from helpers.doc_blocks import ROOT

SCRIPT = runpy.run_path(str(ROOT / "docs" / "write_pictures_page.py"))


def test_the_page_is_written_from_the_script() -> None:
    page = (ROOT / "docs" / "pictures.md").read_text(encoding="utf-8")
    assert page == SCRIPT["page"]()
    assert max(map(len, page.splitlines())) < 140


def test_every_sheet_is_there_and_all_are_small() -> None:
    sheets = {f"{name}{part}.webp" for name in SCRIPT["SEEN"] for part in ("", "-filters")}
    found = {path.name: path.stat().st_size for path in SCRIPT["FOLDER"].iterdir()}
    assert set(found) == sheets
    assert sum(found.values()) < 3_000_000


def test_filters_keep_white_and_grey_and_confuse_what_they_should() -> None:
    red, green = np.array([[[200, 60, 40]]], np.uint8), np.array([[[90, 125, 40]]], np.uint8)
    for name, matrix in SCRIPT["FILTERS"].items():
        for tone in (0, 128, 255):
            same = SCRIPT["filtered"](np.full((1, 1, 3), tone, np.uint8), np.array(matrix))
            assert np.abs(same.astype(int) - tone).max() <= 1, name
    seen = [SCRIPT["filtered"](each, np.array(SCRIPT["FILTERS"]["deutan"])).astype(int) for each in (red, green)]
    assert np.abs(seen[0] - seen[1]).max() < 0.7 * np.abs(red.astype(int) - green).max()
