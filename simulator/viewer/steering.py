"""Values of the steered group that sliders change from its next update on."""

from collections.abc import Callable
from math import inf, log10
from typing import NamedTuple

import numpy as np

from errsurf.optimizers import optimizer
from errsurf.scenario.scenario import OptimizerGroup, Segment, batch_size, segments
from errsurf.settings.learning_rates import Lr
from errsurf.system.numbers import drawn_number
from errsurf.viewer.changing import change
from errsurf.viewer.view_state import FASTEST, SLOWEST, ViewState

_LR = (1e-6, 10.0)
_MOMENTUM = 0.999
_SOME = 500


class Knob(NamedTuple):
    """A value on a slider: how it is shown, and what changing it does.

    ``value(state)`` is None if the group has no such value; ``share`` converts a value to its position from 0 to 1 on
    the slider, ``at`` back; ``read`` parses what was typed, and raises ValueError.
    """

    label: str
    tip: str
    value: Callable[[ViewState], float | None]
    text: Callable[[ViewState, float], str]
    share: Callable[[ViewState, float], float]
    at: Callable[[ViewState, float], float]
    read: Callable[[ViewState, str], float]
    turn: Callable[[ViewState, float], object]


def segment_now(state: ViewState) -> Segment:
    """The segment of the steered group's next update, with changes that the run has not taken yet."""
    update = state.moment.update[state.place]
    found: Segment = next(each for each in reversed(segments(_group(state))) if each.first <= update)
    return found


def _group(state: ViewState) -> OptimizerGroup:
    """The steered group, with changes that the run has not taken yet."""
    groups = state.live.steered.optimizer
    return next((group for group in groups if group.label == state.chosen), groups[0])


def lr_now(state: ViewState) -> Lr:
    """The rate of the steered group, before its schedule."""
    lr: Lr = segment_now(state).settings.lr
    return lr


def lr_mark(state: ViewState) -> tuple[float, tuple[str, ...]] | None:
    """Where the largest stable lr stands on its slider, and what it is called; None where it is unknown.

    It is that of full batch at the minimum nearest to the steered group.
    """
    place = state.place
    known = optimizer(_group(state).kind).stability(segment_now(state).settings)
    points = state.moment.position[place][state.moment.diverged[place] < 0]
    minima = [each for each in state.known.critical if each.kind == "minimum" and each.sharpness > 0]
    if known is None or not len(points) or not minima or _one_lr(state) is None:
        return None
    x, y = np.median(points[:: 1 + len(points) // _SOME], axis=0)
    nearest = min(minima, key=lambda each: float(np.hypot(each.x - x, each.y - y)))
    product, decay = known
    limit = product / (nearest.sharpness + decay)
    if not _LR[0] < limit < _LR[1]:
        return None
    share = _log_share(limit, *_LR)
    return share, (
        f"{drawn_number(product)} / sharpness = {drawn_number(float(f'{limit:.2g}'))}",
        f"{drawn_number(product)} / sharpness",
        "",
    )


def _one_lr(state: ViewState) -> float | None:
    """The rate, if x and y have the same."""
    lr = lr_now(state)
    return None if isinstance(lr, tuple) else lr


def _momentum(state: ViewState) -> float | None:
    return getattr(segment_now(state).settings, "momentum", None)


def _batch(state: ViewState) -> float:
    return float(batch_size(segment_now(state).batch, state.examples))


def _log_share(value: float, low: float, high: float) -> float:
    return (log10(min(max(value, low), high)) - log10(low)) / max(log10(high) - log10(low), 1e-9)


def _log_at(share: float, low: float, high: float) -> float:
    return float(f"{low * (high / low) ** share:.2g}")


def _speed_text(_show: ViewState, value: float) -> str:
    return "fastest" if value == inf else f"{value:,.0f}/s"


def _read_speed(_show: ViewState, text: str) -> float:
    value = float(text.rstrip("/s").replace(",", ""))
    if not value > 0:
        raise ValueError(text)
    return value


def _read_batch(state: ViewState, text: str) -> float:
    return float(state.examples if text.strip() == "full" else int(text))


def _turn_speed(state: ViewState, value: float) -> None:
    state.speed = value


def _turn_batch(state: ViewState, value: float) -> bool:
    return change(state, batch="full" if value == state.examples else int(value))


KNOBS: dict[str, Knob] = {
    "lr": Knob(
        "lr",
        "Learning rate of the chosen group; the mark: the largest at which full batch settles in the nearest minimum",
        _one_lr,
        lambda _show, value: drawn_number(value),
        lambda _show, value: _log_share(value, *_LR),
        lambda _show, share: _log_at(share, *_LR),
        lambda _show, text: float(text),
        lambda state, value: change(state, lr=value),
    ),
    "momentum": Knob(
        "momentum",
        "Momentum of the chosen group, from its next update on",
        _momentum,
        lambda _show, value: drawn_number(value),
        lambda _show, value: min(value / _MOMENTUM, 1.0),
        lambda _show, share: round(share * _MOMENTUM, 2 if share < 0.99 else 3),
        lambda _show, text: float(text),
        lambda state, value: change(state, momentum=value),
    ),
    "batch": Knob(
        "batch",
        "Examples in each batch of the chosen group, from its next update on",
        _batch,
        lambda state, value: "full" if value == state.examples else f"{value:,.0f}",
        lambda state, value: _log_share(value, 1, state.examples),
        lambda state, share: float(round(state.examples**share)),
        _read_batch,
        _turn_batch,
    ),
    "speed": Knob(
        "speed",
        "Updates a second; at the right end as fast as possible (keys + and -)",
        lambda state: state.speed,
        _speed_text,
        lambda _show, value: 1.0 if value == inf else 0.94 * _log_share(value, SLOWEST, FASTEST),
        lambda _show, share: inf if share > 0.97 else _log_at(min(share / 0.94, 1.0), SLOWEST, FASTEST),
        _read_speed,
        _turn_speed,
    ),
}
"""The sliders, by name."""
