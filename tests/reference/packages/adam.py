"""Adam with the eps of Keras, added before the correction: the eps-hat of the paper's section 2."""

import torch
from packages._keras import keras, keras_run
from paths import Loss, Run, Settings

PACKAGE = "keras.optimizers.Adam"
FORM = {"eps_hat": True}
SETTINGS = (
    ("constant", FORM | {"lr": 0.01, "eps": 1e-3}),
    ("cosine", FORM | {"lr": 0.03, "betas": (0.8, 0.95), "eps": 0.3}),
    ("step", FORM | {"lr": 0.02, "amsgrad": True, "eps": 0.1}),
    ("exponential", FORM | {"lr": 0.03, "betas": (0.5, 0.9), "eps": 0.05}),
    ("step", FORM | {"lr": 0.03, "betas": (0.0, 0.99), "eps": 0.3}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule."""
    (beta1, beta2), lr = settings.get("betas", (0.9, 0.999)), settings["lr"]
    rule = keras.optimizers.Adam(lr, beta1, beta2, epsilon=settings["eps"], amsgrad=settings.get("amsgrad", False))
    return keras_run(rule, lr, theta, loss)
