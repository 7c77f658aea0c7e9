"""What is said of the numbers of a sweep's picture: what they are, how many seeds they are of, and what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from math import inf

import numpy as np

from errsurf.drawing.history.frames import Array
from errsurf.measures.rows import Cell
from errsurf.scenario import Scenario
from errsurf.scenario.measures import Measure
from errsurf.settings.value_lists import value_word
from errsurf.statistics import statistic
from errsurf.sweeps.drawn import Drawn
from errsurf.sweeps.table import Row
from errsurf.system.numbers import counted

LOSSES = ("train_loss", "test_loss")


def column_words(scenario: Scenario, column: str) -> str:
    """A column as pictures call it: with how particles are summarized, and the unit of times."""
    words, measure = column.replace("_", " "), _measure(scenario, column)
    take = "median" if column in LOSSES else "" if measure is None else _take(measure)
    unit = getattr(measure.settings, "unit", "") if measure else ""
    return " ".join(part for part in (take, words) if part) + (f", {unit}" if unit else "")


def note(sweep: Drawn, rows: Sequence[Row], where: Mapping[str, object], value: Array, *, lines: bool) -> str:
    """What numbers and intervals are of, in parts with commas between them."""
    words = [counted(sweep.scenario.swarm.particles, "particle")]
    words += [f"only {key.rpartition('.')[2]} = {value_word(kept)}" for key, kept in where.items()]
    several = len(sweep.seeds) > 1
    seeds = _range(row.get("seeds") for row in rows)
    if several:
        words.append(f"means over {seeds} seeds")
    if lines:
        words.append(f"bands: 95% intervals over {seeds} seeds" if several else "bands: 95% intervals over particles")
    if never := int(np.isposinf(value).sum()):
        words.append(f"never: {never} of {int((~np.isnan(value)).sum())} points")
    if sweep.finished < sweep.cells:
        words.append(f"unfinished: {sweep.finished} of {sweep.cells} cells")
    return ", ".join(words)


def never_came(scenario: Scenario, rows: Iterable[Row]) -> list[str]:
    """A sentence for each time of the scenario that is infinite, or that no particle has, in some rows of a sweep."""
    rows, found = list(rows), []
    for measure in scenario.measure:
        if not hasattr(measure.settings, "unit"):
            continue
        every = [row[measure.column] for row in rows if measure.column in row]
        numbers = [number for number in every if number is not None]
        if statistic(measure.statistic).region and (missed := len(every) - len(numbers)):
            found.append(
                f"{measure.column}: in {missed:,} of {counted(len(every), 'row')} no particle entered the region"
            )
        if never := sum(number in (inf, "inf") for number in numbers):
            who = "half of the particles or more" if _take(measure) == "median" else "some particles"
            rows_are = "row has" if never == 1 else "rows have"
            found.append(
                f"{measure.column}: {never:,} of {len(numbers):,} {rows_are} inf: {who} did not get that far within "
                "the run; a larger run.updates (or run.epochs) makes runs longer"
            )
    return found


def _measure(scenario: Scenario, column: str) -> Measure | None:
    return next((each for each in scenario.measure if each.column == column), None)


def _take(measure: Measure) -> str:
    """How the particles' numbers become one; empty where the statistic itself says."""
    record = statistic(measure.statistic)
    return "" if record.share or record.number or record.rate else measure.take or record.take


def _range(counts: Iterable[Cell]) -> str:
    """The lowest and the highest of some counts, once if they are the same."""
    known = [count for count in counts if isinstance(count, int)]
    low, high = min(known, default=0), max(known, default=0)
    return str(low) if low == high else f"{low} to {high}"
