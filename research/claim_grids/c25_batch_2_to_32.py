"""Best results at batch 2 to 32."""

from research.claim_grids._record import Study, Tuned
from research.claim_grids._surfaces import RATES as WIDE_RATES
from research.claim_grids._surfaces import everywhere

SCENARIO = "batch_2_to_32"
COSINE = {"decay": "cosine"}
SIZES = (1, 2, 8, 32, 64)
RATES = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12)
LOSS = {"lecture": 25, "statistic": "train_loss", "take": "mean", "by": 0.01}
CLAIMS = (
    {
        **LOSS,
        "group": "batch 8",
        "below": "batch 1",
        "says": "Batch 8 ends lower than batch 1, by 1% of what training gains.",
    },
    {**LOSS, "group": "batch 8", "below": "full batch", "says": "Batch 8 ends lower than full batch, by 1% of it."},
)


def groups(**schedule: object) -> dict[str, dict[str, object]]:
    """All batch sizes with this schedule."""
    sizes = {f"batch {b}": b for b in SIZES} | {"full batch": "full"}
    return {label: {"kind": "sgd", "batch": size, **schedule} for label, size in sizes.items()}


def table(title: str, epochs: int, **schedule: object) -> Tuned:
    """All batch sizes on the wells after so many epochs."""
    changes = {"run.epochs": epochs, "run.frames": 2}
    return Tuned(title, SCENARIO, groups(**schedule), RATES, CLAIMS, changes=changes, shares=True)


RECORD = Study(
    lecture=25,
    says="Best results at batch 2 to 32 (Masters and Luschi 2018).",
    bounds="On the wells with a falling rate batches of 1 to 32 end alike, each at its best rate: 1 is as good as 2."
    " Larger ones end higher while they make too few updates to arrive, so 32 is a number of this length of"
    " run: with fewer epochs the limit is lower. With a constant rate all end higher than with a falling one,"
    " large ones most. On other surfaces batch 8 is hardly ever better than batch 1, and better than full"
    " batch where the updates of so many epochs are too few for that.",
    why="The best rates rise with the batch while noise, lr / B, is what counts, and stop at about 2 / sharpness:"
    " beyond that batch a larger one makes fewer updates of the same length. A falling rate takes noise out at"
    " the end, so small batches lose nothing.",
    disputed="[Masters 2018] held the epochs fixed, and reports the narrower range of good rates for larger batches"
    " that is seen here, too; [Shallue 2019], with rates tuned and enough updates, found no batch size at"
    " which the test error must be worse; [Goyal 2017] trains with 8,192, [Smith 2018] raises the batch on the"
    " way, [Hoffer 2017] trains longer.",
    tables=(
        table("128 examples, falling rate, 20 epochs", 20, schedule=COSINE),
        table("128 examples, falling rate, 5 epochs", 5, schedule=COSINE),
        table("128 examples, constant rate, 20 epochs", 20),
        table("128 examples, constant rate, 40 epochs", 40),
        Tuned(
            "Other surfaces, 128 examples, falling rate, 20 epochs",
            SCENARIO,
            {
                label: group
                for label, group in groups(schedule=COSINE).items()
                if label in ("batch 1", "batch 8", "full batch")
            },
            WIDE_RATES,
            CLAIMS,
            rows=everywhere(examples=128),
            changes={"run.frames": 2},
            shares=True,
        ),
    ),
)
