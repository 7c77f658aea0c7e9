"""What the keys of a `[[measure]]` table break together, what the table means, and what statistics need recorded."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from errsurf.records.names import listed, nearest
from errsurf.scenario.frame_marks import last_frame, longest_group
from errsurf.scenario.lines import KeyPath
from errsurf.scenario.measures import COLUMNS, Measure
from errsurf.scenario.regions import named_findings
from errsurf.scenario.scenario import Scenario, total_updates, updates_at
from errsurf.scenario.table_models import filled
from errsurf.scenario.value_text import value_text
from errsurf.scenario.wording import Finding
from errsurf.statistics import statistic

# The last frame before a moment may be so much earlier: with two frames, `at = "50%"` would measure the start.
MAX_EARLIER = 0.1
"""How much earlier than a moment, as a share of it, the last recorded frame may be."""
Sound = Callable[[KeyPath], bool]
Sides = Mapping[str, tuple[int | str, Iterable[str | float]]]


def measure_findings(
    measures: Sequence[Any], labels: Sequence[str], regions: Sequence[str], sound: Sound
) -> Iterator[Finding]:
    """Keys that do not go together, a group or region that there is not, and columns of one name."""
    first: dict[str, int] = {}
    for k, model in enumerate(measures):
        path: KeyPath = ("measure", k)
        if not sound(path):
            continue
        yield from take_findings(model, path)
        yield from named_findings(model.statistic, resolved_measure(model).settings, regions, path)
        other = getattr(model, "other", None)
        if other is not None and other not in labels:
            words = f"one of the labels {listed(labels)}"
            yield Finding((*path, "other"), "no such group", value_text(other), words, nearest(other, labels))
        column = resolved_measure(model).column
        key = "name" if model.name else "statistic"
        if column in COLUMNS:
            yield Finding((*path, key), "every table has another column of this name", value_text(column))
        elif first.setdefault(column, k) != k:
            yield Finding((*path, key), f"is the column of measure[{first[column] + 1}] too", value_text(column))


def take_findings(model: Any, path: KeyPath) -> Iterator[Finding]:
    """A way to summarize the particles' numbers where the statistic is one number of them all."""
    record = statistic(model.statistic)
    if model.take is not None and (record.share or record.rate or record.number):
        yield Finding((*path, "take"), f"{model.statistic} is one number of all particles", value_text(model.take))


def resolved_measure(model: Any) -> Measure:
    """The measure of a checked table."""
    settings = filled(statistic(model.statistic).settings, model)
    return Measure(model.statistic, settings, model.at, model.take, getattr(model, "name", ""))


def recording_findings(scenario: Scenario) -> Iterator[Finding]:
    """Statistics of claims and measures that need more than the run records, and moments between its frames."""
    labels = [group.label for group in scenario.optimizer]
    for k, claim in enumerate(scenario.claim):
        sides: Sides = {"at": (claim.at, claim.groups or labels), "other_at": (claim.other_at, claim.others)}
        yield from unrecorded(scenario, claim.statistic, claim.settings, sides, ("claim", k))
    for k, measure in enumerate(scenario.measure):
        sides = {"at": (measure.at, labels)}
        yield from _late(scenario, measure.at, ("measure", k, "at"))
        yield from unrecorded(scenario, measure.statistic, measure.settings, sides, ("measure", k))


def _late(scenario: Scenario, time: int | str, path: KeyPath) -> Iterator[Finding]:
    """A moment after the last update of every group."""
    examples = scenario.surface.train.examples
    last = longest_group(scenario)
    if all(updates_at(scenario.run, group, examples, time) > last for group in scenario.optimizer):
        yield Finding(path, "after the end of the run", value_text(time), f"up to {last:,} updates")


def unrecorded(scenario: Scenario, name: str, settings: Any, sides: Sides, path: KeyPath) -> Iterator[Finding]:
    """What a statistic needs and the run does not record; ``sides`` are times and groups by the keys that give them."""
    run, examples = scenario.run, scenario.surface.train.examples
    totals = {group.label: total_updates(run, group, examples) for group in scenario.optimizer}
    longest = longest_group(scenario)
    if lacking := statistic(name).fault(settings, run, longest):
        problem = f"{lacking}; --set {path[0]}=[] leaves all {path[0]}s out"
        yield Finding((*path, "statistic"), problem, value_text(name))
    for key, (time, labels) in sides.items():
        for group in (each for each in scenario.optimizer if each.label in labels):
            moment = min(updates_at(run, group, examples, time), totals[group.label])
            frame = last_frame(scenario, totals[group.label], longest, moment)
            if moment - frame > MAX_EARLIER * moment:
                problem = f"{moment:,} updates of {group.label}; the last frame before is that of {frame:,}"
                yield Finding((*path, key), problem, value_text(time), 'run.frames = "all", or more of them')
