"""Claims, measures and pictures that name a group, once several groups have taken its place."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

from errsurf.scenario.claims import MAX_CLAIMS
from errsurf.scenario.measures import MAX_MEASURES
from errsurf.scenario.wording import Finding

RELATIONS = ("above", "below", "equals", "other")
"""Keys of claims and measures that may name the groups compared with."""
MOST = {"claim": MAX_CLAIMS, "measure": MAX_MEASURES}
TEXTS = {"claim": "says", "measure": "name"}
Picks = Mapping[str, str]


class Made(NamedTuple):
    """A group in the place of the one that was called ``old``; ``picks`` has its value of each address, in words."""

    group: Any
    old: str
    label: str
    picks: Picks


def rename(tables: dict[str, Any], labels: Sequence[str], made: Sequence[Made]) -> list[Finding]:
    """Name the groups that were made wherever one of ``labels`` was named, by its label or by its number.

    A claim or measure that names groups is made of each combination of their values.
    """
    findings = []
    for key, most in MOST.items():
        if isinstance(tables.get(key), list):
            tables[key] = [each for table in tables[key] for each in _copies(table, TEXTS[key], labels, made)]
            if len(tables[key]) > most:
                problem = f"the values make {len(tables[key]):,} of them; --set {key}=[] leaves all {key}s out"
                findings.append(Finding((key,), problem, allowed=f"up to {most}"))
    picture = tables.get("picture")
    if isinstance(picture, dict):
        if isinstance(picture.get("groups"), list):
            picture["groups"] = [new for name in picture["groups"] for new in _drawn(name, labels, made)]
        if "follow" in picture:
            picture["follow"] = _drawn(picture["follow"], labels, made)[0]
    return findings


def _drawn(name: Any, labels: Sequence[str], made: Sequence[Made]) -> list[Any]:
    """The groups in the place of one that a picture names by its label or by its number."""
    numbered = type(name) is int and 0 < name <= len(labels)
    return _agreeing(labels[name - 1] if numbered else name, {}, made)


def _copies(table: Any, text: str, labels: Sequence[str], made: Sequence[Made]) -> Iterator[Any]:
    """A claim or measure for each combination of the values of the groups that it names."""
    if not isinstance(table, dict):
        yield table
        return
    others = [name for key in RELATIONS for name in _names(table.get(key)) if name in labels]
    named = _names(table.get("group")) or ([name for name in labels if name not in others] if others else [])
    picks: dict[str, dict[str, None]] = {}
    for each in made:
        if each.old in (*named, *others):
            for address, pick in each.picks.items():
                picks.setdefault(address, {})[pick] = None
    for chosen in product(*picks.values()):
        yield _copy(table, named, dict(zip(picks, chosen, strict=True)), text, made)


def _copy(table: dict[str, Any], named: Sequence[Any], picks: Picks, text: str, made: Sequence[Made]) -> dict[str, Any]:
    """A claim or measure that names the groups of these values."""
    if not picks:
        return table
    found = {**table}
    if text == "says":
        found["group"] = [new for name in named for new in _agreeing(name, picks, made)]
    for key in RELATIONS:
        names = [new for name in _names(table.get(key)) for new in _agreeing(name, picks, made)]
        if names:
            found[key] = names[0] if isinstance(table[key], str) else names
    if isinstance(table.get(text), str) and table[text]:
        found[text] = f"{table[text]} ({', '.join(picks.values())})"
    return found


def _names(given: Any) -> list[Any]:
    return [given] if isinstance(given, str) else given if isinstance(given, list) else []


def _agreeing(name: Any, picks: Picks, made: Sequence[Made]) -> list[Any]:
    """The labels in the place of one, of groups whose values are none but these; the name itself if it is no label."""
    found = [
        each.label
        for each in made
        if each.old == name and all(picks.get(address, pick) == pick for address, pick in each.picks.items())
    ]
    return found or [name]
