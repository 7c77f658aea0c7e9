"""A run repeated with other seeds: intervals over seeds beside those over particles, and how often claims hold."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from threading import Event
from typing import NamedTuple

import numpy as np

from errsurf.claims.checking import Checked, Comparison, Repeated, checked
from errsurf.measures.intervals import Array
from errsurf.measures.measuring import NUMBER, kind_of
from errsurf.measures.rows import Cell, group_rows
from errsurf.run.result import Result
from errsurf.run_analysis.findings import Findings
from errsurf.scenario import Scenario
from errsurf.scenario.claims import Claim
from errsurf.scenario.reading import source_of
from errsurf.sweeps.axes import SEED, Axis
from errsurf.sweeps.cells import Cells, numeric_tables
from errsurf.sweeps.columns import Column, columns_of
from errsurf.sweeps.computing import Rows
from errsurf.sweeps.runner import in_threads
from errsurf.sweeps.seeds import averaged, difference_over_seeds, estimate_over_seeds
from errsurf.sweeps.sweeping import Job, seeds_of

CLAIM = "claim"
NUMBERS = ("estimate", "reference", "compared")
"""Numbers of a comparison that other seeds have too."""
ENDS = {"": "_seeds", "_seeds_low": "_seeds_low", "_seeds_high": "_seeds_high"}
"""What the mean over seeds and its interval are called beside a number of one run."""


class Repetition(NamedTuple):
    """A run with several ``seeds``, the first of which is its own.

    ``fixed`` are the seeds that the scenario gives by themselves, the same in all of them.  ``rows`` has one a group:
    of every number ``x`` its mean ``x_seeds`` over seeds, of times the median, and the ends ``x_seeds_low`` and
    ``x_seeds_high`` of its 95% interval over seeds.  ``claims`` has one a claim.
    """

    seeds: tuple[int, ...]
    fixed: tuple[str, ...]
    rows: tuple[dict[str, Cell], ...]
    claims: tuple[Repeated, ...]


def claims_of(result: Result, seeds: int = 1) -> tuple[Checked, ...]:
    """The scenario's claims, each with its verdict, numbers and their 95% intervals over particles.

    With several ``seeds``, the run's own and those that follow it, the scenario runs with the others too, and each
    claim says with how many of them it holds, and what its numbers are over them: ``Checked.seeds``.  Raises UserError
    where the scenario fixes all of its seeds.

    Examples:
        >>> import errsurf
        >>> scenario = errsurf.read_scenario("flat_or_sharp", {"swarm.particles": 200})
        >>> claims = errsurf.claims_of(errsurf.simulate(scenario), seeds=3)
        >>> [checked.verdict for checked in claims], len(claims[0].seeds.seeds), claims[0].seeds.verdicts[0]
        (['holds', 'holds'], 3, 'holds')
    """
    findings = Findings(result)
    found = checked(findings)
    return found if seeds == 1 else with_seeds(found, repeated(findings, found, seeds))


def with_seeds(claims: Sequence[Checked], found: Repetition) -> tuple[Checked, ...]:
    """The claims with what other seeds say of them."""
    return tuple(each._replace(seeds=told) for each, told in zip(claims, found.claims, strict=True))


def check_seeds(scenario: Scenario, count: int) -> None:
    """Raise UserError unless a scenario can run with so many seeds."""
    seeds_of(source_of(scenario).tables, count)


def repeated(
    findings: Findings,
    claims: Sequence[Checked],
    count: int,
    progress: Callable[[float], None] | None = None,
    stop: Event | None = None,
) -> Repetition:
    """The run with ``count`` seeds, its own among them; those that are finished if it is stopped."""
    source, told = source_of(findings.result.scenario), progress or (lambda _share: None)
    _, *others = seeds_of(source.tables, count)
    rows: list[Rows] = [[*group_rows(findings), *_claim_rows(claims)]]
    if others:
        cells = Cells(numeric_tables(source.tables), source.folder, source.name, ((Axis(SEED, tuple(others)),),))
        job, runner = Job(source, cells, cells.check()), partial(in_threads, rows_of=_all_rows)
        found = list(job.computed(None, lambda done, of: told(done / of), stop, runner).rows)
        rows += [found[k : k + len(rows[0])] for k in range(0, len(found), len(rows[0]))]
    return _repetition(findings.result.scenario, rows, len(claims))


def _all_rows(findings: Findings) -> Rows:
    return [*group_rows(findings), *_claim_rows(checked(findings))]


def _claim_rows(claims: Sequence[Checked]) -> Rows:
    """One row for each comparison of each claim, with the claim's verdict."""
    return [
        {"group": each.group, CLAIM: k, "verdict": found.verdict, **_numbers(each)}
        for k, found in enumerate(claims)
        for each in found.comparisons
    ]


def _numbers(each: Comparison) -> dict[str, Cell]:
    return {name: float(getattr(each, name).value) for name in NUMBERS}


def _repetition(scenario: Scenario, rows: Sequence[Rows], claims: int) -> Repetition:
    """What the rows of each seed say together."""
    groups, known = len(scenario.optimizer), columns_of([scenario])
    seeds = tuple(int(str(each[0][SEED])) for each in rows)
    means = tuple(_over_seeds([each[k] for each in rows], known) for k in range(groups))
    told = tuple(
        _repeated(seeds, [[row for row in each[groups:] if row[CLAIM] == k] for each in rows], scenario.claim[k])
        for k in range(claims)
    )
    return Repetition(seeds, scenario.fixed_seeds, means, told)


def _over_seeds(rows: Rows, known: Mapping[str, Column]) -> dict[str, Cell]:
    """The columns over seeds of a group's numbers."""
    found, own = averaged(rows, known), [key for key in rows[0] if f"{key}_n" in rows[0]]
    return {f"{key}{name}": found.get(f"{key}{end}") for key in own for end, name in ENDS.items()}


def _repeated(seeds: tuple[int, ...], rows: Sequence[Rows], claim: Claim) -> Repeated:
    """One claim over seeds, from the rows of its comparisons with each of them."""
    kind = kind_of(claim)
    columns = list(zip(*rows, strict=True))
    mine, theirs = (
        tuple(estimate_over_seeds(_values(name, column), kind) for column in columns) for name in NUMBERS[:2]
    )
    compared = (_values(NUMBERS[2], column) for column in columns)
    against = tuple(
        difference_over_seeds(each, kind) if claim.times is None else estimate_over_seeds(each, NUMBER)
        for each in compared
    )
    return Repeated(seeds, tuple(str(each[0]["verdict"]) for each in rows), mine, theirs, against)


def _values(name: str, rows: Sequence[dict[str, Cell]]) -> Array:
    """A number of each seed; NaN where there is none."""
    return np.array([value if isinstance(value := row[name], int | float) else np.nan for row in rows], np.float64)
