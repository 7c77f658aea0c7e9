"""The initial view of a run, and switching to another run in the same window."""

from dataclasses import replace
from typing import Any

import numpy as np

from errsurf.interactive import Live
from errsurf.run.result import Result
from errsurf.scenario import Scenario
from errsurf.viewer.tracks import Known, Tracks
from errsurf.viewer.view_state import CHARTS, FASTEST, SLOWEST, ViewState, trailed

_RECORDED = ("gradient", "movement", "effective_rate")
_OF_A_RUN = (
    "live", "moment", "picture", "record", "chosen", "tracks", "known", "clock", "playing", "speed", "view", "home",
    "density", "searched_surface", "hidden", "camera", "charts", "grip", "typed", "menu", "dragged", "steps",
    "undoes", "claims", "verdicts",
)  # fmt: skip


def new_state(chosen: Scenario | Result, size: tuple[int, int]) -> ViewState:
    """The state of a new run, playing at a speed that ends it in a few seconds; scenarios record all parts of updates.

    Raises the errors of ``Live``.
    """
    scenario = chosen.scenario if isinstance(chosen, Result) else chosen
    every: Any = replace(scenario, run=scenario.run._replace(record=_RECORDED))
    live = Live(chosen if isinstance(chosen, Result) else every)
    moment, picture = live.now(), scenario.picture
    known = Known(picture.window or moment.result.landscape.window)
    label = scenario.optimizer[0].label
    made = ViewState(live, moment, picture, scenario.run.record, size, label, Tracks(trailed(moment)), known)
    made.claims = scenario.claim
    first, second, *_ = *picture.charts, *(name for name in CHARTS if name not in picture.charts)
    made.charts = (first, second)
    made.speed = float(np.clip(made.end / made.update / (2 * picture.seconds), SLOWEST, FASTEST))
    return made


def watch_another(state: ViewState, chosen: Scenario) -> None:
    """Show another run in the same window; raises the errors of ``Live``."""
    fresh = new_state(chosen, state.size)
    state.live.close()
    for name in _OF_A_RUN:
        setattr(state, name, getattr(fresh, name))
