"""The values of the steered group that sliders and boxes change, from its next update on."""

from collections.abc import Callable
from math import inf, log10
from typing import NamedTuple

from errsurf.drawing.window import number_text
from errsurf.scenario.scenario import Part, batch_size, parts
from errsurf.viewer.show import FASTEST, SLOWEST, Show

_LR = (1e-6, 10.0)
_MOMENTUM = 0.999


class Knob(NamedTuple):
    """A value on a slider: how it is shown, and what turning it does.

    ``value(show)`` is None where the group has no such value; ``share`` takes a value to its place from 0 to 1 on the
    slider, ``at`` back; ``read`` takes what was typed, and raises ValueError for what it is not.
    """

    label: str
    tip: str
    value: Callable[[Show], float | None]
    text: Callable[[Show, float], str]
    share: Callable[[Show, float], float]
    at: Callable[[Show, float], float]
    read: Callable[[Show, str], float]
    turn: Callable[[Show, float], object]


def part_now(show: Show) -> Part:
    """What the steered group does with its next update."""
    k = show.place
    update = show.moment.update[k]
    found: Part = next(p for p in reversed(parts(show.moment.result.scenario.optimizer[k])) if p.first <= update)
    return found


def schedule_now(show: Show) -> str:
    """The schedule of the steered group in words."""
    table = part_now(show).schedule
    words = str(table.decay).replace("_", " ")
    return f"warmup, {words}" if table.warmup else words


def lr_now(show: Show) -> float:
    """The rate of the steered group, before its schedule."""
    return float(part_now(show).settings.lr)


def _momentum(show: Show) -> float | None:
    return getattr(part_now(show).settings, "momentum", None)


def _batch(show: Show) -> float:
    return float(batch_size(part_now(show).batch, show.examples))


def _log_share(value: float, low: float, high: float) -> float:
    return (log10(min(max(value, low), high)) - log10(low)) / max(log10(high) - log10(low), 1e-9)


def _log_at(share: float, low: float, high: float) -> float:
    return float(f"{low * (high / low) ** share:.2g}")


def _speed_text(_show: Show, value: float) -> str:
    return "fastest" if value == inf else f"{value:,.0f}/s"


def _read_speed(_show: Show, text: str) -> float:
    value = float(text.rstrip("/s").replace(",", ""))
    if not value > 0:
        raise ValueError(text)
    return value


def _read_batch(show: Show, text: str) -> float:
    return float(show.examples if text.strip() == "full" else int(text))


def _turn_speed(show: Show, value: float) -> None:
    show.speed = value


def _turn_batch(show: Show, value: float) -> bool:
    return show.change(batch="full" if value == show.examples else int(value))


KNOBS: dict[str, Knob] = {
    "lr": Knob(
        "lr",
        "Learning rate of the chosen group, from its next update on",
        lr_now,
        lambda _show, value: number_text(value),
        lambda _show, value: _log_share(value, *_LR),
        lambda _show, share: _log_at(share, *_LR),
        lambda _show, text: float(text),
        lambda show, value: show.change(lr=value),
    ),
    "momentum": Knob(
        "momentum",
        "Momentum of the chosen group, from its next update on",
        _momentum,
        lambda _show, value: number_text(value),
        lambda _show, value: min(value / _MOMENTUM, 1.0),
        lambda _show, share: round(share * _MOMENTUM, 2 if share < 0.99 else 3),
        lambda _show, text: float(text),
        lambda show, value: show.change(momentum=value),
    ),
    "batch": Knob(
        "batch",
        "Examples in each batch of the chosen group, from its next update on",
        _batch,
        lambda show, value: "full" if value == show.examples else f"{value:,.0f}",
        lambda show, value: _log_share(value, 1, show.examples),
        lambda show, share: float(round(show.examples**share)),
        _read_batch,
        _turn_batch,
    ),
    "speed": Knob(
        "speed",
        "Updates a second; at the right end as fast as the machine goes (keys + and -)",
        lambda show: show.speed,
        _speed_text,
        lambda _show, value: 1.0 if value == inf else 0.94 * _log_share(value, SLOWEST, FASTEST),
        lambda _show, share: inf if share > 0.97 else _log_at(min(share / 0.94, 1.0), SLOWEST, FASTEST),
        _read_speed,
        _turn_speed,
    ),
}
"""The sliders, by name."""
