"""What a search found for each group: every value tried, its cost, the best, its neighbours, and edges."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import isfinite
from typing import NamedTuple

from errsurf.measures.intervals import Estimate
from errsurf.settings.value_lists import Value, value_word
from errsurf.system.numbers import number_text

BEST = {"lowest": min, "highest": max}
STEP = 1e-3
"""How far beyond the edge of a search a value is asked for, as a share of the distance to the neighbour."""

Settings = Mapping[str, Value]
Allowed = Callable[[str, Settings], bool]
"""Whether a group of this label may have these settings."""


class Cost(NamedTuple):
    """Updates, examples whose gradients were taken, and seconds that the updates take in one thread."""

    updates: int
    examples: int
    seconds: float


class Tried(NamedTuple):
    """Values of a group's tuned settings, the number that they gave with its interval over ``n`` particles, and cost.

    Of ``particles``, so many ``diverged``; it is not ``accepted`` where these are more than the comparison allows.

    Examples:
        >>> import errsurf
        >>> found = errsurf.compare("saddle_escape", {"lr": "log:0.01:0.1:3"}, seeds=2, changes={"swarm.particles": 16})
        >>> [tried.settings for tried in found["batch 1"].tried], found["batch 1"].tried[0].cost.updates
        ([{'lr': 0.01}, {'lr': 0.0316227766017}, {'lr': 0.1}], 160)
    """

    settings: Settings
    estimate: Estimate
    n: int
    particles: int
    diverged: int
    cost: Cost
    accepted: bool = True

    @property
    def counts(self) -> bool:
        """Whether this can be the best."""
        return self.accepted and isfinite(self.estimate.value)


class Edge(NamedTuple):
    """A setting whose best value is the last that was tried; ``beyond`` it, "below" or "above", others are allowed."""

    setting: str
    value: Value
    beyond: str


class Choice(NamedTuple):
    """What the search found for a group.

    ``best`` is None where no value gave a number.  ``neighbours`` has, for each tuned setting of numbers, what the next
    lower and the next higher value gave, with the other settings as in the best; None at an edge.  ``edges`` are the
    settings whose best value lies at the edge of the search, though values beyond it are possible.  ``refused`` are
    values with better numbers, the best one first, with which too many particles diverged.

    Examples:
        >>> import errsurf
        >>> found = errsurf.compare("saddle_escape", {"lr": "log:0.01:0.1:3"}, seeds=2, changes={"swarm.particles": 16})
        >>> choice = found["batch 1"]
        >>> choice.best.settings, choice.edges, choice.neighbours["lr"][1], choice.cost.updates
        ({'lr': 0.1}, (Edge(setting='lr', value=0.1, beyond='above'),), None, 480)
    """

    label: str
    tried: tuple[Tried, ...]
    best: Tried | None
    neighbours: Mapping[str, tuple[Tried | None, Tried | None]]
    edges: tuple[Edge, ...]
    cost: Cost
    refused: tuple[Tried, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is to be said of the search: a best value at its edge, or none at all."""
        if self.best is None:
            words = "gives a number without too many particles that diverge; --diverged allows more"
            return (f"{self.label}: no value that was tried {words}",)
        lost = self.best.diverged if self.best.n < self.best.particles else 0
        words = f"{lost:,} of {self.best.particles:,} particles diverged with the best values and do not count"
        return (*(_warning(self.label, edge) for edge in self.edges), *[f"{self.label}: {words}"] * bool(lost))

    def coarse(self, apart: float) -> Iterator[str]:
        """The settings in which a value beside the best is refused, or gives a number farther ``apart`` than this."""
        for key, pair in self.neighbours.items():
            best = self.best
            if best and any(
                each and not (each.counts and abs(each.estimate.value - best.estimate.value) <= apart) for each in pair
            ):
                yield key


def _warning(label: str, edge: Edge) -> str:
    end, more = ("largest", "larger") if edge.beyond == "above" else ("smallest", "smaller")
    return (
        f"{label}: the best {edge.setting}, {_word(edge.value)}, is the {end} that was tried, "
        f"at the edge of the search; try {more} ones"
    )


def _word(value: Value) -> str:
    return number_text(value) if isinstance(value, float) else value_word(value)


def chosen(
    label: str, tried: Sequence[Tried], best: str, order: Callable[[str, Value], float | None], allowed: Allowed
) -> Choice:
    """The best of what a group tried, the first one of several; ``order`` places a setting's value among the others."""
    known = [each for each in tried if each.counts]
    winner = BEST[best](known, key=lambda each: each.estimate.value) if known else None
    neighbours = {} if winner is None else dict(_neighbours(winner, tried, order))
    edges = () if winner is None else tuple(_edges(label, winner, neighbours, allowed))
    refused = _refused(winner, tried, best)
    return Choice(label, tuple(tried), winner, neighbours, edges, total(each.cost for each in tried), refused)


def _refused(winner: Tried | None, tried: Sequence[Tried], best: str) -> tuple[Tried, ...]:
    """What would be better than the winner but is not accepted, the best one first."""
    found = [each for each in tried if not each.accepted and isfinite(each.estimate.value)]
    ordered = sorted(found, key=lambda each: each.estimate.value, reverse=best == "highest")
    if winner is None:
        return tuple(ordered)
    return tuple(each for each in ordered if BEST[best](each, winner, key=lambda one: one.estimate.value) is each)


def total(costs: Iterator[Cost]) -> Cost:
    """The sum of some costs."""
    found = list(costs)
    return Cost(
        sum(each.updates for each in found), sum(each.examples for each in found), sum(each.seconds for each in found)
    )


def _neighbours(
    winner: Tried, tried: Sequence[Tried], order: Callable[[str, Value], float | None]
) -> Iterator[tuple[str, tuple[Tried | None, Tried | None]]]:
    """For each setting of numbers what lies beside the best in it."""
    for key in winner.settings:
        line = [
            each
            for each in tried
            if all(each.settings[other] == winner.settings[other] for other in winner.settings if other != key)
        ]
        places = {id(each): order(key, each.settings[key]) for each in line}
        if all(place is not None for place in places.values()):
            ordered = sorted(line, key=lambda each: places[id(each)] or 0.0)
            at = next(k for k, each in enumerate(ordered) if each is winner)
            yield key, (ordered[at - 1] if at else None, ordered[at + 1] if at + 1 < len(ordered) else None)


def _edges(
    label: str, winner: Tried, neighbours: Mapping[str, tuple[Tried | None, Tried | None]], allowed: Allowed
) -> Iterator[Edge]:
    """The settings in which the best is the last, and a value beyond it is allowed."""
    for key, (below, above) in neighbours.items():
        beside, value = below or above, winner.settings[key]
        if beside is None or (below and above) or not isinstance(value, int | float):
            continue
        near = beside.settings[key]
        step = STEP * (value - near) if isinstance(near, int | float) else STEP
        further = (value + step, value + (1 if below else -1)) if isinstance(value, int) else (value + step,)
        if any(allowed(label, {**winner.settings, key: each}) for each in further):
            yield Edge(key, value, "above" if below else "below")
