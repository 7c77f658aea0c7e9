"""Where the gradient of one batch vanishes, the next one's does not."""

from research.claim_grids._record import Axis, Grid, Study, axis

DISAGREEMENTS = {f"tilt {t:g}": {"surface.tilt": t} for t in (0.0, 0.05, 0.15, 0.6)} | {
    "steepness only (scale 2)": {"surface.tilt": 0.0, "surface.scale": 2.0}
}
BATCHES = axis("batch", "batch 4.batch", 1, 4, 10, 19, 20)
SLOPE = {
    "says": "The gradient of the batch at the saddle has a norm above 0.1.",
    "lecture": 6,
    "statistic": "gradient_norm",
    "of": "batch",
    "point": [0.0, 0.0],
    "group": "batch 4",
    "above": 0.1,
}

RECORD = Study(
    lecture=6,
    says="Why: where the gradient of one batch's loss vanishes, the next batch's does not.",
    bounds="Wherever the examples' gradients differ at the point where their mean vanishes; the larger the batch,"
    " the more they must differ. Not where examples differ in steepness only, since all their gradients vanish"
    " there together.",
    why="The gradient of a batch at a critical point of the mean is noise of covariance C / B (N - B) / (N - 1):"
    " 0 for full batch, and for any batch where C is 0. A batch of 19 out of 20 leaves the saddle like batch 1"
    " because its epochs end with a batch of the one example that is left.",
    tables=(
        Grid(
            "Norm of the batch gradient at the saddle",
            "next_batch_has_slope",
            rows=Axis("examples", DISAGREEMENTS),
            columns=BATCHES,
            claims=(SLOPE,),
        ),
        Grid(
            "Share still near the saddle after 100 updates, less that of full batch",
            "next_batch_has_slope",
            rows=Axis("examples", DISAGREEMENTS),
            columns=BATCHES,
            claims=("share_near",),
        ),
    ),
)
