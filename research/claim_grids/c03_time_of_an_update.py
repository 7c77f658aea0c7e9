"""The time of an update against batch size, on serial and on parallel hardware."""

from research.claim_grids._record import Study, Timed
from research.claim_grids._surfaces import TIMED

RECORD = Study(
    lecture=3,
    says="With parallel hardware the time of one update hardly grows with batch size until the chip is full, then it"
    " does; without, it grows in proportion.",
    bounds="In one lane the time grows with the batch from the start. The packed loops of this machine are full long"
    " before a batch of 1,000: how far the time stays flat depends on what an example costs, and on whether batches"
    " are drawn.",
    why="An update costs a fixed time (the rule, the loops around it, on a GPU the launch) and, once every lane has an"
    " example, B times that of an example: flat as long as the first is larger, in proportion beyond.",
    tables=(Timed("An update with batches of 1 and of 1,000 out of 60,000 examples", TIMED, ("one update",)),),
)
