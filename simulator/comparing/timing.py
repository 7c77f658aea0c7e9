"""Seconds an update of every group, measured once and kept beside the sweeps that they decide."""

import json
from collections.abc import Callable, Sequence
from math import isfinite
from pathlib import Path

from errsurf.comparing.budget import seconds_an_update, timed
from errsurf.comparing.plan import Plan
from errsurf.comparing.search import Trial
from errsurf.system.atomic_write import whole_file

TIMES = "times.json"


def measured_times(
    tried: Sequence[Trial], plan: Plan, folder: Path | None, told: Callable[[float], None]
) -> list[float]:
    """Seconds an update of each trial; what ``folder`` knows is not measured again.  ``told`` is told the share done.

    Settings that have fractions among their values do not change the time of an update, and are not timed apart.
    """
    stand_ins = [timed(each, plan.lists) for each in tried]
    different = list({repr(each): each for each in stand_ins}.values())
    cells, known = plan.cells(different), _kept(folder)
    found: dict[str, float] = {}
    for k, each in enumerate(different):
        name = cells.named(k)
        found[repr(each)] = known[name] = known.get(name) or seconds_an_update(cells.scenario(k))
        told((k + 1) / len(different))
    if folder is not None:
        with whole_file(folder / TIMES) as file:
            file.write((json.dumps(known, indent=1) + "\n").encode())
    return [found[repr(each)] for each in stand_ins]


def _kept(folder: Path | None) -> dict[str, float]:
    """The times that a folder knows, by the names of cells; a damaged file knows none."""
    try:
        found = json.loads((folder / TIMES).read_text(encoding="utf-8")) if folder else {}
    except (OSError, ValueError, RecursionError):
        return {}
    items = found.items() if isinstance(found, dict) else ()
    return {str(name): float(each) for name, each in items if isinstance(each, float) and isfinite(each) and each > 0}
