"""A convex, elongated surface is hard with one rate."""

from math import sqrt

from research.claim_grids._record import Axis, Grid, Study, axis

SCENARIO = "one_rate_is_hard"
HARD = {
    "says": "After 100,000 updates it is still more than 0.01 away from the minimum.",
    "lecture": 13,
    "statistic": "distance",
    "point": [0.0, 0.0],
    "group": "lr 0.1",
    "above": 0.01,
}
FASTER = {
    "says": "With momentum it arrives in less than half the updates.",
    "statistic": "time_to_loss",
    "loss": 1e-4,
    "unit": "updates",
    "group": "momentum",
    "below": "one rate",
    "times": 0.5,
}
SLOW = {
    "says": "At the best rate that there is, it takes more than 100 updates.",
    "lecture": 13,
    "statistic": "time_to_loss",
    "loss": 1e-4,
    "unit": "updates",
    "group": "one rate",
    "above": 100,
}


def best(condition: float) -> dict[str, object]:
    """A bowl of this condition, and the best rates there are for it without and with momentum (Polyak 1964)."""
    low, root = 1 / condition, sqrt(condition)
    momentum = ((root - 1) / (root + 1)) ** 2
    return {
        "surface": {"kind": "quadratic_bowl", "condition": condition},
        "optimizer": [
            {"label": "one rate", "kind": "sgd", "lr": 2 / (1 + low)},
            {"label": "momentum", "kind": "sgd", "lr": (1 + sqrt(momentum)) ** 2, "momentum": momentum},
        ],
    }


RECORD = Study(
    lecture=13,
    says="Even a convex, elongated surface is hard with one rate: lr 0.1 swings, lr 1e-7 never arrives in 100,000"
    " updates.",
    bounds="Swings above 2 / sharpness whatever the elongation, and diverges on a round bowl; never arrives below"
    " about log(start / goal) elongation / (sharpness updates). Between the two lies a range of rates that"
    " arrive, wide on a round bowl and empty at an elongation near the number of updates: one rate is hard"
    " where elongation is large against the updates that one has.",
    why="Along the floor an update keeps 1 - lr sharpness / elongation of the distance, so that the best rate, 2"
    " / (sharpness + smallest curvature), takes a number of updates in proportion to the condition, and"
    " momentum at its best in proportion to its root [Polyak 1964].",
    tables=(
        Grid(
            "Rate and elongation; 2 / sharpness is 0.05",
            SCENARIO,
            rows=axis("lr", "lr 0.1.lr", 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.04, 0.049, 0.051, 0.1),
            columns=axis("elongation", "surface.elongation", 1.0, 10.0, 100.0, 400.0, 10_000.0),
            claims=(HARD,),
        ),
        Grid(
            "Quadratic bowls, each at the best rate for it, 2 / (sharpness + smallest curvature)",
            SCENARIO,
            rows=Axis("condition", {f"{c:g}": best(c) for c in (1.0, 4.0, 16.0, 64.0, 256.0, 1024.0)}),
            claims=(SLOW, FASTER),
            changes={"run.updates": 20_000, "run.frames": "all", "swarm.particles": 20},
            laws={"condition": lambda result: result.scenario.surface.settings.condition},
        ),
    ),
)
