"""The rate stays, and falls in the last share of the time: warmup, stable, decay."""

from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from annotated_types import Ge, Gt, Le

from errsurf.schedules._record import Array, Fall, Schedule


class Settings(NamedTuple):
    """When the rate begins to fall, how, and how far."""

    cooldown: Annotated[float, Gt(0), Le(1), "share of the time in which the rate falls, at the end"] = 0.2
    form: Annotated[
        Literal["1-sqrt", "linear", "cosine"], "the rate falls fast at first, evenly, or along half a cosine"
    ] = "1-sqrt"
    end_factor: Annotated[float, Ge(0), Le(1), "share of the rate that is left in the end"] = 0.0
    total: Fall = None


def rate(s: Array, lr: float, settings: Any) -> Any:
    """``lr (end_factor + (1 - end_factor) f(u))``, u the share of the cooldown that is over."""
    length = settings.cooldown * settings.total
    u = np.clip((s - (settings.total - length)) / length, 0, 1)
    if settings.form == "1-sqrt":
        left = 1 - np.sqrt(u)
    else:
        left = 1 - u if settings.form == "linear" else (1 + np.cos(np.pi * u)) / 2
    return lr * (settings.end_factor + (1 - settings.end_factor) * left)


RECORD = Schedule(
    formula="lr (end_factor + (1 - end_factor) f(u)), u = (s - (1 - cooldown) total) / (cooldown total) from 0 to 1; "
    "f(u) = 1 - sqrt(u), 1 - u or (1 + cos(pi u)) / 2",
    reference="Haegele et al. 2024, Scaling laws and compute-optimal training beyond fixed training durations, "
    "arXiv:2405.18392 (1-sqrt); Hu et al. 2024, MiniCPM, arXiv:2404.06395 (warmup, stable, decay)",
    settings=Settings,
    rate=rate,
    fall="total",
)
