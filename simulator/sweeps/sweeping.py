"""Sweeps from the first cell to the last: read, checked, computed, kept."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from copy import deepcopy
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

from errsurf.errors import RunError, UserError, reason
from errsurf.scenario import Scenario, read_scenario, scenario_from
from errsurf.scenario.changes import change
from errsurf.scenario.reading import Source, source_of
from errsurf.settings.value_lists import MOST_VALUES
from errsurf.sweeps.alike import one_of_alike
from errsurf.sweeps.axes import SEED, axes_of, blocks_of, cells_file
from errsurf.sweeps.cells import Cells, numeric_tables
from errsurf.sweeps.columns import Column, columns_of
from errsurf.sweeps.content import own_records
from errsurf.sweeps.runner import Runner, in_threads
from errsurf.sweeps.store import (
    SWEEP,
    TABLE,
    check_same,
    is_stored,
    journal_of,
    open_journal,
    read_stored,
    write_stored,
)
from errsurf.sweeps.sweep import Sweep
from errsurf.sweeps.table import Rows, Table

Progress = Callable[[int, int], None]


def sweep(
    scenario: str | Path | Scenario | Mapping[str, Any],
    vary: Mapping[str, object] | None = None,
    *,
    seeds: int | None = None,
    zipped: bool | None = None,
    cells: str | Path | None = None,
    changes: Mapping[str, object] | None = None,
    folder: str | Path | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
    stop: Event | None = None,
    say: Callable[[str], None] | None = None,
) -> Sweep:
    """Run a scenario with every combination of settings, and keep one row of numbers for each group of each.

    ``vary`` has keys as ``changes`` of ``read_scenario``, each with a list of values or a text of them:
    ``{"optimizer.lr": "log:1e-3:1:13", "optimizer.batch": [1, 4, "full"]}``.  If ``zipped``, all keys take their next
    value together.  ``cells`` is a CSV file of combinations: keys in its first line.  Each combination runs with so
    many ``seeds``, from the scenario's on.  What is not given is that of the scenario's ``[sweep]``.

    Cells are computed in threads of this machine or, with a ``cluster``, by the workers of dask.distributed:
    ``"tcp://host:8786"`` is the address of a scheduler, ``"local:2"`` are two processes of this machine.  The rows are
    the same, byte for byte, on processors of one kind.

    With a ``folder`` a sweep is kept there, and one that was stopped or got more values computes only what is missing.
    ``progress`` is told the finished cells and how many there are, and ``say`` what is different on workers.  When
    ``stop`` is set or Ctrl-C is pressed, the sweep ends with the cells that are finished.

    Raises UserError, before anything runs, for what cannot be varied and for cells that cannot run, FolderError for a
    folder that holds another sweep, and RunError if a cell fails; what was finished is kept.

    Examples:
        >>> import errsurf
        >>> found = errsurf.sweep("saddle_escape", {"optimizer.lr": [0.05, 0.1]}, seeds=2, changes={"run.epochs": 5})
        >>> len(found.rows), found.rows[0]["group"], found.rows[0]["seed"]
        (12, 'full batch', 7)
    """
    job = prepared(scenario, vary or {}, seeds=seeds, zipped=zipped, cells=cells, changes=changes or {})
    with computers(cluster, say or (lambda _text: None)) as runner:
        return job.computed(None if folder is None else Path(folder), progress, stop, runner)


def open_sweep(folder: str | Path) -> Sweep:
    """The sweep of a folder, as far as it is finished.

    Its numbers need neither the records of one's own that made them, nor data files.  Raises FolderError, and
    ScenarioError if its scenario is damaged.

    Examples:
        >>> import errsurf
        >>> changes = {"swarm.particles": 16}
        >>> found = errsurf.sweep("saddle_escape", {"optimizer.lr": "0.01,0.1"}, changes=changes, folder="rates")
        >>> errsurf.open_sweep("rates")
        Sweep('saddle_escape': 2 of 2 cells, optimizer.lr: 6 rows)
    """
    folder = Path(folder)
    stored = read_stored(folder)
    lacking = any(name not in own_records() for name in stored.cells.records)
    found = Sweep(
        stored.source,
        Rows(stored.cells, stored.cells.all_names(), stored.groups, journal_of(folder), stored.columns),
        folder,
        lacking=lacking,
    )
    _ = found.scenario
    return found


@contextmanager
def computers(cluster: str | None, say: Callable[[str], None]) -> Iterator[Runner]:
    """What computes cells: threads of this machine, or the workers of a cluster, as long as the block lasts."""
    if cluster is None:
        yield in_threads
        return
    from errsurf.sweeps.cluster import connected

    with connected(cluster, say) as runner:
        yield runner


class Job(NamedTuple):
    """A sweep that can run: its scenario's tables, its cells, and what the groups are called in all of them."""

    source: Source
    cells: Cells
    groups: tuple[str, ...]

    @property
    def note(self) -> str:
        """What people should know of the groups; empty if there is nothing."""
        kept, given = len(self.cells.tables["optimizer"]), len(self.source.tables["optimizer"])
        return "" if kept == given else f"its {given} groups differ in nothing but what varies, so one of them runs"

    def computed(
        self,
        folder: Path | None,
        progress: Progress | None = None,
        stop: Event | None = None,
        runner: Runner = in_threads,
        *,
        others: bool = False,
    ) -> Sweep:
        """Compute what is missing in a folder, or everything; arguments and errors are as for ``sweep``.

        A folder may hold finished cells of ``others``, which stay there.
        """
        names = self.cells.all_names()
        rows = Rows(self.cells, names, self.groups, open_journal(folder), columns_of_cells(self.cells))
        stop, told = stop or Event(), progress or (lambda _done, _count: None)
        if folder is None:
            _compute(rows, lambda: None, told, stop, runner)
            return Sweep(self.source, rows, None)
        try:
            if not others:
                check_same(folder, rows.journal, self.cells, names)
            write_stored(folder, self.source, rows, computes=any(name not in rows.journal for name in names))
            with closing(Table(folder / TABLE, rows)) as table:
                _compute(rows, table.advance, told, stop, runner)
        except OSError as error:
            kept = f"{len(rows.journal):,} of {len(names):,} cells are kept"
            raise RunError(f"{folder}: {reason(error)}; {kept}") from error
        finally:
            rows.journal.release()
        return Sweep(self.source, rows, folder, table.columns)


def prepared(
    scenario: str | Path | Scenario | Mapping[str, Any],
    vary: Mapping[str, object],
    *,
    seeds: int | None = None,
    zipped: bool | None = None,
    cells: str | Path | None = None,
    changes: Mapping[str, object],
) -> Job:
    """Read and check a sweep; arguments and errors are as for ``sweep``."""
    if isinstance(scenario, str | Path) and Path(scenario).name == SWEEP and is_stored(Path(scenario)):
        if vary or seeds is not None or zipped is not None or cells is not None:
            raise UserError(f"{scenario}: a sweep has its own values; give none, or vary its scenario's file")
        return _stored_job(Path(scenario), changes)
    read, source = read_given(scenario, changes)
    table = read.sweep
    axes, count = axes_of({**table.vary, **vary}), table.seeds if seeds is None else seeds
    listed = cells_file(Path(cells)) if cells is not None else ()
    together = table.zip if zipped is None else zipped
    blocks = blocks_of(axes, listed, zipped=together, seeds=seeds_of(source.tables, count))
    if not blocks:
        raise UserError("nothing varies; give --vary KEY=VALUES, --cells, --seeds, or the scenario a table [sweep]")
    found = one_of_alike(Cells(numeric_tables(source.tables), source.folder, source.name, blocks))
    return Job(source, found, found.check())


def columns_of_cells(cells: Cells) -> dict[str, Column]:
    """What the numbers of columns are, in the first cell and those beside it."""
    return columns_of(cells.scenario(k) for k in cells.beside_the_first())


def _stored_job(file: Path, changes: Mapping[str, object]) -> Job:
    """The sweep of a folder, to be computed again elsewhere."""
    stored = read_stored(file.parent)
    _, source = _changed(stored.source, changes)
    cells = Cells(numeric_tables(source.tables), source.folder, source.name, stored.cells.blocks)
    found = one_of_alike(cells)
    return Job(source, found, found.check())


def _compute(rows: Rows, advance: Callable[[], None], progress: Progress, stop: Event, runner: Runner) -> None:
    """Compute the cells that are not in the journal, each once, and keep their rows."""
    names, journal = rows.names, rows.journal
    missing = {name: k for k, name in reversed(list(enumerate(names))) if name not in journal}
    done = len(names) - len(missing)
    advance()
    progress(done, len(names))

    try:
        for k, found in runner(rows.cells, sorted(missing.values()), stop) if missing else ():
            journal.add(names[k], found)
            done += 1
            advance()
            progress(done, len(names))
    except KeyboardInterrupt:
        stop.set()


def read_given(
    given: str | Path | Scenario | Mapping[str, Any], changes: Mapping[str, object]
) -> tuple[Scenario, Source]:
    """A scenario with changes, and its tables; raises ScenarioError, with the lines of a file."""
    return _changed(source_of(given), changes, given if isinstance(given, str | Path) else None)


def _changed(source: Source, changes: Mapping[str, object], file: str | Path | None = None) -> tuple[Scenario, Source]:
    if file is not None:
        read = read_scenario(file, changes)
    else:
        read = scenario_from(source.tables, source.folder, source.name, changes)
    tables = deepcopy(dict(source.tables))
    change(tables, changes, [])
    return read, source._replace(tables=tables)


def seeds_of(tables: Mapping[str, Any], count: int) -> range:
    """So many seeds from the scenario's on; raises UserError where nothing follows them."""
    if not 1 <= count <= MOST_VALUES:
        raise UserError(f"--seeds {count}: allowed: 1 to {MOST_VALUES:,}")
    first = tables.get(SEED, 0)
    own = [name for name in ("surface", "swarm", "run") if "seed" in (tables.get(name) or {})]
    if count > 1 and len(own) == 3:
        raise UserError("--seeds: surface.seed, swarm.seed and run.seed are given, so that nothing follows the seed")
    return range(first, first + count)
