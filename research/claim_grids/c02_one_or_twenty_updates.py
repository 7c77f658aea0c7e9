"""Full batch makes one steady update an epoch, batch 1 as many noisy ones as there are examples."""

from research.claim_grids._record import Axis, Grid, Study, axis

RECORD = Study(
    lecture=2,
    says="With N = 20 examples, full batch makes 1 steady update an epoch, batch size 1 makes 20 noisy ones.",
    bounds="The number of updates always; the noise wherever examples disagree, and nowhere else.",
    why="A batch's gradient differs from that of all examples by the examples' own differences, tr(C) / B (N - B) /"
    " (N - 1) in the mean square: 0 where all examples agree, whatever the batch.",
    tables=(
        Grid(
            "A line fitted to points: the noise of the targets, and N",
            "one_example_at_a_time",
            rows=axis("noise", "surface.noise", 0.0, 0.2, 0.6, 2.0),
            columns=axis("N", "surface.examples", 20, 100, 1000),
            claims=("batch_cosine",),
        ),
        Grid(
            "A saddle whose examples are tilted against each other",
            "one_example_at_a_time",
            rows=Axis(
                "tilt",
                {f"{t:g}": {"surface": {"kind": "saddle", "examples": 20, "tilt": t}} for t in (0.0, 0.02, 0.1, 0.5)},
            ),
            claims=("updates_an_epoch", "batch_cosine"),
        ),
    ),
)
