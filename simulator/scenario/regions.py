"""Regions of a scenario: the `[[region]]` tables, and those that statistics of claims and measures speak of."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from errsurf.records.names import listed, nearest
from errsurf.scenario.lines import KeyPath
from errsurf.scenario.value_text import value_text
from errsurf.scenario.wording import Finding
from errsurf.settings.regions import PLACES, Region
from errsurf.statistics import statistic

__all__ = ["MAX_REGIONS", "Region", "all_regions", "named_findings", "region_findings", "region_of"]

MAX_REGIONS = 64


def all_regions(explicit: Sequence[Region], *tables: Iterable[Any]) -> tuple[Region, ...]:
    """The explicit regions, then those that the statistics of some tables imply, no place twice."""
    found = list(explicit)
    for each in chain(*tables):
        region = region_of(each.statistic, each.settings)
        if region is not None and region.place not in [each.place for each in found]:
            found.append(region)
    return tuple(found)


def region_of(name: str, settings: Any) -> Region | None:
    """The region that a statistic implies by its settings; None if it needs none, or names an explicit one."""
    record = statistic(name)
    if record.region is None or getattr(settings, "region", None) is not None:
        return None
    return record.region(settings)


def region_findings(regions: Sequence[Any]) -> Iterator[Finding]:
    """Tables that say in no way, or in several, where they are, and names given twice."""
    for k, region in enumerate(regions):
        path: KeyPath = ("region", k)
        given = [key for key in PLACES if getattr(region, key) is not None]
        if len(given) != 1:
            more = f", and {' and '.join(given)} are given" if given else ""
            yield Finding(path, f"needs one of {', '.join(PLACES)}{more}", allowed="a place: a disc, a box or a level")
        elif (region.at is None) != (region.radius is None):
            key, other, words = (
                ("radius", "at", "a number above 0") if region.at else ("at", "radius", "a point [x, y]")
            )
            yield Finding((*path, key), f"missing, and `{other}` needs it", allowed=words)
        if region.name in [each.name for each in regions[:k]]:
            yield Finding((*path, "name"), "is the name of another region", value_text(region.name), "another name")


def named_findings(name: str, settings: Any, regions: Sequence[str], path: KeyPath) -> Iterator[Finding]:
    """What is wrong with the region that a statistic's settings name, among explicit ones of these names."""
    record = statistic(name)
    if record.region is None or "region" not in settings._fields:
        return
    given, places = settings.region, [key for key in ("point", "radius", "loss") if key in settings._fields]
    missing = [key for key in places if getattr(settings, key) is None]
    if given is None and missing:
        words = f"{' and '.join(places)}, or region: the name of a [[region]] table"
        yield Finding((*path, missing[0]), f"missing, and {name} needs it", allowed=words)
    elif given is not None and len(missing) < len(places):
        yield Finding((*path, "region"), f"{places[0]} is given too", value_text(given), "one of them")
    elif given is not None and given not in regions:
        words = f"one of the names {listed(regions)}" if regions else "the name of a [[region]] table"
        yield Finding((*path, "region"), "no such region", value_text(given), words, nearest(given, regions))
