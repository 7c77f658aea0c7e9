"""The learning rate of every update: a warmup, then one of the decays of torch.optim.lr_scheduler.

With w updates of warmup and its first factor f, the rate of update t = 0, 1, ... is

    lr (f + (1 - f) t / w)    while t < w, linear: LinearLR(start_factor=f, total_iters=w);
    lr f                      while t < w, constant: ConstantLR(factor=f, total_iters=w);
    lr f^(1 - t / w)          while t < w, exponential: equal ratios;
    decay(t - w, lr)          from update w on.

In torch's words: SequentialLR of the warmup and the decay with milestone w, stepped once an update.  The
names, ranges and defaults of the settings stand in ``errsurf.scenario.schedule``.
"""

from inspect import signature
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from errsurf.scenario.schedule import AnySchedule

Array = NDArray[np.float64]


def constant(s: Array, lr: float) -> Array:
    """``lr``."""
    return np.full(len(s), lr)


def linear(s: Array, lr: float, end_factor: float, total: int) -> Array:
    """``lr (1 + (end_factor - 1) min(s, total) / total)``, as LinearLR from 1 to end_factor."""
    return lr * (1 + (end_factor - 1) * np.minimum(s, total) / total)


def exponential(s: Array, lr: float, gamma: float) -> Array:
    """``lr gamma^s``, as ExponentialLR."""
    return lr * gamma**s


def step(s: Array, lr: float, step_size: int, gamma: float) -> Array:
    """``lr gamma^floor(s / step_size)``, as StepLR."""
    return lr * gamma ** (s // step_size)


def multi_step(s: Array, lr: float, milestones: tuple[int, ...], gamma: float) -> Array:
    """``lr gamma^(number of milestones <= s)``, as MultiStepLR."""
    return lr * gamma ** np.searchsorted(np.sort(milestones), s, side="right").astype(np.float64)


def cosine(s: Array, lr: float, T_max: int, eta_min: float) -> Array:  # noqa: N803
    """``eta_min + (lr - eta_min) (1 + cos(pi s / T_max)) / 2``, as CosineAnnealingLR; it rises again after T_max."""
    return eta_min + (lr - eta_min) * (1 + np.cos(np.pi * s / T_max)) / 2


def cosine_restarts(s: Array, lr: float, T_0: int, T_mult: int, eta_min: float) -> Array:  # noqa: N803
    """``cosine(s - r, lr, T_0 T_mult^k)`` from the k-th restart r, as CosineAnnealingWarmRestarts."""
    restarts = [0]
    while restarts[-1] < len(s):
        restarts.append(T_0 + T_mult * restarts[-1])
    last = np.searchsorted(restarts, s, side="right") - 1
    share: Array = (s - np.take(restarts, last)) / np.take(np.diff(restarts), last)
    return eta_min + (lr - eta_min) * (1 + np.cos(np.pi * share)) / 2


def polynomial(s: Array, lr: float, power: float, total: int) -> Array:
    """``lr (1 - min(s, total) / total)^power``, as PolynomialLR."""
    return lr * (1 - np.minimum(s, total) / total) ** power


def inverse_sqrt(s: Array, lr: float, t0: int) -> Array:
    """``lr sqrt(t0 / (t0 + s))``; with t0 = warmup + 1 the rate of Vaswani et al. 2017, equation (3)."""
    return lr * np.sqrt(t0 / (t0 + s))


def one_cycle(
    s: Array,
    lr: float,
    total: int,
    pct_start: float,
    anneal_strategy: str,
    div_factor: float,
    final_div_factor: float,
    three_phase: bool,
) -> Array:
    """``lr / div_factor`` to ``lr`` at s = pct_start total - 1, then down, as OneCycleLR with max_lr = lr."""
    low, peak = lr / div_factor, pct_start * total - 1
    turns = [(0.0, low), (peak, lr), *([(2 * peak, low)] if three_phase else []), (total - 1, low / final_div_factor)]
    t = np.minimum(s, total - 1)
    phases = []
    for (start, first), (end, last) in pairwise(turns):
        share = (t - start) / (end - start or 1)
        left = (1 + np.cos(np.pi * share)) / 2 if anneal_strategy == "cos" else 1 - share
        phases.append(last + (first - last) * left)
    return np.select([t <= end for end, _ in turns[1:-1]], phases[:-1], phases[-1])


def cyclic(
    s: Array, lr: float, base_factor: float, step_size_up: int, step_size_down: int, mode: str, gamma: float
) -> Array:
    """``lr (b + (1 - b) height(s))``, b = base_factor, height from 0 to 1 and back, as CyclicLR with max_lr = lr."""
    cycle, since = np.divmod(s, step_size_up + step_size_down)
    height = np.minimum(since / step_size_up, (step_size_up + step_size_down - since) / step_size_down)
    scale = {"triangular": np.ones(len(s)), "triangular2": 0.5**cycle, "exp_range": gamma**s}[mode]
    return lr * (base_factor + (1 - base_factor) * height * scale)


def piecewise(s: Array, lr: float, points: tuple[tuple[int, float], ...]) -> Array:
    """``lr`` times the straight line between the points around s; before and after them, the nearest point."""
    table = np.array(points, np.float64)
    return lr * np.interp(s, table[:, 0], table[:, 1])


DECAYS = {
    decay.__name__: decay
    for decay in (
        constant,
        linear,
        exponential,
        step,
        multi_step,
        cosine,
        cosine_restarts,
        polynomial,
        inverse_sqrt,
        one_cycle,
        cyclic,
        piecewise,
    )
}


def decay_settings(decay: str) -> tuple[str, ...]:
    """Names of the settings that this decay takes; KeyError if there is no such decay."""
    return tuple(signature(DECAYS[decay]).parameters)[2:]


def rates(schedule: AnySchedule, lr: float, updates: int) -> Array:
    """Learning rate of updates 0 to updates - 1, float64 of shape (updates,).

    The schedule is that of a scenario: durations are counted in updates, and no setting is None.
    """
    settings, t = schedule._asdict(), np.arange(updates, dtype=np.float64)
    warmup = settings.get("warmup", 0)
    rising = lr * _rise(t[:warmup] / warmup, settings["warmup_kind"], settings["warmup_factor"]) if warmup else t[:0]
    own = {name: settings[name] for name in decay_settings(schedule.decay)}
    with np.errstate(over="ignore", invalid="ignore"):
        return np.concatenate([rising, DECAYS[schedule.decay](t[warmup:] - warmup, lr, **own)])


def _rise(share: Array, kind: str, factor: float) -> Array:
    """Factor of the rate when this share of the warmup is over."""
    if kind == "constant":
        return np.full(len(share), factor)
    return factor + (1 - factor) * share if kind == "linear" else factor ** (1 - share)
