"""Test loss at theta."""

from typing import TYPE_CHECKING

from simulator.claims.statistics._record import Array, Nothing, Statistic

if TYPE_CHECKING:
    from simulator.claims.view import View


def values(view: "View", _settings: Nothing) -> Array:
    """The mean loss over all test examples."""
    return view.loss("test")


RECORD = Statistic("test loss", values)
