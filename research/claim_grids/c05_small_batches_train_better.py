"""Small batches reach better training results than large ones."""

from research.claim_grids._record import Axis, Grid, Study, Tuned, axis
from research.claim_grids._surfaces import RATES as WIDE_RATES
from research.claim_grids._surfaces import better, everywhere
from research.claim_grids._wells import wells

SCENARIO = "small_batches_train_better"
BATCHES = ("batch 1", "batch 2", "batch 5", "batch 10")
COSINE = {"kind": "sgd", "schedule": {"decay": "cosine"}}
LOWER = {"lecture": 5, "statistic": "train_loss", "take": "mean", "group": "batch 1", "below": "full batch"}
RATES = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28)
EACH = {
    **LOWER,
    "says": "The batch ends at a lower median training loss than full batch, by 0.5.",
    "take": "median",
    "group": list(BATCHES),
    "by": 0.5,
}


def surfaces(title: str, length: dict[str, object]) -> Tuned:
    """Batch 1 and full batch on other surfaces."""
    return Tuned(
        title,
        SCENARIO,
        groups={"batch 1": {**COSINE, "batch": 1}, "full batch": {**COSINE, "batch": "full"}},
        rates=WIDE_RATES,
        claims=better("batch 1", "full batch", 5),
        rows=everywhere(examples=20),
        changes={**length, "run.frames": 2},
        shares=True,
    )


RECORD = Study(
    lecture=5,
    says="Small batches reach better training results: the large batch's trouble is optimization, not the model.",
    bounds="On the wells of the scenario: above a rate at which the noise of batch 1 leaves the narrow hollows, and"
    " below one at which full batch leaves them by itself. Not where examples agree; not where the narrow"
    " wells are the deep ones, which turns it round; not where each batch size has its own best rate. On most"
    " other surfaces there is no difference, or none that is left when full batch makes as many updates.",
    why="A well of sharpness s lets go of full batch at a rate of 2 / s; noise lifts the loss in it by about lr"
    " tr(C) / (4 B), and leaves it earlier if that is a good part of its depth: a window of rates in which"
    " small batches leave and large ones do not. It closes where noise is small against the depth, and where"
    " all leave. What small batches also have is N / B times the updates in an epoch.",
    disputed="[Shallue 2019] found the training and test results of all batch sizes equal once rates were tuned and"
    " updates sufficed, and [Goyal 2017] and [Hoffer 2017] closed the gap by rate and length of training;"
    " [Zhang 2019] derives from a noisy quadratic that batches up to a critical size only trade updates for"
    " examples. The lecture's figure holds the rate and the epochs fixed.",
    tables=(
        Grid(
            "Batch size against full batch at equal epochs and equal rates",
            SCENARIO,
            rows=axis("lr", "optimizer.lr", 0.02, 0.04, 0.08, 0.16, 0.3, 0.6),
            claims=(EACH,),
        ),
        Grid(
            "How much examples disagree",
            SCENARIO,
            rows=axis("tilt", "surface.tilt", 0.0, 0.25, 0.5, 1.0, 2.0, 4.0),
            claims=(EACH,),
        ),
        Grid(
            "Width of the hollows and rate, batch 1",
            SCENARIO,
            rows=Axis("width", {f"{width:g}": wells(width=width) for width in (0.1, 0.15, 0.2, 0.3, 0.4)}),
            columns=axis("lr", "optimizer.lr", 0.04, 0.08, 0.16, 0.3),
            claims=("train_loss",),
        ),
        Grid(
            "Depths exchanged: the narrow wells are the deep ones (2 / sharpness is 0.05)",
            SCENARIO,
            rows=axis("lr", "optimizer.lr", 0.01, 0.02, 0.04, 0.08, 0.16),
            claims=(
                {**LOWER, "by": 0.1, "says": "Batch 1 ends at a lower mean training loss than full batch, by 0.1."},
                {
                    **LOWER,
                    "by": 0.1,
                    "group": "full batch",
                    "below": "batch 1",
                    "says": "Full batch ends lower, by 0.1.",
                },
            ),
            changes=wells(depth=1.6, wide=0.45),
        ),
        Grid(
            "The same number of updates for all, so that full batch looks at 20 times as many examples",
            SCENARIO,
            rows=axis("updates", "run.updates", 300, 1200, 4800),
            claims=(EACH,),
        ),
        Tuned(
            "Each batch at its best rate",
            SCENARIO,
            groups={
                f"batch {b}" if b != "full" else "full batch": {**COSINE, "batch": b} for b in (1, 2, 5, 10, "full")
            },
            rates=RATES,
            claims=(
                {**LOWER, "by": 0.1, "says": "At its best rate batch 1 ends lower than full batch at its own, by 0.1."},
            ),
        ),
        surfaces("Other surfaces, each at its best rate, 30 epochs for both", {"run.epochs": 30}),
        surfaces(
            "The same with 600 updates for both: full batch looks at 20 times as many examples", {"run.updates": 600}
        ),
    ),
)
