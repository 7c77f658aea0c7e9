"""What is wrong with the `[sweep]` table by itself; its keys are checked when its cells are resolved."""

from collections.abc import Iterator

from errsurf.errors import UserError
from errsurf.scenario.lines import KeyPath
from errsurf.scenario.tables import SweepTable
from errsurf.scenario.value_text import value_text
from errsurf.scenario.wording import Finding
from errsurf.settings.value_lists import flat, listed_values


def sweep_findings(sweep: SweepTable) -> Iterator[Finding]:
    """Lists of values that cannot be read, and lists of different lengths that are to be taken together."""
    path: KeyPath = ("sweep", "vary")
    lengths: dict[str, int] = {}
    for key, given in flat(sweep.vary).items():
        try:
            lengths[key] = len(listed_values(given))
        except UserError as error:
            yield Finding((*path, key), str(error), value_text(given))
    if sweep.zip and len(set(lengths.values())) > 1:
        counts = ", ".join(f"{key} has {count:,}" for key, count in lengths.items())
        yield Finding(("sweep", "zip"), f"keys have different numbers of values: {counts}", "true")
