"""Rules of Keras, in float64 on torch."""

import os

import torch
from paths import Loss, Run

os.environ["KERAS_BACKEND"] = "torch"

import keras

keras.config.set_floatx("float64")


def keras_run(rule: keras.optimizers.Optimizer, lr: float, theta: torch.Tensor, loss: Loss) -> Run:
    """The run of an optimizer of Keras: its variable is copied from theta before an update, and back after it."""
    variable = keras.Variable(theta.detach().numpy(), dtype="float64")

    def step(factor: float) -> None:
        theta.grad = None
        loss(theta).backward()
        variable.assign(theta.detach())
        rule.learning_rate = lr * factor
        rule.apply([theta.grad], [variable])
        with torch.no_grad():
            theta.copy_(variable.value)

    return Run(step)
