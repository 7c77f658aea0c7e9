"""Share of particles that have left the finite numbers."""

from typing import TYPE_CHECKING

from simulator.claims.statistics._record import Hits, Nothing, Statistic

if TYPE_CHECKING:
    from simulator.claims.view import View


def values(view: "View", _settings: Nothing) -> Hits:
    """Whether a particle has diverged."""
    return ~view.group.alive(view.frame)


RECORD = Statistic("share diverged", values, share=True)
