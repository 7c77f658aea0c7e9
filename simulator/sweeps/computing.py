"""One cell of a sweep: its scenario is run, and rows are made of the result."""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from threading import Event, Lock
from typing import TypeAlias

from errsurf.engine.size import example_bytes
from errsurf.measures.rows import Cell, group_rows
from errsurf.run.simulation import simulate
from errsurf.run_analysis.findings import Findings
from errsurf.run_analysis.terrain import Terrain, terrain_of
from errsurf.scenario import Scenario
from errsurf.scenario.claims import Claim
from errsurf.scenario.measures import Measure
from errsurf.statistics import statistic
from errsurf.system.inline import InlineExecutor

Rows: TypeAlias = list[dict[str, Cell]]
RowsOf: TypeAlias = Callable[[Findings], Rows]

MOST_KEPT, KEPT_BYTES = 64, 1 << 28
END = "100%"
INLINE = InlineExecutor()


class Shared:
    """The terrains that cells have in common, each made once; those that were used last are kept."""

    def __init__(self) -> None:
        self._made: OrderedDict[str, Future[Terrain]] = OrderedDict()
        self._lock = Lock()

    def terrain(self, scenario: Scenario) -> Terrain:
        """The terrain of a scenario, perhaps made for another one on the same surface."""
        key = repr((scenario.drawn_from, scenario.picture.window))
        with self._lock:
            known = self._made.get(key)
            mine = self._made[key] = known or Future()
            self._made.move_to_end(key)
            while len(self._made) > _kept(scenario):
                self._made.popitem(last=False)
        if known is None:
            try:
                mine.set_result(terrain_of(scenario))
            except BaseException as error:
                mine.set_exception(error)
        return mine.result()


def _kept(scenario: Scenario) -> int:
    """How many terrains of this size are kept."""
    return max(2, min(MOST_KEPT, KEPT_BYTES // max(1, sum(example_bytes(scenario).values()))))


def cell_rows(scenario: Scenario, shared: Shared, stop: Event, rows_of: RowsOf | None = None) -> Rows | None:
    """The rows of a scenario, one a group; None if it was stopped.  Everything runs in the calling thread."""
    terrain = shared.terrain(scenario)
    result = simulate(recorded_least(scenario), device="cpu", stop=stop, pool=INLINE, landscape=terrain.landscape)
    return (rows_of or group_rows)(Findings(result, terrain)) if result.complete else None


def recorded_least(scenario: Scenario) -> Scenario:
    """The scenario with as few frames as its measures and claims need."""
    measures: list[Measure | Claim] = [*scenario.measure, *scenario.claim]
    if any(statistic(each.statistic).path for each in measures):
        return scenario
    run = scenario.run._replace(record=(), losses=False)
    if all(each.at == END for each in measures):
        run = run._replace(frames=2, frame_spacing="even")
    return replace(scenario, run=run)
