"""Files written from the window: a picture, an animation, a scenario; another process draws the pictures."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from errsurf.drawing.history.frames import clock_values, latest
from errsurf.drawing.history.pace import frame_clocks
from errsurf.interactive.steering import save
from errsurf.scenario import Window
from errsurf.viewer.view_state import ViewState
from errsurf.viewer.worker import picture_file

if TYPE_CHECKING:
    from errsurf.run.result import Group, Result

_LARGE = {"light": "projector", "dark": "projector_dark"}
_MAX_ROWS, _MAX_BYTES = 400, 1 << 28


def png(state: ViewState) -> None:
    """Save a picture of what is shown."""
    _write(state, ".png", state.clock)


def gif(state: ViewState) -> None:
    """Save an animation up to the newest update, drawn as shown."""
    _write(state, ".gif", None)


def saved(state: ViewState) -> None:
    """Save a scenario that reproduces this run with its changes, and shows the same part of the plane."""
    scenario = state.live.scenario
    path = unused(state.folder / f"{scenario.name}-watched.toml")
    picture = scenario.picture._replace(window=Window(*state.view) if state.view else scenario.picture.window)
    kept = replace(scenario, run=scenario.run._replace(record=state.record), picture=picture)
    if state.attempt(lambda: save(kept, path)):
        state.notify(f"saved {path.name}: run it with `errsurf run {path.name}`")


def unused(path: Path) -> Path:
    """The path, or else the same name with the first free number."""
    free, k = path, 2
    while free.exists():
        free, k = path.with_name(f"{path.stem}-{k}{path.suffix}"), k + 1
    return free


def shown_result(state: ViewState) -> "Result":
    """The run so far, with the picture of the window."""
    width, height = state.size
    unit = max(240 / min(width, height), 1.0)
    keys: dict[str, Any] = {
        "window": Window(*(state.view or state.home or state.known.window)),
        "size": tuple(2 * round(side * unit / 2) for side in state.size),
        "theme": _LARGE.get(state.picture.theme, state.picture.theme) if state.large else state.picture.theme,
        "chart": state.charts,
    }
    if state.relief and state.camera is not None:
        keys |= {"view": "3d", "azimuth": state.camera.azimuth, "elevation": state.camera.elevation}
    scenario = replace(state.scenario, picture=state.scenario.picture._replace(**keys))
    return replace(state.moment.result, scenario=scenario)


def thinned(result: "Result", clocks: Any) -> "Result":
    """The same run with the frames shown at these clock values, and enough others for its curves."""
    kind = result.scenario.picture.clock
    particles = sum(group.position.shape[1] for group in result.groups)
    rows = max(2, min(_MAX_ROWS, _MAX_BYTES // (8 * particles)))
    return replace(result, groups=[_fewer(group, kind, clocks, rows) for group in result.groups])


def _fewer(group: "Group", kind: str, clocks: Any, rows: int) -> "Group":
    values = clock_values(group, kind)
    wanted = [*np.atleast_1d(clocks), *np.linspace(0, values[-1], rows)]
    frames = np.unique([latest(values, clock) for clock in wanted])
    names = ("update", "examples_seen", "lr", "position", "train_loss", "test_loss")
    parts = {name: part[frames] for name, part in group.parts.items()}
    return replace(group, parts=parts, **{name: getattr(group, name)[frames] for name in names})


def _write(state: ViewState, suffix: str, at: float | None) -> None:
    if state.files.busy:
        state.notify("another file is being written; wait until it is finished", name="wait")
        return
    result = shown_result(state)
    picture = result.scenario.picture
    path = unused(state.folder / f"{result.scenario.name}{suffix}")
    result = thinned(result, frame_clocks(result, picture.fps) if at is None else at)
    state.notify(f"writing {path.name}", name="file", share=0.0)
    state.files.ask(
        picture_file,
        result,
        at,
        path,
        done=lambda said: state.notify(". ".join([f"saved {path.resolve()}", *said]), name="file"),
        failed=lambda why: state.notify(f"{path.name}: {why}", name="file"),
        share=partial(_sharing, state, path),
    )


def _sharing(state: ViewState, path: Path, share: float) -> None:
    state.notify(f"writing {path.name}: {share:.0%}", name="file", share=share)
