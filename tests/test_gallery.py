"""The gallery: all bundled scenarios and all claims of the lecture, with numbers that were measured and kept."""

import json
import runpy
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from errsurf.scenario import bundled

DOCS = Path(__file__).parent.parent / "docs"
FOLDER = DOCS / "gallery"
CLAIMS = range(1, 27)
LARGEST, ALL_TOGETHER = 600_000, 14_000_000


@pytest.fixture(name="script", scope="module")
def script_fixture() -> dict[str, Any]:
    return runpy.run_path(str(DOCS / "write_gallery_page.py"))


@pytest.fixture(name="results", scope="module")
def results_fixture() -> Any:
    return json.loads((FOLDER / "results.json").read_text(encoding="utf-8"))


def test_the_page_is_written_from_the_kept_numbers(script: dict[str, Any], results: Any) -> None:
    page = (DOCS / "gallery.md").read_text(encoding="utf-8")
    assert script["page"](results) == page
    changed = json.loads(json.dumps(results))
    changed["scenarios"]["saddle_escape"]["claims"][0]["lines"] = ["another number"]
    assert "another number" in script["page"](changed)


@pytest.mark.parametrize("name", bundled())
def test_numbers_are_those_of_the_scenario_as_it_is(name: str, script: dict[str, Any], results: Any) -> None:
    again = f"run it again: python docs/write_gallery_page.py {name}"
    assert results["scenarios"][name]["settings"] == script["settings_hash"](name), again
    assert {claim["verdict"] for claim in results["scenarios"][name]["claims"]} == {"holds"}


def test_settings_count_and_pictures_do_not(script: dict[str, Any], tmp_path: Path) -> None:
    first = script["settings_hash"]("saddle_escape")
    assert first != script["settings_hash"]("flat_or_sharp")
    assert len(first) == 64
    text = (DOCS.parent / "scenarios" / "saddle_escape.toml").read_text(encoding="utf-8")
    (tmp_path / "scenarios").mkdir()
    file = tmp_path / "scenarios" / "saddle_escape.toml"
    script["settings_hash"].__globals__["ROOT"] = tmp_path
    for old, new, same in (("[picture]", "[picture]\nfps = 7", True), ("lr = 0.05", "lr = 0.06", False)):
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        assert (script["settings_hash"]("saddle_escape") == first) is same
    script["settings_hash"].__globals__["ROOT"] = DOCS.parent


def test_every_claim_has_its_place_in_order(script: dict[str, Any], results: Any) -> None:
    page = (DOCS / "gallery.md").read_text(encoding="utf-8")
    assert [page.count(f'<a id="claim-{number}"></a>') for number in CLAIMS] == [1] * len(CLAIMS)
    places = [page.index(f"\n### {number}. ") for number in CLAIMS]
    assert places == sorted(places)
    shown = {
        number for each in results["scenarios"].values() for claim in each["claims"] for number in claim["lecture"]
    }
    assert shown | set(script["BY_BATCHES"]) == set(CLAIMS)


@pytest.mark.parametrize("name", bundled())
def test_every_scenario_is_shown_once_with_its_command(name: str) -> None:
    page = (DOCS / "gallery.md").read_text(encoding="utf-8")
    assert page.count(f"(gallery/{name}.gif)") == 1
    assert page.count(f"\nerrsurf run {name}\n") == 1
    with Image.open(FOLDER / f"{name}.gif") as picture:
        assert picture.size == (480, 270)


def test_pictures_are_small_and_none_is_left_over() -> None:
    sizes = {file.stem: file.stat().st_size for file in FOLDER.glob("*.gif")}
    assert set(sizes) == set(bundled())
    assert max(sizes.values()) < LARGEST
    assert sum(sizes.values()) < ALL_TOGETHER


def test_scenarios_without_a_claim_of_the_lecture_stand_in_a_part_of_their_own(results: Any) -> None:
    page = (DOCS / "gallery.md").read_text(encoding="utf-8")
    before, beyond = page.split("\n## Beyond the lecture\n")
    for name, each in results["scenarios"].items():
        of_lecture = any(claim["lecture"] for claim in each["claims"])
        assert f"(gallery/{name}.gif)" in (before if of_lecture else beyond)
    assert "(#beyond-the-lecture)" in before


def test_the_lectures_table_has_a_number_in_every_cell(results: Any) -> None:
    measured = results["batches"]
    assert {"serial", "cpu"} <= {series["device"] for series in measured["series"]}
    assert all(None not in row[side] for row in measured["table"] for side in ("small", "large"))
    names = {row["name"] for row in measured["table"]}
    assert names == {"one update", "one epoch", "gradient", "optimization", "generalization"}


@pytest.mark.parametrize(
    ("numbers", "expected"), [([[17], [18]], 17), ([[1, 2], [2]], 2), ([[8], [8]], 8), ([[26, 3]], 3)]
)
def test_a_picture_stands_where_most_of_its_claims_are(numbers: Any, expected: int, script: dict[str, Any]) -> None:
    assert script["home"]([{"lecture": each} for each in numbers]) == expected
