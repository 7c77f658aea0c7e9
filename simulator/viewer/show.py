"""What the window shows and how: its state, and how it moves in time.  Nothing here knows of pygame."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import inf
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from errsurf.drawing.charts import tells_basins
from errsurf.drawing.frames import Ints, clock_values, latest
from errsurf.drawing.window import Window
from errsurf.errors import UserError
from errsurf.scenario import Scenario
from errsurf.scenario.overlays import drawn_groups
from errsurf.scenario.scenario import batch_size
from errsurf.viewer.menus import Menu
from errsurf.viewer.tracks import Known, Tracks
from errsurf.viewer.workshop import Workshop

if TYPE_CHECKING:
    from errsurf.drawing.relief import Camera
    from errsurf.live import Live, Moment
    from errsurf.run.result import Result
    from errsurf.scenario import Picture

SLOWEST, FASTEST = 1.0, 10_000.0
NOTICE_SECONDS, REST, AWAKE = 6.0, 0.5, 1.0
_LINES = 2
AHEAD = 2.0
"""The run is let ahead of what is shown by so many frames."""

CHARTS = ("loss", "lr")
MANY = 10_000
"""Particles of a group that are drawn as a cloud unless dots are asked for."""


class Grip(NamedTuple):
    """What the pointer holds: the name of an element or "map", where it was taken, and whether it moved since."""

    name: str
    place: tuple[int, int]
    moved: bool = False


class Typed(NamedTuple):
    """A value that is being typed into the box of a slider."""

    name: str
    text: str


class Notice(NamedTuple):
    """A line that is shown for a while; ``share`` of work that is under way, None for what is done."""

    text: str
    until: float
    share: float | None = None


@dataclass
class Show:
    """All that decides what the window shows.

    ``picture`` is the scenario's, as it was switched since, and ``record`` what the scenario records by itself;
    ``view`` is the part of the plane, None for all of it, which is ``home``.  ``chosen`` is the label of the group that
    is steered, ``hidden`` those not drawn.  ``speed`` is in updates a second of the group whose updates use the fewest
    examples, infinite for as fast as it goes.
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
    sought: Any = None
    charts: tuple[str, str] = CHARTS
    hidden: frozenset[str] = frozenset()
    pointer: tuple[int, int] = (-1, -1)
    pointer_on_map: tuple[int, int] = (-1, -1)
    grip: Grip | None = None
    typed: Typed | None = None
    menu: Menu | None = None
    helped: bool = False
    full: bool = False
    filling: bool = False
    over: bool = False
    over_name: str = ""
    rests_since: float = inf
    turned: tuple[str, float] | None = None
    turned_at: float = 0.0
    awake_until: float = 0.0
    known_newest: "Moment | None" = None
    notices: dict[str, Notice] = field(default_factory=dict)
    maps: Workshop = field(default_factory=Workshop)
    files: Workshop = field(default_factory=Workshop)
    searches: Workshop = field(default_factory=Workshop)
    folder: Path = field(default_factory=Path)

    @property
    def scenario(self) -> "Scenario":
        """The scenario of now, drawn as it is drawn here; overlays follow the steered group."""
        shown = self.shown()
        follow = self.chosen if self.place in shown and self.chosen in self.labels else None
        picture = self.picture._replace(groups=tuple(k + 1 for k in shown) or None, follow=follow)
        return replace(self.moment.result.scenario, picture=picture)

    @property
    def result(self) -> "Result":
        """All that is recorded, with this picture."""
        result = replace(self.moment.result, scenario=self.scenario)
        result.__dict__["landscape"] = self.moment.result.landscape  # worked out once
        return result

    @property
    def labels(self) -> list[str]:
        """Labels of all groups."""
        return [group.label for group in self.moment.result.groups]

    @property
    def place(self) -> int:
        """Which group is steered."""
        labels = self.labels
        return labels.index(self.chosen) if self.chosen in labels else 0

    @property
    def steered(self) -> int:
        """Place of the steered group once everything asked for is done; raises UserError if there it is no more."""
        labels = [group.label for group in self.live.scenario.optimizer]
        if self.chosen not in labels:
            raise UserError(f"{self.chosen} is gone")
        return labels.index(self.chosen)

    @property
    def examples(self) -> int:
        """Training examples."""
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
        """The largest clock value that was reached."""
        return float(self.live.now().clock)

    @property
    def dense(self) -> bool:
        """Whether particles are drawn as a cloud: as asked, or else where there are many."""
        moment = self.moment
        return len(moment.diverged[0]) > MANY if self.density is None else self.density

    @property
    def rested(self) -> bool:
        """Whether the pointer has been where it is for a while."""
        return perf_counter() - self.rests_since > REST

    @property
    def awake(self) -> bool:
        """Whether anything may look otherwise than in the last frame."""
        newest = self.live.now()
        if self.playing or self.notices or newest is not self.known_newest:
            self.known_newest = newest
            self.wake()
        return perf_counter() < self.awake_until

    def wake(self) -> None:
        """Draw the frames of the next second."""
        self.awake_until = perf_counter() + AWAKE

    def advance(self, seconds: float) -> None:
        """Let the time pass that went by since the last frame, and see what there is to be seen."""
        if self.playing:
            ahead = inf if self.speed == inf else seconds * self.speed * self.update
            self.live.aim(min(self.clock + max(AHEAD * ahead, self.update), self.end))
            self.clock = min(self.clock + ahead, max(self.newest, self.clock), self.end)
            if self.clock >= self.end:
                self.playing = False
        self.look()

    def look(self) -> None:
        """Take in what was recorded, and where everything is at the clock value."""
        generation = self.moment.generation
        self._follow_clock()
        self.moment = self.live.at(self.clock, exact=not self.playing)
        if self.moment.generation != generation:
            self.tracks = Tracks(trailed(self.moment))
        if self.moment.trouble:
            self.say(self.moment.trouble, name="trouble")
        told_apart = tells_basins(self.charts)
        self.tracks.follow(
            self.moment.result, self.known if told_apart else self.known._replace(basins=None, basin_of=None)
        )

    def _follow_clock(self) -> None:
        """Once the run's clock counts something else, stand at the same update of the steered group by it."""
        now = self.live.now()
        unit = now.result.scenario.picture.clock
        if unit == self.picture.clock:
            return
        k = min(self.place, len(now.result.groups) - 1)
        group, update = now.result.groups[k], self.moment.update[self.place]
        self.draw(clock=unit)
        self.clock = float(clock_values(group, unit)[latest(group.update, update)])

    def go(self, clock: float) -> None:
        """Show this clock value, as soon as the run has got there."""
        self.clock = float(np.clip(clock, 0.0, self.end))
        self.live.aim(max(self.clock, self.newest))

    def change(self, **settings: Any) -> bool:
        """Other settings for the steered group from the update after the one that is shown; what came later is gone."""

        def act() -> None:
            if self.clock < self.newest:
                self.live.rewind(self.clock)
            self.live.change(self.steered, **settings)

        if self.clock >= self.end:
            self.say("the run is at its end; Restart runs it again with this")
        return self.attempt(act)

    def begin_again(self, seed: int | None = None, at: tuple[float, float] | None = None, *, add: bool = False) -> bool:
        """From the start, with another seed, or from a cloud at another place, or with one more."""
        done = self.attempt(lambda: self.live.restart(seed, at, add=add))
        if done:
            self.clock = 0.0
        return done

    def hide(self, label: str) -> None:
        """Draw a group no more, or again."""
        self.hidden = self.hidden ^ {label}

    def steer(self, label: str) -> None:
        """Choose the group that sliders change, and whose particle overlays follow."""
        self.chosen = label

    def say(self, text: str, *, name: str = "", share: float | None = None) -> None:
        """Show a line; one of the same name goes."""
        self.notices.pop(name, None)
        self.notices[name] = Notice(text, inf if share is not None else perf_counter() + NOTICE_SECONDS, share)

    def said(self) -> list[Notice]:
        """The newest lines that are shown now."""
        now = perf_counter()
        self.notices = {name: notice for name, notice in self.notices.items() if notice.until > now}
        doing = [Notice(self.moment.doing, inf)] if self.moment.doing else []
        return [*list(self.notices.values())[-_LINES:], *doing]

    def attempt(self, act: Callable[[], object]) -> bool:
        """Do something that the user may have got wrong; what is wrong is said in the window."""
        try:
            act()
        except (UserError, OSError) as error:
            self.say(str(error))
            return False
        return True

    def draw(self, **keys: Any) -> None:
        """Draw with other keys of [picture]."""
        self.picture = self.picture._replace(**keys)

    def shown(self) -> list[int]:
        """Places of the groups that are drawn."""
        labels = self.labels
        return [k for k in drawn_groups(self.picture, labels) if labels[k] not in self.hidden]


def trailed(moment: "Moment") -> Ints:
    """The particles with trails, evenly chosen."""
    particles, most = len(moment.diverged[0]), moment.result.scenario.picture.trails
    return np.unique(np.linspace(0, particles - 1, min(most, particles)).round().astype(np.int64))
