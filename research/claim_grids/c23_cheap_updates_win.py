"""In equal time, many cheap updates beat few exact ones."""

from research.claim_grids._record import Axis, Grid, Study, Tuned, axis

SCENARIO, MIDDLE = "cheap_updates_win", "batch 100, lr 0.3"
GROUPS = {
    "batch 1": {"kind": "sgd", "batch": 1},
    "batch 10": {"kind": "sgd", "batch": 10},
    "batch 100": {"kind": "sgd", "batch": 100},
    "full batch": {"kind": "sgd", "batch": "full"},
    "full batch, momentum": {"kind": "sgd", "batch": "full", "momentum": 0.5},
}
RATES = (0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4)
TENTH = {"lecture": 23, "statistic": "time_to_loss", "unit": "examples", "loss": 0.3, "times": 0.1}
FIXED = {"group": "batch 10, lr 0.2", "below": "full batch, lr 0.3"}
EXAMPLES = {**TENTH, **FIXED, "says": "Batch 10 reaches the loss after a tenth of full batch's examples, or less."}
UNITS = (
    {**TENTH, **FIXED, "says": "Batch 10 reaches a loss of 0.3 in a tenth of full batch's time, or less."},
    {**TENTH, **FIXED, "times": 1.0, "says": "It reaches it earlier."},
)
TUNED = {
    **TENTH,
    "says": "Batch 10 needs a tenth of full batch's examples, or less, to reach 0.3.",
    "group": "batch 10",
    "below": ["full batch", "full batch, momentum"],
}


def reached(loss: float) -> dict[str, object]:
    """Mean examples until a loss, as what is best."""
    return {"statistic": "time_to_loss", "loss": loss, "unit": "examples", "take": "mean"}


RECORD = Study(
    lecture=23,
    says="In equal time, many cheap updates beat few exact ones.",
    bounds="Where examples are many against what a direction needs, and the loss asked for is above the floor of the"
    " small batch's noise. With 20 examples batch 10 is half of them, and cannot be ten times cheaper; near"
    " the least loss at a constant rate it never arrives, or later. Counted in updates it is the other way"
    " round: with hardware that takes a larger batch in the same time, full batch is no slower.",
    why="Updates cost B examples and gain nearly the same while B suffices for the direction: N / B times as"
    " many. At a constant rate batch B ends about lr tr(C) / (4 B) above the least loss.",
    disputed="[Shallue 2019] and [Zhang 2019]: doubling the batch halves the updates up to a critical size, so that on"
    " parallel hardware larger batches win up to there; momentum and adaptive rules raise that size.",
    tables=(
        Grid(
            "Number of examples, and the loss to be reached (the least is about 0.125)",
            SCENARIO,
            (EXAMPLES,),
            rows=Axis(
                "N",
                {f"{n:,}": {"surface.examples": n, f"{MIDDLE}.batch": min(n, 100)} for n in (20, 100, 1000, 10_000)},
            ),
            columns=axis("loss", "claim[1].loss", 1.0, 0.3, 0.15, 0.14, 0.13),
            changes={"run.epochs": 60, "run.frames": 1501},
        ),
        Grid(
            "What time is counted in; seconds are those of the CPU's packed loops, 300 particles at once",
            SCENARIO,
            UNITS,
            rows=axis("unit", ("claim[1].unit", "claim[2].unit"), "examples", "seconds", "updates"),
        ),
        Tuned(
            "Each at the rate that first reaches a loss of 0.3",
            SCENARIO,
            GROUPS,
            RATES,
            (TUNED,),
            best=reached(0.3),
            changes={"run.frames": 1001},
        ),
    ),
)
