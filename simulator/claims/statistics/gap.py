"""Generalization gap at theta: test loss minus training loss."""

from typing import TYPE_CHECKING

from simulator.claims.statistics._record import Array, Nothing, Statistic

if TYPE_CHECKING:
    from simulator.claims.view import View


def values(view: "View", _settings: Nothing) -> Array:
    """Test loss minus training loss."""
    return view.loss("test") - view.loss("train")


RECORD = Statistic("test loss minus training loss", values)
