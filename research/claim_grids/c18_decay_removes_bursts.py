"""Learning-rate decay removes the bursts and lets the particle settle."""

from research.claim_grids._bursts import FALLS, RULES
from research.claim_grids._record import Axis, Grid, Study, axis

SCENARIO = "bursts"
SCHEDULES = {
    "constant": {"decay": "constant"},
    "inverse_sqrt, t0 = 20": {"decay": "inverse_sqrt", "t0": 20},
    "inverse_sqrt, t0 = 200": {"decay": "inverse_sqrt", "t0": 200},
    "linear to 0": {"decay": "linear", "end_factor": 0.0},
    "cosine": {"decay": "cosine"},
    "exponential, gamma = 0.999": {"decay": "exponential", "gamma": 0.999},
    "exponential, gamma = 0.99": {"decay": "exponential", "gamma": 0.99},
    "exponential, gamma = 0.95": {"decay": "exponential", "gamma": 0.95},
}
ARRIVES = {
    "says": "It arrives: at the end it is less than 0.5 away from the minimum.",
    "lecture": 18,
    "statistic": "distance",
    "point": [0.0, 0.0],
    "group": FALLS,
    "below": 0.5,
}

RECORD = Study(
    lecture=18,
    says="Learning-rate decay removes the bursts and lets the particle settle.",
    bounds="Where the rate falls at least as fast as the effective rate grows, sqrt(t), and begins to fall before"
    " the first burst: small t0. Where it falls too fast, the particle settles before it arrives. RMSProp with"
    " a short memory still bursts under a rate that falls like 1 / sqrt(t).",
    why="lr_t / sigma_t must stay below 2 / sharpness: with sigma about g sqrt(k / t), a rate of lr / sqrt(1 + t"
    " / t0) keeps it below lr sqrt(t0 / k) / g. The sum of all lr_t / sigma_t bounds the way that can be gone.",
    disputed="[Smith 2018] gets the same by growing batches at a constant rate, where what has to fall is noise;"
    " against bursts, which have no noise, it does nothing.",
    tables=(
        Grid(
            "How fast the rate falls, lr / sqrt(1 + t / t0), and where from",
            SCENARIO,
            ("largest_movement",),
            rows=axis("t0", "falling rate.schedule.t0", 5, 20, 80, 320, 1280),
            columns=axis("lr", "falling rate.lr", 0.05, 0.15, 0.3, 0.6),
        ),
        Grid(
            "Schedules at the same first rate",
            SCENARIO,
            ("largest_movement", ARRIVES),
            rows=Axis("schedule", {name: {"falling rate.schedule": table} for name, table in SCHEDULES.items()}),
        ),
        Grid(
            "The rule",
            SCENARIO,
            ("largest_movement", ARRIVES),
            rows=Axis("rule", RULES),
            changes={"run.record": ["movement"]},
        ),
    ),
)
