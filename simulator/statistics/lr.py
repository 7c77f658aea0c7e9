"""The learning rate that the schedule gives."""

from errsurf.statistics._record import Array, Nothing, Statistic
from errsurf.statistics._view import View


def values(view: View, _settings: Nothing) -> Array:
    """The rate of the next update, or of the last one at the end; one number for the group, the larger of two."""
    rates: Array = view.group.lr[view.frame : view.frame + 1]
    return rates.max(axis=1) if rates.ndim == 2 else rates


RECORD = Statistic("learning rate", values)
