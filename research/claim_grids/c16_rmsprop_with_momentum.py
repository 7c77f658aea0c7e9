"""RMSProp with momentum is Adam."""

from research.claim_grids._record import Axis, Grid, Study

SCENARIO = "rmsprop_with_momentum"
RMS, BARE = "RMSProp with momentum 0.9", "Adam without correction"

MEDIAN = {
    "says": "Half of the particles stand within 1e-6 of their twins.",
    "lecture": 16,
    "statistic": "apart",
    "other": BARE,
    "group": RMS,
    "equals": 0.0,
    "within": 1e-6,
}


def eps(value: float) -> dict[str, object]:
    """The same eps in all groups."""
    return {"optimizer.eps": value}


def betas(first: float, second: float) -> dict[str, object]:
    """The same weights of the past in both rules, and RMSProp's rate for them."""
    return {
        "Adam.betas": [first, second],
        f"{BARE}.betas": [first, second],
        f"{RMS}.momentum": first,
        f"{RMS}.alpha": second,
        f"{RMS}.lr": 0.03 * (1 - first),
    }


VARIANTS = {
    "as in the scenario": {},
    "float32": {"run.precision": "float32"},
    "eps 1e-4 in all": eps(1e-4),
    "eps 0.1 in all": eps(0.1),
    "torch's order: divided, then summed": {f"{RMS}.raw_momentum": False},
    "the first square in place of 0": {f"{RMS}.first_value": True},
    "RMSProp at Adam's rate": {f"{RMS}.lr": 0.03},
    "falling rate": {"optimizer.schedule": {"decay": "cosine"}},
    "batch 1 of 20 tilted examples": {"surface.examples": 20, "surface.tilt": 1.0, "optimizer.batch": 1},
}

RECORD = Study(
    lecture=16,
    says="RMSProp with momentum is Adam.",
    bounds="Exactly, for momentum that sums gradients before it is divided, at (1 - momentum) times Adam's rate,"
    " without Adam's correction, and with the same eps. Where the path itself is unstable, rounding errors"
    " grow to visible distances although the rules are the same. Torch's RMSprop divides first, and another"
    " path follows. With correction the paths come together where they settle within the run, sooner for"
    " smaller beta2.",
    why="Both are lr m_t / (sqrt(v_t) + eps) with the same m and v; the correction multiplies by sqrt(1 -"
    " beta2^t) / (1 - beta1^t), which is 1 to a hundredth after about 4 / (1 - beta2) updates. eps stands at"
    " the same place in both.",
    disputed="[Kingma 2015], section 5, names the same differences: the order of momentum and division, and the"
    " correction.",
    tables=(
        Grid("Variants, in float64 unless said", SCENARIO, ("apart", MEDIAN), rows=Axis("variant", VARIANTS)),
        Grid(
            "Weights of the past",
            SCENARIO,
            ("apart", MEDIAN),
            rows=Axis(
                "betas",
                {
                    f"{a:g}, {b:g}": betas(a, b)
                    for a, b in ((0.0, 0.99), (0.5, 0.99), (0.9, 0.9), (0.9, 0.99), (0.9, 0.999), (0.99, 0.999))
                },
            ),
        ),
    ),
)
