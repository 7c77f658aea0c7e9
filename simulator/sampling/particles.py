"""The particles of a group that are followed or measured, if there are too many for all of them."""

import numpy as np
from numpy.typing import NDArray

LOSS_PARTICLES = 250
WATCHED = 16
MEASURED_EVALUATIONS = 100_000_000


def watched_particles(particles: int, most: int | str) -> NDArray[np.int64]:
    """The particles of which updates are recorded: up to so many, or "all", shape (n,)."""
    return evenly(particles, particles if isinstance(most, str) else most)


def measured_particles(particles: int, evaluations: int) -> NDArray[np.int64]:
    """The particles whose losses are taken at one moment, all or, of very many, a sample; ``evaluations`` a loss."""
    return evenly(particles, max(LOSS_PARTICLES, MEASURED_EVALUATIONS // evaluations))


def evenly(particles: int, most: int) -> NDArray[np.int64]:
    """Indices of up to ``most`` of the particles, evenly spaced, shape (n,)."""
    return np.linspace(0, particles - 1, min(particles, most)).astype(np.int64)
