"""What the keys of the `[compare]` table break together, and what the table means."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from errsurf.errors import UserError
from errsurf.scenario.compared import Compare
from errsurf.scenario.lines import KeyPath
from errsurf.scenario.measure_rules import resolved_measure, take_findings
from errsurf.scenario.regions import named_findings
from errsurf.scenario.value_text import value_text
from errsurf.scenario.wording import Finding
from errsurf.settings.value_lists import flat, listed_values
from errsurf.statistics import statistic

PATH: KeyPath = ("compare",)
Sound = Callable[[KeyPath], bool]


def compare_findings(model: Any, regions: Sequence[str], sound: Sound) -> Iterator[Finding]:
    """A statistic that one group alone does not have, values that cannot be read, and a budget of a part of an update.

    Nothing is said of a scenario without the table.
    """
    if model is None or not sound(PATH):
        return
    name, amount = model.statistic, model.amount
    if statistic(name).pooled or "other" in statistic(name).settings._fields:
        yield Finding((*PATH, "statistic"), "is of several groups, and each is run alone", value_text(name))
    yield from take_findings(model, PATH)
    yield from named_findings(name, resolved_measure(model).settings, regions, PATH)
    if amount is not None and model.budget != "seconds" and not float(amount).is_integer():
        yield Finding((*PATH, "amount"), f"{model.budget} are whole", value_text(amount), "a whole number from 1 on")
    if amount is None and model.budget == "seconds":
        yield Finding((*PATH, "amount"), "missing, and a budget of seconds needs it", allowed="a number above 0")
    for key, given in flat(model.tune).items():
        try:
            listed_values(given)
        except UserError as error:
            yield Finding((*PATH, "tune", key), str(error), value_text(given))


def resolved_compare(model: Any) -> Compare:
    """What a checked table means."""
    measure = resolved_measure(model)
    return Compare(measure, flat(model.tune), model.best, model.budget, model.amount, model.seeds, model.diverged)
