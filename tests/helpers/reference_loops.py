"""Straight float64 loops over examples, written from the definitions and sharing no code with the simulator.

Optimizers follow the algorithm boxes of torch.optim; their options have torch's names and defaults, and the
lecture's forms are options too.  Those that torch has not follow their papers.  Each
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
    movement: bool = False,
) -> Array:
    """torch.optim.SGD: the first gradient is not dampened, and without momentum none is.

    The lecture's movement: m = momentum m - lr g, theta += m.
    """
    if weight_decay != 0:
        g = g + weight_decay * theta
    if movement:
        state["m"] = momentum * state["m"] - lr * g if t > 1 else -lr * g
        return theta + state["m"]
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
    root_mean_square: bool = False,
) -> Array:
    """torch.optim.Adagrad; the lecture's root mean square takes the mean of the squares, not the sum."""
    if t == 1:
        state["sum"] = np.full(2, initial_accumulator_value)
    rate = lr / (1 + (t - 1) * lr_decay)
    if weight_decay != 0:
        g = g + weight_decay * theta
    state["sum"] = state["sum"] + g**2
    total = state["sum"] / t if root_mean_square else state["sum"]
    return theta - rate * g / (np.sqrt(total) + eps)


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
    first_value: bool = False,
    raw_momentum: bool = False,
) -> Array:
    """torch.optim.RMSprop; the lecture's sigma starts as the first gradient's size, and divides the momentum."""
    if t == 1:
        state.update(v=np.zeros(2), mean=np.zeros(2), b=np.zeros(2))
    if weight_decay != 0:
        g = g + weight_decay * theta
    state["v"] = g**2 if first_value and t == 1 else alpha * state["v"] + (1 - alpha) * g**2
    variance = state["v"]
    if centered:
        state["mean"] = alpha * state["mean"] + (1 - alpha) * g
        variance = variance - state["mean"] ** 2
    sigma = np.sqrt(variance) + eps
    if raw_momentum:
        state["b"] = momentum * state["b"] + g
        return theta - lr / sigma * state["b"]
    scaled = g / sigma
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
    bias_correction: bool = True,
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
    if not bias_correction:
        return theta - lr * state["m"] / (np.sqrt(v) + eps)
    return theta - lr * (state["m"] / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)


def adamw(
    theta: Array,
    g: Array,
    state: State,
    t: int,
    lr: float,
    *,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 1e-2,
    amsgrad: bool = False,
) -> Array:
    """torch.optim.AdamW: the decay comes before Adam's update, which knows nothing of it."""
    theta = theta - lr * weight_decay * theta
    return adam(theta, g, state, t, lr, betas=betas, eps=eps, amsgrad=amsgrad)


def adamax(
    theta: Array,
    g: Array,
    state: State,
    t: int,
    lr: float,
    *,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> Array:
    """torch.optim.Adamax."""
    if t == 1:
        state.update(m=np.zeros(2), u=np.zeros(2))
    beta1, beta2 = betas
    if weight_decay != 0:
        g = g + weight_decay * theta
    state["m"] = beta1 * state["m"] + (1 - beta1) * g
    state["u"] = np.maximum(beta2 * state["u"], np.abs(g) + eps)
    return theta - lr / (1 - beta1**t) * state["m"] / state["u"]


def nadam(
    theta: Array,
    g: Array,
    state: State,
    t: int,
    lr: float,
    *,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    momentum_decay: float = 4e-3,
    decoupled_weight_decay: bool = False,
) -> Array:
    """torch.optim.NAdam."""
    if t == 1:
        state.update(m=np.zeros(2), v=np.zeros(2), product=np.ones(1))
    beta1, beta2 = betas
    if decoupled_weight_decay:
        theta = theta - lr * weight_decay * theta
    else:
        g = g + weight_decay * theta
    mu, mu_next = (beta1 * (1 - 0.96 ** (k * momentum_decay) / 2) for k in (t, t + 1))
    state["product"] = state["product"] * mu
    state["m"] = beta1 * state["m"] + (1 - beta1) * g
    state["v"] = beta2 * state["v"] + (1 - beta2) * g**2
    m = mu_next * state["m"] / (1 - state["product"] * mu_next) + (1 - mu) * g / (1 - state["product"])
    return theta - lr * m / (np.sqrt(state["v"] / (1 - beta2**t)) + eps)


def radam(
    theta: Array,
    g: Array,
    state: State,
    t: int,
    lr: float,
    *,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    decoupled_weight_decay: bool = False,
) -> Array:
    """torch.optim.RAdam."""
    if t == 1:
        state.update(m=np.zeros(2), v=np.zeros(2))
    beta1, beta2 = betas
    if decoupled_weight_decay:
        theta = theta - lr * weight_decay * theta
    else:
        g = g + weight_decay * theta
    state["m"] = beta1 * state["m"] + (1 - beta1) * g
    state["v"] = beta2 * state["v"] + (1 - beta2) * g**2
    m = state["m"] / (1 - beta1**t)
    most = 2 / (1 - beta2) - 1
    rho = most - 2 * t * beta2**t / (1 - beta2**t)
    if rho <= 5:
        return theta - lr * m
    r = np.sqrt((rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho))
    return theta - lr * m * r * np.sqrt(1 - beta2**t) / (np.sqrt(state["v"]) + eps)


def adadelta(
    theta: Array,
    g: Array,
    state: State,
    t: int,
    lr: float,
    *,
    rho: float = 0.9,
    eps: float = 1e-6,
    weight_decay: float = 0.0,
) -> Array:
    """torch.optim.Adadelta."""
    if t == 1:
        state.update(v=np.zeros(2), u=np.zeros(2))
    if weight_decay != 0:
        g = g + weight_decay * theta
    state["v"] = rho * state["v"] + (1 - rho) * g**2
    movement = np.sqrt((state["u"] + eps) / (state["v"] + eps)) * g
    state["u"] = rho * state["u"] + (1 - rho) * movement**2
    return theta - lr * movement


def rprop(
    theta: Array,
    g: Array,
    state: State,
    t: int,
    lr: float,
    *,
    etas: tuple[float, float] = (0.5, 1.2),
    step_sizes: tuple[float, float] = (1e-6, 50.0),
) -> Array:
    """torch.optim.Rprop: after a change of sign the gradient counts as 0, then and in the next comparison."""
    if t == 1:
        state.update(last=np.zeros(2), size=np.full(2, lr))
    same = np.sign(g * state["last"])
    state["size"] = np.clip(state["size"] * np.choose(1 + same.astype(int), [etas[0], 1.0, etas[1]]), *step_sizes)
    state["last"] = np.where(same < 0, 0.0, g)
    return theta - state["size"] * np.sign(state["last"])


def asgd(
    theta: Array,
    g: Array,
    state: State,
    t: int,
    lr: float,
    *,
    lambd: float = 1e-4,
    alpha: float = 0.75,
    t0: float = 1e6,
    weight_decay: float = 0.0,
) -> Array:
    """torch.optim.ASGD: rate and share of the average are set after an update, for the next one."""
    if t == 1:
        state.update(ax=np.zeros(2), eta=np.array(lr), mu=np.ones(1))
    if weight_decay != 0:
        g = g + weight_decay * theta
    theta = theta - state["eta"] * (lambd * theta + g)
    state["ax"] = state["ax"] + state["mu"] * (theta - state["ax"])
    state["eta"] = np.array(lr / (1 + lambd * lr * t) ** alpha)
    state["mu"] = np.array(1 / max(1.0, t - t0))
    return theta


def lion(
    theta: Array,
    g: Array,
    state: State,
    t: int,
    lr: float,
    *,
    betas: tuple[float, float] = (0.9, 0.99),
    weight_decay: float = 0.0,
) -> Array:
    """Chen et al. 2023, arXiv:2302.06675, algorithm 2."""
    if t == 1:
        state["m"] = np.zeros(2)
    beta1, beta2 = betas
    c = beta1 * state["m"] + (1 - beta1) * g
    state["m"] = beta2 * state["m"] + (1 - beta2) * g
    return theta - lr * (np.sign(c) + weight_decay * theta)


def yogi(
    theta: Array,
    g: Array,
    state: State,
    t: int,
    lr: float,
    *,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-3,
    weight_decay: float = 0.0,
    initial_accumulator_value: float = 1e-6,
    bias_correction: bool = True,
) -> Array:
    """Zaheer et al. 2018, algorithm 2, which corrects no bias."""
    if t == 1:
        state.update(m=np.zeros(2), v=np.full(2, initial_accumulator_value))
    if bias_correction:
        raise NotImplementedError("stored paths have the bias correction")
    g = g + weight_decay * theta
    state["m"] = betas[0] * state["m"] + (1 - betas[0]) * g
    state["v"] = state["v"] - (1 - betas[1]) * np.sign(state["v"] - g**2) * g**2
    return theta - lr * state["m"] / (np.sqrt(state["v"]) + eps)


def signsgd(
    theta: Array,
    g: Array,
    state: State,
    t: int,
    lr: float,
    *,
    momentum: float = 0.0,
    weight_decay: float = 0.0,
) -> Array:
    """Bernstein et al. 2018, arXiv:1802.04434, algorithm 1, and with momentum algorithm 2 (Signum)."""
    if t == 1:
        state["m"] = np.zeros(2)
    g = g + weight_decay * theta
    state["m"] = momentum * state["m"] + (1 - momentum) * g
    return theta - lr * np.sign(state["m"])


def saddle_loss(theta: Array, down: float = 1.0, up: float = 1.0) -> float:
    """x^4 / 4 - down x^2 / 2 + up y^2 / 2."""
    x, y = theta
    return float(x**4 / 4 - down * x**2 / 2 + up * y**2 / 2)


def saddle_gradient(theta: Array, down: float = 1.0, up: float = 1.0) -> Array:
    """(x^3 - down x, up y)."""
    x, y = theta
    return np.array([x**3 - down * x, up * y])


def saddle_hessian(theta: Array, down: float = 1.0, up: float = 1.0) -> Array:
    """Second derivatives, shape (2, 2)."""
    return np.diag([3 * theta[0] ** 2 - down, up])


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


def wells_hessian(theta: Array, wells: Wells, bowl: float) -> Array:
    """bowl I + sum of depth / width^2 exp(...) (I - away away^T / width^2)."""
    total = bowl * np.eye(2)
    for at, depth, width in wells:
        away = theta - np.array(at)
        pull = depth / width**2 * np.exp(-(away @ away) / (2 * width**2))
        total = total + pull * (np.eye(2) - np.outer(away, away) / width**2)
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


def quadratic_bowl_hessian(_theta: Array, condition: float = 10.0, sharpness: float = 1.0, angle: float = 0.0) -> Array:
    """H, wherever theta is."""
    return _bowl_matrix(condition, sharpness, angle)


def rosenbrock_loss(theta: Array, a: float = 1.0, b: float = 100.0) -> float:
    """(a - x)^2 + b (y - x^2)^2."""
    x, y = theta
    return float((a - x) ** 2 + b * (y - x**2) ** 2)


def rosenbrock_gradient(theta: Array, a: float = 1.0, b: float = 100.0) -> Array:
    """(-2 (a - x) - 4 b x (y - x^2), 2 b (y - x^2))."""
    x, y = theta
    return np.array([-2 * (a - x) - 4 * b * x * (y - x**2), 2 * b * (y - x**2)])


def rosenbrock_hessian(theta: Array, b: float = 100.0, **_floor: float) -> Array:
    """Second derivatives, shape (2, 2)."""
    x, y = theta
    return np.array([[2 - 4 * b * (y - 3 * x**2), -4 * b * x], [-4 * b * x, 2 * b]])


def expression_gradient(theta: Array, **_settings: Any) -> Array:
    """(x^3 - x, y), of the default formula (x^2 - 1)^2 / 4 + y^2 / 2."""
    return np.array([theta[0] ** 3 - theta[0], theta[1]])


def expression_hessian(theta: Array, **_settings: Any) -> Array:
    """Second derivatives of the default formula, shape (2, 2)."""
    return np.diag([3 * theta[0] ** 2 - 1, 1])


def linear_regression_loss(theta: Array, row: Array) -> float:
    """(w input + b - target)^2 / 2; row is (input, target)."""
    return float((theta[0] * row[0] + theta[1] - row[1]) ** 2 / 2)


def linear_regression_gradient(theta: Array, row: Array) -> Array:
    """(w input + b - target) (input, 1)."""
    residual = theta[0] * row[0] + theta[1] - row[1]
    return np.array([residual * row[0], residual])


def linear_regression_hessian(_theta: Array, row: Array) -> Array:
    """The outer product of (input, 1) with itself, wherever theta is."""
    direction = np.array([row[0], 1.0])
    return np.outer(direction, direction)


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
