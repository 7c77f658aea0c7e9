"""The batches that pictures show are those that the engine used, by the gradients that it recorded."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from errsurf import scenario_from, simulate
from errsurf.run.batch_members import batch_members


def scenario(group: dict[str, Any], *, examples: int = 20, sampling: Any = "reshuffle", particles: int = 3) -> Any:
    return scenario_from(
        {
            "seed": 5,
            "surface": {"kind": "saddle", "examples": examples, "shift": 0.2, "scale": 1.3, "tilt": 0.4},
            "swarm": {"particles": particles, "start": "cloud", "at": [0.3, 0.9], "spread": 0.2},
            "run": {
                "updates": 23, "frames": "all", "precision": "float64", "record": ["gradient"], "sampling": sampling
            },
            "optimizer": [{"kind": "sgd", "lr": 0.01, **group}],
        }
    )  # fmt: skip


CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a last, smaller batch": ({"batch": 3}, {}),
    "single examples": ({"batch": 1}, {}),
    "all": ({"batch": "full"}, {}),
    "as many as there are": ({"batch": 20}, {}),
    "accumulated": ({"batch": 3, "accumulate": 3}, {}),
    "shuffled once": ({"batch": 7}, {"sampling": "once"}),
    "replacement": ({"batch": 6}, {"sampling": "replacement"}),
    "replacement of all": ({"batch": 20}, {"sampling": "replacement"}),
    "shared": ({"batch": 4}, {"sampling": {"kind": "reshuffle", "shared": True}}),
    "a network": ({"batch": 9}, {"examples": 300}),
    "wide": ({"batch": 64}, {"examples": 130, "particles": 2}),
    "changed on the way": ({"batch": 3, "changes": [{"after": 5, "batch": 1}, {"after": 16, "batch": "full"}]}, {}),
}


@pytest.mark.parametrize("name", CASES)
def test_the_members_of_a_batch_have_the_gradient_that_was_recorded(name: str) -> None:
    """Another example, or another weight of one, changes it by far more than rounding."""
    group, options = CASES[name]
    chosen = scenario(group, **options)
    result, members = simulate(chosen), batch_members(chosen, 0)
    done = result.groups[0]
    for update in range(int(done.update[-1])):
        for lane, particle in enumerate(done.watched.tolist()):
            theta = np.asarray(done.position[update, particle], np.float64)
            batches = members.of_update(particle, update)
            gradient = np.mean([result.landscape.gradient(theta, batch) for batch in batches], axis=0)
            np.testing.assert_allclose(gradient, done.parts["gradient"][update + 1, lane], rtol=0, atol=1e-13)


def test_an_epoch_uses_every_example_once_and_in_another_order_than_the_last() -> None:
    members = batch_members(scenario({"batch": 3}), 0)
    epochs = []
    for epoch in range(3):
        updates = range(7 * epoch, 7 * epoch + 7)
        epochs.append(np.concatenate([np.concatenate(members.of_update(1, update)) for update in updates]))
        assert sorted(epochs[-1]) == list(range(20))
        for update in updates:
            before = members.of_epoch(1, update)
            np.testing.assert_array_equal(before, epochs[-1][: 3 * (update - 7 * epoch)])
    assert not any(np.array_equal(one, other) for one, other in pairwise(epochs))


def test_an_example_that_is_drawn_twice_is_a_member_twice() -> None:
    members = batch_members(scenario({"batch": 10}, sampling="replacement"), 0)
    assert any(len(set(batch)) < 10 for update in range(20) for batch in members.of_update(0, update))
