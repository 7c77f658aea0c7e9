"""What gradient descent follows in continuous time: the gradient flow, with momentum too, and the central flow."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from errsurf.analysis import eigenvalues
from errsurf.engine.landscape import Landscape

Array = NDArray[np.float64]
STEPS_AN_UPDATE = 4
SHIFT = 1e-4


def gradient_flow(landscape: Landscape, start: Sequence[float], lr: Array, momentum: float = 0.0) -> Array:
    """Points (updates + 1, 2) of the flow from ``start`` at the times of updates with the rates ``lr`` (updates,).

    ``theta' = -gradient``; with momentum ``theta' = -b, b' = (gradient - (1 - momentum) b) / lr``, whose
    semi-implicit Euler steps of length lr are the updates (Su, Boyd, Candes 2016, JMLR 17, 153; Kovachki, Stuart 2021,
    JMLR 22, 17).  NaN once the flow is no longer finite.

    Examples:
        >>> import errsurf
        >>> from errsurf.run_analysis.flows import gradient_flow
        >>> bowl = errsurf.surface("quadratic_bowl", sharpness=1.0, condition=1.0)
        >>> gradient_flow(bowl, [1.0, 0.0], np.full(10, 0.1)).round(3)[-1]  # exp(-1) of the way is left
        array([0.368, 0.   ])
    """
    from scipy.integrate import solve_ivp

    times = np.concatenate([[0.0], np.cumsum(lr)])

    def gradient(theta: Array) -> Array:
        found: Array = landscape.gradient(theta[None])[0]
        return found

    def plain(_time: float, state: Array) -> Array:
        return -gradient(state)

    def with_momentum(time: float, state: Array) -> Array:
        rate = lr[min(int(np.searchsorted(times, time, side="right")) - 1, len(lr) - 1)]
        return np.concatenate([-state[2:], (gradient(state[:2]) - (1 - momentum) * state[2:]) / rate])

    first = np.concatenate([start, np.zeros(2 if momentum else 0)])
    right = with_momentum if momentum else plain
    found = solve_ivp(right, (0.0, times[-1]), first, "LSODA", times, rtol=1e-6, atol=1e-9)
    path = np.full((len(times), 2), np.nan)
    path[: found.y.shape[1]] = found.y[:2].T
    return path


def central_flow(landscape: Landscape, start: Sequence[float], lr: Array) -> Array:
    """Points (updates + 1, 2) of the central flow of gradient descent from ``start``, at the times of updates.

    Where the sharpness S is below 2 / lr it is the gradient flow; at 2 / lr the part of the flow that would raise S is
    taken away, along the gradient of S, as the mean of the oscillation does (Cohen et al. 2024, arXiv:2410.24206,
    with one unstable direction).
    """
    theta, path = np.array(start, np.float64), [np.array(start, np.float64)]
    for rate in lr:
        for _ in range(STEPS_AN_UPDATE):
            theta = _central_step(landscape, theta, float(rate), rate / STEPS_AN_UPDATE)
        path.append(theta)
    return np.array(path)


def _central_step(landscape: Landscape, theta: Array, lr: float, time: float) -> Array:
    """A linearly implicit Euler step, then back to where the sharpness is at most 2 / lr."""
    xx, xy, yy = landscape.hessian(theta[None])[0]
    implicit = np.eye(2) + time * np.array([[xx, xy], [xy, yy]])
    moved = theta - time * np.linalg.solve(implicit, landscape.gradient(theta[None])[0])
    sharpness, rise = _sharpness(landscape, moved)
    excess = sharpness - 2 / lr
    if excess > 0 and rise @ rise > 0:
        moved = moved - rise * (excess / (rise @ rise))
    return moved


def _sharpness(landscape: Landscape, theta: Array) -> tuple[float, Array]:
    """The sharpness and its gradient, by central differences of the Hessian."""
    shifts = SHIFT * np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]])
    found = eigenvalues(landscape.hessian(theta + shifts))[:, 1]
    return float(found[0]), (found[1::2] - found[2::2]) / (2 * SHIFT)
