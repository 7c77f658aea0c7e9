"""Batch size and update frequency are two things: gradients can be accumulated."""

from research.claim_grids._record import Axis, Grid, Study

SCENARIO = "accumulate"
SUMS = "batch 2, accumulated over 5"


def cut(batch: int, times: int, whole: int) -> dict[str, object]:
    """Batches accumulated against batches of this size."""
    return {f"{SUMS}.batch": batch, f"{SUMS}.accumulate": times, "batch 10.batch": whole}


VARIANTS = {
    "as in the scenario": {},
    "float64": {"run.precision": "float64"},
    "momentum 0.9": {"optimizer.momentum": 0.9},
    "Adam": {"optimizer.kind": "adam"},
    "lr 0.5": {"optimizer.lr": 0.5},
    "batches of 1 over 20 against full batch": cut(1, 20, 20),
    "batches of 3 over 3 against 9: the last of an epoch is smaller": cut(3, 3, 9),
    "batches of 3 over 7 against 20": cut(3, 7, 20),
    "batches of 4 over 2 against 8": cut(4, 2, 8),
    "with replacement": {"run.sampling": "replacement"},
    "noise of deviation 1 added to gradients": {"optimizer.noise": {"kind": "isotropic", "deviation": 1.0}},
    "gradients clipped to norm 0.3": {"optimizer.clip": {"kind": "norm", "most": 0.3}},
}

RECORD = Study(
    lecture=24,
    says="Batch size and update frequency are two things: gradients can be accumulated over batches.",
    bounds="Always to rounding, with every rule, for batches that fill an epoch's updates alike. Not where the last"
    " batch of an update is smaller than the others and their means are averaged, which weights its examples"
    " more. That paths without accumulation differ is less visible under Adam and at like sizes.",
    why="The mean of k means of B examples is the mean of k B examples, and one update is made of it.",
    tables=(Grid("Variants, in float32 unless said", SCENARIO, ("apart",), rows=Axis("variant", VARIANTS)),),
)
