"""The time of an epoch falls as batches grow."""

from research.claim_grids._record import Study, Timed
from research.claim_grids._surfaces import TIMED

RECORD = Study(
    lecture=4,
    says="So the time of one epoch falls as batches grow.",
    bounds="Wherever an update has a fixed cost or lanes to fill, until the chip is full; from then on the time of an"
    " epoch stays the same.",
    why="An epoch is N / B updates of a + B b seconds, N (a / B + b) together: it falls towards N b, and no further.",
    tables=(Timed("An epoch with batches of 1 and of 1,000 out of 60,000 examples", TIMED, ("one epoch",)),),
)
