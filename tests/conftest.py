"""Fixtures of all tests.  Tests share one folder of compiled kernels, apart from the user's own."""

import atexit
import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from time import sleep
from unittest.mock import patch

import pytest

from errsurf.engine.cache_folder import cache_folder
from errsurf.system.processors import threads
from helpers.command_line import CommandLine


def _kernels() -> Path:
    """The folder of compiled kernels, which workers inherit; a temporary one where the user's cannot be written."""
    folder = cache_folder() / "tests"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(mkdtemp(prefix="errsurf-tests-"))
        atexit.register(rmtree, folder, ignore_errors=True)
    return folder


if "ERRSURF_CACHE" not in os.environ:
    os.environ["ERRSURF_CACHE"] = str(_kernels())

# Compiling makes so many objects that searches for garbage take a tenth of the time, with Python's own thresholds.
gc.set_threshold(50_000, 10, 10)

# A process in the background of a shell script ignores Ctrl-C, which some tests send themselves.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def errsurf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """The command line, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return CommandLine(tmp_path, capsys)


@pytest.fixture(scope="session", autouse=True)
def _one_process_compiles() -> Iterator[None]:
    """No second process helps to compile where each processor has a worker: it would only begin work twice."""
    from errsurf.engine import precompile

    count = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 1))
    with patch.object(precompile, "threads", lambda: max(threads() // count, 1)):
        yield


@pytest.fixture(scope="session", autouse=True)
def _short_measurements() -> Iterator[None]:
    """Nobody reads the times that ``errsurf batches`` measures here."""
    from errsurf.batch_times import timing

    with patch.object(timing, "SECONDS", 0.001):
        yield


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The kernels of every surface, optimizer and precision, compiled once for all workers of a test run."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _compile_kernels()
        return
    shared = tmp_path_factory.getbasetemp().parent
    try:
        (shared / "compiling").mkdir()
    except FileExistsError:
        while not (shared / "compiled").exists():
            sleep(0.2)
        return
    try:
        _compile_kernels()
    finally:
        (shared / "compiled").touch()


def _compile_kernels() -> None:
    """Compile in one process for each processor."""
    from helpers.machine_code import missing

    cases = missing()
    script = Path(__file__).parent / "helpers" / "machine_code.py"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    parts = [cases[k :: threads()] for k in range(threads())]
    commands = [[sys.executable, str(script), *("/".join(case) for case in part)] for part in parts if part]
    workers = [subprocess.Popen(command, env=environment) for command in commands]
    assert [worker.wait() for worker in workers] == [0] * len(workers)
