"""Adagrad: small gradients get larger rates, steep directions smaller."""

from research.claim_grids._record import Axis, Grid, Study, Tuned, axis
from research.claim_grids._surfaces import RATES, better, everywhere

SCENARIO = "adagrad_two_rates"
CONDITIONS = axis("condition", "surface.condition", 1.0, 4.0, 10.0, 40.0, 100.0, 400.0)
ANGLES = axis("angle", "surface.angle", 0.0, 5.0, 15.0, 45.0)

RECORD = Study(
    lecture=14,
    says="Divide by the root mean square of all gradients (Adagrad): small gradients get larger rates, steep directions"
    " smaller.",
    bounds="The ratio of the rates where the surface is elongated along an axis: about in proportion to the"
    " condition and to the distance across over that along. Not on a turned surface, since Adagrad knows only"
    " the axes: at 45 degrees both rates are nearly the same. The better end against one rate goes with it,"
    " and needs a rate of its own that suits: too small or too large a one loses to one rate, and torch's sum"
    " needs a larger one. On most other surfaces one rate, at its best, ends as low, and on some lower.",
    why="A rate lr / rms(g) makes the movements of all parameters alike, at first lr in each direction, whatever"
    " the curvature; a turned valley has the same gradients along x and y.",
    disputed="[Wilson 2017] finds that adaptive rates end with a worse test error than one tuned rate with a schedule."
    " In torch's form, of [Duchi 2011], the sum only grows and the rate dies away, which the lecture's mean"
    " avoids.",
    tables=(
        Grid(
            "Ratio of the rates: condition of the bowl and its angle", SCENARIO, ("effective_rate",), CONDITIONS, ANGLES
        ),
        Grid(
            "Loss against one rate of 0.04: condition of the bowl and its angle",
            SCENARIO,
            ("train_loss",),
            CONDITIONS,
            ANGLES,
        ),
        Grid(
            "Loss against the one rate, with 2 / sharpness at 2",
            SCENARIO,
            rows=axis("one rate", "one rate.lr", 0.04, 0.1, 0.4, 1.0, 1.9),
            columns=axis("Adagrad's rate", "Adagrad.lr", 0.03, 0.12, 0.5, 2.0),
            claims=("train_loss",),
        ),
        Grid(
            "Forms: the lecture's divides by the root of the mean, torch's by that of the sum",
            SCENARIO,
            rows=Axis(
                "form",
                {
                    "mean, 100 updates": {},
                    "sum, 100 updates": {"Adagrad.root_mean_square": False},
                    "sum, 100 updates, lr 1.2": {"Adagrad.root_mean_square": False, "Adagrad.lr": 1.2},
                    "mean, 2,000 updates": {"run.updates": 2000},
                    "sum, 2,000 updates": {"Adagrad.root_mean_square": False, "run.updates": 2000},
                },
            ),
            claims=("effective_rate", "train_loss"),
        ),
        Tuned(
            "Other surfaces, full batch, 200 updates, each at its best rate",
            SCENARIO,
            groups={
                "one rate": {"kind": "sgd", "batch": "full"},
                "Adagrad": {"kind": "adagrad", "batch": "full", "root_mean_square": True},
            },
            rates=RATES,
            claims=better("Adagrad", "one rate", 14),
            rows=everywhere(examples=20),
            changes={"run.updates": 200, "run.frames": 2, "run.record": []},
            shares=True,
        ),
    ),
)
