"""The recipes of docs/recipes.md give the numbers of a result folder."""

import re
from typing import Any

import pytest

import errsurf
from helpers.doc_blocks import blocks

PAGE = "docs/recipes.md"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the blocks leave behind; some particles diverge and some leave the picture."""
    left: dict[str, Any] = {}
    changes = {"swarm.particles": 150, "run.epochs": 6, "batch 1.lr": 0.3, "surface.scale": 2.5, "swarm.spread": 3.0}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("recipes"))
        errsurf.run_scenario(errsurf.read_scenario("saddle_escape", changes), "results/saddle_escape", pictures=False)
        for number, block in enumerate(blocks(PAGE), 1):
            exec(compile(block, f"{PAGE}, block {number}", "exec"), left)
    return left


def test_numbers_are_those_of_the_summary(made: dict[str, Any]) -> None:
    found, row = made["found"], made["row"]
    assert row["group"] == "batch 1"
    assert 0 < row["diverged"] < 150 or row["outside_the_map"] > 0
    for key, number in found.items():
        assert row[key] == pytest.approx(float(number), rel=1e-12, abs=1e-15), key


def test_every_kind_of_number_has_a_recipe(made: dict[str, Any]) -> None:
    """Each column but settings, and bounds and counts of which one stands for all."""
    settings = {"group", "kind", "lr", "batch", "accumulate", "seed", "seconds"}
    plain = {key for key in made["row"] if not re.search(r"_(low|high|n)$|\(", key)}
    assert plain - settings <= set(made["found"])


def test_claims_have_the_numbers_of_measures(made: dict[str, Any]) -> None:
    for each, estimate in zip(made["claim"]["comparisons"], made["mine"], strict=True):
        assert each["mine"] == [pytest.approx(number) for number in estimate]
