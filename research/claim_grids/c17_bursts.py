"""With an accumulated sigma the movement explodes sideways after long travel through small gradients."""

from research.claim_grids._bursts import RULES
from research.claim_grids._record import Axis, Grid, Study, axis

SCENARIO = "bursts"

RECORD = Study(
    lecture=17,
    says="With an accumulated sigma, after long travel through small gradients the step explodes sideways, comes back,"
    " and explodes again.",
    bounds="While sigma is a mean over all gradients, the start across is small against lr times the length of the"
    " way, and lr is large enough to make it grow within the run. Larger starts burst later, smaller rates not"
    " within this run. Not with the root of the sum, which only grows; RMSProp bursts with a short memory too,"
    " Adam hardly, its momentum averages the swings. An eps above the gradients of the floor ends it.",
    why="After k updates with gradients of size g across, and t in all, sigma is about g sqrt(k / t): the"
    " effective rate rises like sqrt(t), and where lr / sigma exceeds 2 / sharpness theta swings out, until"
    " the gradients of the walls make sigma large again. lr / eps bounds the rate.",
    tables=(
        Grid(
            "Start across the floor, and rate",
            SCENARIO,
            ("largest_movement",),
            rows=Axis("start", {f"{y:g}": {"swarm.at": [-14.0, y]} for y in (0.05, 0.15, 0.3, 0.6, 1.2)}),
            columns=axis("lr", "constant rate.lr", 0.01, 0.03, 0.06, 0.12, 0.24),
        ),
        Grid(
            "The rule",
            SCENARIO,
            ("largest_movement",),
            rows=Axis("rule", RULES),
            changes={"run.record": ["movement"]},
        ),
        Grid(
            "eps, which bounds the effective rate by lr / eps",
            SCENARIO,
            ("largest_movement",),
            rows=axis("eps", "constant rate.eps", 1e-10, 1e-2, 0.1, 0.3, 1.0, 3.0),
        ),
    ),
)
