"""The learning rate that the schedule gives."""

from typing import TYPE_CHECKING

from simulator.claims.statistics._record import Array, Nothing, Statistic

if TYPE_CHECKING:
    from simulator.claims.view import View


def values(view: "View", _settings: Nothing) -> Array:
    """The rate of the next update, or of the last one at the end; one number for the group."""
    return view.group.lr[view.frame : view.frame + 1]


RECORD = Statistic("learning rate", values)
