"""Cells of a sweep on the workers of dask.distributed: only tables of settings go out, and only rows come back."""

import logging
import platform
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from importlib.metadata import version
from math import ceil
from pathlib import Path
from queue import Empty, Queue
from statistics import median
from threading import Event
from time import monotonic, perf_counter
from typing import Any, NamedTuple

from errsurf.errors import ErrsurfError, RunError, UserError, reason
from errsurf.records import listing
from errsurf.sweeps.cells import VERSION, Cells, Tables, scenario_of
from errsurf.sweeps.computing import Rows, Shared, cell_rows
from errsurf.sweeps.content import content_digest
from errsurf.sweeps.runner import Runner, Say
from errsurf.system.processors import threads

BUNDLE_SECONDS, MOST_AT_ONCE = 0.5, 2000
"""A bundle of cells takes at least so long, so that what a task costs does not matter; so many are handed out."""
FIRST, MEASURED, LARGEST = 16, 64, 1000
PATIENCE, LOOK = 10.0, 0.2
LOCAL = re.compile(r"local(?::([0-9]{1,4}))?")
ADDRESS = re.compile(r"(tcp|tls|ws|wss|ucx)://\S+|[\w.-]+:[0-9]{1,5}")
PACKAGES = ("numba", "llvmlite", "numpy", "scipy")
CONTINUE = "finished cells are kept, and the same command continues"
_SHARED = Shared()


class Bundle(NamedTuple):
    """Some cells for one task: the tables that they share, and each cell's number and changes.

    ``files`` are those that a worker reads too, with what identifies their content.
    """

    version: str
    tables: Tables
    folder: Path | None
    name: str
    records: listing.Folders
    files: Mapping[Path, str]
    cells: Sequence[tuple[int, Mapping[str, Any]]]


class Done(NamedTuple):
    """The rows of a bundle's cells, what each took in seconds, and the versions of the worker."""

    rows: list[tuple[int, Rows]]
    seconds: list[float]
    versions: dict[str, str]


@contextmanager
def connected(address: str, say: Say) -> Iterator[Runner]:
    """Workers as a runner: of the scheduler at an address or, for ``local:2``, of so many processes of this machine.

    ``say`` is told which versions differ from those here.  Raises UserError if there is no such scheduler, or no
    dask.distributed here.
    """
    local = LOCAL.fullmatch(address)
    if not local and not ADDRESS.fullmatch(address):
        raise UserError(f"--cluster {address}: allowed: tcp://host:8786, the address of a scheduler, or local:2")
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise UserError("--cluster needs dask.distributed; install it with `pip install 'errsurf[cluster]'`") from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    count = int(local[1] or threads()) if local else 0
    if local and not 1 <= count <= 1000:
        raise UserError(f"--cluster {address}: allowed: local:1 to local:1000")
    with _client(distributed, address, count) as client:
        yield lambda cells, wanted, stop: _on_workers(client, address, cells, wanted, stop, say)


@contextmanager
def _client(distributed: Any, address: str, count: int) -> Iterator[Any]:
    if count:
        with _local(distributed, address, count) as cluster, distributed.Client(cluster) as client:
            yield client
        return
    try:
        client = distributed.Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        why = str(error).splitlines()[0][:200]
        raise UserError(f"--cluster {address}: no scheduler answers there ({why})") from None
    try:
        yield client
    finally:
        with suppress(Exception):
            client.close(timeout=LOOK)


def _local(distributed: Any, address: str, count: int) -> Any:
    """Workers of this machine, one process each."""
    options: dict[str, Any] = {"threads_per_worker": 1, "dashboard_address": None}
    options |= {"silence_logs": logging.CRITICAL, "preload": ["errsurf.sweeps.local_worker"]}
    try:
        return distributed.LocalCluster(n_workers=count, **options)
    except (OSError, RuntimeError) as error:
        raise RunError(f"--cluster {address}: the workers do not start: {str(error)[:300]}") from error


def _on_workers(
    client: Any, address: str, cells: Cells, wanted: Sequence[int], stop: Event, say: Say
) -> Iterator[tuple[int, Rows]]:
    """The rows of cells as bundles of them are finished."""
    left, seconds = list(reversed(wanted)), list[float]()
    done: Queue[Any] = Queue()
    running: set[Any] = set()
    told: set[str] = set()
    files = cells.files()
    try:
        while (left or running) and not stop.is_set():
            while left and len(running) < (MOST_AT_ONCE if len(seconds) >= FIRST else FIRST):
                size = _size(seconds, len(left), len(client.scheduler_info().get("workers", ())))
                bundle = [(k, cells.changes(k)) for k in (left.pop() for _ in range(min(size, len(left))))]
                given = Bundle(VERSION, cells.tables, cells.folder, cells.name, listing.added(), files, bundle)
                future = client.submit(compute_bundle, given, pure=False)
                running.add(future)
                future.add_done_callback(done.put)
            if (future := _next(done, client, address)) is None:
                _mind_workers(client, told, say)
                continue
            running.discard(future)
            found = _result(future, client, address)
            seconds = [*seconds, *found.seconds][-MEASURED:]
            _compare(found.versions, told, say)
            yield from found.rows
    finally:
        with suppress(Exception):
            client.cancel(list(running))


def _size(seconds: Sequence[float], left: int, workers: int) -> int:
    """How many cells make the next bundle: single ones until it is known what they take."""
    if len(seconds) < FIRST:
        return 1
    fair = ceil(left / (4 * max(1, workers)))
    return max(1, min(LARGEST, ceil(BUNDLE_SECONDS / max(median(seconds), 1e-5)), max(fair, 1)))


def _next(done: "Queue[Any]", client: Any, address: str) -> Any:
    """The next finished task; None after a while without one.  Raises RunError if the scheduler is gone."""
    end = monotonic() + PATIENCE
    while True:
        try:
            return done.get(timeout=LOOK)
        except Empty:
            if client.status == "running":
                return None
            if monotonic() > end or client.status == "closed":
                raise _gone(address) from None


def _gone(address: str) -> RunError:
    return RunError(f"--cluster {address}: the scheduler is gone; {CONTINUE}")


def _mind_workers(client: Any, told: set[str], say: Say) -> None:
    """Say once that there are no workers."""
    words = "the scheduler has no workers yet; waiting for some"
    if not client.scheduler_info().get("workers") and words not in told:
        told.add(words)
        say(words)


def _result(future: Any, client: Any, address: str) -> Done:
    """What a task gave; raises RunError, in words, if it failed."""
    if future.status == "finished":
        done: Done = future.result()
        return done
    if future.status == "error":
        error = future.exception()
        raise error if isinstance(error, ErrsurfError) else RunError(f"a worker failed: {_why(error)}") from None
    raise _gone(address) if client.status != "running" else RunError(f"the scheduler dropped a task; {CONTINUE}")


def _why(error: BaseException) -> str:
    """Why a worker failed, in words."""
    for cause in (error, error.__cause__, error.__context__):
        if isinstance(cause, ImportError):
            missing = cause.name or str(cause)
            return f"it cannot import {missing}; install errsurf {VERSION} with all it needs on every worker"
    if type(error).__name__ == "KilledWorker":
        return "workers that computed one bundle were killed several times; perhaps their memory is too small"
    return reason(error) if isinstance(error, Exception) else str(error)


def compute_bundle(bundle: Bundle) -> Done:
    """Compute the cells of a bundle; runs on a worker."""
    rows, seconds = list[tuple[int, Rows]](), list[float]()
    if bundle.version == VERSION:
        _check_files(bundle.files)
        _join(bundle.records)
        for k, changes in bundle.cells:
            began = perf_counter()
            scenario = scenario_of(bundle.tables, bundle.folder, bundle.name, changes)
            rows.append((k, cell_rows(scenario, _SHARED, Event()) or []))
            seconds.append(perf_counter() - began)
    return Done(rows, seconds, versions())


def _check_files(files: Mapping[Path, str]) -> None:
    """Raise RunError for a file that is missing on this worker, or is another one there."""
    for path, digest in files.items():
        if (found := content_digest(path)) != digest:
            fault = f"{path} has another content" if found else f"there is no {path}"
            raise RunError(f"on a worker {fault}; data files and --plugins need the same path and content everywhere")


def _join(records: listing.Folders) -> None:
    """Find the records of the user's own folders, too."""
    known = listing.added()
    new = {kind: [each for each in folders if each not in known.get(kind, [])] for kind, folders in records.items()}
    if any(new.values()):
        listing.join(new)


@cache
def versions() -> dict[str, str]:
    """What rows may depend on besides the scenario."""
    from llvmlite.binding import get_host_cpu_name

    own = {"errsurf": VERSION, "python": platform.python_version(), "processor": str(get_host_cpu_name())}
    return own | {package: version(package) for package in PACKAGES}


def _compare(found: Mapping[str, str], told: set[str], say: Say) -> None:
    """Say once what is different on workers; raises RunError for another errsurf."""
    here = versions()
    if found["errsurf"] != here["errsurf"]:
        words = f"a worker has errsurf {found['errsurf']}, and this is {here['errsurf']}; install the same"
        raise RunError(f"{words}; finished cells are kept")
    for name in here:
        words = f"workers have {name} {found.get(name, 'unknown')}, and here it is {here[name]}"
        if found.get(name) != here[name] and words not in told:
            told.add(words)
            say(f"{words}; rows may differ in their last digits")
