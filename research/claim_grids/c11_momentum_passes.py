"""Momentum passes critical points and small local minima where plain descent stops."""

from research.claim_grids._record import Axis, Grid, Study, Tuned, axis
from research.claim_grids._surfaces import RATES, better, everywhere

SCENARIO = "momentum_passes"
DEEP = {"at": [0.9, 0.0], "depth": 2.0, "width": 0.8}
HOLLOW = {"at": [-1.2, 0.1], "width": 0.3}
DEPTHS = {f"{d:g}": {"surface.wells": [{**HOLLOW, "depth": d}, DEEP]} for d in (0.1, 0.2, 0.45, 0.9, 1.8)}
NOISY = {"surface.examples": 20, "surface.tilt": 1.0, "no momentum.batch": 1}

RECORD = Study(
    lecture=11,
    says="Momentum passes critical points and small local minima where plain descent stops.",
    bounds="Where the hollow is a minimum at all and shallow for the speed that a particle has when it comes: above"
    " a momentum that rises as the rate falls. With a momentum too small, a particle stops as plain descent"
    " does; with one too large, or a large rate, both pass. Noise passes it as well: at larger rates batch 1"
    " needs no momentum. On other surfaces momentum ends lower on some, and nowhere higher.",
    why="Movements add up to 1 / (1 - momentum) gradients, a speed of about lr |g| / (1 - momentum): its square"
    " must exceed what the hollow's far rim takes back. A hollow shallower than the slope around it times its"
    " width is no minimum, and stops nobody.",
    disputed="There are simple problems with noisy gradients on which momentum cannot outdo plain descent even at its"
    " best settings, [Kidambi 2018]. In high dimension saddles rather than local minima are what slows"
    " training, [Dauphin 2014].",
    tables=(
        Grid(
            "Depth of the hollow and momentum",
            SCENARIO,
            ("share_in_basin",),
            rows=Axis("depth", DEPTHS),
            columns=axis("momentum", "momentum 0.9.momentum", 0.5, 0.8, 0.9, 0.95, 0.99),
            changes={"run.updates": 1000},
        ),
        Grid(
            "Rate and momentum",
            SCENARIO,
            ("share_in_basin",),
            rows=axis("lr", "optimizer.lr", 0.002, 0.01, 0.05, 0.2, 0.8),
            columns=axis("momentum", "momentum 0.9.momentum", 0.5, 0.8, 0.9, 0.95, 0.99),
            changes={"run.updates": 3000, "run.frames": 2},
        ),
        Grid(
            "Another way out: no momentum, but batch 1 of 20 tilted examples, against momentum on full batch",
            SCENARIO,
            ("share_in_basin",),
            rows=axis("lr", "optimizer.lr", 0.02, 0.05, 0.1, 0.2),
            columns=axis("updates", "run.updates", 150, 1000, 6000),
            changes={**NOISY, "run.frames": 2},
        ),
        Tuned(
            "Other surfaces, full batch, 200 updates, each at its best rate",
            SCENARIO,
            groups={
                "no momentum": {"kind": "sgd", "batch": "full"},
                "momentum 0.9": {"kind": "sgd", "batch": "full", "momentum": 0.9},
            },
            rates=RATES,
            claims=better("momentum 0.9", "no momentum", 11),
            rows=everywhere(examples=20),
            changes={"run.updates": 200, "run.frames": 2},
            shares=True,
        ),
    ),
)
