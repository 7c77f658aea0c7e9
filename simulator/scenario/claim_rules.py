"""What the keys of a `[[claim]]` table break together, and what the table means."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from errsurf.records.names import listed, nearest
from errsurf.scenario.claims import Claim
from errsurf.scenario.lines import KeyPath
from errsurf.scenario.measure_rules import take_findings
from errsurf.scenario.regions import named_findings
from errsurf.scenario.table_models import filled
from errsurf.scenario.value_text import value_text
from errsurf.scenario.wording import Finding
from errsurf.statistics import statistic

RELATIONS = ("above", "below", "equals")
Sound = Callable[[KeyPath], bool]


def claim_findings(
    claims: Sequence[Any], labels: Sequence[str], regions: Sequence[str], sound: Sound
) -> Iterator[Finding]:
    """Keys that do not go together, and groups and regions that there are not."""
    for k, claim in enumerate(claims):
        path: KeyPath = ("claim", k)
        if sound(path):
            clashes = list(_key_findings(claim, path))
            yield from clashes or _group_findings(claim, labels, path)
            yield from named_findings(claim.statistic, _settings(claim), regions, path)


def _key_findings(claim: Any, path: KeyPath) -> Iterator[Finding]:
    relations = [key for key in RELATIONS if getattr(claim, key) is not None]
    if len(relations) != 1:
        more = f", and {' and '.join(relations)} are given" if relations else ""
        words = "a number, a group's label or a list of labels"
        yield Finding(path, f"needs one of {', '.join(RELATIONS)}{more}", allowed=words)
        return
    relation = relations[0]
    if relation == "equals" and claim.within is None:
        yield Finding((*path, "within"), "missing, and equals needs it", allowed="a number of at least 0")
    if relation == "equals" and claim.by is not None:
        yield Finding((*path, "by"), "is for above and below", value_text(claim.by), "within, beside equals")
    if relation != "equals" and claim.within is not None:
        words = f"by, beside {relation}"
        yield Finding((*path, "within"), f"is for equals, not for {relation}", value_text(claim.within), words)
    if claim.times is not None and claim.by is not None:
        yield Finding(
            (*path, "by"), "a difference, and times is given too", value_text(claim.by), "one of by and times"
        )
    if isinstance(getattr(claim, relation), float | int):
        for key in ("times", "other_at"):
            given = getattr(claim, key)
            if given is not None:
                yield Finding((*path, key), f"{relation} is a number, and this needs a group", value_text(given))
    yield from take_findings(claim, path)


def _group_findings(claim: Any, labels: Sequence[str], path: KeyPath) -> Iterator[Finding]:
    if statistic(claim.statistic).pooled:
        yield from _pooled_findings(claim, path)
        return
    keys = [key for key in ("group", *RELATIONS, "other") if isinstance(getattr(claim, key, None), str | tuple)]
    for key in keys:
        given = getattr(claim, key)
        for k, label in enumerate([given] if isinstance(given, str) else given):
            if label not in labels:
                place = (*path, key) if isinstance(given, str) else (*path, key, k)
                words = f"one of the labels {listed(labels)}"
                yield Finding(place, "no such group", value_text(label), words, nearest(label, labels))
    resolved = resolved_claim(claim, labels)
    other = getattr(claim, "other", None)
    if not resolved.groups:
        yield Finding(path, "compares the only group with itself", allowed="a number, or a second [[optimizer]] table")
    elif other in resolved.groups:
        yield Finding((*path, "other"), "is the group itself", value_text(other), "another group")
    elif resolved.at == resolved.other_at and not set(resolved.groups) - set(resolved.others):
        problem = f"{resolved.groups[0]} is compared with itself at the same time"
        yield Finding((*path, resolved.relation), problem, allowed="another group, or another time with other_at")


def _pooled_findings(claim: Any, path: KeyPath) -> Iterator[Finding]:
    """A statistic of all groups together is compared with a number."""
    for key in ("group", *RELATIONS):
        given = getattr(claim, key)
        if isinstance(given, str | tuple):
            words = "a number" if key in RELATIONS else ""
            yield Finding((*path, key), f"{claim.statistic} is of all groups together", value_text(given), words)


def resolved_claim(claim: Any, labels: Sequence[str]) -> Claim:
    """The claim of a checked table in a scenario with groups of these labels."""
    relation = next((key for key in RELATIONS if getattr(claim, key) is not None), RELATIONS[0])
    others, other_at = _several(getattr(claim, relation)), claim.at if claim.other_at is None else claim.other_at
    groups: Any = _several(claim.group)
    if statistic(claim.statistic).pooled:
        groups = ()
    elif not groups:
        left_out = (getattr(claim, "other", None), *(others if claim.other_at is None else ()))
        groups = tuple(label for label in labels if label not in left_out)
    lecture, times = _several(claim.lecture), claim.times
    bounds = (claim.by or 0.0, times, claim.within or 0.0)
    when = (claim.at, other_at, claim.take)
    return Claim(claim.says, lecture, claim.statistic, _settings(claim), groups, relation, others, *bounds, *when)


def _several(given: Any) -> tuple[Any, ...]:
    return () if given is None else given if isinstance(given, tuple) else (given,)


def _settings(claim: Any) -> Any:
    return filled(statistic(claim.statistic).settings, claim)
