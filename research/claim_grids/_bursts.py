"""The rules of claims 17 and 18."""

RATE, FALLS = "constant rate", "falling rate"


def rules(kind: str, **settings: object) -> dict[str, object]:
    """Both groups of the scenario with another rule, at their rates and schedules."""
    common = {"kind": kind, "batch": "full", **settings}
    schedule = {"decay": "inverse_sqrt", "t0": 20}
    return {
        "optimizer": [
            {"label": RATE, "lr": 0.06, **common},
            {"label": FALLS, "lr": 0.15, **common, "schedule": schedule},
        ]
    }


RULES = {
    "Adagrad, root of the mean": rules("adagrad", root_mean_square=True),
    "Adagrad, root of the sum": rules("adagrad"),
    "RMSProp, alpha 0.9": rules("rmsprop", alpha=0.9, first_value=True),
    "RMSProp, alpha 0.99": rules("rmsprop", alpha=0.99, first_value=True),
    "RMSProp, alpha 0.999": rules("rmsprop", alpha=0.999, first_value=True),
    "Adam": rules("adam"),
    "Adam, betas 0.9, 0.99": rules("adam", betas=[0.9, 0.99]),
    "Adam, amsgrad": rules("adam", amsgrad=True),
}
