"""Writes packages/<optimizer>.npz, paths of other packages that the optimizers are compared with.

Run `python tests/reference/write_package_paths.py [OPTIMIZER ...]`, without names for all of them, in an environment
with the packages that packages/<optimizer>.py import.  Such a file holds

    PACKAGE     the class or function that is compared with, as the optimizer's reference names it; "" if none
    SETTINGS    five pairs of a schedule and the optimizer's settings by errsurf's names, or more
    begin       the rule, as paths.py describes it

and the file of paths holds

    cases       (cases,) text              JSON: optimizer, settings, surface, schedule, package, and its version
    theta       (cases, checkpoints, 2)    on surfaces, with schedules and at updates as in torch_paths.npz
    shown       (cases, checkpoints, 2)    the point that the rule shows where it is not theta, else NaN
"""

import json
import sys
from importlib import import_module
from importlib.metadata import version
from itertools import product
from pathlib import Path

import numpy as np
import torch
from paths import SURFACES, checked_path

FOLDER = Path(__file__).with_name("packages")


def write(name: str) -> None:
    """Compute the paths of one optimizer and write its file."""
    rule = import_module(f"packages.{name}")
    package = {"package": rule.PACKAGE, "version": version((rule.PACKAGE or "torch").split(".")[0])}
    cases, paths = [], []
    for kind, (schedule, settings) in product(SURFACES, rule.SETTINGS):
        case = {"optimizer": name, "settings": settings, "surface": kind, "schedule": schedule}
        cases.append(json.dumps(case | package))
        paths.append(checked_path(rule.begin, settings, schedule, kind))
    kept = np.array(paths)
    np.savez_compressed(FOLDER / f"{name}.npz", cases=np.array(cases), theta=kept[:, :, 0], shown=kept[:, :, 1])


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    for each in sys.argv[1:] or sorted(file.stem for file in FOLDER.glob("[a-z]*.py")):
        write(each)
