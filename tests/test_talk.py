"""A still for a talk: its words, which have the colours of the groups that they name, and the verdict."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from errsurf import Result, build_scenario, save_picture, simulate
from errsurf.drawing.figures.talk import named_parts
from errsurf.drawing.scene import scene

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


def test_no_labels_no_names() -> None:
    assert list(named_parts("anything", [""])) == []


def test_words_have_the_colours_of_their_groups(escape: Result, tmp_path: Path) -> None:
    svg = save_picture(escape, tmp_path / "talk.svg", layout="talk", verdict=True).read_text()
    colours = scene(escape).maps.colours
    one = "#" + "".join(f"{part:02x}" for part in colours[1].tolist())
    words = [line for line in svg.splitlines() if ">batch 1<" in line]
    assert len(words) >= 3
    assert sum(f"fill: {one}" in line for line in words) == len(words) - 1
    assert ">holds<" in svg
    assert ">holds<" not in save_picture(escape, tmp_path / "quiet.svg", layout="talk").read_text()


def test_pixels_and_pdf_have_the_size_of_a_slide(escape: Result, tmp_path: Path) -> None:
    with Image.open(save_picture(escape, tmp_path / "talk.png", layout="talk", theme="dark")) as image:
        pixels = np.asarray(image.convert("RGB"))
    assert pixels.shape[1] == 2668
    assert save_picture(escape, tmp_path / "talk.pdf", layout="talk").read_bytes().startswith(b"%PDF")
