"""The speed of large batches and the optimization of small ones."""

from research.claim_grids._record import Axis, Grid, Study, axis

SCENARIO = "speed_and_noise"
SCALED, NOISY = "batch 32, rate x 32, warmup", "full batch, noise added"
SMALL_RATE = 0.11
AS_OFTEN = {
    "says": "It reaches the wide minimum as often as batch 1, within 0.05.",
    "lecture": 26,
    "statistic": "share_in_basin",
    "near": [0.9, -0.3],
    "group": SCALED,
    "equals": "batch 1",
    "within": 0.05,
}
MOST = {
    "says": "More than 0.95 of the particles reach the wide minimum.",
    "lecture": 26,
    "statistic": "share_in_basin",
    "near": [0.9, -0.3],
    "group": NOISY,
    "above": 0.95,
}
WARMUP = {"decay": "cosine", "warmup": "2 epochs"}


def scaled(power: float, warmup: bool) -> dict[int, dict[str, object]]:
    """Batch sizes and rates: that of batch 1 times B to a power."""
    schedule = WARMUP if warmup else {"decay": "cosine"}
    return {
        b: {f"{SCALED}.batch": b, f"{SCALED}.lr": SMALL_RATE * b**power, f"{SCALED}.schedule": schedule}
        for b in (4, 16, 32, 64, 128)
    }


RULES = {
    "the same": scaled(0.0, warmup=False),
    "x sqrt(B)": scaled(0.5, warmup=False),
    "x B": scaled(1.0, warmup=False),
    "x B, warmup": scaled(1.0, warmup=True),
}


def rule(name: str) -> Grid:
    """Batch sizes under one rule for the rate."""
    return Grid(
        f"Rate of batch 1: {name}",
        SCENARIO,
        (AS_OFTEN,),
        rows=Axis("batch", {str(b): c for b, c in RULES[name].items()}),
    )


RECORD = Study(
    lecture=26,
    says="Open question of the notes: can one have the speed of large batches and the optimization of small ones?",
    bounds="Yes up to a batch whose scaled rate the surface still bears; no for full batch, whose rate would have to"
    " be far above it. The root of B serves as well as B itself here, and reaches further. Warmup makes no"
    " difference on this surface unless it takes a large share of the run. Noise added to full batch in as"
    " many updates as full batch makes is not enough, whatever its size; with as many updates as small batches"
    " make it is.",
    why="In an epoch N / B updates of noise lr^2 C / B add up to N C (lr / B)^2, and gradients to N lr / B of"
    " them: a rate in proportion to B keeps both. It ends where lr reaches 2 / sharpness, or an epoch too few"
    " updates.",
    disputed="[Goyal 2017] holds B in proportion up to 8,192 on ImageNet, [Krizhevsky 2014] gives the root, [Hoffer"
    " 2017] the root with more updates, [Smith 2018] batches that grow; [Shallue 2019] finds that no rule for"
    " the rate holds for all problems, and a size beyond which nothing helps; [Geiping 2022] replaces the"
    " noise by regularization.",
    tables=(
        *map(rule, RULES),
        Grid(
            "Batch 32 at 32 times the rate: length of the warmup in epochs, and of the run",
            SCENARIO,
            (AS_OFTEN,),
            rows=Axis(
                "warmup",
                {
                    f"{e:g}": {
                        f"{SCALED}.schedule": {"decay": "cosine", "warmup": f"{e} epochs"} if e else {"decay": "cosine"}
                    }
                    for e in (0, 1, 2, 5, 10)
                },
            ),
            columns=axis("epochs", "run.epochs", 11, 20, 40),
        ),
        Grid(
            "Full batch with the noise of a small batch added back: rate, and whose noise",
            SCENARIO,
            ({**AS_OFTEN, "group": NOISY},),
            rows=axis("lr", f"{NOISY}.lr", 0.11, 0.3, 0.55, 0.8, 1.2),
            columns=axis("noise of batch", f"{NOISY}.noise.batch", 1, 2, 4, 8, 32),
        ),
        Grid(
            "The same with as many updates as batch 8 makes in 20 epochs",
            SCENARIO,
            (MOST,),
            rows=axis("lr", f"{NOISY}.lr", 0.11, 0.3, 0.55, 0.8, 1.2),
            columns=axis("noise of batch", f"{NOISY}.noise.batch", 1, 2, 4, 8, 32),
            changes={"run.updates": 320},
        ),
    ),
)
