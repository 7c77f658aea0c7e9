"""The lecture: its 26 claims in order, in the languages that it is written in."""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from errsurf.scenario import Scenario
from errsurf.words import ENGLISH

FOLDER = files(__name__.rpartition(".")[0])


class LectureClaim(NamedTuple):
    """One claim: its number, the name of the lecture's figure, what it says, a note,
    whether its numbers are times, which are measured elsewhere, and claims to see beside it."""

    number: int
    figure: str
    says: str
    note: str = ""
    measured: bool = False
    see: tuple[int, ...] = ()


class LecturePart(NamedTuple):
    """A part of the lecture."""

    title: str
    claims: tuple[LectureClaim, ...]


@cache
def lecture(language: str) -> tuple[LecturePart, ...]:
    """The parts of the lecture; in English for a language that it is not written in."""
    parts, number = [], 0
    for part in _tables(language):
        claims = [_claim(number + k, claim) for k, claim in enumerate(part["claim"], 1)]
        number += len(claims)
        parts.append(LecturePart(part["title"], tuple(claims)))
    return tuple(parts)


def _claim(number: int, claim: dict[str, Any]) -> LectureClaim:
    figure, says, note = (" ".join(claim.get(key, "").split()) for key in ("figure", "says", "note"))
    return LectureClaim(number, figure, says, note, claim.get("measured", False), tuple(claim.get("see", ())))


def _tables(language: str) -> list[dict[str, Any]]:
    file = FOLDER / ("lecture.toml" if language == ENGLISH else f"lecture.{language}.toml")
    text = (file if file.is_file() else FOLDER / "lecture.toml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["part"]
    return found


def numbers(scenario: Scenario) -> list[int]:
    """The numbers of the lecture's claims that a scenario's claims have, one for each time."""
    return [number for claim in scenario.claim for number in claim.lecture]


def home(scenario: Scenario) -> int | None:
    """The number that most claims of a scenario have, the lowest of these: where its page stands; None for none."""
    found = numbers(scenario)
    return min(sorted(set(found)), key=lambda number: -found.count(number)) if found else None


def in_order(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """Scenarios in the order of the lecture, then those that are not in it."""
    return sorted(scenarios, key=lambda scenario: home(scenario) or 1000)
