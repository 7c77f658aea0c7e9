"""Nesterov's momentum as in Keras, whose velocity holds the lr of each update."""

import torch
from packages._keras import keras, keras_run
from paths import Loss, Run, Settings

PACKAGE = "keras.optimizers.SGD"
FORM = {"nesterov": True, "movement": True}
SETTINGS = (
    ("constant", FORM | {"lr": 0.01, "momentum": 0.5}),
    ("cosine", FORM | {"lr": 0.02, "momentum": 0.9}),
    ("exponential", FORM | {"lr": 0.03, "momentum": 0.8}),
    ("step", FORM | {"lr": 0.01, "momentum": 0.95}),
    ("step", FORM | {"lr": 0.02, "momentum": 0.9, "nesterov": False}),
)


def begin(theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The package's rule."""
    lr, momentum, nesterov = (settings[name] for name in ("lr", "momentum", "nesterov"))
    return keras_run(keras.optimizers.SGD(lr, momentum=momentum, nesterov=nesterov), lr, theta, loss)
