"""A still for a talk: its words, which have the colours of the groups that they name, and the verdict."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from errsurf import Result, build_scenario, read_scenario, save_picture, scenario_from, simulate
from errsurf.claims.checking import Checked, Comparison, checked, decisive
from errsurf.drawing.charts import chart_kind, chart_names
from errsurf.drawing.charts._record import always
from errsurf.drawing.figures.talk import named_parts
from errsurf.drawing.scene import scene
from errsurf.measures.intervals import Estimate
from errsurf.run.language import translated_result
from errsurf.run_analysis.findings import Findings
from errsurf.scenario.texts import as_written

TITLE = "Why batch 1 leaves, and Full Batch stays"


@pytest.fixture(scope="module")
def escape() -> Result:
    return simulate(
        build_scenario(
            title=TITLE,
            surface={"kind": "saddle", "examples": 8, "tilt": 0.4},
            optimizer=[{"kind": "sgd", "lr": 0.05}, {"kind": "sgd", "lr": 0.05, "batch": 1, "label": "batch 1"}],
            swarm={"particles": 24, "start": "point", "at": [0.0, 0.3]},
            run={"epochs": 6},
            claim=[
                {
                    "says": "Groups of batch 1 leave.",
                    "statistic": "train_loss",
                    "group": "batch 1",
                    "below": 100.0,
                }
            ],
        )
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (TITLE, ["batch 1", "Full Batch"]),
        ("batch 10 and batch 1", ["batch 10", "batch 1"]),
        ("batch 100 is no group, xbatch 1 neither", []),
    ],
)
def test_names_are_whole_words_and_the_longest(text: str, found: list[str]) -> None:
    labels = ["batch 1", "batch 10", "full batch", " "]
    parts = list(named_parts(text, labels))
    assert [text[first:last] for first, last, _ in parts] == found
    assert [labels[group] for *_, group in parts] == [name.lower() for name in found]


def test_names_are_found_between_chinese_letters() -> None:
    assert [(first, last) for first, last, _ in named_parts("\u6bd4\u6279\u91cf 5\u65e9", ["\u6279\u91cf 5"])] == [
        (1, 5)
    ]


def test_no_labels_no_names() -> None:
    assert list(named_parts("anything", [""])) == []


def test_words_have_the_colours_of_their_groups(escape: Result, tmp_path: Path) -> None:
    svg = save_picture(escape, tmp_path / "talk.svg", layout="talk", verdict=True).read_text(encoding="utf-8")
    colours = scene(escape).maps.colours
    one = "#" + "".join(f"{part:02x}" for part in colours[1].tolist())
    words = [line for line in svg.splitlines() if ">batch 1<" in line]
    assert len(words) >= 3
    assert sum(f"fill: {one}" in line for line in words) == len(words) - 1
    assert ">holds<" in svg
    assert ">holds<" not in save_picture(escape, tmp_path / "quiet.svg", layout="talk").read_text(encoding="utf-8")


def test_pixels_and_pdf_have_the_size_of_a_slide(escape: Result, tmp_path: Path) -> None:
    with Image.open(save_picture(escape, tmp_path / "talk.png", layout="talk", theme="dark")) as image:
        pixels = np.asarray(image.convert("RGB"))
    assert pixels.shape[1] == 2668
    assert save_picture(escape, tmp_path / "talk.pdf", layout="talk").read_bytes().startswith(b"%PDF")


def test_a_talk_in_another_language_is_so_in_all_its_parts(escape: Result, tmp_path: Path) -> None:
    """Claims name the groups by the labels that the picture shows."""
    texts = {"lang": "zh", "labels": ["A", "B"], "title": "B", "says": ["B B"]}
    scenario = scenario_from(escape.scenario, changes={"translation": [texts]})
    result = replace(escape, scenario=scenario)
    svg = save_picture(result, tmp_path / "talk.svg", layout="talk", verdict=True, languages=["zh"]).read_text(
        encoding="utf-8"
    )
    assert ">B<" in svg
    assert ">batch 1<" not in svg
    assert "training loss" not in svg  # what stands there depends on the fonts of the machine
    shown = translated_result(result, ["zh"])
    assert checked(Findings(shown))[0].verdict == checked(Findings(result))[0].verdict == "holds"
    assert as_written(shown.scenario) == scenario


def test_a_group_that_is_not_drawn_keeps_its_name_whole(tmp_path: Path) -> None:
    scenario = build_scenario(
        title="SGD with momentum",
        surface="saddle",
        run={"updates": 2},
        optimizer=[{"kind": "sgd", "lr": 0.05, "label": label} for label in ("SGD", "SGD with momentum")],
        picture={"groups": ["SGD"]},
    )
    result = simulate(scenario)
    svg = save_picture(result, tmp_path / "talk.svg", layout="talk").read_text(encoding="utf-8")
    assert ">SGD with momentum<" in svg


def test_of_several_rivals_the_closest_is_told() -> None:
    def rival(label: str, low: float, verdict: str = "holds") -> Comparison:
        estimate = Estimate(low + 1, low, low + 2)
        return Comparison("a", label, estimate, estimate, estimate, verdict, 9, 9, 9)

    claim = read_scenario("flat_or_sharp").claim[0]._replace(relation="above", by=0.0, times=None)
    wide, near = rival("wide", 5.0), rival("near", 0.1)
    assert [each.other for each in decisive(Checked(claim, "holds", (wide, near))).comparisons] == ["near"]
    unclear = rival("unclear", -0.5, "not decided")
    assert [each.other for each in decisive(Checked(claim, "not decided", (near, unclear))).comparisons] == ["unclear"]
    below = claim._replace(relation="below")
    ratios = rival("near", -1.1 - 2), rival("wide", -9.0)
    assert [each.other for each in decisive(Checked(below, "holds", ratios[::-1])).comparisons] == ["near"]


def test_what_a_layout_does_not_show_is_said(escape: Result, tmp_path: Path) -> None:
    said: list[str] = []
    save_picture(escape, tmp_path / "a.png", layout="paper", title="No title", panels=True, say=said.append)
    assert said == [
        "title has no effect in the layout paper; it has one in picture, slide, talk",
        "picture.panels has no effect in the layout paper; it has one in picture",
    ]
    said.clear()
    bare = replace(escape, scenario=replace(escape.scenario, claim=()))
    save_picture(bare, tmp_path / "b.png", layout="talk", verdict=True, say=said.append)
    assert said == ["picture.verdict has no effect: the scenario has no [[claim]]"]
    said.clear()
    save_picture(bare, tmp_path / "c.png", chart=["escape", "loss"], say=said.append)
    assert said == [
        "picture.chart=escape: loss is drawn instead; this chart needs a [[region]] that the run has counted"
    ]


@pytest.mark.parametrize("name", chart_names())
def test_a_chart_that_some_run_does_not_have_says_what_it_needs(name: str) -> None:
    assert bool(chart_kind(name).needs) == (chart_kind(name).possible is not always)
