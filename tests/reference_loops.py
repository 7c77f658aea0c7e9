"""Straight float64 loops over examples, written from the definitions and sharing no code with the simulator.

Optimizers follow the algorithm boxes of torch.optim; their options have torch's names and defaults.  Each
takes theta, the gradient, a dict that it may write to (empty at the start), the update's number t = 1, 2, ...
and the scheduled rate, and returns the new theta.  theta and gradients are arrays of shape (2,).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Rule = Callable[..., Array]
State = dict[str, Array]


def sgd(
    theta: Array,
    g: Array,
    state: State,
    t: int,
    lr: float,
    *,
    momentum: float = 0.0,
    dampening: float = 0.0,
    weight_decay: float = 0.0,
    nesterov: bool = False,
) -> Array:
    """torch.optim.SGD: the first gradient is not dampened, and without momentum none is."""
    if weight_decay != 0:
        g = g + weight_decay * theta
    if momentum != 0:
        if t == 1:
            state["b"] = g
        else:
            state["b"] = momentum * state["b"] + (1 - dampening) * g
        g = g + momentum * state["b"] if nesterov else state["b"]
    return theta - lr * g


def adagrad(
    theta: Array,
    g: Array,
    state: State,
    t: int,
    lr: float,
    *,
    lr_decay: float = 0.0,
    weight_decay: float = 0.0,
    initial_accumulator_value: float = 0.0,
    eps: float = 1e-10,
) -> Array:
    """torch.optim.Adagrad."""
    if t == 1:
        state["sum"] = np.full(2, initial_accumulator_value)
    rate = lr / (1 + (t - 1) * lr_decay)
    if weight_decay != 0:
        g = g + weight_decay * theta
    state["sum"] = state["sum"] + g**2
    return theta - rate * g / (np.sqrt(state["sum"]) + eps)


def rmsprop(
    theta: Array,
    g: Array,
    state: State,
    t: int,
    lr: float,
    *,
    alpha: float = 0.99,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    momentum: float = 0.0,
    centered: bool = False,
) -> Array:
    """torch.optim.RMSprop."""
    if t == 1:
        state.update(v=np.zeros(2), mean=np.zeros(2), b=np.zeros(2))
    if weight_decay != 0:
        g = g + weight_decay * theta
    state["v"] = alpha * state["v"] + (1 - alpha) * g**2
    variance = state["v"]
    if centered:
        state["mean"] = alpha * state["mean"] + (1 - alpha) * g
        variance = variance - state["mean"] ** 2
    scaled = g / (np.sqrt(variance) + eps)
    if momentum > 0:
        state["b"] = momentum * state["b"] + scaled
        return theta - lr * state["b"]
    return theta - lr * scaled


def adam(
    theta: Array,
    g: Array,
    state: State,
    t: int,
    lr: float,
    *,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    amsgrad: bool = False,
) -> Array:
    """torch.optim.Adam; with amsgrad the largest mean square is kept before its correction."""
    if t == 1:
        state.update(m=np.zeros(2), v=np.zeros(2), largest=np.zeros(2))
    beta1, beta2 = betas
    if weight_decay != 0:
        g = g + weight_decay * theta
    state["m"] = beta1 * state["m"] + (1 - beta1) * g
    state["v"] = beta2 * state["v"] + (1 - beta2) * g**2
    v = state["v"]
    if amsgrad:
        v = state["largest"] = np.maximum(state["largest"], v)
    return theta - lr * (state["m"] / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)


def saddle_loss(theta: Array, down: float = 1.0, up: float = 1.0) -> float:
    """x^4 / 4 - down x^2 / 2 + up y^2 / 2."""
    x, y = theta
    return float(x**4 / 4 - down * x**2 / 2 + up * y**2 / 2)


def saddle_gradient(theta: Array, down: float = 1.0, up: float = 1.0) -> Array:
    """(x^3 - down x, up y)."""
    x, y = theta
    return np.array([x**3 - down * x, up * y])


Wells = Sequence[tuple[tuple[float, float], float, float]]


def wells_loss(theta: Array, wells: Wells, bowl: float) -> float:
    """bowl |theta|^2 / 2 - sum of depth exp(-|theta - at|^2 / (2 width^2)); wells are (at, depth, width)."""
    total = bowl * float(theta @ theta) / 2
    for at, depth, width in wells:
        away = theta - np.array(at)
        total -= depth * float(np.exp(-(away @ away) / (2 * width**2)))
    return total


def wells_gradient(theta: Array, wells: Wells, bowl: float) -> Array:
    """bowl theta + sum of depth / width^2 exp(...) (theta - at)."""
    total = bowl * theta
    for at, depth, width in wells:
        away = theta - np.array(at)
        total = total + depth / width**2 * np.exp(-(away @ away) / (2 * width**2)) * away
    return total


def _bowl_matrix(condition: float, sharpness: float, angle: float) -> Array:
    a = np.deg2rad(angle)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    matrix: Array = turn @ np.diag([sharpness / condition, sharpness]) @ turn.T
    return matrix


def quadratic_bowl_loss(theta: Array, condition: float = 10.0, sharpness: float = 1.0, angle: float = 0.0) -> float:
    """theta . H theta / 2, curvature sharpness / condition along angle (degrees) and sharpness across."""
    return float(theta @ _bowl_matrix(condition, sharpness, angle) @ theta) / 2


def quadratic_bowl_gradient(theta: Array, condition: float = 10.0, sharpness: float = 1.0, angle: float = 0.0) -> Array:
    """H theta."""
    return _bowl_matrix(condition, sharpness, angle) @ theta


def rosenbrock_loss(theta: Array, a: float = 1.0, b: float = 100.0) -> float:
    """(a - x)^2 + b (y - x^2)^2."""
    x, y = theta
    return float((a - x) ** 2 + b * (y - x**2) ** 2)


def rosenbrock_gradient(theta: Array, a: float = 1.0, b: float = 100.0) -> Array:
    """(-2 (a - x) - 4 b x (y - x^2), 2 b (y - x^2))."""
    x, y = theta
    return np.array([-2 * (a - x) - 4 * b * x * (y - x**2), 2 * b * (y - x**2)])


def linear_regression_loss(theta: Array, row: Array) -> float:
    """(w input + b - target)^2 / 2; row is (input, target)."""
    return float((theta[0] * row[0] + theta[1] - row[1]) ** 2 / 2)


def linear_regression_gradient(theta: Array, row: Array) -> Array:
    """(w input + b - target) (input, 1)."""
    residual = theta[0] * row[0] + theta[1] - row[1]
    return np.array([residual * row[0], residual])


def example_loss(loss: Callable[[Array], float], theta: Array, scale: float, shift: Array, tilt: Array) -> float:
    """The generic example: scale f(theta - shift) + tilt . theta."""
    return scale * loss(theta - shift) + float(tilt @ theta)


def example_gradient(
    gradient: Callable[[Array], Array], theta: Array, scale: float, shift: Array, tilt: Array
) -> Array:
    """Gradient of the generic example: scale grad f(theta - shift) + tilt."""
    return scale * gradient(theta - shift) + tilt


def trajectory(
    optimizer: Rule,
    settings: Mapping[str, Any],
    rates: Sequence[float] | Array,
    gradient: Callable[[Array, int], Array],
    batches: Sequence[Sequence[Sequence[int]]],
    theta0: Sequence[float] | Array,
) -> Array:
    """Theta before the first update and after each, shape (updates + 1, 2).

    ``gradient(theta, i)`` is example i's gradient; ``batches[t]`` lists the accumulated batches of update
    t, each a list of example indices: the gradients are averaged in each batch, then over the batches.
    ``settings`` are the optimizer's options; an ``lr`` among them gives way to ``rates[t]``.
    """
    options = {name: value for name, value in settings.items() if name != "lr"}
    theta = np.array(theta0, dtype=np.float64)
    path = [theta]
    state: State = {}
    for t, lr in enumerate(rates):
        g = np.zeros(2)
        for batch in batches[t]:
            mean = np.zeros(2)
            for i in batch:
                mean = mean + gradient(theta, i)
            g = g + mean / len(batch)
        theta = optimizer(theta, g / len(batches[t]), state, t + 1, float(lr), **options)
        path.append(theta)
    return np.array(path)
