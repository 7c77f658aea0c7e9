"""Momentum, root mean square and schedule together."""

from research.claim_grids._record import Axis, Study, Tuned
from research.claim_grids._surfaces import RATES as WIDE_RATES
from research.claim_grids._surfaces import better, everywhere

SCENARIO = "all_together"
WARMED = {"decay": "cosine", "warmup": "2 epochs"}
ALL, SCHEDULED = "all parts", "momentum, schedule"
PARTS = {
    "one rate": {"kind": "sgd"},
    "momentum": {"kind": "sgd", "momentum": 0.9},
    "root mean square": {"kind": "rmsprop"},
    "schedule": {"kind": "sgd", "schedule": WARMED},
    SCHEDULED: {"kind": "sgd", "momentum": 0.9, "schedule": WARMED},
    "root mean square, schedule": {"kind": "rmsprop", "schedule": WARMED},
    "momentum, root mean square": {"kind": "adam"},
    ALL: {"kind": "adam", "schedule": WARMED},
}
ALONE = ["one rate", "momentum", "root mean square", "schedule"]
PAIRS = [label for label in PARTS if ", " in label]
RATES = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
LOSS = {"lecture": 20, "statistic": "train_loss", "take": "mean", "group": ALL}
CLAIMS = (
    {
        **LOSS,
        "below": ALONE,
        "by": 0.001,
        "says": "It ends lower than each part alone, by 0.1% of what training gains.",
    },
    {**LOSS, "below": PAIRS, "by": 0.001, "says": "It ends lower than each two parts, by 0.1% of what training gains."},
)


def groups(batch: int | str) -> dict[str, dict[str, object]]:
    """All parts and their combinations with these batches."""
    return {label: {**group, "batch": batch} for label, group in PARTS.items()}


RAVINE = {"kind": "ravine", "sharpness": 40.0, "examples": 20, "tilt": 2.0}
SURFACES = {
    f"elongation {e:g}, angle {a:g}": {"surface": {**RAVINE, "elongation": e, "angle": a}}
    for e, a in ((400.0, 0.0), (400.0, 10.0), (400.0, 45.0), (10.0, 10.0), (1.0, 0.0))
}

RECORD = Study(
    lecture=20,
    says="All together: theta -= lr_t / sigma_t * m_t.",
    bounds="Against one rate, momentum or root mean square alone, each at its best rate: always here; against"
    " momentum with root mean square where batches are noisy. Against the schedule alone and against the"
    " schedule with one other part: no, it is the falling rate that brings the most, and one part besides"
    " suffices. On most other surfaces all parts end where the schedule alone does, on some lower.",
    why="Noise lifts the loss by about lr tr(C) / (4 B) on a quadratic, so that at the end the last rates count,"
    " whatever the rule. Elongation asks for one remedy, momentum or a root mean square, not for both.",
    disputed="[Wilson 2017]: tuned plain descent with a schedule ends as well or better than adaptive rules. [Reddi"
    " 2018]: Adam may not converge at all.",
    tables=(
        Tuned("Batches of 4", SCENARIO, groups(4), RATES, CLAIMS, changes={"run.frames": 2}, shares=True),
        Tuned("Full batch", SCENARIO, groups("full"), RATES, CLAIMS, changes={"run.frames": 2}, shares=True),
        Tuned(
            "Other ravines, batches of 4",
            SCENARIO,
            {
                label: {**PARTS[label], "batch": 4}
                for label in ("schedule", SCHEDULED, "root mean square, schedule", ALL)
            },
            RATES,
            (
                {
                    **LOSS,
                    "below": ["schedule", SCHEDULED, "root mean square, schedule"],
                    "by": 0.001,
                    "says": "All parts end lower, by 0.1% of what training gains.",
                },
            ),
            rows=Axis("ravine", SURFACES),
            changes={"run.frames": 2},
            shares=True,
        ),
        Tuned(
            "Other surfaces, batches of 4",
            SCENARIO,
            {label: {**PARTS[label], "batch": 4} for label in ("schedule", ALL)},
            WIDE_RATES,
            better(ALL, "schedule", 20),
            rows=everywhere(examples=20),
            changes={"run.frames": 2},
            shares=True,
        ),
    ),
)
