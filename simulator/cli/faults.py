"""What the user reads when something is wrong, and the exit code."""

import errno
from typing import NamedTuple

from simulator.errors import Mistake


class Words(NamedTuple):
    """A message and the exit code: 2 for a mistake of the user, 1 for a failure."""

    text: str
    code: int


def words_for(error: BaseException) -> Words | None:
    """The message for an exception that is foreseen; None for one that is a bug."""
    if isinstance(error, Mistake):
        return Words(str(error), 2)
    if isinstance(error, MemoryError):
        return Words("out of memory; lower swarm.particles, run.frames or surface.examples", 1)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        return Words(
            f"{where}{'the disk is full; nothing of this run was kept' if full else error.strerror or error}", 1
        )
    return None
