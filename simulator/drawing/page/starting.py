"""A scenario before its first update, as a result: what a page shows that computes the run itself."""

from dataclasses import replace
from typing import Any

import numpy as np

from errsurf.engine.segments import group_rates
from errsurf.run.result import Group, Result
from errsurf.sampling.particles import LOSS_PARTICLES, evenly
from errsurf.scenario import Picture, Scenario
from errsurf.starts import positions

MOVING: dict[str, Any] = {
    "arrows": "none",
    "members": False,
    "rates": False,
    "stability": False,
    "noise": False,
    "overlays": (),
}
MOVING |= {"beside": "none", "panels": False}
"""What a page does not compute that runs by itself, each as it is without it."""


def start_result(scenario: Scenario) -> Result:
    """The result of no update: every group at its starts, with one frame."""
    result = Result(scenario, [], "page", 0.0)
    return replace(result, groups=[_group(result, k) for k in range(len(scenario.optimizer))])


def calm(result: Result) -> Result:
    """A result whose picture has no overlays that move, and whose scenario has no claims."""
    scenario = result.scenario
    picture = scenario.picture._replace(**_calm(scenario.picture))
    own = scenario.own_texts and scenario.own_texts._replace(says=())
    return replace(result, scenario=replace(scenario, picture=picture, claim=(), own_texts=own))


def left_out(picture: Picture) -> list[str]:
    """Keys of [picture] that a page which computes its run does not show."""
    return [key for key, without in MOVING.items() if getattr(picture, key) != without]


def _calm(picture: Picture) -> dict[str, Any]:
    """All groups are there; the map has the training loss, and the page itself draws arrows and other losses."""
    changed = {key: value for key, value in MOVING.items() if getattr(picture, key) != value}
    return changed | {"arrows": "none", "surface": "train", "groups": None}


def _group(result: Result, k: int) -> Group:
    scenario = result.scenario
    group = scenario.optimizer[k]
    theta = positions(scenario.swarm, scenario.start_seed, group.at)
    some = evenly(len(theta), LOSS_PARTICLES)
    none = np.zeros(1, np.int64)
    return Group(
        label=group.label,
        kind=group.kind,
        update=none,
        examples_seen=none,
        lr=group_rates(scenario, k)[:1],
        position=theta[None],
        loss_particles=some,
        train_loss=result.landscape.loss(theta[some], "train")[None],
        test_loss=result.landscape.loss(theta[some], "test")[None],
        diverged=np.full(len(theta), -1, np.int64),
        watched=np.empty(0, np.int64),
        parts={},
    )
