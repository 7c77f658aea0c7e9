"""The paths of the particles with trails while a run grows: after every update, whatever was recorded."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from errsurf.drawing.history.frames import Array, Ints
from errsurf.run.paths import Path, Walk, recorded, walk

if TYPE_CHECKING:
    from errsurf.run.result import Result

# Updates that are read or made again in one screen frame, and the size at which the older half is forgotten.
_AT_ONCE, _MOST = 3_000, 1 << 22


@dataclass
class GrowingPath:
    """The path of the ``chosen`` particles of group ``k`` as far as it is known."""

    k: int
    chosen: Ints
    update: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    examples_seen: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    position: Array = field(default_factory=lambda: np.empty((0, 0, 2)))
    walk: Walk | None = None

    def follow(self, result: "Result") -> None:
        """Add what came since, at most as much as a screen frame has time for: frames, or where they skip
        updates, the particles' own run.
        """
        group = result.groups[self.k]
        done, last = (int(self.update[-1]) if len(self.update) else -1), int(group.update[-1])
        at = np.arange(np.searchsorted(group.update, done, "right"), len(group.update))[:_AT_ONCE]
        if not len(at):
            return
        if self.walk is None and group.update[at[-1]] - done == len(at):
            self._add(recorded(group, at, self.chosen))
            return
        if self.walk is None or self.walk.scenario.optimizer != result.scenario.optimizer:
            self.walk = walk(result.scenario, self.k, self.chosen, last)
        start = recorded(group, np.flatnonzero(group.update[:1] == 0), self.chosen)
        if done < 0:
            self._add(start)
        for part in self.walk.on(min(last, self.walk.state.update + _AT_ONCE)):
            new = part.update > done
            self._add(Path(part.update[new], part.examples_seen[new], part.position[new]))

    def clock(self, kind: str) -> Ints:
        """Clock values of the rows."""
        return self.examples_seen if kind == "examples" else self.update

    def _add(self, part: Path) -> None:
        half = len(self.update) // 2 if 2 * len(self.chosen) * len(self.update) > _MOST else 0
        before = self.position[half:].reshape(-1, len(self.chosen), 2)
        self.update = np.concatenate([self.update[half:], part.update])
        self.examples_seen = np.concatenate([self.examples_seen[half:], part.examples_seen])
        self.position = np.concatenate([before, part.position])
