"""RMSProp weights recent gradients, so the rate follows a changing slope."""

from research.claim_grids._record import Axis, Grid, Study, axis

SCENARIO = "rmsprop_follows"
LOSS = "3 * log(1 + exp(-3 * (x + 3))) + 1.8 * log(1 + exp(3 * (x - 3))) - {slope} * x + y^2 / 2"
SETTLES = {
    "says": "RMSProp ends lower than Adagrad.",
    "lecture": 15,
    "statistic": "train_loss",
    "group": "RMSProp",
    "below": "Adagrad",
}

RECORD = Study(
    lecture=15,
    says="RMSProp weights recent gradients by alpha, so the rate follows a changing slope.",
    bounds="While 1 / (1 - alpha) is short against the time in which the slope changes, and the slope changes by"
    " much. With longer memory RMSProp's rate is below Adagrad's. Where the steepness does not change, RMSProp"
    " at a constant rate does not settle, and ends higher once Adagrad has arrived.",
    why="After t updates of slope g a mean square remembers alpha^t of the steep start, Adagrad's mean 1 / t of"
    " it; the rates are lr / |g| and lr sqrt(t) / rms over the start. Near a minimum |g| cancels: movements"
    " stay near lr.",
    disputed="The same forgetting makes it, and Adam, fail on a convex problem with rare large gradients, where"
    " Adagrad and amsgrad converge, [Reddi 2018].",
    tables=(
        Grid(
            "Weight of the past",
            SCENARIO,
            rows=axis("alpha", "RMSProp.alpha", 0.0, 0.5, 0.9, 0.99, 0.999),
            claims=("effective_rate", "time_to_loss"),
        ),
        Grid(
            "Slope of the gentle part, ratio of the rates",
            SCENARIO,
            rows=Axis("slope", {f"{s:g}": {"surface.loss": LOSS.format(slope=s)} for s in (0.1, 0.6, 1.5, 4.0)}),
            columns=axis("alpha", "RMSProp.alpha", 0.5, 0.9, 0.99),
            claims=("effective_rate",),
        ),
        Grid(
            "Where the steepness does not change: a quadratic bowl, at the end of longer runs",
            SCENARIO,
            rows=axis("lr", "optimizer.lr", 0.01, 0.05, 0.2),
            columns=axis("updates", "run.updates", 240, 1000, 4000),
            claims=(SETTLES,),
            changes={"surface": {"kind": "quadratic_bowl", "condition": 40}, "run.frames": 2, "run.record": []},
        ),
    ),
)
