"""The stationary variance of SGD, with whole batches and with a last, smaller one, against theory."""

from typing import Any

import numpy as np
import pytest

from errsurf import scenario_from, simulate
from errsurf.scenario.uneven import uneven_batches
from helpers.command_line import CommandLine

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


@pytest.mark.parametrize("batch", [4, 20])
def test_matched_noise_follows_the_sampling(batch: int) -> None:
    """With replacement its variance is that of C / B, also where a batch is as large as all examples."""
    noise = {"noise": {"kind": "matched", "batch": batch}, "batch": "full"}
    drawn, tilt = ends("replacement", **noise)
    expected = heavy_ball(tilt.var(axis=0) / batch, 0.0)
    assert np.abs((drawn.var(axis=0) / expected - 1) / np.sqrt(2 / PARTICLES)).max() < 4
    kept, _ = ends("reshuffle", **noise)
    share = (EXAMPLES - batch) / (EXAMPLES - 1)
    assert np.abs(kept.var(axis=0) - share * expected).max() < 4 * np.sqrt(2 / PARTICLES) * expected.max()


def test_matched_noise_lacks_what_a_shuffle_takes_back() -> None:
    """In each epoch a shuffle uses all examples once; independent noise of the same size does not cancel."""
    matched, tilt = ends("reshuffle", noise={"kind": "matched", "batch": 4}, batch="full")
    shuffled, _ = ends("reshuffle", batch=4)
    ratio = float((matched.var(axis=0) / shuffled.var(axis=0)).mean())
    exact = float((heavy_ball(tilt.var(axis=0) / 4, 0.0) * 16 / 19 / reshuffled(tilt, [4] * 5)).mean())
    assert abs(ratio / exact - 1) < 4 * 2 / np.sqrt(2 * PARTICLES)
    assert 9.0 < exact < 9.1  # as the settings' docstring says


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "the last batch of an epoch has 2 examples, each of which weighs 1.5 times as much"),
        ({"optimizer.batch": 4}, ""),
        ({"optimizer.batch": "full"}, ""),
        ({"optimizer.batch": 19}, "has 1 example, each of which weighs 19 times as much"),
        ({"optimizer.batch": 5, "optimizer.accumulate": 3}, "the last update of an epoch has 5 examples, each"),
        ({"run.sampling": "replacement"}, ""),
        ({"run.sampling": {"drop_last": True}}, ""),
        ({"optimizer.changes": [{"after": 5, "batch": 20}]}, "sgd, batch 3: the last batch"),
    ],
)
def test_a_smaller_last_batch_is_said(changes: dict[str, Any], words: str) -> None:
    tables = {
        "surface": {"kind": "saddle", "examples": 20},
        "run": {"updates": 9},
        "optimizer": [{"kind": "sgd", "batch": 3}],
    }
    said = uneven_batches(scenario_from(tables, changes=changes))
    assert words in said
    assert bool(words) == bool(said)


def test_check_and_run_warn_once(errsurf: CommandLine) -> None:
    text = 'surface = { kind = "saddle" }\nrun = { updates = 9 }\nswarm = { particles = 4 }\n'
    groups = [f'[[optimizer]]\nkind = "sgd"\nlabel = "{k}"\nbatch = {k + 3}\n' for k in range(4)]
    errsurf.file(text + "".join(groups))
    for command in (["check"], ["run", "--no-pictures"]):
        assert errsurf(command[0], "small.toml", *command[1:]) == 0
        assert errsurf.err.count("run.sampling.drop_last = true leaves it out") == 1
    assert errsurf("run", "small.toml", "--no-pictures", "--quiet") == 0
    assert "drop_last" not in errsurf.err
