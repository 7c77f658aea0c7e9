"""Test loss at theta."""

from errsurf.statistics._record import Array, Nothing, Statistic
from errsurf.statistics._view import View


def values(view: View, _settings: Nothing) -> Array:
    """The mean loss over all test examples."""
    return view.loss("test")


RECORD = Statistic("test loss", values)
