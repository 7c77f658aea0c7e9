"""A measure of a run as lines of text: what is measured, then each group's number with its interval."""

from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType

import numpy as np
from rich.cells import cell_len

from errsurf.claims.checking import minimum_of
from errsurf.claims.wording import estimate_text, statistic_words
from errsurf.measures.measuring import Measured
from errsurf.measures.view import view
from errsurf.run_analysis.findings import Findings
from errsurf.scenario.measures import Measure
from errsurf.system.numbers import number_text
from errsurf.system.text import printable
from errsurf.words import ENGLISH, said


def measure_lines(
    findings: Findings,
    measure: Measure,
    found: Mapping[str, Measured],
    names: Mapping[str, str] = MappingProxyType({}),
    language: str = ENGLISH,
) -> Iterator[str]:
    """The statistic with its settings, then a line a group, in a ``language``.

    ``names`` are what groups are called instead of their labels.
    """
    told = partial(said, language=language)
    words = told(statistic_words(measure, minimum_of(findings, measure), names))
    when = "" if measure.at == "100%" else f" at {measure.at}{' updates' * isinstance(measure.at, int)}"
    called = f"{measure.name}: " if measure.name else ""
    yield printable(f"{called}{words}{told(when)}")
    labels = {label: printable(names.get(label, label)) for label in found}
    width = max(map(cell_len, labels.values()), default=0)
    for label, each in found.items():
        number = told(estimate_text(each.estimate, *_too_long(findings, measure, label)))
        yield f"  {labels[label]}{' ' * (width - cell_len(labels[label]))}  {number}, n = {each.n:,}"


def _too_long(findings: Findings, measure: Measure, label: str) -> tuple[str, str]:
    """What an infinite number and an infinite end of an interval are: for a time, longer than up to the moment."""
    unit: str | None = getattr(measure.settings, "unit", None)
    if unit is None:
        return "infinite", "infinite"
    seen = view(findings, label, measure.at)
    length = number_text(float(seen.clock(np.array(seen.moment), unit)))
    return f"not within {length} {unit}", f"over {length}"
