"""Statistics for claims, one file each; a new file in this folder is a new statistic."""

from errsurf.records import listing
from errsurf.statistics._record import Statistic
from errsurf.statistics._view import FreshBatches, Passage, View, where_finite

__all__ = ["FreshBatches", "Passage", "Statistic", "View", "statistic", "statistic_names", "summary", "where_finite"]


def statistic_names() -> tuple[str, ...]:
    """Names of the statistics, sorted."""
    return listing.names(__name__)


@listing.cached
def statistic(name: str) -> Statistic:
    """The record of the statistic with this name; KeyError if no file has it."""
    return listing.record(__name__, name, Statistic)


def summary(name: str) -> str:
    """First line of the statistic file's docstring."""
    return listing.summary(__name__, name)
