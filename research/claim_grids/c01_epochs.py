"""An epoch is one pass over all batches, drawn anew each time."""

from research.claim_grids._record import Axis, Grid, Study

EXAMPLES = 20
UPDATES = {"says": "An epoch is N / B updates.", "lecture": 1, "statistic": "updates_an_epoch", "within": 0}
AGAIN = {
    "says": "Two examples of one batch meet again in the next epoch with probability (B - 1) / (N - 1).",
    "lecture": 1,
    "statistic": "together_again",
    "take": "mean",
    "within": 0.02,
}


def regrouped(batch: int) -> dict[str, object]:
    """Batches of this size, and how often two examples of a batch should meet again."""
    return {"optimizer.batch": batch, "claim[1].equals": (batch - 1) / (EXAMPLES - 1)}


def cut(batch: int) -> dict[str, object]:
    """Batches of this size, and how many of them there should be."""
    return {"optimizer.batch": batch, "claim[1].equals": EXAMPLES / batch}


RECORD = Study(
    lecture=1,
    says="An epoch is one pass over all batches; batches are regrouped by a shuffle before every epoch.",
    bounds="Always with `reshuffle`, the default; not with the two other ways to sample.",
    why="After a shuffle two examples of one batch are in one batch again with probability (B - 1) / (N - 1); drawn"
    " once, they always are, and with replacement there are no epochs. Where B does not divide N, the last batch of an"
    " epoch is smaller, and it makes ceil(N / B) updates.",
    tables=(
        Grid(
            "Updates an epoch",
            "epochs_and_batches",
            (UPDATES,),
            rows=Axis("batch", {str(b): cut(b) for b in (1, 3, 5, 7, 10, 20)}),
            laws={"N / B": lambda result: EXAMPLES / result.scenario.optimizer[0].batch},
        ),
        Grid(
            "Together again in the next epoch",
            "epochs_and_batches",
            (AGAIN,),
            rows=Axis("sampling", {kind: {"run.sampling": kind} for kind in ("reshuffle", "once", "replacement")}),
            columns=Axis("batch", {str(b): regrouped(b) for b in (2, 5, 10)}),
        ),
    ),
)
