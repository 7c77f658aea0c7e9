"""Tests share one folder of compiled kernels, apart from the user's own; names in it hold hashes of what they hold."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from errsurf.engine.cache_folder import cache_folder

os.environ.setdefault("ERRSURF_CACHE", str(cache_folder() / "tests"))

# What runs in the background of a shell script ignores Ctrl-C, which some tests send themselves.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def compiled() -> None:
    """The kernels of every surface, optimizer and precision, compiled by as many processes as there are processors."""
    from engine_code import missing

    from errsurf.system.processors import threads

    cases = missing()
    script = Path(__file__).parent / "engine_code.py"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    parts = [cases[k :: threads()] for k in range(threads())]
    commands = [[sys.executable, str(script), *("/".join(case) for case in part)] for part in parts if part]
    workers = [subprocess.Popen(command, env=environment) for command in commands]
    assert [worker.wait() for worker in workers] == [0] * len(workers)
