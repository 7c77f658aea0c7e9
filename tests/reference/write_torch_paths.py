"""Writes torch_paths.npz, the paths of torch.optim that the optimizers are compared with.

Run `python tests/reference/write_torch_paths.py` in an environment with torch 2.13.0 and NumPy; the tests
read the file and need no torch.  It holds

    cases     (cases,) text        JSON: optimizer, settings, surface, and the name of the schedule
    surfaces  () text              JSON: settings and start of every surface
    schedules () text              JSON: names of the rows of factors
    factors   (schedules, 1000)    what the lr is multiplied with at each update
    examples  (2, 5)               shift x, y, scale and tilt x, y of the two examples of the full batch
    update    (checkpoints,)       updates after which theta is kept
    theta     (cases, checkpoints, 2)
    ax        (cases, checkpoints, 2)   ASGD's average, else NaN
    torch     () text              the version

Everything is computed in float64, which is torch's default here because it keeps ASGD's and NAdam's own
numbers in the default precision.
"""

import json
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import torch
from paths import CHECKPOINTS, EXAMPLES, SCHEDULES, SURFACES, Loss, Run, Settings, checked_path, torch_run

NAMES = {
    "sgd": "SGD",
    "adagrad": "Adagrad",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
    "adamax": "Adamax",
    "nadam": "NAdam",
    "radam": "RAdam",
    "adadelta": "Adadelta",
    "rprop": "Rprop",
    "asgd": "ASGD",
}
SETTINGS = {
    "sgd": (
        ("constant", {"lr": 0.02}),
        ("cosine", {"lr": 0.02, "momentum": 0.9}),
        ("exponential", {"lr": 0.03, "momentum": 0.8, "dampening": 0.3, "weight_decay": 0.1}),
        ("step", {"lr": 0.01, "momentum": 0.95, "nesterov": True}),
        ("cosine", {"lr": 0.03, "dampening": 0.4, "weight_decay": 0.05}),
    ),
    "adagrad": (
        ("constant", {"lr": 0.1}),
        ("cosine", {"lr": 0.3, "lr_decay": 0.01}),
        ("constant", {"lr": 0.05, "weight_decay": 0.1, "initial_accumulator_value": 0.5}),
        ("exponential", {"lr": 0.2, "eps": 0.01}),
        ("step", {"lr": 0.5, "lr_decay": 0.05, "weight_decay": 0.02, "initial_accumulator_value": 2.0, "eps": 1e-3}),
    ),
    "rmsprop": (
        ("exponential", {"lr": 0.003}),
        ("cosine", {"lr": 0.003, "alpha": 0.9, "momentum": 0.5, "eps": 0.05}),
        ("constant", {"lr": 0.01, "alpha": 0.95, "centered": True, "eps": 0.1}),
        ("step", {"lr": 0.002, "alpha": 0.98, "centered": True, "momentum": 0.8, "weight_decay": 0.05, "eps": 0.2}),
        ("cosine", {"lr": 0.01, "weight_decay": 0.1, "eps": 0.5}),
    ),
    "adam": (
        ("constant", {"lr": 0.01}),
        ("cosine", {"lr": 0.03, "betas": (0.8, 0.95), "eps": 0.3}),
        ("step", {"lr": 0.02, "amsgrad": True}),
        ("exponential", {"lr": 0.03, "amsgrad": True, "weight_decay": 0.1, "betas": (0.5, 0.9), "eps": 0.01}),
        ("step", {"lr": 0.03, "weight_decay": 0.05, "betas": (0.0, 0.99), "eps": 0.3}),
    ),
    "adamw": (
        ("constant", {"lr": 0.01}),
        ("cosine", {"lr": 0.03, "betas": (0.8, 0.95), "eps": 0.3, "weight_decay": 0.1}),
        ("step", {"lr": 0.02, "amsgrad": True, "weight_decay": 0.0}),
        ("exponential", {"lr": 0.03, "amsgrad": True, "weight_decay": 0.5, "betas": (0.5, 0.9), "eps": 0.01}),
        ("step", {"lr": 0.03, "weight_decay": 0.05, "betas": (0.0, 0.99), "eps": 0.3}),
    ),
    "adamax": (
        ("constant", {"lr": 0.01}),
        ("cosine", {"lr": 0.03, "betas": (0.8, 0.98), "eps": 0.2}),
        ("exponential", {"lr": 0.02, "betas": (0.5, 0.99), "eps": 0.01}),
        ("step", {"lr": 0.03, "weight_decay": 0.1}),
        ("cosine", {"lr": 0.04, "betas": (0.0, 0.9), "eps": 0.1, "weight_decay": 0.05}),
    ),
    "nadam": (
        ("constant", {"lr": 0.01}),
        ("cosine", {"lr": 0.03, "betas": (0.8, 0.95), "eps": 0.3}),
        ("exponential", {"lr": 0.02, "momentum_decay": 0.1, "weight_decay": 0.1}),
        ("step", {"lr": 0.03, "weight_decay": 0.2, "decoupled_weight_decay": True, "betas": (0.5, 0.99), "eps": 0.3}),
        ("cosine", {"lr": 0.02, "momentum_decay": 0.0, "eps": 0.1, "betas": (0.95, 0.9)}),
    ),
    "radam": (
        ("constant", {"lr": 0.01}),
        ("cosine", {"lr": 0.03, "betas": (0.8, 0.95), "eps": 0.3}),
        ("exponential", {"lr": 0.02, "weight_decay": 0.1, "betas": (0.9, 0.99)}),
        ("step", {"lr": 0.03, "weight_decay": 0.2, "decoupled_weight_decay": True, "betas": (0.5, 0.9), "eps": 0.3}),
        ("cosine", {"lr": 0.02, "betas": (0.7, 0.5)}),
    ),
    "adadelta": (
        ("constant", {"lr": 0.2}),
        ("constant", {"rho": 0.99}),
        ("step", {"lr": 0.3, "rho": 0.95}),
        ("step", {"lr": 0.1, "rho": 0.5, "eps": 1e-2, "weight_decay": 0.1}),
        ("cosine", {"lr": 1.5, "rho": 0.99, "eps": 1e-5, "weight_decay": 0.05}),
    ),
    "rprop": (
        ("constant", {}),
        ("cosine", {"lr": 0.1}),
        ("exponential", {"lr": 0.003, "etas": (0.3, 1.1)}),
        ("step", {"lr": 0.05, "step_sizes": (1e-3, 0.03)}),
        ("constant", {"lr": 0.5, "etas": (0.7, 1.5), "step_sizes": (1e-8, 0.2)}),
    ),
    "asgd": (
        ("constant", {}),
        ("cosine", {"lr": 0.03, "t0": 100.0}),
        ("exponential", {"lr": 0.03, "lambd": 0.1, "alpha": 0.5, "t0": 2.0}),
        ("step", {"lr": 0.02, "lambd": 0.01, "t0": 0.0, "weight_decay": 0.1}),
        ("cosine", {"lr": 0.04, "lambd": 1.0, "alpha": 1.0, "t0": 300.5, "weight_decay": 0.05}),
    ),
}


def begin(optimizer: str, theta: torch.Tensor, loss: Loss, settings: Settings) -> Run:
    """The rule of torch.optim; ASGD shows its average."""
    rule = getattr(torch.optim, NAMES[optimizer])([theta], **settings, foreach=False)
    return torch_run(rule, theta, loss, (lambda: rule.state[theta]["ax"]) if optimizer == "asgd" else None)


def main() -> None:
    """Compute all paths and write the file beside this script."""
    cases, paths = [], []
    for (optimizer, several), kind in product(SETTINGS.items(), SURFACES):
        for schedule, settings in several:
            cases.append(
                json.dumps({"optimizer": optimizer, "settings": settings, "surface": kind, "schedule": schedule})
            )
            paths.append(checked_path(partial(begin, optimizer), settings, schedule, kind))
    kept = np.array(paths)
    np.savez_compressed(
        Path(__file__).with_name("torch_paths.npz"),
        cases=np.array(cases),
        surfaces=json.dumps(SURFACES),
        schedules=json.dumps(list(SCHEDULES)),
        factors=np.array(list(SCHEDULES.values())),
        examples=np.array(EXAMPLES),
        update=np.array(CHECKPOINTS),
        theta=kept[:, :, 0],
        ax=kept[:, :, 1],
        torch=torch.__version__,
    )


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    main()
