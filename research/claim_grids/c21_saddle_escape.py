"""The full-batch path leads to a saddle and stays; gradient noise leaves it."""

from math import log
from typing import Any

from research.claim_grids._record import Axis, Grid, Study, axis

SCENARIO = "saddle_escape"
RADIUS, MEDIAN = 0.5, 0.6745
LEAVES = {
    "says": "Full batch takes more than 1,000 updates to leave the saddle.",
    "statistic": "time_to_leave",
    "point": [0.0, 0.0],
    "radius": RADIUS,
    "group": "full batch",
    "above": 1000,
}
NOISES = {
    "tilt 0.5": {"surface.tilt": 0.5},
    "tilt 0.05": {"surface.tilt": 0.05},
    "tilt 0.005": {"surface.tilt": 0.005},
    "steepness only (scale 2)": {"surface.tilt": 0.0, "surface.scale": 2.0},
    "none": {"surface.tilt": 0.0},
}


def law(result: Any) -> float:
    """log(radius / |x_0|) / log(1 + lr |lambda_min|), for the median |x_0|."""
    scenario = result.scenario
    rate = scenario.optimizer[0].settings.lr * scenario.surface.settings.down
    return log(RADIUS / (MEDIAN * scenario.swarm.settings.spread)) / log(1 + rate)


RECORD = Study(
    lecture=21,
    says="The full-batch path leads to a saddle and stays; gradient noise leaves it (Ge, Huang, Jin, Yuan 2015).",
    bounds="Full batch stays for starts on the ridge to within exp(-lr |lambda_min| updates) of the radius, and"
    " leaves from all others, after log(1 / distance) / (lr |lambda_min|) updates: nearly all starts are"
    " others. Batch 1 leaves before batch 5 wherever examples are tilted against each other, by fewer updates"
    " as the rate grows; not where they differ in steepness only, or agree.",
    why="Near the saddle the distance grows by 1 + lr |lambda_min| an update, from the start's own for full"
    " batch, from lr sqrt(tr(C) / B) for noise: the time differs by log(noise / start) / (lr |lambda_min|),"
    " and noise wins only where it is the larger of the two. Below a spread of about 1e-8 the rounding of"
    " float32 is the noise.",
    disputed="[Lee 2016]: from a random start gradient descent converges to a strict saddle with probability 0, so it"
    " does not stay. [Du 2017]: but past many saddles it can take a time exponential in the dimension, where"
    " noise takes polynomial time, which is what [Ge 2015], theorem 6, says in noise's favour.",
    tables=(
        Grid(
            "Share of full batch still at the saddle: spread of the starts around the ridge, and length of the run",
            SCENARIO,
            ("share_near",),
            rows=axis("spread", "swarm.spread", 1e-8, 1e-5, 1e-3, 1e-2, 0.1),
            columns=axis("updates", "run.updates", 80, 160, 320, 640),
        ),
        Grid(
            "When full batch leaves",
            SCENARIO,
            (LEAVES,),
            rows=axis("spread", "swarm.spread", 1e-15, 1e-8, 1e-5, 1e-3, 1e-2, 0.1),
            changes={"run.updates": 2000, "run.frames": "all", "swarm.particles": 100},
            laws={"log(0.5 / median |x|) / log(1 + lr)": law},
        ),
        Grid(
            "Rate and tilt: updates by which batch 1 leaves before batch 5",
            SCENARIO,
            ("time_to_leave",),
            rows=axis("lr", "optimizer.lr", 0.01, 0.02, 0.05, 0.1, 0.2),
            columns=axis("tilt", "surface.tilt", 0.0, 0.05, 0.5, 2.0),
            changes={"run.updates": 2000, "run.frames": 1001},
        ),
        Grid(
            "What examples disagree about: batch 1 against full batch",
            SCENARIO,
            (
                {
                    "says": "After 160 updates more particles of batch 1 have left than of full batch, by 0.5.",
                    "lecture": 21,
                    "statistic": "share_near",
                    "point": [0.0, 0.0],
                    "radius": 0.5,
                    "group": "batch 1",
                    "below": "full batch",
                    "by": 0.5,
                },
            ),
            rows=Axis("examples", NOISES),
            columns=axis("spread", "swarm.spread", 1e-5, 1e-2, 0.1),
        ),
    ),
)
