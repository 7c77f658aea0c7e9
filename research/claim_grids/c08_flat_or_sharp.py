"""Flat minima lose little on a shifted test surface, and noise throws particles out of narrow valleys."""

from errsurf.run.result import Result
from research.claim_grids._record import Axis, Grid, Study, Tuned, axis
from research.claim_grids._surfaces import RATES, displaced

SCENARIO = "flat_or_sharp"
FLAT = {"at": [0.8, 0.0], "depth": 1.0, "width": 0.6}
OFTEN = {
    "lecture": 8,
    "statistic": "share_in_basin",
    "near": [0.8, 0.0],
    "group": "batch 1",
    "above": "full batch",
    "by": 0.2,
}
LOWER = {
    "says": "And it ends at a lower median training loss.",
    "statistic": "train_loss",
    "group": "batch 1",
    "below": "full batch",
}


def sharp(width: float = 0.22, depth: float = 1.0) -> dict[str, object]:
    """The first well with this width and depth; its sharpness is depth / width^2."""
    return {"surface.wells": [{"at": [-0.8, 0.0], "depth": depth, "width": width}, FLAT]}


def limit(result: Result) -> float:
    """2 / sharpness of the first well."""
    well = result.scenario.surface.settings.wells[0]
    return float(2 * well.width**2 / well.depth)


RECORD = Study(
    lecture=8,
    says="Flat minima lose little when the test surface is the training surface shifted a little; sharp ones lose much."
    " Noise of small batches throws particles out of narrow valleys.",
    bounds="The throwing out: from a rate near that at which the steepest examples of the well turn unstable, for"
    " batches of 1 and 2; larger ones need larger rates, or stay. It needs wells narrower than noise is wide,"
    " and examples that differ; training longer helps batch 2 and not larger ones. It does not ask which"
    " minimum is better: a deeper sharp minimum is left as well, for a higher training loss. That sharp places"
    " have the larger gap holds for displaced test surfaces and for no others here; of the other surfaces, on"
    " some.",
    why="A displaced test surface costs about sharpness d^2 / 2; other tilts or factors cost the same everywhere."
    " A batch throws particles out where lr exceeds 2 over the sharpness that this batch sees, which is larger"
    " than that of the mean for some batches, and where its noise, which lifts the loss by about lr tr(C) / (4"
    " B), reaches over the rim.",
    disputed="[Dinh 2017] shows that the same network can be written with minima as sharp as one likes, so sharpness"
    " of itself says nothing of generalization; [Andriushchenko 2023] finds no correlation, or a negative one,"
    " for modern networks. [Geiping 2022] needs no noise, [Hoffer 2017] puts the gap down to too few updates."
    " For it: [Keskar 2017]. Here the axes are fixed and the test surface is displaced along them: that is"
    " what makes sharpness count.",
    tables=(
        Grid(
            "Rate and batch: share in the flat minimum less that of full batch",
            SCENARIO,
            ("share_in_basin",),
            rows=axis("lr", "optimizer.lr", 0.03, 0.05, 0.07, 0.09, 0.11),
            columns=axis("batch", "batch 1.batch", 1, 2, 5, 10),
        ),
        Grid(
            "How examples disagree: tilted against each other, or of different steepness",
            SCENARIO,
            ("share_in_basin",),
            rows=axis("tilt", "surface.tilt", 0.0, 0.5, 1.0, 2.0),
            columns=axis("scale", "surface.scale", 1.0, 1.5, 2.2, 3.0),
        ),
        Grid(
            "Width of the sharp well at the same rate",
            SCENARIO,
            ("share_in_basin",),
            rows=Axis("width", {f"{w:g}": sharp(w) for w in (0.18, 0.22, 0.26, 0.3, 0.4, 0.6)}),
            laws={"2 / sharpness": limit},
        ),
        Grid(
            "Depth of the sharp well: the deeper, the lower its training loss, and the sharper",
            SCENARIO,
            ("share_in_basin", LOWER),
            rows=Axis("depth", {f"{d:g}": sharp(depth=d) for d in (0.6, 0.8, 1.0, 1.3, 1.6)}),
            laws={"2 / sharpness": limit},
        ),
        Grid(
            "Training longer, with lr 0.07: batches of 2, 5 and 10 in place of batch 1",
            SCENARIO,
            ({**OFTEN, "says": "The batch ends in the flat minimum more often than full batch, by at least 0.2."},),
            rows=axis("epochs", "run.epochs", 20, 60, 200, 600, 2000),
            columns=axis("batch", "batch 1.batch", 2, 5, 10),
            changes={"optimizer.lr": 0.07, "run.frames": 2},
        ),
        Grid(
            "Sharpness against the gap, by the shift of the test surface",
            SCENARIO,
            rows=Axis("shift", {f"{s:g}": {"surface.test": {"shift": [s, 0.0]}} for s in (0.0, 0.02, 0.05, 0.1, 0.2)}),
            claims=("correlation",),
        ),
        Grid(
            "Sharpness against the gap, by what the test surface is",
            SCENARIO,
            rows=Axis(
                "test examples",
                {
                    "shifted along y": {"surface.test": {"shift": [0.0, 0.2]}},
                    "shifted back along x": {"surface.test": {"shift": [-0.2, 0.0]}},
                    "other tilts": {"surface.test": {"tilt": 1.0}},
                    "other steepnesses": {"surface.test": {"scale": 3.0}},
                },
            ),
            claims=("correlation",),
        ),
        Tuned(
            "Other surfaces, tested after a displacement of 2% of the window; both groups at their best rates",
            SCENARIO,
            groups={
                "batch 1": {"kind": "sgd", "batch": 1, "schedule": {"decay": "cosine"}},
                "full batch": {"kind": "sgd", "batch": "full", "schedule": {"decay": "cosine"}},
            },
            rates=RATES,
            claims=(
                {
                    "says": "The sharper the place where a particle ends, the larger its gap: correlation above 0.5.",
                    "lecture": 8,
                    "statistic": "correlation",
                    "first": "sharpness",
                    "second": "gap",
                    "above": 0.5,
                },
            ),
            rows=displaced(0.02, examples=20),
            changes={"run.frames": 2},
        ),
    ),
)
