"""Training that no longer lowers the loss is not always at a critical point."""

from errsurf.run.result import Result
from research.claim_grids._record import Axis, Grid, Study, axis

SCENARIO = "stuck_between_walls"
SURFACES = {f"ravine, walls turn straight at {w:g}": {"surface.width": w} for w in (0.05, 0.2, 1.0, 5.0)} | {
    "quadratic bowl": {"surface": {"kind": "quadratic_bowl", "condition": 100, "sharpness": 40.0, "angle": 15.0}},
}


def limit(result: Result) -> float:
    """lr sharpness / 2 of the first group."""
    scenario = result.scenario
    return float(scenario.optimizer[0].settings.lr * scenario.surface.settings.sharpness / 2)


RECORD = Study(
    lecture=12,
    says="Training that no longer lowers the loss is not always at a critical point: the gradient can stay large while"
    " theta swings between two walls of a valley.",
    bounds="Above lr = 2 / sharpness on a surface whose walls turn straight. Just below, the loss stands still"
    " because theta crawls, and the gradient is small; in a quadratic bowl it diverges. How large the gradient"
    " stays is the slope of the walls, sharpness times width.",
    why="Across the floor an update multiplies theta by 1 - lr sharpness at first, more than 1 in size above 2 /"
    " sharpness; where the walls are straight it ends in a swing between two walls, lr |g| / 2 from the floor"
    " on each side.",
    disputed="Networks train at this limit of their own accord: full batch raises the sharpness until it hovers at 2 /"
    " lr, and the loss still falls over many updates, [Cohen 2021]. A standing loss with a large gradient is"
    " then no sign of an end.",
    tables=(
        Grid(
            "Rate",
            SCENARIO,
            rows=axis("lr", "lr 0.1.lr", 0.01, 0.03, 0.045, 0.055, 0.07, 0.1, 0.2),
            claims=("train_loss", "gradient_norm"),
            laws={"lr sharpness / 2": limit},
        ),
        Grid("Surface", SCENARIO, rows=Axis("surface", SURFACES), claims=("train_loss", "gradient_norm")),
    ),
)
