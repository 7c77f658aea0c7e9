"""The learning rate of every update: a linear warmup, then one of the decays of torch.optim.lr_scheduler.

With w updates of warmup, the rate of update t = 0, 1, ... is

    lr (t + 1) / w      while t < w, so update 0 has lr / w and update w - 1 the whole lr;
    decay(t - w, lr)    from update w on, and every decay(0, lr) is lr.

In torch's words: SequentialLR of LinearLR(start_factor=1 / w, total_iters=w - 1) and the decay, with
milestone w, stepped once an update.
"""

from inspect import signature
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Schedule(Protocol):
    """A decay's name, updates of warmup, and the decays' settings; None leaves a setting at its default.

    Durations are counted in updates.
    """

    @property
    def decay(self) -> str: ...
    @property
    def warmup(self) -> int: ...
    @property
    def end_factor(self) -> float | None: ...
    @property
    def total(self) -> int | None: ...
    @property
    def gamma(self) -> float | None: ...
    @property
    def step_size(self) -> int | None: ...
    @property
    def T_max(self) -> int | None: ...  # noqa: N802
    @property
    def eta_min(self) -> float | None: ...
    @property
    def t0(self) -> float | None: ...


def constant(s: Array, lr: float) -> Array:
    """``lr``."""
    return np.full(len(s), lr)


def linear(s: Array, lr: float, total: int, end_factor: float = 0.0) -> Array:
    """``lr (1 + (end_factor - 1) min(s, total) / total)``: LinearLR from 1 to end_factor."""
    return lr * (1 + (end_factor - 1) * np.minimum(s, total) / total)


def exponential(s: Array, lr: float, gamma: float) -> Array:
    """``lr gamma^s``: ExponentialLR."""
    return lr * gamma**s


def step(s: Array, lr: float, step_size: int, gamma: float = 0.1) -> Array:
    """``lr gamma^floor(s / step_size)``: StepLR."""
    return lr * gamma ** (s // step_size)


def cosine(s: Array, lr: float, T_max: int, eta_min: float = 0.0) -> Array:  # noqa: N803
    """``eta_min + (lr - eta_min) (1 + cos(pi s / T_max)) / 2``: CosineAnnealingLR, which rises again after T_max."""
    return eta_min + (lr - eta_min) * (1 + np.cos(np.pi * s / T_max)) / 2


def inverse_sqrt(s: Array, lr: float, t0: float) -> Array:
    """``lr sqrt(t0 / (t0 + s))``; with t0 = warmup the decay of Vaswani et al. 2017, equation (3)."""
    return lr * np.sqrt(t0 / (t0 + s))


DECAYS = {decay.__name__: decay for decay in (constant, linear, exponential, step, cosine, inverse_sqrt)}


def decay_settings(decay: str) -> tuple[str, ...]:
    """Names of the settings that this decay takes; KeyError if there is no such decay."""
    return tuple(signature(DECAYS[decay]).parameters)[2:]


def rates(schedule: Schedule, lr: float, updates: int) -> Array:
    """Learning rate of updates 0 to updates - 1, float64 of shape (updates,).

    ``total`` and ``T_max`` default to the updates left after warmup, ``t0`` to the warmup (at least 1).
    Raises KeyError if there is no such decay, TypeError without a setting that has no default: exponential's
    ``gamma`` and step's ``step_size``.
    """
    warmup = schedule.warmup
    left = max(updates - warmup, 1)
    defaults: dict[str, Any] = {"total": left, "T_max": left, "t0": max(warmup, 1)}
    given = {name: getattr(schedule, name) for name in decay_settings(schedule.decay)}
    settings = defaults | {name: value for name, value in given.items() if value is not None}
    t = np.arange(updates, dtype=np.float64)
    rising = lr * (t[:warmup] + 1) / max(warmup, 1)
    own = {name: settings[name] for name in given if name in settings}
    return np.concatenate([rising, DECAYS[schedule.decay](t[warmup:] - warmup, lr, **own)])
