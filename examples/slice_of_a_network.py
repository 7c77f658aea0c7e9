"""Cut a plane out of the loss of a network that reads handwritten digits, for `slice_of_a_network.toml`.

    pip install "errsurf[examples]"
    python examples/slice_of_a_network.py
    errsurf run examples/slice_of_a_network.toml

A network of six narrow layers is trained on the digits that scikit-learn ships.  Around its weights lie two random
directions, each neuron's part as long as the neuron's own weights ("filter normalization", Li et al. 2018,
arXiv:1712.09913, section 4; biases stay).  At every node of a grid in their plane the loss of each digit is written
into slice_of_a_network.npz: `loss` for training digits and `test_loss` for digits that the network never saw.

Most planes through a small network show one basin.  Of 50 random planes the one with the lowest second minimum is
taken, so that there is something to get stuck in: a slice chosen to teach, not a typical one.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LAYERS = (10,) * 6
TRAINED_ON, TRAIN, TEST = 1200, 200, 200
REACH, NODES, COARSE = 1.2, 81, 25
PLANES = 50


class Network(NamedTuple):
    """Weights (inputs, outputs) and biases (outputs,) of every layer; tanh between layers, softmax at the end."""

    weights: Sequence[Array]
    biases: Sequence[Array]


class Digits(NamedTuple):
    """Images (n, 64) from 0 to 1, and what they show (n,)."""

    images: Array
    labels: NDArray[np.int64]


def digits() -> tuple[Digits, Digits]:
    """Digits to train on, and others."""
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    cut = TRAINED_ON
    return Digits(images[:cut] / 16, labels[:cut]), Digits(images[cut:] / 16, labels[cut:])


def trained(data: Digits) -> Network:
    """A network that knows the digits."""
    from sklearn.neural_network import MLPClassifier

    found = MLPClassifier(LAYERS, activation="tanh", alpha=0.2, max_iter=600, random_state=0)
    with catch_warnings():
        simplefilter("ignore")  # 600 passes are enough here, though the loss still falls a little
        found.fit(data.images, data.labels)
    return Network(found.coefs_, found.intercepts_)


def losses(network: Network, data: Digits) -> Array:
    """Cross entropy of each digit, shape (n,)."""
    signal = data.images
    for weights, biases in zip(network.weights[:-1], network.biases[:-1], strict=True):
        signal = np.tanh(signal @ weights + biases)
    scores = signal @ network.weights[-1] + network.biases[-1]
    scores -= scores.max(axis=1, keepdims=True)
    loss: Array = np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(data.labels)), data.labels]
    return loss


def direction(network: Network, random: np.random.Generator) -> list[Array]:
    """A random direction for the weights, in which every neuron's part is as long as the neuron's weights."""
    drawn = [random.normal(size=weights.shape) for weights in network.weights]
    return [
        part * np.linalg.norm(weights, axis=0) / np.linalg.norm(part, axis=0)
        for part, weights in zip(drawn, network.weights, strict=True)
    ]


def moved(network: Network, plane: Sequence[list[Array]], x: float, y: float) -> Network:
    """The network at a point of the plane."""
    parts = zip(network.weights, *plane, strict=True)
    return network._replace(weights=[weights + x * along + y * up for weights, along, up in parts])


def slice_of(network: Network, plane: Sequence[list[Array]], at: Array, data: Digits) -> Array:
    """Losses of each digit on the grid at x at, shape (digits, nodes, nodes)."""
    rows = [[losses(moved(network, plane, x, y), data) for x in at] for y in at]
    return np.moveaxis(np.array(rows), -1, 0)


def minima(mean: Array) -> list[float]:
    """Mean losses, from the lowest, of the nodes that lie lower than all others at most two nodes away."""
    around: Any = np.lib.stride_tricks.sliding_window_view(mean, (5, 5))
    inner = mean[2:-2, 2:-2]
    return sorted(inner[inner == around.min(axis=(2, 3))].tolist())


def plane_of_two_basins(network: Network, data: Digits) -> tuple[list[Array], list[Array]]:
    """Of PLANES random planes the one whose second minimum is lowest."""
    at = np.linspace(-REACH, REACH, COARSE)

    def second_minimum(plane: Sequence[list[Array]]) -> float:
        found = minima(slice_of(network, plane, at, data).mean(axis=0))
        return found[1] if len(found) > 1 else np.inf

    randoms = [np.random.default_rng(seed) for seed in range(PLANES)]
    return min(((direction(network, random), direction(network, random)) for random in randoms), key=second_minimum)


def main() -> None:
    """Train, cut and write."""
    train, test = digits()
    network = trained(train)
    train, test = (Digits(data.images[:n], data.labels[:n]) for data, n in ((train, TRAIN), (test, TEST)))
    plane = plane_of_two_basins(network, train)
    at = np.linspace(-REACH, REACH, NODES)
    seen, unseen = (slice_of(network, plane, at, data).astype(np.float32) for data in (train, test))
    lowest = minima(seen.mean(axis=0))
    file = Path(__file__).with_suffix(".npz")
    labels = {"x_label": np.array("direction 1"), "y_label": np.array("direction 2")}
    np.savez_compressed(file, x=at, y=at, loss=seen, test_loss=unseen, **labels)
    print(f"{file}: {file.stat().st_size / 1e6:.1f} MB; minima of the mean loss: {np.round(lowest, 2)}")


if __name__ == "__main__":
    main()
