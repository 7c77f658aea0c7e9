"""Batches of a group, and what charts against the batch size have in common."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from errsurf.drawing.charts._record import Along, ChartKind, Source, Values
from errsurf.drawing.charts._scales import Marks, Scale
from errsurf.drawing.history.frames import Array, Ints, latest
from errsurf.sampling.batches import phase_at
from errsurf.scenario.scenario import group_phases


def batch_sizes(source: Source, k: int, rows: Ints) -> Ints:
    """Examples of a whole update of group k, at these rows of its history, shape (rows,)."""
    group, examples = source.result.scenario.optimizer[source.numbers[k]], len(source.result.landscape.train)
    stages = group_phases(group, examples, source.result.scenario.run.sampling)
    plans = [phase_at(stages, update).plan for update in source.histories[k].update[rows].tolist()]
    return np.array([plan.examples_an_update for plan in plans], dtype=np.int64)


def same_points(source: Source, k: int, rows: Ints) -> tuple[int, Ints]:
    """The group with the largest batch, and its rows at the clock values of these rows of group k.

    At its particles all batch sizes can be compared: on paths of their own, batch 5 at the saddle has a larger error
    than batch 1 far from it.
    """
    largest = max(range(len(source.groups)), key=lambda g: int(batch_sizes(source, g, np.zeros(1, np.int64))[0]))
    clock = source.histories[largest].clock
    return largest, np.array([latest(clock, float(now)) for now in source.histories[k].clock[rows]], dtype=np.int64)


def with_replacement(source: Source, k: int) -> bool:
    """Whether an example may come twice into an update of group k."""
    scenario = source.result.scenario
    return scenario.run.sampling.kind == "replacement" and scenario.optimizer[source.numbers[k]].batch != "full"


def _place(source: Source, k: int, rows: Ints) -> Array:
    return batch_sizes(source, k, rows).astype(np.float64)


def _scale(places: Sequence[Array]) -> Scale:
    """Logarithmic, with room beside the outermost dots."""
    low, high = min(float(each.min()) for each in places), max(float(each.max()) for each in places)
    room = max((high / low) ** 0.08, 1.2)
    return Scale(low / room, high * room, True)


def _marks(_scale: Scale, places: Sequence[Array]) -> Marks:
    """The batch sizes that there are."""
    return [(size, f"{size:,.0f}") for size in np.unique(np.concatenate(places))]


def by_batch(kind: ChartKind, titles: Callable[[Source], tuple[str, ...]], joined: str = "lowest") -> ChartKind:
    """A chart against the batch size; accumulated batches count as one."""
    along = Along("batch size", _place, _scale, _marks)
    return replace(kind, titles=titles, along=along, joined=joined)


def later(kind: ChartKind) -> ChartKind:
    """A chart whose scale holds what the second half of the run needs: groups are compared by where they arrive."""

    def scale(source: Source, values: Sequence[Values]) -> Scale:
        return kind.scale(source, [_second_half(each) for each in values])

    return replace(kind, scale=scale)


def _second_half(values: Values) -> Values:
    return Values(*(None if part is None else part[len(values.line) // 2 :] for part in values))  # type: ignore[arg-type]
