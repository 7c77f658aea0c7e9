"""Scenarios run in processes of their own, which say what they saw: for cold starts and for peaks of memory."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.cases import SURFACES

ROOT = Path(__file__).parents[1]


def scenario_tables(optimizers: list[dict[str, Any]], particles: int, updates: int, frames: int) -> dict[str, Any]:
    """A scenario on three wells, N = 20."""
    return {
        "surface": {"kind": "wells", "examples": 20, **SURFACES["wells"]},
        "swarm": {"particles": particles, "start": "cloud", "at": [0.0, 0.0], "spread": 0.5},
        "run": {"updates": updates, "frames": frames},
        "optimizer": optimizers,
    }


def said(module: str, wish: dict[str, Any], cache: Path) -> dict[str, Any]:
    """What ``python -m module --child wish`` says, a table; kernels are kept in the folder ``cache``."""
    environment = os.environ | {"ERRSURF_CACHE": str(cache), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", module, "--child", json.dumps(wish)]
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    heard: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return heard
