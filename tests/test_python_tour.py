"""The tour of docs/python.md: its blocks run one after the other, and do what they say."""

from pathlib import Path
from typing import Any

import pytest

import errsurf
from helpers.doc_blocks import ROOT, blocks

PAGE = "docs/python.md"


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the blocks leave behind, and the folder that they ran in."""
    left: dict[str, Any] = {"folder": tmp_path_factory.mktemp("tour")}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(left["folder"])
        for number, block in enumerate(blocks(PAGE), 1):
            exec(compile(block, f"{PAGE}, block {number}", "exec"), left)
    return left


def test_shapes_are_those_that_the_comments_say(tour: dict[str, Any]) -> None:
    group, ends = tour["result"]["sgd, batch 1"], tour["ends"].groups[1].ends
    frames = len(group.update)
    assert group.position.shape == (frames, 200, 2)
    assert group.train_loss.shape == group.test_loss.shape == (frames, len(group.loss_particles))
    assert tour["left"].shape == (frames,)
    assert 0 == tour["left"][0] < tour["left"][-1] <= 1
    assert (ends.shape[0], max(ends.shape[1:])) == (2, 32)


def test_pictures_and_folders_are_there(tour: dict[str, Any]) -> None:
    folder: Path = tour["folder"]
    assert {path.name for path in folder.iterdir()} == {"rates.svg", "saddle.png", "saddle.html", "results"}
    assert tour["again"].scenario == tour["scenario"]


def test_changes_sweep_and_faults_are_as_said(tour: dict[str, Any]) -> None:
    assert [group.settings.lr for group in tour["longer"].optimizer] == [0.05, 0.02]
    assert len(tour["swept"].rows) == len(tour["same"].rows) == 8
    assert len({row["train_loss"] for row in tour["swept"].rows}) == 8
    assert [each.label for each in tour["fair"].judged] == list(tour["swept"].groups)
    assert tour["checked"].verdict == "holds"
    assert set(tour["keys"]) == {"surface.kind", "optimizer[1].momentm", "run.epochs"}


def test_the_tour_names_every_function(tour: dict[str, Any]) -> None:
    assert tour["errsurf"] is errsurf
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    functions = [name for name in errsurf.__all__ if name.islower() and not name.startswith("_")]
    assert not [name for name in functions if f"errsurf.{name}(" not in page]
