"""Training loss at theta."""

from errsurf.statistics._record import Array, Nothing, Statistic
from errsurf.statistics._view import View


def values(view: View, _settings: Nothing) -> Array:
    """The mean loss over all training examples."""
    return view.loss("train")


RECORD = Statistic("training loss", values)
