"""peer.c, compiled for one row with the flags of the comparison, called through ctypes."""

import ctypes
import os
import shutil
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers.task import Forms, Task

SOURCE = Path(__file__).parents[1] / "peer.c"
MARCH = os.environ.get("NUMBA_CPU_NAME", "native")
FLAGS = ("-O3", f"-march={MARCH}", "-ffast-math", "-fopenmp", "-shared", "-fPIC")
WIDTHS = {"": (), ", 512 bits": ("-mprefer-vector-width=512",)}


def compiler() -> str | None:
    """A C compiler, if there is one."""
    return os.environ.get("CC") or shutil.which("gcc") or shutil.which("cc")


def forms(task: Task, folder: Path) -> Forms:
    """With the compiler's own choice of vectors, and with the widest."""
    return {f"C{name}": _form(task, folder, name, more) for name, more in WIDTHS.items()}


def _form(task: Task, folder: Path, name: str, more: tuple[str, ...]) -> Any:
    case, chosen = task.case, compiler()
    assert chosen
    library = folder / f"{case.surface}_{case.examples}_{case.batch}_{len(name)}.so"
    sizes = {"N": case.examples, "BATCH": case.batch, "WELLS": len(task.terms) if task.wells else 0}
    defines = [f"-D{key}={value}" for key, value in sizes.items()]
    subprocess.run([chosen, *FLAGS, *more, *defines, str(SOURCE), "-o", str(library), "-lm"], check=True)
    return partial(_run, task, ctypes.CDLL(str(library)).run)


def _run(task: Task, function: Any, epochs: int) -> Any:
    theta = np.ascontiguousarray(task.theta.T)
    arrays = [a.ctypes.data_as(ctypes.c_void_p) for a in (theta, task.columns, task.terms)]
    numbers = [ctypes.c_float(task.lr), ctypes.c_float(task.momentum), ctypes.c_uint64(epochs)]
    count = [ctypes.c_int64(task.case.particles), ctypes.c_int64(epochs), ctypes.c_int(task.case.threads)]
    function(*arrays, *count, *numbers)
    return theta.T
