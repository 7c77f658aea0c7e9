"""The scripts of ``examples/``, without the packages that they train networks with."""

import importlib.util
import shutil
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from errsurf import read_scenario, simulate

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("slice_of_a_network", EXAMPLES / "slice_of_a_network.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def small_network(script: ModuleType) -> tuple[object, object]:
    random = np.random.default_rng(1)
    sizes = (64, 5, 4, 10)
    weights = [random.normal(size=pair) for pair in pairwise(sizes)]
    network = script.Network(weights, [random.normal(size=size) for size in sizes[1:]])
    return network, script.Digits(random.random((7, 64)), random.integers(0, 10, 7))


def test_losses_are_cross_entropies(script: ModuleType) -> None:
    network, data = small_network(script)
    for k, loss in enumerate(script.losses(network, data)):
        signal = data.images[k]
        for weights, biases in zip(network.weights, network.biases, strict=True):
            scores = signal @ weights + biases
            signal = np.tanh(scores)
        shares = np.exp(scores) / np.exp(scores).sum()
        assert loss == pytest.approx(-np.log(shares[data.labels[k]]))


def test_every_neuron_of_a_direction_is_as_long_as_its_weights(script: ModuleType) -> None:
    network, data = small_network(script)
    plane = tuple(script.direction(network, np.random.default_rng(seed)) for seed in (2, 3))
    for weights, along, up in zip(network.weights, *plane, strict=True):
        for part in (along, up):
            np.testing.assert_allclose(np.linalg.norm(part, axis=0), np.linalg.norm(weights, axis=0))
        assert abs(np.sum(along * up)) < 0.9 * np.sum(along**2)
    at = np.linspace(-1, 1, 5)
    cut = script.slice_of(network, plane, at, data)
    assert cut.shape == (7, 5, 5)
    np.testing.assert_allclose(cut[:, 2, 2], script.losses(network, data))
    np.testing.assert_allclose(cut[:, 1, 4], script.losses(script.moved(network, plane, 1.0, -0.5), data))


def test_the_scenario_of_a_slice_runs(script: ModuleType, tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "slice_of_a_network.toml", tmp_path)
    at = np.linspace(-script.REACH, script.REACH, 15)
    bowl = at**2 + at[:, None] ** 2
    noise = np.random.default_rng(4).normal(scale=0.1, size=(2, 20, 15, 15))
    np.savez(tmp_path / "slice_of_a_network.npz", x=at, y=at, loss=bowl + noise[0], test_loss=bowl + noise[1])
    scenario = read_scenario(tmp_path / "slice_of_a_network.toml", {"swarm.particles": 16, "run.updates": 300})
    result = simulate(scenario)
    assert [group.label for group in result.groups] == ["full batch", "batch 2", "batch 1"]
    for group in result.groups:
        assert group.train_loss[-1].mean() < group.train_loss[0].mean() / 2
        assert (group.test_loss != group.train_loss).all()
