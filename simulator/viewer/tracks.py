"""What charts and trails need of a growing run: a few hundred rows of each group, each read once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from errsurf.drawing.charts import Chart, Source, Values, chart_kind, joint_chart
from errsurf.drawing.history.frames import Array, Ints, clock_values
from errsurf.drawing.history.numbers import Basins, History, history_at
from errsurf.drawing.history.window import Window
from errsurf.viewer.paths import GrowingPath

if TYPE_CHECKING:
    from errsurf.analysis import Critical
    from errsurf.run.result import Group, Result

MOST = 600
_PARTICLES_AT_ONCE = 40_000


class Known(NamedTuple):
    """What is known about the surface: critical points and basins; nothing at first.

    Particles beyond ``window`` count as outside.
    """

    window: Window
    critical: Sequence["Critical"] = ()
    basins: Basins | None = None

    @property
    def minima(self) -> int:
        """Number of minima with a basin."""
        return len(self.basins.names.minima) if self.basins else 0


class Drawn(NamedTuple):
    """A chart's values at the first rows of a history, and their positions along it."""

    values: Values
    places: Array | None


@dataclass(frozen=True)
class Track:
    """One group at some of its recorded frames; rows are frames.

    Frames less than ``apart`` updates after the last row are skipped.  ``charts`` has the values of charts that were
    drawn, for the rows that existed then.
    """

    history: History
    apart: int = 1
    charts: dict[str, Drawn] = field(default_factory=dict)

    def clock(self, group: "Group", kind: str) -> Ints:
        """Clock values of the rows."""
        return clock_values(group, kind)[self.history.frame]

    def seen(self, group: "Group", kind: str) -> History:
        """The history over one of the clocks."""
        return replace(self.history, clock=self.clock(group, kind))


@dataclass
class Tracks:
    """The tracks of all groups of a result, by label, and the paths of the particles that have trails."""

    chosen: Ints
    of: dict[str, Track] = field(default_factory=dict)
    paths: dict[str, GrowingPath] = field(default_factory=dict)

    def follow(self, result: "Result", known: Known) -> None:
        """Read new frames, as many as the time of one screen frame allows; the next call continues."""
        self.of = {group.label: self._followed(group, known) for group in result.groups}
        for k, group in enumerate(result.groups):
            self.paths.setdefault(group.label, GrowingPath(k, self.chosen)).follow(result)

    def source(self, result: "Result", known: Known, numbers: Sequence[int], loss: Array, end: float) -> Source:
        """What charts are made from; ``numbers`` are the indices of the shown groups."""
        groups = [result.groups[k] for k in numbers]
        kind = result.scenario.picture.clock
        tracks = [self.of[group.label] for group in groups]
        histories = [track.seen(group, kind) for group, track in zip(groups, tracks, strict=True)]
        return Source(result, groups, numbers, histories, known.critical, known.basins, loss, end)

    def chart(self, name: str, source: Source) -> Chart:
        """A chart of all rows; computes only the new ones."""
        kind = chart_kind(name)
        drawn = [self._drawn(name, source, k) for k in range(len(source.groups))]
        places = [each.places for each in drawn if each.places is not None]
        return joint_chart(kind, source, [each.values for each in drawn], places)

    def _drawn(self, name: str, source: Source, k: int) -> Drawn:
        charts, kind = self.of[source.groups[k].label].charts, chart_kind(name)
        before = charts.get(name)
        done, rows = 0 if before is None else len(before.values.line), len(source.histories[k].frame)
        if before is None or done < rows:
            new = np.arange(done, rows)
            came = Drawn(kind.values(source, k, new), kind.along.place(source, k, new) if kind.along else None)
            charts[name] = came if before is None else _both(before, came)
        return charts[name]

    def _followed(self, group: "Group", known: Known) -> Track:
        track = self.of.get(group.label)
        if track is None or not _same(track.history, group, known):
            track = Track(_read(group, np.empty(0, np.int64), known))
        update = track.history.update
        first = int(np.searchsorted(group.update, update[-1] + track.apart)) if len(update) else 0
        frames = _apart(group.update, first, track.apart)[: max(1, _PARTICLES_AT_ONCE // len(group.diverged))]
        if not len(frames):
            return track
        track = replace(track, history=_longer(track.history, _read(group, frames, known)))
        rows = len(track.history.frame)
        return track if rows <= MOST else replace(_kept(track, np.arange(rows) % 2 == 0), apart=2 * track.apart)


def _same(h: History, group: "Group", known: Known) -> bool:
    """Whether the rows still belong to the group's frames, with the same basins."""
    return h.share.shape[1] == known.minima and (
        not len(h.frame) or (h.frame[-1] < len(group.update) and group.update[h.frame[-1]] == h.update[-1])
    )


def _apart(update: Ints, first: int, apart: int) -> Ints:
    """Frames from ``first`` on that are at least ``apart`` updates from each other."""
    if apart == 1 or first >= len(update):
        return np.arange(first, len(update))
    return np.unique(np.searchsorted(update, np.arange(update[first], update[-1] + 1, apart)))


def _read(group: "Group", frames: Ints, known: Known) -> History:
    return history_at(group, frames, np.asarray(group.update)[frames], known.window, known.basins)


def _longer(one: History, other: History) -> History:
    return _each(one, lambda name: np.concatenate([getattr(one, name), getattr(other, name)]))


def _kept(track: Track, keep: NDArray[np.bool_]) -> Track:
    """Some rows of a track."""
    history = _each(track.history, lambda name: getattr(track.history, name)[keep])
    charts = {name: _some(drawn, keep[: len(drawn.values.line)]) for name, drawn in track.charts.items()}
    return replace(track, history=history, charts=charts)


def _each(history: History, part: Callable[[str], Any]) -> History:
    """A history with each of its arrays replaced."""
    names = [each.name for each in fields(History) if isinstance(getattr(history, each.name), np.ndarray)]
    arrays: dict[str, Any] = {name: part(name) for name in names}
    return replace(history, **arrays)


def _both(one: Drawn, other: Drawn) -> Drawn:
    def joined(a: Array | None, b: Array | None) -> Array | None:
        return None if a is None or b is None else np.concatenate([a, b])

    return Drawn(Values(*map(joined, one.values, other.values)), joined(one.places, other.places))  # type: ignore[arg-type]


def _some(drawn: Drawn, keep: NDArray[np.bool_]) -> Drawn:
    values = Values(*(None if part is None else part[keep] for part in drawn.values))  # type: ignore[arg-type]
    return Drawn(values, None if drawn.places is None else drawn.places[keep])
