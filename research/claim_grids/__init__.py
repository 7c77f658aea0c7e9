"""The runs behind docs/claims.md, one file a claim; a new file in this folder is a new part of the page."""

from errsurf.records import listing
from research.claim_grids._literature import REFERENCES
from research.claim_grids._record import Axis, Grid, Study, Timed, Tuned

__all__ = ["REFERENCES", "Axis", "Grid", "Study", "Timed", "Tuned", "studies"]


def studies() -> tuple[Study, ...]:
    """All of them, in the order of the lecture."""
    found = (listing.record(__name__, name, Study) for name in listing.names(__name__))
    return tuple(sorted(found, key=lambda study: study.lecture))
