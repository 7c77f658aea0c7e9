"""The table ``[swarm]``: how the particles start."""

from typing import Annotated, Any, NamedTuple

from errsurf.settings.kinds import Count, Seed

PARTICLES = 1000


class Particles(NamedTuple):
    """How many particles there are."""

    particles: Annotated[Count, "particles of each group"] = PARTICLES


class OneEach(NamedTuple):
    """How many particles there are where the settings say so, too."""

    particles: Annotated[Count | None, "particles of each group; by default, one a point"] = None


class StartSeed(NamedTuple):
    """What random starts are drawn by."""

    seed: Annotated[Seed | None, "seed of the starts; by default, the scenario's"] = None


class Swarm(NamedTuple):
    """The particles' starts; ``settings`` is the named tuple of the start's record, None for its defaults.

    Without a number of particles there are as many as the start usually has; without a ``seed``, the scenario's holds.
    """

    start: str = "point"
    particles: int = 0
    settings: Any = None
    seed: int | None = None
