"""Sweeps on a real cluster of this machine: the same rows, whatever happens to workers and scheduler."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any

import distributed
import pytest

from errsurf.errors import RunError, ScenarioError, UserError
from errsurf.sweeps import cluster
from errsurf.sweeps.sweeping import open_sweep, prepared, sweep
from helpers.command_line import COMMAND, SMALL, CommandLine

pytestmark = pytest.mark.filterwarnings("ignore")  # warnings of dask.distributed's threads
LONG = SMALL.replace("updates = 12", "updates = 20000").replace("particles = 16", "particles = 128")
RATES = {"optimizer.lr": "lin:0.01:0.1:40"}


@contextmanager
def running(module: str, *arguments: object, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A scheduler or a worker in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{module}", *map(str, arguments)],
        env=os.environ | environment,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def scheduler(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A scheduler and its address."""
    file = folder / "scheduler.json"
    options = ("--host", "127.0.0.1", "--port", 0, "--no-dashboard", "--scheduler-file", file)
    with running("dask_scheduler", *options) as process:
        end = monotonic() + 30
        while not file.exists() and monotonic() < end:
            sleep(0.05)
        sleep(0.1)
        yield process, json.loads(file.read_text(encoding="utf-8"))["address"]


def worker(address: str, **environment: str) -> Any:
    """A worker of a scheduler."""
    options = ("--nthreads", 1, "--no-dashboard", "--no-nanny", "--host", "127.0.0.1")
    return running("dask_worker", address, *options, **environment)


def test_rows_are_those_of_threads_byte_for_byte(errsurf: CommandLine) -> None:
    file = errsurf.file()
    varied = {"optimizer.lr": "lin:0.01:0.1:30", "optimizer.batch": "1,full"}
    sweep(file, varied, folder="threads")
    said: list[str] = []
    sweep(file, varied, folder="cluster", cluster="local:2", say=said.append)
    assert Path("cluster/table.csv").read_bytes() == Path("threads/table.csv").read_bytes()
    assert said == []


def test_a_killed_worker_costs_its_bundle_only(errsurf: CommandLine) -> None:
    file = errsurf.file(LONG)
    options = {"threads_per_worker": 1, "dashboard_address": None, "silence_logs": 50}
    killed: list[int] = []
    with distributed.LocalCluster(n_workers=2, **options) as local:
        pids = [each.pid for each in local.workers.values()]

        def kill(done: int, _: int) -> None:
            if done >= 5 and not killed:
                killed.append(pids[0])
                os.kill(pids[0], signal.SIGKILL)

        sweep(file, RATES, folder="cluster", cluster=local.scheduler_address, progress=kill)
    assert killed
    sweep(file, RATES, folder="threads")
    assert Path("cluster/table.csv").read_bytes() == Path("threads/table.csv").read_bytes()


def test_ctrl_c_in_a_terminal_reaches_workers_too_and_they_do_not_mind(errsurf: CommandLine) -> None:
    errsurf.file(LONG)
    command = (
        COMMAND,
        "sweep",
        "small.toml",
        "--vary=optimizer.lr=lin:0.01:0.1:400",
        "-o",
        "grid",
        "--cluster=local:1",
    )
    options: dict[str, Any] = {"cwd": errsurf.folder, "stderr": subprocess.PIPE, "stdout": subprocess.DEVNULL}
    journal = errsurf.folder / "grid" / "cells.jsonl"
    with subprocess.Popen([sys.executable, "-c", *command], **options, start_new_session=True) as process:
        while process.poll() is None and not (journal.exists() and journal.stat().st_size):
            sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert b"of 400 cells are finished, and the same command continues" in err


def test_a_scheduler_that_dies_loses_nothing(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 2.0)
    file = errsurf.file(LONG)
    with scheduler(errsurf.folder) as (process, address), worker(address):

        def kill(done: int, _: int) -> None:
            if done == 5:
                process.kill()

        with pytest.raises(RunError, match=r"the scheduler is gone; finished cells are kept"):
            sweep(file, RATES, folder="cluster", cluster=address, progress=kill)
    assert 5 <= open_sweep("cluster").finished < 40
    assert sweep(file, RATES, folder="cluster").complete
    with pytest.raises(UserError, match=r"no scheduler answers there"):
        sweep(file, RATES, cluster=address)


def test_a_worker_that_lacks_numba_is_told(errsurf: CommandLine) -> None:
    (errsurf.folder / "without").mkdir()
    errsurf.file("raise ModuleNotFoundError(\"No module named 'numba'\", name='numba')\n", "without/numba.py")
    with ExitStack() as stack:
        _, address = stack.enter_context(scheduler(errsurf.folder))
        stack.enter_context(worker(address, PYTHONPATH=str(errsurf.folder / "without")))
        with pytest.raises(RunError, match=r"a worker failed: it cannot import numba; install errsurf"):
            sweep(errsurf.file(), RATES, folder="cluster", cluster=address)


def test_versions_of_workers_are_compared(errsurf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    file, said = errsurf.file(), list[str]()
    here = cluster.versions()
    with cluster.connected("local:1", said.append) as runner:
        monkeypatch.setattr(cluster, "versions", lambda: here | {"numpy": "1.0"})
        assert prepared(file, {"optimizer.lr": "0.01,0.02,0.03"}, changes={}).computed(None, runner=runner).complete
        assert said == [f"workers have numpy {here['numpy']}, and here it is 1.0; rows may differ in their last digits"]
        monkeypatch.setattr(cluster, "versions", lambda: here | {"errsurf": "9"})
        with pytest.raises(RunError, match=r"a worker has errsurf .*, and this is 9"):
            prepared(file, {"optimizer.lr": "0.01"}, changes={}).computed(None, runner=runner)
        monkeypatch.setattr(cluster, "versions", lambda: here)
        monkeypatch.setattr("errsurf.sweeps.cells.CHECKED", 0)
        bad = {"optimizer.momentum": "0.9,0,0.5", "optimizer.nesterov": "false,true"}
        with pytest.raises(ScenarioError, match=r"cell optimizer.momentum = 0, optimizer.nesterov = true"):
            prepared(file, bad, changes={}).computed(None, runner=runner)


def test_a_worker_with_other_files_is_told(errsurf: CommandLine) -> None:
    data = errsurf.file("input,target\n1,2\n2,3\n3,5\n", "data.csv")
    file = errsurf.file(SMALL.replace('"saddle"\ntilt = 0.4', '"linear_regression"\ndata = "data.csv"'))
    job = prepared(file, {"optimizer.lr": "0.01,0.02"}, changes={})
    assert [job.cells.named(k) for k in range(2)]
    files = job.cells.files()
    assert list(files) == [data]
    cluster._check_files(files)
    data.write_text("input,target\n1,2\n2,3\n3,4\n")
    with pytest.raises(RunError, match=r"on a worker .*data.csv has another content; data files and --plugins need"):
        cluster._check_files(files)
    data.unlink()
    with cluster.connected("local:1", print) as runner, pytest.raises(RunError, match=r"on a worker there is no .*csv"):
        list(runner(job.cells, [0, 1], Event()))


@pytest.mark.parametrize("address", ["local:0", "local:x", "nowhere", "http://host:1"])
def test_addresses_that_cannot_be(errsurf: CommandLine, address: str) -> None:
    with pytest.raises(UserError, match=r"allowed: .*local:"):
        sweep(errsurf.file(), RATES, cluster=address)


def test_cells_are_bundled_to_half_a_second() -> None:
    assert cluster._size([], 1000, 2) == 1
    assert cluster._size([0.01] * 20, 10_000, 2) == 50
    assert cluster._size([0.01] * 20, 80, 2) == 10
    assert cluster._size([3.0] * 20, 10_000, 2) == 1
    assert cluster._size([1e-9] * 20, 10**6, 2) == cluster.LARGEST
