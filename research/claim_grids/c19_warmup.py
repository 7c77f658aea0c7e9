"""Warmup: the rate first rises, then falls, because early sigma is a poor estimate."""

from research.claim_grids._record import Axis, Grid, Study, Tuned, axis

SCENARIO = "warmup"
WARM, COLD = "warmup of 5 epochs", "no warmup"
COSINE = {"decay": "cosine"}
FALLS = {"kind": "adam", "batch": 1, "schedule": COSINE}
RULES = {
    "Adam": {},
    "Adam, betas 0.9, 0.99": {"optimizer.betas": [0.9, 0.99]},
    "Adam, betas 0.9, 0.9999": {"optimizer.betas": [0.9, 0.9999]},
    "Adam without correction": {"optimizer.bias_correction": False},
    "RAdam in place of Adam without warmup": {"no warmup.kind": "radam"},
    "sgd": {"optimizer.kind": "sgd"},
    "sgd, lr 0.05": {"optimizer.kind": "sgd", "optimizer.lr": 0.05},
    "rmsprop": {"optimizer.kind": "rmsprop"},
}

RECORD = Study(
    lecture=19,
    says="Warmup: the rate first rises, then falls; early sigma is a poor estimate from few gradients.",
    bounds="In a window of rates: with small ones nobody leaves, with large ones everybody does later. It needs"
    " noisy batches and movements of a size that the basin bears: without Adam's correction, or with rmsprop,"
    " the first ones are several times as large, and few stay either way. RAdam does part of it. In the final"
    " training loss at the best rate there is no difference here.",
    why="Adam's first movement is lr in every direction, sign(g) lr, as m^ / sqrt(v^) is then +-1: noise of full"
    " length. With a warmup of w updates it is lr / (w + 1); without correction lr (1 - beta1) / sqrt(1 -"
    " beta2). The length of the memory, beta2, hardly matters, since the correction makes the first v^ the"
    " same for all.",
    disputed="That early variance is the reason is [Liu 2020]'s claim, and RAdam its cure; [Ma 2021] finds the size of"
    " early movements the reason, as here, and a plain linear warmup over 2 / (1 - beta2) updates as good."
    " [Goyal 2017] needs warmup without any sigma, for large rates.",
    tables=(
        Grid(
            "Rate and length of the warmup in epochs, of 20",
            SCENARIO,
            ("share_in_basin",),
            rows=axis("lr", "optimizer.lr", 0.01, 0.03, 0.1, 0.3, 1.0),
            columns=Axis(
                "warmup",
                {f"{e}": {f"{WARM}.schedule": {**COSINE, "warmup": f"{e} epochs"}} for e in (1, 2, 5, 10, 15)},
            ),
        ),
        Grid("The rule", SCENARIO, ("share_in_basin", "largest_movement"), rows=Axis("rule", RULES)),
        Grid(
            "Batch size and how much examples disagree",
            SCENARIO,
            ("share_in_basin",),
            rows=axis("tilt", "surface.tilt", 0.0, 0.5, 1.0, 2.0, 4.0),
            columns=axis("batch", "optimizer.batch", 1, 4, 20),
        ),
        Tuned(
            "Each at its best rate for the training loss",
            SCENARIO,
            groups={
                COLD: FALLS,
                "warmup of 1 epoch": {**FALLS, "schedule": {**COSINE, "warmup": "1 epochs"}},
                WARM: {**FALLS, "schedule": {**COSINE, "warmup": "5 epochs"}},
                "RAdam": {**FALLS, "kind": "radam"},
            },
            rates=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
            claims=(
                {
                    "says": "With warmup the mean loss ends lower by a hundredth of what training gains.",
                    "lecture": 19,
                    "statistic": "train_loss",
                    "take": "mean",
                    "group": WARM,
                    "below": [COLD, "RAdam"],
                    "by": 0.01,
                },
            ),
            changes={"run.frames": 2},
            shares=True,
        ),
    ),
)
