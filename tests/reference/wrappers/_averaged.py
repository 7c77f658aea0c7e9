"""Averages of a path by torch."""

from collections.abc import Callable
from typing import Any

import torch
from paths import Loss, Run, Settings, torch_run
from torch.optim.swa_utils import AveragedModel


def averaged_run(
    optimizer: str,
    settings: Settings,
    theta: torch.Tensor,
    loss: Loss,
    average: Callable[..., Any],
    due: Callable[[int], bool],
    begins: int,
) -> Run:
    """The run of torch's optimizer; the average is updated after the updates that are ``due``.

    Its first value is theta after update ``begins``, and theta is shown until then.
    """
    model = torch.nn.Module()
    model.weight = torch.nn.Parameter(theta.detach())
    averaged = AveragedModel(model, multi_avg_fn=average)
    plain = torch_run({"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[optimizer]([theta], **settings), theta, loss)
    done = 0
    if begins == 0:
        averaged.update_parameters(model)

    def step(factor: float) -> None:
        nonlocal done
        plain.step(factor)
        done += 1
        if due(done):
            averaged.update_parameters(model)

    return Run(step, lambda: averaged.module.weight if done >= begins else theta)
