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
numbers in the default precision.  A path is refused if pushes of 1e-14 at every update move it by 1e-11.
"""

import json
from itertools import product
from pathlib import Path

import numpy as np
import torch

UPDATES = 1000
CHECKPOINTS = (1, 2, 3, 10, 100, 300, 1000)
EXAMPLES = ((0.10, -0.05, 0.8, 0.15, -0.25), (-0.06, 0.08, 1.2, 0.05, 0.13))
SURFACES = {
    "rosenbrock": {"settings": {"a": 0.9, "b": 2.0}, "start": (-0.83, 0.57)},
    "saddle": {"settings": {"down": 0.8, "up": 1.3}, "start": (0.11, 0.93)},
    "quadratic_bowl": {"settings": {"condition": 7.0, "sharpness": 1.5, "angle": 30.0}, "start": (1.37, -0.71)},
}
T = np.arange(UPDATES)
SCHEDULES = {
    "constant": np.ones(UPDATES),
    "cosine": np.minimum((T + 1) / 20, 0.05 + 0.95 * (1 + np.cos(np.pi * T / UPDATES)) / 2),
    "exponential": 0.996**T,
    "step": 0.3 ** (T // 250),
}
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


def formula(kind: str, x: torch.Tensor, y: torch.Tensor, s: dict[str, float]) -> torch.Tensor:
    """The surfaces, as their names' definitions say."""
    if kind == "rosenbrock":
        return (s["a"] - x) ** 2 + s["b"] * (y - x**2) ** 2
    if kind == "saddle":
        return x**4 / 4 - s["down"] * x**2 / 2 + s["up"] * y**2 / 2
    angle = np.deg2rad(s["angle"])
    along, across = np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x
    return s["sharpness"] * (along**2 / s["condition"] + across**2) / 2


def training_loss(kind: str, theta: torch.Tensor) -> torch.Tensor:
    """Mean of the two examples' losses."""
    x, y = theta
    losses = [
        scale * formula(kind, x - shift_x, y - shift_y, SURFACES[kind]["settings"]) + tilt_x * x + tilt_y * y
        for shift_x, shift_y, scale, tilt_x, tilt_y in EXAMPLES
    ]
    return sum(losses[1:], losses[0]) / len(losses)


def path(optimizer: str, settings: dict, schedule: str, kind: str, push: float = 0.0) -> np.ndarray:
    """Theta, and ASGD's average, at the checkpoints: (checkpoints, 2, 2); theta is pushed to and fro after updates."""
    theta = torch.tensor(SURFACES[kind]["start"], requires_grad=True)
    rule = getattr(torch.optim, NAMES[optimizer])([theta], **settings, foreach=False)
    (group,) = rule.param_groups
    lr, kept = group["lr"], []
    for t in range(UPDATES):
        group["lr"] = lr * float(SCHEDULES[schedule][t])
        rule.zero_grad()
        training_loss(kind, theta).backward()
        rule.step()
        with torch.no_grad():
            theta += push * np.cos(t)
        if t + 1 in CHECKPOINTS:
            average = rule.state[theta]["ax"].numpy().copy() if optimizer == "asgd" else np.full(2, np.nan)
            kept.append((theta.detach().numpy().copy(), average))
    return np.array(kept)


def main() -> None:
    """Compute all paths and write the file beside this script."""
    cases, paths = [], []
    for (optimizer, several), kind in product(SETTINGS.items(), SURFACES):
        for schedule, settings in several:
            cases.append(
                json.dumps({"optimizer": optimizer, "settings": settings, "surface": kind, "schedule": schedule})
            )
            paths.append(path(optimizer, settings, schedule, kind))
            spread = np.abs(path(optimizer, settings, schedule, kind, 1e-14)[:, 0] - paths[-1][:, 0]).max()
            length = np.abs(paths[-1][-1, 0] - SURFACES[kind]["start"]).max()
            if not (spread < 1e-11 and 0.05 < length < 10):
                raise SystemExit(f"{cases[-1]}: moves by {length:.2g}, and pushes of 1e-14 become {spread:.2g}")
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
