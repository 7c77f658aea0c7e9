"""Kernels for processors that this machine is not: LLVM compiles them for AVX2 and for ARM, into packed code."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from test_engine_code import LOOPS, faults

from helpers.machine_code import lane_loops
from helpers.other_processors import KERNELS, PICK, PROCESSORS

HELPER = Path(__file__).parent / "helpers" / "other_processors.py"


@pytest.mark.parametrize("target", list(PROCESSORS))
def test_lane_loops_are_packed(target: str, tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    subprocess.run([sys.executable, HELPER, target, tmp_path], env=environment, check=True)
    for kind, rule, entry in KERNELS:
        ir, assembly = ((tmp_path / f"{kind}-{rule}-{entry}{end}").read_text(encoding="utf-8") for end in (".ll", ".s"))
        loops = lane_loops(ir, entry)
        assert faults(ir, loops) == []
        assert len([loop for loop in loops if loop.packed]) >= LOOPS[entry]
        assert re.search(PROCESSORS[target].product, assembly)
        assert bool(re.search(PICK, assembly)) == (target == "x86-64-v3" and entry == "own_updates")
