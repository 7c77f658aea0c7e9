"""What is said of the numbers of a sweep's picture: what they are, how many seeds they are of, and what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from math import inf

import numpy as np

from errsurf.drawing.history.frames import Array
from errsurf.measures.measuring import TIME
from errsurf.measures.rows import Cell
from errsurf.scenario import Scenario
from errsurf.settings.value_lists import value_word
from errsurf.statistics import statistic
from errsurf.sweeps.columns import Column, column_of, take_of
from errsurf.sweeps.drawn import Drawn
from errsurf.sweeps.table import Row
from errsurf.system.numbers import counted


def column_words(columns: Mapping[str, Column], column: str) -> str:
    """A column as pictures call it: with how particles are summarized, and the unit of times."""
    known = column_of(columns, column)
    words = known.words or column.replace("_", " ")
    unit = f", {known.unit}" if known.unit and known.unit not in words.split() else ""
    return " ".join(part for part in (known.take, words) if part) + unit


def note(
    sweep: Drawn,
    rows: Sequence[Row],
    where: Mapping[str, object],
    column: str,
    value: Array,
    came: Array,
    *,
    lines: bool,
) -> str:
    """What numbers and intervals are of, in parts with commas between them; ``came`` is that of ``SweepPlot``."""
    words = [counted(sweep.scenario.swarm.particles, "particle")]
    words += [f"only {key.rpartition('.')[2]} = {value_word(kept)}" for key, kept in where.items()]
    several = len(sweep.seeds) > 1
    seeds = _range(row.get("seeds") for row in rows)
    if several:
        take = "medians" if column_of(sweep.known, column).kind == TIME else "means"
        words.append(f"{take} over {seeds} seeds")
    if lines:
        words.append(f"bands: 95% intervals over {seeds} seeds" if several else "bands: 95% intervals over particles")
    never, points = np.isposinf(value), int((~np.isnan(value)).sum())
    if count := int((never & ~(came > 0)).sum()):
        words.append(f"never: {count} of {points} points")
    if count := int((never & (came > 0)).sum()):
        words.append(f"in half of the seeds or fewer: {count} of {points} points")
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
                f"in {missed:,} of {counted(len(every), 'row')} no particle entered the region of `{measure.column}`"
            )
        if never := sum(number in (inf, "inf") for number in numbers):
            who = "half of the particles or more" if take_of(measure) == "median" else "some particles"
            found.append(
                f"in {never:,} of {counted(len(numbers), 'row')} `{measure.column}` is inf: {who} did not get that far "
                "within the run; a larger run.updates (or run.epochs) makes runs longer"
            )
    return found


def _range(counts: Iterable[Cell]) -> str:
    """The lowest and the highest of some counts, once if they are the same."""
    known = [count for count in counts if isinstance(count, int)]
    low, high = min(known, default=0), max(known, default=0)
    return str(low) if low == high else f"{low} to {high}"
