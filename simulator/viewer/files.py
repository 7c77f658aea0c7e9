"""Files that are written from the window: a picture, an animation, a scenario.  Drawing them is another process's."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from errsurf.drawing.frames import clock_values, frame_clocks, latest
from errsurf.live.steering import save
from errsurf.scenario import Window
from errsurf.viewer.show import Show
from errsurf.viewer.studio import picture_file

if TYPE_CHECKING:
    from errsurf.run.result import Group, Result

_MAX_ROWS, _MAX_BYTES = 400, 1 << 28


def png(show: Show) -> None:
    """Save a picture of what is shown."""
    _write(show, ".png", show.clock)


def gif(show: Show) -> None:
    """Save an animation of everything up to the newest update, drawn as it is shown."""
    _write(show, ".gif", None)


def saved(show: Show) -> None:
    """Save a scenario that gives this run, changes included, and shows the part of the plane that is shown."""
    scenario = show.live.scenario
    path = unused(show.folder / f"{scenario.name}-watched.toml")
    picture = scenario.picture._replace(window=Window(*show.view) if show.view else scenario.picture.window)
    kept = replace(scenario, run=scenario.run._replace(record=show.record), picture=picture)
    if show.attempt(lambda: save(kept, path)):
        show.say(f"saved {path.name}: run it with `errsurf run {path.name}`")


def unused(path: Path) -> Path:
    """The path, or the same name with the first free number."""
    free, k = path, 2
    while free.exists():
        free, k = path.with_name(f"{path.stem}-{k}{path.suffix}"), k + 1
    return free


def shown_result(show: Show) -> "Result":
    """The run as far as it got, drawn as the window draws it."""
    width, height = show.size
    unit = max(240 / min(width, height), 1.0)
    keys: dict[str, Any] = {
        "window": Window(*(show.view or show.home or show.known.window)),
        "size": tuple(2 * round(side * unit / 2) for side in show.size),
        "theme": "projector" if show.large and show.picture.theme == "light" else show.picture.theme,
        "chart": show.charts,
    }
    if show.relief and show.camera is not None:
        keys |= {"view": "3d", "azimuth": show.camera.azimuth, "elevation": show.camera.elevation}
    scenario = replace(show.scenario, picture=show.scenario.picture._replace(**keys))
    return replace(show.moment.result, scenario=scenario)


def thinned(result: "Result", clocks: Any) -> "Result":
    """The same run with the frames that are shown at these clock values, and enough between them for its curves."""
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


def _write(show: Show, suffix: str, at: float | None) -> None:
    if show.files.busy:
        show.say("another file is being written; wait until it is done", name="wait")
        return
    result = shown_result(show)
    picture = result.scenario.picture
    path = unused(show.folder / f"{result.scenario.name}{suffix}")
    result = thinned(result, frame_clocks(result, picture.fps) if at is None else at)
    show.say(f"writing {path.name}", name="file", share=0.0)
    show.files.ask(
        picture_file,
        result,
        at,
        path,
        done=lambda said: show.say(". ".join([f"saved {path.resolve()}", *said]), name="file"),
        failed=lambda why: show.say(f"{path.name}: {why}", name="file"),
        share=partial(_sharing, show, path),
    )


def _sharing(show: Show, path: Path, share: float) -> None:
    show.say(f"writing {path.name}: {share:.0%}", name="file", share=share)
