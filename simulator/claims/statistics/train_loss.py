"""Training loss at theta."""

from typing import TYPE_CHECKING

from simulator.claims.statistics._record import Array, Nothing, Statistic

if TYPE_CHECKING:
    from simulator.claims.view import View


def values(view: "View", _settings: Nothing) -> Array:
    """The mean loss over all training examples."""
    return view.loss("train")


RECORD = Statistic("training loss", values)
