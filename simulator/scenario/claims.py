"""The `[[claim]]` tables: statements over the run, which every run of the scenario checks."""

from typing import Annotated, Any, Literal, NamedTuple

from annotated_types import Ge, Gt, Le, Len

from errsurf.settings.bounds import MAX_GROUPS
from errsurf.settings.durations import Duration
from errsurf.settings.kinds import OneLine

MAX_CLAIMS = 100
LECTURE_CLAIMS = 26

Take = Literal["median", "mean", "largest", "smallest"]
Label = Annotated[str, Len(1, 80)]
Number = Annotated[int, Ge(1), Le(LECTURE_CLAIMS)]
Side = float | Label | Annotated[tuple[Label, ...], Len(1, MAX_GROUPS)]


class ClaimTable(NamedTuple):
    """Keys of every claim besides its statistic's settings.  It needs one of `above`, `below` and `equals`."""

    says: Annotated[str, Len(1, 400), OneLine, "the claim, in one sentence"]
    lecture: Annotated[
        Number | Annotated[tuple[Number, ...], Len(1, LECTURE_CLAIMS)] | None, "its number in the lecture, or several"
    ] = None
    group: Annotated[
        Label | Annotated[tuple[Label, ...], Len(1, MAX_GROUPS)] | None,
        "label of the group it is about, or several; by default, every group it is not compared with",
    ] = None
    above: Annotated[Side | None, "the statistic is above this number, or above this group's or these groups'"] = None
    below: Annotated[Side | None, "as `above`, but below"] = None
    equals: Annotated[Side | None, "it is equal, up to `within`"] = None
    by: Annotated[float | None, Ge(0), "least difference, for `above` and `below`; by default, 0"] = None
    times: Annotated[
        float | None,
        Gt(0),
        "compare the ratio of the two groups' numbers, not their difference, with this factor; none may be negative",
    ] = None
    within: Annotated[float | None, Ge(0), "largest difference, for `equals`; with `times`, from the factor"] = None
    at: Annotated[Duration, 'when: updates (50), epochs ("2 epochs") or a share ("50%") of the run'] = "100%"
    other_at: Annotated[Duration | None, "when for the group compared with; by default, `at`"] = None
    take: Annotated[
        Take | None,
        "how the particles' numbers are summarized; by default the median",
    ] = None


class Claim(NamedTuple):
    """One ``[[claim]]`` table; ``settings`` is the statistic's named tuple.

    ``groups`` are the labels it speaks of, none if of all groups together, ``others`` labels or numbers.  A difference
    is compared with ``by`` or ``within``; where ``times`` is given a ratio is, with ``times`` and ``within``.
    """

    says: str
    lecture: tuple[int, ...]
    statistic: str
    settings: Any
    groups: tuple[str, ...]
    relation: str
    others: tuple[str | float, ...]
    by: float
    times: float | None
    within: float
    at: int | str
    other_at: int | str
    take: str | None
