"""Share of particles that have become infinite or NaN."""

from errsurf.statistics._record import Hits, Nothing, Statistic
from errsurf.statistics._view import View


def values(view: View, _settings: Nothing) -> Hits:
    """Whether a particle has diverged."""
    return ~view.group.alive(view.frame)


RECORD = Statistic("share diverged", values, share=True)
