"""Generalization gap at theta: test loss minus training loss."""

from errsurf.statistics._record import Array, Nothing, Statistic
from errsurf.statistics._view import View


def values(view: View, _settings: Nothing) -> Array:
    """Test loss minus training loss."""
    return view.loss("test") - view.loss("train")


RECORD = Statistic("test loss minus training loss", values, signed=True)
