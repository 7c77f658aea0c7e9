"""A few examples point nearly the same way as all; the error falls like 1 / sqrt(B)."""

from typing import Any

from research.claim_grids._record import Axis, Grid, Study, axis

SCENARIO = "few_point_the_same_way"
SAME_WAY = {
    "says": "The median cosine between the gradient of a batch and that of all examples is above 0.9.",
    "lecture": 22,
    "statistic": "batch_cosine",
    "group": "batch 10",
    "at": "0%",
    "above": 0.9,
}
LAW = {
    "says": "The squared error of a batch gradient is tr(C) / B (N - B) / (N - 1), within 25%.",
    "lecture": 22,
    "statistic": "batch_error_law",
    "take": "mean",
    "group": "batch 10",
    "equals": 1.0,
    "within": 0.25,
}
BATCHES = axis("batch", "batch 10.batch", 1, 3, 10, 30, 100, 300)


def starts(*distances: float) -> dict[str, dict[str, Any]]:
    """Starts at some distances from the line behind the points, slope 1 and intercept 0.5."""
    return {f"{d:g}": {"swarm.at": [1.0 - 0.8 * d, 0.5 - 0.6 * d], "swarm.spread": 0.05 * d} for d in distances}


RECORD = Study(
    lecture=22,
    says="A few examples point nearly the same way as all, mostly early on: 1/100 of the cost for about the same"
    " direction; the error of the batch gradient falls like 1/sqrt(B).",
    bounds="Early on: while the slope of the mean is larger than the noise of a batch. A batch of 10 of 1,000"
    " suffices until the distance to the minimum is a small share of that of the start, 100 further on; with"
    " noisier targets later sizes. The law of the error holds at every size and for every way to sample; for"
    " single examples, whose errors have a heavy tail, the interval is too wide to tell.",
    why="The relative error is sqrt(tr(C) / B (N - B) / (N - 1)) / |g|: it falls like 1 / sqrt(B) until B is a"
    " good part of N, and grows without bound as |g| goes to 0. With replacement the last factor is 1, and the"
    " claim is checked against that.",
    tables=(
        Grid(
            "Distance from the minimum at which the batch looks, and its size",
            SCENARIO,
            (SAME_WAY,),
            rows=Axis("distance", starts(10.0, 3.0, 1.0, 0.3, 0.1)),
            columns=BATCHES,
        ),
        Grid(
            "Noise of the targets, at the start",
            SCENARIO,
            (SAME_WAY,),
            rows=axis("noise", "surface.noise", 0.0, 0.5, 2.0, 8.0),
            columns=BATCHES,
        ),
        Grid(
            "The law of the error, with 1,000 examples",
            SCENARIO,
            (LAW,),
            rows=Axis("sampling", {kind: {"run.sampling": kind} for kind in ("reshuffle", "once", "replacement")}),
            columns=axis("batch", "batch 10.batch", 1, 10, 100, 500, 900),
            changes={"swarm.particles": 1000, "run.updates": 1, "run.frames": 2},
        ),
    ),
)
