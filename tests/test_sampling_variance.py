"""The stationary variance of SGD, with whole batches and with a last, smaller one, against theory."""

from typing import Any

import numpy as np
import pytest

from errsurf import scenario_from, simulate

LR, PARTICLES, EXAMPLES = 0.2, 20_000, 20


def ends(sampling: Any, updates: int = 120, **group: Any) -> Any:
    """Where particles are in the end on a bowl whose examples differ by their tilts: (particles, 2), and the tilts."""
    tables = {
        "seed": 3,
        "surface": {
            "kind": "quadratic_bowl",
            "condition": 1.0,
            "examples": EXAMPLES,
            "tilt": 1.0,
        },
        "swarm": {"particles": PARTICLES, "start": "point", "at": [0.0, 0.0]},
        "run": {"updates": updates, "frames": 2, "losses": False, "precision": "float64", "sampling": sampling},
        "optimizer": [{"kind": "sgd", "lr": LR, "batch": 3} | group],
    }
    result = simulate(scenario_from(tables))
    columns = list(result.landscape.problem.columns)
    tilt = result.landscape.problem.train[:, [columns.index("tilt_x"), columns.index("tilt_y")]]
    return result.groups[0].position[-1], tilt


def heavy_ball(variance: Any, momentum: float) -> Any:
    """Stationary variance on a bowl of curvature 1 with independent gradients of this variance."""
    return LR * variance * (1 + momentum) / ((1 - momentum) * (2 * (1 + momentum) - LR))


@pytest.mark.parametrize("group", [{}, {"momentum": 0.5}, {"accumulate": 2}, {"batch": 20}], ids=str)
def test_batches_with_replacement_are_whole(group: dict[str, Any]) -> None:
    """At B = 3 and N = 20 a last batch of 2 examples would raise the variance by 7 to 12%."""
    found, tilt = ends("replacement", **group)
    size = group.get("batch", 3) * group.get("accumulate", 1)
    expected = heavy_ball(tilt.var(axis=0) / size, group.get("momentum", 0.0))
    z = (found.var(axis=0) / expected - 1) / np.sqrt(2 / PARTICLES)
    assert np.abs(z).max() < 4


def reshuffled(tilt: Any, sizes: list[int]) -> Any:
    """Exact stationary variance at the end of an epoch of updates with batches of these sizes, without replacement."""
    decay = 1 - LR
    weights = np.concatenate([np.full(n, LR / n * decay ** (len(sizes) - 1 - k)) for k, n in enumerate(sizes)])
    weights = np.append(weights, np.zeros(EXAMPLES - len(weights)))
    one = tilt.var(axis=0) * EXAMPLES / (EXAMPLES - 1) * ((weights**2).sum() - weights.sum() ** 2 / EXAMPLES)
    return one / (1 - decay ** (2 * len(sizes)))


@pytest.mark.parametrize("drop", [True, False])
def test_a_last_batch_may_be_left_out(drop: bool) -> None:
    sizes = [3] * 6 + [2] * (not drop)
    found, tilt = ends({"kind": "reshuffle", "drop_last": drop}, 20 * len(sizes))
    z = (found.var(axis=0) / reshuffled(tilt, sizes) - 1) / np.sqrt(2 / PARTICLES)
    assert np.abs(z).max() < 4
    other = reshuffled(tilt, [3] * 6 + [2] * drop)
    assert np.abs(found.var(axis=0) / other - 1).max() > 0.1
