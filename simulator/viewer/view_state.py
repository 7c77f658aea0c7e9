"""The state of the window, and how it advances in time; independent of pygame."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import inf
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from errsurf.drawing.charts import tells_basins
from errsurf.drawing.history.frames import Ints
from errsurf.drawing.history.window import Window
from errsurf.errors import UserError
from errsurf.interactive.clocks import clocks
from errsurf.scenario import Scenario
from errsurf.scenario.overlays import drawn_groups
from errsurf.scenario.scenario import batch_size
from errsurf.viewer.menus import Menu
from errsurf.viewer.tracks import Known, Tracks
from errsurf.viewer.worker_client import WorkerClient

if TYPE_CHECKING:
    from errsurf.drawing.relief import Camera
    from errsurf.interactive import Bookmark, Live, Moment
    from errsurf.run.result import Result
    from errsurf.scenario import Picture
    from errsurf.scenario.claims import Claim

SLOWEST, FASTEST = 1.0, 10_000.0
NOTICE_SECONDS, REST, AWAKE = 6.0, 0.5, 1.0
_LINES = 2
AHEAD = 2.0
"""The run may be this many frames ahead of what is shown."""

CHARTS = ("loss", "lr")
MANY = 10_000
"""From this number of particles in a group on, they are drawn as a cloud unless the user wants dots."""


class Grip(NamedTuple):
    """What the pointer drags: the name of an element or "map", where it was pressed, and whether it has moved since."""

    name: str
    place: tuple[int, int]
    moved: bool = False


class Typed(NamedTuple):
    """A value that is being typed into the box of a slider."""

    name: str
    text: str


class Step(NamedTuple):
    """What undo returns to: the changes before a step, the clock, and the label of the steered group."""

    mark: "Bookmark"
    clock: float
    chosen: str


class Notice(NamedTuple):
    """A line that is shown for a while; ``share`` is the progress of a running task, else None."""

    text: str
    until: float
    share: float | None = None


@dataclass
class ViewState:
    """Everything that decides what the window shows.

    ``picture`` is the scenario's, with the user's changes, and ``record`` what the scenario itself records.  ``view``
    is the shown part of the plane, None for all of it, which is ``home``.  ``chosen`` is the label of the steered
    group, ``hidden`` those of the groups not drawn.  ``steps`` are what undo takes back, the newest last, and
    ``undoes`` is the drag that made it.  ``claims`` are the scenario's, before any change, with their ``verdicts`` once
    they are known.  ``speed`` is in updates a second of the group whose updates use
    the fewest examples, infinite for as fast as possible.
    """

    live: "Live"
    moment: "Moment"
    picture: "Picture"
    record: tuple[str, ...]
    size: tuple[int, int]
    chosen: str
    tracks: Tracks
    known: Known
    clock: float = 0.0
    playing: bool = True
    speed: float = 60.0
    view: Window | None = None
    home: Window | None = None
    large: bool = False
    relief: bool = False
    camera: "Camera | None" = None
    density: bool | None = None
    searched_surface: Any = None
    charts: tuple[str, str] = CHARTS
    hidden: frozenset[str] = frozenset()
    pointer: tuple[int, int] = (-1, -1)
    pointer_on_map: tuple[int, int] = (-1, -1)
    grip: Grip | None = None
    typed: Typed | None = None
    menu: Menu | None = None
    helped: bool = False
    steps: list[Step] = field(default_factory=list)
    undoes: Grip | None = None
    claims: tuple["Claim", ...] = ()
    verdicts: tuple[str, ...] = ()
    full: bool = False
    filling: bool = False
    quitting: bool = False
    over_name: str = ""
    rests_since: float = inf
    dragged: tuple[str, float] | None = None
    dragged_at: float = 0.0
    awake_until: float = 0.0
    known_newest: "Moment | None" = None
    notices: dict[str, Notice] = field(default_factory=dict)
    maps: WorkerClient = field(default_factory=WorkerClient)
    files: WorkerClient = field(default_factory=WorkerClient)
    searches: WorkerClient = field(default_factory=WorkerClient)
    folder: Path = field(default_factory=Path)

    @property
    def scenario(self) -> "Scenario":
        """The current scenario with this picture; overlays follow the steered group.

        A relief has the heights of all examples: with it, the map is not that of a batch.
        """
        shown = self.shown()
        follow = self.chosen if self.place in shown and self.chosen in self.labels else None
        surface = "train" if self.relief and self.picture.surface == "batch" else self.picture.surface
        picture = self.picture._replace(groups=tuple(k + 1 for k in shown) or None, follow=follow, surface=surface)
        return replace(self.moment.result.scenario, picture=picture)

    @property
    def result(self) -> "Result":
        """All recorded frames, with this picture."""
        result = replace(self.moment.result, scenario=self.scenario)
        result.__dict__["landscape"] = self.moment.result.landscape  # computed once
        return result

    @property
    def labels(self) -> list[str]:
        """Labels of all groups."""
        return [group.label for group in self.moment.result.groups]

    @property
    def place(self) -> int:
        """Index of the steered group."""
        labels = self.labels
        return labels.index(self.chosen) if self.chosen in labels else 0

    @property
    def steered(self) -> int:
        """Index of the steered group after all pending commands; raises UserError if it is removed by then."""
        labels = [group.label for group in self.live.scenario.optimizer]
        if self.chosen not in labels:
            raise UserError(f"{self.chosen} was removed")
        return labels.index(self.chosen)

    @property
    def examples(self) -> int:
        """Number of training examples."""
        return self.moment.result.scenario.surface.train.examples

    @property
    def update(self) -> float:
        """One update of the group whose updates use the fewest examples, in the clock's units."""
        if self.picture.clock == "updates":
            return 1.0
        groups = self.moment.result.scenario.optimizer
        return float(min(min(batch_size(g.batch, self.examples) * g.accumulate, self.examples) for g in groups))

    @property
    def end(self) -> float:
        """The clock value at which the run ends."""
        return max(self.moment.end, 1.0)

    @property
    def newest(self) -> float:
        """The largest clock value reached."""
        return float(self.live.now().clock)

    @property
    def dense(self) -> bool:
        """Whether particles are drawn as a cloud: the user's choice, or else if there are many."""
        moment = self.moment
        return len(moment.diverged[0]) > MANY if self.density is None else self.density

    @property
    def rested(self) -> bool:
        """Whether the pointer has rested for a while."""
        return perf_counter() - self.rests_since > REST

    @property
    def awake(self) -> bool:
        """Whether anything may have changed since the last frame."""
        newest = self.live.now()
        if self.playing or self.notices or newest is not self.known_newest:
            self.known_newest = newest
            self.wake()
        return perf_counter() < self.awake_until

    def wake(self) -> None:
        """Draw the frames of the next second."""
        self.awake_until = perf_counter() + AWAKE

    def advance(self, seconds: float) -> None:
        """Advance the clock by the time since the last frame, and refresh."""
        if self.playing:
            ahead = inf if self.speed == inf else seconds * self.speed * self.update
            self.live.aim(min(self.clock + max(AHEAD * ahead, self.update), self.end))
            self.clock = min(self.clock + ahead, max(self.newest, self.clock), self.end)
            if self.clock >= self.end:
                self.playing = False
        self.refresh()

    def refresh(self) -> None:
        """Read new frames, and the moment at the clock value."""
        before, self.moment = self.moment, self.live.at(self.clock, exact=not self.playing)
        while self.moment.result.scenario.picture.clock != self.picture.clock:
            self._follow_clock(before)
        if self.moment.generation != before.generation:
            self.tracks = Tracks(trailed(self.moment))
        if self.moment.trouble:
            self.notify(self.moment.trouble, name="trouble")
        told_apart = tells_basins(self.charts)
        self.tracks.follow(self.moment.result, self.known if told_apart else self.known._replace(basins=None))

    def _follow_clock(self, before: "Moment") -> None:
        """Where the run's clock has changed its unit, stay at the update that the steered group has by the clock.

        The unit is that of the moment itself: the newest one may have another already, since the run goes on.
        """
        result = self.moment.result
        k = min(self.place, len(result.groups) - 1, len(before.result.groups) - 1)
        update = replace(clocks(before.result.scenario), unit=self.picture.clock).update(k, self.clock)
        self.set_picture(clock=result.scenario.picture.clock)
        self.clock = float(clocks(result.scenario).value(k, update))
        self.moment = self.live.at(self.clock, exact=not self.playing)

    def seek(self, clock: float) -> None:
        """Show this clock value as soon as the run has reached it."""
        self.clock = float(np.clip(clock, 0.0, self.end))
        self.live.aim(max(self.clock, self.newest))

    def hide(self, label: str) -> None:
        """Hide a group, or show it again."""
        self.hidden = self.hidden ^ {label}

    def steer(self, label: str) -> None:
        """Choose the group that sliders change and overlays follow."""
        self.chosen = label

    def notify(self, text: str, *, name: str = "", share: float | None = None) -> None:
        """Show a line, which replaces one with the same name."""
        self.notices.pop(name, None)
        self.notices[name] = Notice(text, inf if share is not None else perf_counter() + NOTICE_SECONDS, share)

    def current_notices(self) -> list[Notice]:
        """The newest lines to show."""
        now = perf_counter()
        self.notices = {name: notice for name, notice in self.notices.items() if notice.until > now}
        searching = "checking the claims" if self.known.critical else "searching critical points"
        texts = (self.moment.doing, searching if self.searches.busy else "")
        doing = [Notice(text, inf) for text in texts if text]
        return [*list(self.notices.values())[-_LINES:], *doing]

    def attempt(self, act: Callable[[], object]) -> bool:
        """Run ``act`` and show its error, if any; returns whether it succeeded."""
        try:
            act()
        except (UserError, OSError) as error:
            self.notify(str(error))
            return False
        return True

    def set_picture(self, **keys: Any) -> None:
        """Change keys of [picture]."""
        self.picture = self.picture._replace(**keys)

    def shown(self) -> list[int]:
        """Indices of the drawn groups."""
        labels = self.labels
        return [k for k in drawn_groups(self.picture, labels) if labels[k] not in self.hidden]


def trailed(moment: "Moment") -> Ints:
    """An even sample of the particles, which get trails."""
    particles, most = len(moment.diverged[0]), moment.result.scenario.picture.trails
    return np.unique(np.linspace(0, particles - 1, min(most, particles)).round().astype(np.int64))
