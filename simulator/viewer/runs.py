"""A run as it is shown at first, and another one in the same window."""

from dataclasses import replace
from typing import Any

import numpy as np

from errsurf.live import Live
from errsurf.run.result import Result
from errsurf.scenario import Scenario
from errsurf.viewer.show import CHARTS, FASTEST, SLOWEST, Show, trailed
from errsurf.viewer.tracks import Known, Tracks

_RECORDED = ("gradient", "movement", "effective_rate")
_OF_A_RUN = (
    "live", "moment", "picture", "record", "chosen", "tracks", "known", "clock", "playing", "speed", "view", "home",
    "density", "sought", "hidden", "camera", "charts", "grip", "typed", "menu", "turned",
)  # fmt: skip


def show_of(chosen: Scenario | Result, size: tuple[int, int]) -> Show:
    """A run that plays, at a speed that takes it to its end in a few seconds; of a scenario all is recorded that helps.

    Raises what ``Live`` raises.
    """
    scenario = chosen.scenario if isinstance(chosen, Result) else chosen
    every: Any = replace(scenario, run=scenario.run._replace(record=_RECORDED))
    live = Live(chosen if isinstance(chosen, Result) else every)
    moment, picture = live.now(), scenario.picture
    known = Known(picture.window or moment.result.landscape.window)
    label = scenario.optimizer[0].label
    made = Show(live, moment, picture, scenario.run.record, size, label, Tracks(trailed(moment)), known)
    first, second, *_ = *picture.charts, *(name for name in CHARTS if name not in picture.charts)
    made.charts = (first, second)
    made.speed = float(np.clip(made.end / made.update / (2 * picture.seconds), SLOWEST, FASTEST))
    return made


def watch_another(show: Show, chosen: Scenario) -> None:
    """Show another run in the same window; raises what ``Live`` raises."""
    fresh = show_of(chosen, show.size)
    show.live.close()
    for name in _OF_A_RUN:
        setattr(show, name, getattr(fresh, name))
