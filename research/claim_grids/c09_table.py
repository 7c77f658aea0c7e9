"""The lecture's table of small against large batches."""

from research.claim_grids._record import Study, Timed
from research.claim_grids._surfaces import TIMED

NAMES = ("one update", "one epoch", "gradient", "optimization", "generalization")

RECORD = Study(
    lecture=9,
    says="The summary table small against large: speed of one update without and with parallel hardware, time of one"
    " epoch, gradient noisy or stable, optimization, generalization.",
    bounds="The gradient's row holds on every surface. Those of time hold where the lecture's hardware is: without it"
    " an update of a small batch is faster on parallel loops, too. Optimization and generalization are the"
    " surface's own: better, the same or worse.",
    why="Only the gradient's row follows from the definition of a batch; all others depend on the chip, on the surface"
    " and on the rate, which is the same for both sizes here.",
    disputed="[Shallue 2019] trained 168,160 models and found no evidence that larger batches degrade the test error"
    " where the rate is tuned for each size; [Masters 2018] reports the opposite for a fixed number of epochs.",
    tables=(Timed("The table on three surfaces", TIMED, NAMES),),
)
