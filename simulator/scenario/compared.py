"""The `[compare]` table: the same search for every group, and how the groups are judged after it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

from annotated_types import Ge, Gt, Le

from errsurf.scenario.claims import Take
from errsurf.scenario.measures import Measure
from errsurf.scenario.tables import VARIED
from errsurf.settings.durations import Duration

USUAL = "test_loss"
MOST_SEEDS = 10_000
MOST_DIVERGED = 0.01
"""The median moves by half a percent of the particles at most, whatever the lost ones would have."""
BudgetKind = Literal["updates", "examples", "seconds"]
Best = Literal["lowest", "highest"]


class CompareTable(NamedTuple):
    """Keys of the comparison besides its statistic's settings."""

    tune: Annotated[
        Mapping[str, Any],
        VARIED,
        'settings of every group, each with the values that are tried: `lr = "log:1e-3:1:13"`; below a label, those of '
        "this group alone",
    ] = {}
    at: Annotated[Duration, 'when: updates (50), epochs ("2 epochs") or a share ("50%") of a group\'s run'] = "100%"
    take: Annotated[
        Take | None, "how the particles' numbers are summarized; by default as the statistic says, or the median"
    ] = None
    best: Annotated[
        Best | None, "which number is the best; by default the highest of shares, the lowest of all else"
    ] = None
    budget: Annotated[
        BudgetKind, "what all groups get as much of; seconds are those of their updates, measured first"
    ] = "updates"
    amount: Annotated[
        float | None, Gt(0), "how much of it; by default as much as the group that uses most in the scenario's own run"
    ] = None
    seeds: Annotated[int, Ge(1), Le(MOST_SEEDS), "seeds that judge what another one chose, from `seed + 1` on"] = 8
    diverged: Annotated[
        float, Ge(0), Le(1), "the largest share of particles that may diverge with values that are chosen"
    ] = MOST_DIVERGED


class Compare(NamedTuple):
    """The ``[compare]`` table; ``tune`` has whole keys, those of one group behind its label and a dot."""

    measure: Measure
    tune: Mapping[str, Any] = {}
    best: str | None = None
    budget: str = "updates"
    amount: float | None = None
    seeds: int = 8
    diverged: float = MOST_DIVERGED
