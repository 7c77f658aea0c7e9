"""Writes packages/<optimizer>.npz and wrappers/<wrapper>.npz, paths of other packages for comparison.

Run `python tests/reference/write_package_paths.py [NAME ...]`, without names for all of them, in an environment
with the packages that packages/<optimizer>.py and wrappers/<wrapper>.py import.  Such a file holds

    PACKAGE     the class or function that is compared with, as the optimizer's reference names it; "" if none
    SETTINGS    five pairs of a schedule and the optimizer's settings by errsurf's names, or more; around wrappers
                the settings have an "optimizer" and the wrapper's settings as "wrapper" too
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

HERE = Path(__file__).parent


def write(file: Path) -> None:
    """Compute the paths of one optimizer or wrapper and write its file."""
    name = file.stem
    rule = import_module(f"{file.parent.name}.{name}")
    package = {"package": rule.PACKAGE, "version": version((rule.PACKAGE or "torch").split(".")[0])}
    cases, paths = [], []
    for kind, (schedule, settings) in product(SURFACES, rule.SETTINGS):
        case = {"optimizer": name, "settings": settings, "surface": kind, "schedule": schedule}
        cases.append(json.dumps(case | package))
        paths.append(checked_path(rule.begin, settings, schedule, kind))
    kept = np.array(paths)
    np.savez_compressed(file.with_suffix(".npz"), cases=np.array(cases), theta=kept[:, :, 0], shown=kept[:, :, 1])


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    for each in sorted(HERE.glob("[pw]*s/[a-z]*.py")):
        if each.stem in sys.argv[1:] or len(sys.argv) == 1:
            write(each)
