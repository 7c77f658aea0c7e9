"""Each movement is the weighted sum of all gradients so far."""

from research.claim_grids._record import Axis, Grid, Study

SCENARIO = "momentum_is_a_sum"
COSINE = {"optimizer.schedule": {"decay": "cosine"}}
FORMS = {
    "the lecture's form": {},
    "torch's form": {"optimizer.movement": False},
    "the lecture's form, falling rate": COSINE,
    "torch's form, falling rate": {"optimizer.movement": False, **COSINE},
    "torch's form, nesterov": {"optimizer.movement": False, "optimizer.nesterov": True},
    "torch's form, dampening 0.5": {"optimizer.movement": False, "optimizer.dampening": 0.5},
    "the lecture's form, weight decay 0.1": {"optimizer.weight_decay": 0.1},
}

RECORD = Study(
    lecture=10,
    says="Momentum moves by the last movement minus the gradient: a weighted sum of all gradients so far.",
    bounds="Exactly, to rounding, for the lecture's form at any rate, and for torch's form while the rate is"
    " constant. Not for torch's form with a rate that changes, which multiplies old gradients by the new rate;"
    " nor with nesterov, dampening or weight decay, which change the sum.",
    why="m_t = momentum m_{t-1} - lr_t g_t gives m_t = - sum over s of momentum^(t-s) lr_s g_s; torch's lr_t b_t"
    " has lr_t in place of lr_s.",
    tables=(
        Grid("Forms of momentum", SCENARIO, ("momentum_sum",), rows=Axis("form", FORMS)),
        Grid(
            "Precision and momentum",
            SCENARIO,
            ("momentum_sum",),
            rows=Axis("precision", {kind: {"run.precision": kind} for kind in ("float32", "float64")}),
            columns=Axis(
                "momentum", {f"{m:g}": {"optimizer.momentum": m, "claim[1].momentum": m} for m in (0.0, 0.5, 0.9, 0.99)}
            ),
        ),
    ),
)
