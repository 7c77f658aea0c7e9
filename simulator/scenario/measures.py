"""The `[[measure]]` tables: statistics that every run of the scenario gives as columns, without a claim around them."""

from typing import Annotated, Any, NamedTuple

from annotated_types import Len

from errsurf.scenario.claims import Take
from errsurf.settings.durations import Duration
from errsurf.settings.kinds import OneLine

MAX_MEASURES = 100
SETTINGS = ("cell", "group", "kind", "lr", "batch", "accumulate", "seed")
"""Columns that say what a group is, in every table."""
COLUMNS = (*SETTINGS, "updates", "examples_seen", "particles", "diverged")
"""Columns of every table that no measure may be called."""


class MeasureTable(NamedTuple):
    """Keys of every measure besides its statistic's settings."""

    at: Annotated[Duration, 'when: updates (50), epochs ("2 epochs") or a share ("50%") of the run'] = "100%"
    take: Annotated[
        Take | None, "how the particles' numbers are summarized; by default as the statistic says, or the median"
    ] = None
    name: Annotated[str, Len(0, 80), OneLine, "name of its column; by default, the statistic with its settings"] = ""


class Measure(NamedTuple):
    """A statistic with ``settings``, its named tuple, at a moment: updates, epochs, or a share of a group's run.

    ``take`` says how the particles' numbers are summarized, None for the statistic's own way.

    Examples:
        >>> import errsurf
        >>> measure = {"statistic": "time_to_leave", "point": [0, 0], "radius": 0.5, "at": "50%"}
        >>> errsurf.read_scenario("saddle_escape", {"measure": [measure]}).measure[0].column
        'time_to_leave(point=0 0, radius=0.5, at=50%)'
    """

    statistic: str
    settings: Any
    at: int | str = "100%"
    take: str | None = None
    name: str = ""

    @property
    def column(self) -> str:
        """The name, or the statistic with what differs from the defaults in brackets; other measures do not matter."""
        if self.name:
            return self.name
        defaults = getattr(self.settings, "_field_defaults", {})
        given = {key: value for key, value in self.settings._asdict().items() if value != defaults.get(key, ...)}
        given |= {"at": self.at} if self.at != "100%" or self.statistic in COLUMNS else {}
        given |= {"take": self.take} if self.take else {}
        inside = ", ".join(f"{key}={cell_text(value)}" for key, value in given.items())
        return f"{self.statistic}({inside})" if inside else self.statistic


def cell_text(value: Any) -> str:
    """A value as a column's name or a cell shows it: numbers without trailing zeros, several with blanks between."""
    if isinstance(value, tuple | list):
        return " ".join(map(cell_text, value))
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
