"""Comparisons from the first value to the last difference: read, checked, searched, judged."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

from errsurf.comparing.budget import budget_of, updates_in
from errsurf.comparing.comparison import FairComparison, Swept
from errsurf.comparing.files import made_folder, write_files
from errsurf.comparing.plan import Plan, tables_of_groups
from errsurf.comparing.search import Trial, trials, tuned_settings
from errsurf.comparing.timing import measured_times
from errsurf.scenario import Scenario, scenario_from
from errsurf.scenario.compared import CompareTable
from errsurf.sweeps.cells import Tables
from errsurf.sweeps.sweeping import Job, read_given, seeds_of

SEARCH, JUDGED = "search", "judged"
OF_STATISTIC = ("at", "take", "best")
"""Keys of a comparison that are meant for its statistic."""
Progress = Callable[[str, float], None]


def compare(
    scenario: str | Path | Scenario | Mapping[str, Any],
    tune: Mapping[str, Any] | None = None,
    *,
    statistic: str | None = None,
    settings: Mapping[str, Any] | None = None,
    best: str | None = None,
    budget: str | None = None,
    amount: float | None = None,
    seeds: int | None = None,
    diverged: float | None = None,
    changes: Mapping[str, object] | None = None,
    folder: str | Path | None = None,
    progress: Progress | None = None,
    stop: Event | None = None,
) -> FairComparison:
    """Tune every group by the same search with the same budget, and judge what it chose by other seeds.

    ``tune`` has settings of all groups, each with a list of values or a text of them, and below a group's label those
    of this group alone: ``{"lr": "log:1e-4:1:13", "batch 1": {"momentum": [0, 0.9]}}``.  Every combination runs with
    the scenario's seed.  The ``best`` one, "lowest" or "highest", of each group runs with so many other ``seeds``.

    ``statistic`` decides, by default the test loss at the end; its ``settings``, ``at`` and ``take`` are as in
    ``[[measure]]``.  All groups get as many "updates", "examples" or "seconds" as ``amount`` says: ``budget``.  A
    gradient at a probe, as sam takes, counts its examples again.  Seconds are those of a group's updates in one thread,
    which are measured first.  Values with which more than the share ``diverged`` of the particles diverges are not
    chosen.  What is not given is that of the scenario's ``[compare]``.

    With a ``folder`` both sweeps are kept in it, and what was stopped continues.  ``progress`` is told the stage,
    "times", "search" or "judged", and the share that is done.  When ``stop`` is set or Ctrl-C is pressed, it ends with
    what is finished.

    Raises UserError, before anything runs, for what cannot be tuned or compared, FolderError for a folder that holds
    another comparison, and RunError if a run fails.

    Examples:
        >>> import errsurf
        >>> found = errsurf.compare("saddle_escape", {"lr": "log:0.01:0.1:3"}, seeds=4, changes={"swarm.particles": 16})
        >>> [(choice.label, choice.best.settings["lr"], len(choice.edges)) for choice in found.choices]
        [('full batch', 0.1, 1), ('batch 5', 0.1, 1), ('batch 1', 0.1, 1)]
    """
    asked: dict[str, Any] = {"statistic": statistic, "best": best, "budget": budget, "amount": amount, "seeds": seeds}
    asked |= {"diverged": diverged}
    asked |= {"tune": dict(tune)} if tune else {}
    plan = planned(scenario, asked | dict(settings or {}), changes or {})
    return done(plan, None if folder is None else Path(folder), progress, stop)


def planned(
    scenario: str | Path | Scenario | Mapping[str, Any], asked: Mapping[str, Any], changes: Mapping[str, object]
) -> Plan:
    """Read and check a comparison; ``asked`` are keys of ``[compare]``, None for the scenario's own."""
    _, source = read_given(scenario, changes)
    tables = dict(source.tables)
    tables["compare"] = _table(tables.get("compare"), asked)
    whole = scenario_from(tables, source.folder, source.name)
    assert whole.compare is not None
    lists, (_, *seeds) = tuned_settings(whole, whole.compare.tune), seeds_of(tables, whole.compare.seeds + 1)
    ready = source._replace(tables=tables_of_groups(tables, whole.compare.measure))
    plan = Plan(ready, whole, whole.compare, budget_of(whole, whole.compare), lists, tuple(seeds))
    plan.cells(list(trials(lists))).check()
    return plan


def _table(own: Any, asked: Mapping[str, Any]) -> Tables:
    """The table ``[compare]`` with what was asked for; settings of another statistic are left out."""
    found = dict(own or {})
    given = {key: value for key, value in asked.items() if value is not None}
    if given.get("statistic", found.get("statistic")) != found.get("statistic"):
        found = {key: value for key, value in found.items() if key in CompareTable._fields and key not in OF_STATISTIC}
    return found | given | {"tune": {**found.get("tune", {}), **given.get("tune", {})}}


def done(
    plan: Plan,
    folder: Path | None,
    progress: Progress | None = None,
    stop: Event | None = None,
    languages: Sequence[str] = (),
) -> FairComparison:
    """Compute what is missing in a folder, or everything; arguments and errors are as for ``compare``.

    The picture has texts in the first of the ``languages`` that there is.
    """
    told, stop = progress or (lambda _stage, _share: None), stop or Event()
    made_folder(folder)
    tried = list(trials(plan.lists))
    seconds = measured_times(tried, plan, folder, lambda share: told("times", share))
    bare = plan.cells(tried)
    ready = [
        each._replace(updates=updates_in(plan.budget, partial(bare.scenario, k), each, seconds[k]))
        for k, each in enumerate(tried)
    ]
    search = _swept(plan, ready, (), folder and folder / SEARCH, lambda share: told(SEARCH, share), stop)
    found = FairComparison(plan, search, seconds, None, folder)
    winners = found.winners()
    if search.sweep.complete and winners and not stop.is_set():
        judged = _swept(plan, winners, plan.seeds, folder and folder / JUDGED, lambda share: told(JUDGED, share), stop)
        found = FairComparison(plan, search, seconds, judged, folder)
    write_files(found, folder, languages)
    return found


def _swept(
    plan: Plan,
    tried: Sequence[Trial],
    seeds: Sequence[int],
    folder: Path | None,
    told: Callable[[float], None],
    stop: Event,
) -> Swept:
    """The sweep of some trials, with the scenario's seed or with these."""
    cells = plan.cells(tried, seeds)
    cells.check()
    job = Job(plan.source, cells, ())
    sweep = job.computed(folder, lambda finished, count: told(finished / count), stop, others=bool(seeds))
    return Swept(sweep, tuple(tried), cells)
