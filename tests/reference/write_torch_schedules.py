"""Writes torch_schedules.json, the rates of torch.optim.lr_scheduler that the schedules are compared with.

Run `python tests/reference/write_torch_schedules.py` in an environment with torch 2.13.0; the tests read
the file and need no torch.  Every line is one case: the `schedule` table of a scenario, lr, and the rate of
every update, stepped once an update as in training.

torch has no inverse square root, exponential warmup and piecewise table: there LambdaLR computes the factor.
"""

import json
import warnings
from itertools import cycle, pairwise
from math import sqrt
from pathlib import Path

import torch
from torch.optim.lr_scheduler import (
    ConstantLR,
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    CyclicLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiStepLR,
    OneCycleLR,
    PolynomialLR,
    SequentialLR,
    StepLR,
)

LR = 0.3
UPDATES = 60
PLACE = Path(__file__).with_name("torch_schedules.json")
torch.set_default_dtype(torch.float64)


def between(points):
    """The factor of update t on straight lines between points."""

    def factor(t):
        known = [(points[0][1], 0, 1)]
        known += [(a, (b - a) / (v - u), t - u) for (u, a), (v, b) in pairwise(points) if u <= t < v]
        known += [(points[-1][1], 0, 1)] if t >= points[-1][0] else []
        first, slope, since = known[-1]
        return first + slope * since

    return factor


DECAYS = [
    ({"decay": "constant"}, lambda o: ConstantLR(o, 1.0)),
    ({"decay": "linear", "total": 37}, lambda o: LinearLR(o, 1.0, 0.0, 37)),
    ({"decay": "linear", "end_factor": 0.25, "total": 80}, lambda o: LinearLR(o, 1.0, 0.25, 80)),
    ({"decay": "exponential", "gamma": 0.9}, lambda o: ExponentialLR(o, 0.9)),
    ({"decay": "exponential", "gamma": 1.1}, lambda o: ExponentialLR(o, 1.1)),
    ({"decay": "step", "step_size": 7}, lambda o: StepLR(o, 7)),
    ({"decay": "step", "step_size": 20, "gamma": 0.6}, lambda o: StepLR(o, 20, 0.6)),
    ({"decay": "multi_step", "milestones": [5, 11, 40]}, lambda o: MultiStepLR(o, [5, 11, 40])),
    ({"decay": "multi_step", "milestones": [9, 9, 30], "gamma": 0.5}, lambda o: MultiStepLR(o, [9, 9, 30], 0.5)),
    ({"decay": "cosine", "T_max": 100}, lambda o: CosineAnnealingLR(o, 100)),
    ({"decay": "cosine", "T_max": 17, "eta_min": 0.01}, lambda o: CosineAnnealingLR(o, 17, 0.01)),
    ({"decay": "cosine_restarts", "T_0": 13}, lambda o: CosineAnnealingWarmRestarts(o, 13)),
    (
        {"decay": "cosine_restarts", "T_0": 5, "T_mult": 2, "eta_min": 0.02},
        lambda o: CosineAnnealingWarmRestarts(o, 5, 2, 0.02),
    ),
    ({"decay": "cosine_restarts", "T_0": 1, "T_mult": 3}, lambda o: CosineAnnealingWarmRestarts(o, 1, 3)),
    ({"decay": "polynomial", "total": 45}, lambda o: PolynomialLR(o, 45)),
    ({"decay": "polynomial", "total": 70, "power": 2.5}, lambda o: PolynomialLR(o, 70, 2.5)),
    ({"decay": "inverse_sqrt", "t0": 6}, lambda o: LambdaLR(o, lambda t: sqrt(6 / (6 + t)))),
    (
        {"decay": "piecewise", "points": [[4, 0.5], [20, 1.5], [20, 0.25], [50, 0.1]]},
        lambda o: LambdaLR(o, between([[4, 0.5], [20, 1.5], [20, 0.25], [50, 0.1]])),
    ),
]

WARMUPS = [
    ({"warmup": 10}, 10, lambda o: LinearLR(o, 1 / 11, total_iters=10)),
    ({"warmup": 9, "warmup_factor": 0.2}, 9, lambda o: LinearLR(o, 0.2, total_iters=9)),
    ({"warmup": 1, "warmup_kind": "constant", "warmup_factor": 0.3}, 1, lambda o: ConstantLR(o, 0.3, 1)),
    ({"warmup": 12, "warmup_kind": "constant", "warmup_factor": 0.4}, 12, lambda o: ConstantLR(o, 0.4, 12)),
    (
        {"warmup": 8, "warmup_kind": "exponential", "warmup_factor": 0.01},
        8,
        lambda o: LambdaLR(o, lambda t: 0.01 ** (1 - t / 8)),
    ),
]


def one_cycle(total, **given):
    """OneCycleLR, and the keys that say so."""
    keys = {"decay": "one_cycle", "total": total, **given}
    return keys, lambda o: OneCycleLR(o, LR, total_steps=total, cycle_momentum=False, **given)


def cyclic(base_factor, step_size_up, **given):
    """CyclicLR, and the keys that say so."""
    keys = {"decay": "cyclic", "base_factor": base_factor, "step_size_up": step_size_up, **given}
    return keys, lambda o: CyclicLR(o, base_factor * LR, LR, step_size_up, cycle_momentum=False, **given)


CYCLES = [
    one_cycle(60),
    one_cycle(61, pct_start=0.45, anneal_strategy="linear"),
    one_cycle(75, div_factor=10.0, final_div_factor=100.0, three_phase=True),
    one_cycle(60, pct_start=0.2, anneal_strategy="linear", three_phase=True),
    one_cycle(60, pct_start=0.0),
    one_cycle(60, pct_start=1.0),
    one_cycle(70, pct_start=0.7, three_phase=True),
    cyclic(0.25, 10),
    cyclic(0.1, 7, step_size_down=13, mode="triangular2"),
    cyclic(0.2, 9, step_size_down=4, mode="exp_range", gamma=0.97),
    cyclic(1 / 3, 8, mode="triangular2", gamma=0.5),
]


def stepped(build):
    """The rates of a scheduler, one an update."""
    optimizer = torch.optim.SGD([torch.zeros(2)], lr=LR)
    scheduler = build(optimizer)
    rates = [optimizer.param_groups[0]["lr"]]
    while len(rates) < UPDATES:
        optimizer.step()
        scheduler.step()
        rates.append(optimizer.param_groups[0]["lr"])
    return rates


def one_after_another(rise, decay, updates):
    """The warmup for so many updates, then the decay."""
    return lambda o: SequentialLR(o, [rise(o), decay(o)], [updates])


def cases():
    """Every case: each decay alone and behind one of the warmups in turn, and the cycles."""
    for (table, decay), (warmup, updates, rise) in zip(DECAYS, cycle(WARMUPS)):
        yield {"schedule": table, "lr": LR, "rates": stepped(decay)}
        yield {"schedule": table | warmup, "lr": LR, "rates": stepped(one_after_another(rise, decay, updates))}
    for table, build in CYCLES:
        yield {"schedule": table, "lr": LR, "rates": stepped(build)}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    lines = ",\n".join(json.dumps(case) for case in cases())
    PLACE.write_text(f'{{"torch": "{torch.__version__}", "cases": [\n{lines}\n]}}\n', encoding="utf-8")
