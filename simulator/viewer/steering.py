"""Values of the steered group that sliders change from its next update on."""

from collections.abc import Callable
from math import inf, log10
from typing import NamedTuple

from errsurf.scenario.scenario import Segment, batch_size, segments
from errsurf.settings.learning_rates import Lr
from errsurf.system.numbers import drawn_number
from errsurf.viewer.view_state import FASTEST, SLOWEST, ViewState

_LR = (1e-6, 10.0)
_MOMENTUM = 0.999


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
    groups = state.live.steered.optimizer
    labels = [group.label for group in groups]
    group = groups[labels.index(state.chosen) if state.chosen in labels else 0]
    update = state.moment.update[state.place]
    found: Segment = next(each for each in reversed(segments(group)) if each.first <= update)
    return found


def schedule_now(state: ViewState) -> str:
    """The schedule of the steered group in words."""
    table = segment_now(state).schedule
    words = str(table.decay).replace("_", " ")
    return f"warmup, {words}" if table.warmup else words


def lr_now(state: ViewState) -> Lr:
    """The rate of the steered group, before its schedule."""
    lr: Lr = segment_now(state).settings.lr
    return lr


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
    return state.change(batch="full" if value == state.examples else int(value))


KNOBS: dict[str, Knob] = {
    "lr": Knob(
        "lr",
        "Learning rate of the chosen group, from its next update on",
        _one_lr,
        lambda _show, value: drawn_number(value),
        lambda _show, value: _log_share(value, *_LR),
        lambda _show, share: _log_at(share, *_LR),
        lambda _show, text: float(text),
        lambda state, value: state.change(lr=value),
    ),
    "momentum": Knob(
        "momentum",
        "Momentum of the chosen group, from its next update on",
        _momentum,
        lambda _show, value: drawn_number(value),
        lambda _show, value: min(value / _MOMENTUM, 1.0),
        lambda _show, share: round(share * _MOMENTUM, 2 if share < 0.99 else 3),
        lambda _show, text: float(text),
        lambda state, value: state.change(momentum=value),
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
