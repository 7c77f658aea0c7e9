"""Checked claims as lines of text, and as plain values for files."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from math import isfinite, isnan
from types import MappingProxyType
from typing import Any

from errsurf.claims.checking import Checked, Repeated
from errsurf.measures.intervals import Estimate
from errsurf.measures.measuring import TIME, kind_of
from errsurf.scenario.claims import Claim
from errsurf.scenario.measures import Measure
from errsurf.scenario.writing import plain as plain_values
from errsurf.statistics import statistic
from errsurf.system.numbers import number_text
from errsurf.words import ENGLISH, said

TOO_FEW = "never in half of them or more"


def seeds_line(found: Checked, k: int, language: str = ENGLISH) -> str:
    """What comparison k of a claim is over seeds, in a ``language``; empty where other seeds were not asked."""
    seeds, told = found.seeds, partial(said, language=language)
    if seeds is None:
        return ""
    timed = kind_of(found.claim) == TIME
    mine, theirs = (estimate_text(each[k], TOO_FEW, "infinite") for each in (seeds.estimates, seeds.references))
    head = told(f"{'median' if timed else 'mean'} over {len(seeds.seeds)} seeds {mine}")
    if not isinstance(found.comparisons[k].other, str):
        return head
    how = told("difference" if found.claim.times is None else "ratio")
    return f"{head}, {told(theirs)}; {how} {told(estimate_text(seeds.compared[k], 'infinite'))}"


def lines(
    found: Checked, names: Mapping[str, str] = MappingProxyType({}), language: str = ENGLISH
) -> Iterator[str]:  # fmt: skip
    """One line for each comparison: the numbers with their intervals, and what is claimed, in a ``language``.

    ``names`` are what groups are called instead of their labels.
    """
    claim, told = found.claim, partial(said, language=language)
    for each in found.comparisons:
        group = names.get(each.group, each.group) if claim.groups else told("all groups")
        mine = f"{told(estimate_text(each.estimate))}{told(some(each.n, each.particles))}"
        left = f"{told(statistic_words(claim, found.minimum, names))}: {group}{told(_when(claim.at, claim))} = {mine}"
        if isinstance(each.other, str):
            right = f"{names.get(each.other, each.other)}{told(_when(claim.other_at, claim))}"
            how = told("difference" if claim.times is None else "ratio")
            compared = (
                f"{how} {told(estimate_text(each.compared, 'infinite'))}, {told(f'claimed {_bound(claim, 0.0)}')}"
            )
            theirs = f"{told(estimate_text(each.reference))}{told(some(each.other_n, each.particles))}"
            yield f"{left}, {right} = {theirs}; {compared}"
        else:
            yield f"{left}, {told(f'claimed {_bound(claim, each.other)}')}"


def plain(found: Checked) -> dict[str, Any]:
    """The same for JSON: estimates are [value, low, high], null for none and "inf" for what never came.

    What is claimed of the number or, against a group, of the difference or ratio stands in words and as the keys of
    the ``[[claim]]`` table.
    """
    claim = found.claim
    return {
        "lecture": list(claim.lecture),
        "says": claim.says,
        "verdict": found.verdict,
        "statistic": claim.statistic,
        "settings": plain_values(claim.settings),
        "take": claim.take,
        "words": statistic_words(claim, found.minimum),
        "at": claim.at,
        "other_at": claim.other_at,
        "relation": claim.relation,
        "by": claim.by,
        "times": claim.times,
        "within": claim.within,
        "comparisons": [_plain_comparison(found, k) for k in range(len(found.comparisons))],
    } | ({} if found.seeds is None else {"seeds": _plain_verdicts(found.seeds)})


def _plain_verdicts(seeds: Repeated) -> dict[str, Any]:
    """With which seeds a claim holds."""
    verdicts = {str(seed): verdict for seed, verdict in zip(seeds.seeds, seeds.verdicts, strict=True)}
    return {"holds": seeds.held, "of": len(seeds.seeds), "verdicts": verdicts}


def _plain_comparison(found: Checked, k: int) -> dict[str, Any]:
    claim, each, seeds = found.claim, found.comparisons[k], found.seeds
    names = ("mine", "theirs", "ratio" if claim.times else "difference")
    shown = _plain_numbers(names, (each.estimate, each.reference, each.compared))
    if seeds is not None:
        told = (seeds.estimates[k], seeds.references[k], seeds.compared[k])
        shown |= _plain_numbers([f"{name}_over_seeds" for name in names], told)
    claimed = _bound(claim, each.other if isinstance(each.other, float | int) else 0.0)
    head = {"group": each.group, "other": each.other, "claimed": claimed, "n": each.n, "other_n": each.other_n}
    return head | shown | {"verdict": each.verdict}


def _plain_numbers(names: Sequence[str], estimates: Sequence[Estimate]) -> dict[str, Any]:
    pairs = zip(names, estimates, strict=True)
    return {name: [json_number(value) for value in estimate] for name, estimate in pairs}


def some(count: int, particles: int) -> str:
    """How many particles a number is of, where it is not of all of them."""
    return f" (n = {count:,} of {particles:,})" if 1 < count < particles else ""


def statistic_words(asked: Claim | Measure, minimum: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """What a claim or a measure is of: the statistic with its settings; ``minimum`` is what the one near it is called.

    ``names`` are what groups are called instead of their labels.
    """
    settings = {key: _setting(value) for key, value in asked.settings._asdict().items()}
    if "other" in settings:
        settings["other"] = names.get(settings["other"], settings["other"])
    settings["minimum"] = minimum or f"minimum near {settings.get('near')}"
    record = statistic(asked.statistic)
    words = record.said_of(asked.settings).format(**settings)
    is_plain = record.share or record.number or asked.take is None
    return words if is_plain else f"{asked.take} {words}"


def _setting(value: Any) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_setting, value))})"
    return number_text(value) if isinstance(value, float) else str(value)


def _when(at: int | str, claim: Claim) -> str:
    """When a group is looked at, unless that is the end."""
    plain_end = at == "100%" and claim.at == claim.other_at
    return "" if plain_end else f" at {at}" + (" updates" if isinstance(at, int) else "")


def _bound(claim: Claim, number: float) -> str:
    """What was claimed of a difference or ratio or, with a number, of the group itself."""
    if claim.relation == "equals":
        aim = number if claim.times is None else claim.times
        return f"{_number(aim)} within {_number(claim.within)}" if claim.within else f"exactly {_number(aim)}"
    above = claim.relation == "above"
    if claim.times is None and not claim.by:
        return f"{claim.relation} {_number(number)}"
    bound = claim.times or number + (claim.by if above else -claim.by)
    return f"{'at least' if above else 'at most'} {_number(bound)}"


def estimate_text(estimate: Estimate, infinite: str = "never", end: str | None = None) -> str:
    """A number with its interval, where it has one; ``infinite`` is an infinite number, ``end`` one of the interval."""
    value = _number(estimate.value, infinite)
    if estimate.value == estimate.low == estimate.high:
        return value
    low, high = (_number(part, end or infinite) for part in (estimate.low, estimate.high))
    if isnan(estimate.low) and not isnan(estimate.value):
        return f"{value} [no interval]"
    return value if value == low == high else f"{value} [{low}, {high}]"


def _number(value: float, infinite: str = "infinite") -> str:
    return number_text(value).replace("infinite", infinite)


def json_number(value: float) -> float | str | None:
    """A number for JSON: null for none, and "inf" for what never came."""
    return float(value) if isfinite(value) else None if isnan(value) else str(float(value))
