"""At equal training loss small batches have the lower test loss."""

from research.claim_grids._record import Axis, Grid, Study, Tuned, axis
from research.claim_grids._surfaces import RATES, better, everywhere

SCENARIO = "same_training_loss"
FLAT = {"at": [0.8, 0.0], "depth": 1.0, "width": 0.6}
TESTS = {
    "shifted by 0.08 along x": {"surface.test": {"shift": [0.08, 0.0]}},
    "shifted by 0.08 along y": {"surface.test": {"shift": [0.0, 0.08]}},
    "each example shifted by 0.08 at random": {"surface.test": {"shift": 0.08}},
    "other tilts, same surface": {"surface.test": {"tilt": 1.0}},
    "other steepnesses (scale 3)": {"surface.test": {"scale": 3.0}},
}
STARTS = {
    "in the sharp minimum": {"swarm.at": [-0.8, 0.0], "swarm.spread": 0.1},
    "between the two": {"swarm.at": [-0.25, 0.0], "swarm.spread": 0.1},
    "all over": {"swarm.at": [0.0, 0.0], "swarm.spread": 0.8},
    "in the flat minimum": {"swarm.at": [0.8, 0.0], "swarm.spread": 0.1},
}

RECORD = Study(
    lecture=7,
    says="At equal training loss, small batches have lower test loss (Keskar et al. 2017).",
    bounds="While the test surface is displaced against the training surface, the sharp minimum is sharp enough for"
    " the displacement, and the rate lies where noise leaves the sharp minimum. Not where the test surface has"
    " other tilts or factors only; not from starts in the flat minimum or all over, where full batch finds it"
    " as well. Hardly on other surfaces, tested with fresh examples.",
    why="A displacement d costs about sharpness d^2 / 2, whatever the batch size: batch size matters only through"
    " the minimum that a particle ends in. Pairs in one minimum have the same test loss.",
    disputed="[Hoffer 2017] and [Shallue 2019] found no difference that tuning and enough updates leave; [Geiping"
    " 2022] trains with full batch, no noise at all, to the test error of small batches by regularizing"
    " explicitly. For it: [Keskar 2017], and at a fixed number of epochs [Masters 2018].",
    tables=(
        Grid(
            "How far the test surface is shifted, and the width of the sharp well",
            SCENARIO,
            ("matched_gap",),
            rows=Axis(
                "shift", {f"{s:g}": {"surface.test": {"shift": [s, 0.0]}} for s in (0.0, 0.02, 0.04, 0.08, 0.16)}
            ),
            columns=Axis(
                "width",
                {
                    f"{w:g}": {"surface.wells": [{"at": [-0.8, 0.0], "depth": 0.9714, "width": w}, FLAT]}
                    for w in (0.15, 0.22, 0.3, 0.45, 0.6)
                },
            ),
        ),
        Grid(
            "Rate and batch",
            SCENARIO,
            ("matched_gap",),
            rows=axis("lr", "optimizer.lr", 0.02, 0.04, 0.06, 0.09, 0.12),
            columns=axis("batch", "batch 1.batch", 1, 2, 5, 10),
        ),
        Grid("What the test surface is", SCENARIO, ("matched_gap",), rows=Axis("test examples", TESTS)),
        Grid("Where particles start", SCENARIO, ("matched_gap",), rows=Axis("starts", STARTS)),
        Tuned(
            "Other surfaces, 600 updates, each at the best rate for its training loss; 500 fresh test examples",
            SCENARIO,
            groups={
                "batch 1": {"kind": "sgd", "batch": 1, "schedule": {"decay": "cosine"}},
                "full batch": {"kind": "sgd", "batch": "full", "schedule": {"decay": "cosine"}},
            },
            rates=RATES,
            claims=better("batch 1", "full batch", 7, "gap"),
            rows=everywhere(examples=20),
            changes={"run.updates": 600, "run.frames": 2},
            shares=True,
        ),
    ),
)
