"""The second parameter."""

from errsurf.statistics import Statistic, View


def values(view: View, settings: object) -> object:
    """y of each particle."""
    return view.theta[:, 1]


RECORD = Statistic("height y", values)
