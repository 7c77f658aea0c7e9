"""What a GPU does: example gradients a second, its own ceilings, frames, one particle, and JAX or torch beside it.

``python -m benchmarks.gpu`` needs a GPU that `errsurf doctor` names, and writes ``results/gpu/<device>-<date>.json``.
Positions are compared with a plain loop before a row is timed; every rate is a median of five runs of about a second.
"""

import re
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from threading import Event
from time import perf_counter
from typing import Any

import click
import numpy as np

from benchmarks.cases import EXPS, REPEATS, Case, prepared, starts
from benchmarks.ceilings import operations
from benchmarks.check import check, updates_to_check
from benchmarks.peers.task import agree, mean_loss, task
from benchmarks.results import FOLDER, keep, line, rounded, say
from errsurf.engine.blocks import empty_frames, initial_state, position
from errsurf.gpu.device import device
from errsurf.gpu.driver import Gpu

MANY = 65_536
# Surface, N and B, and the example gradients a second that are aimed at.
ROWS: tuple[tuple[Case, float | None], ...] = (
    (Case("wells", particles=MANY, examples=20, batch=20), 6e11),
    (Case("wells", particles=MANY, examples=1024, batch=1024), 6e11),
    (Case("wells", particles=16 * MANY, examples=1024, batch=1024), 6e11),
    (Case("wells", particles=MANY, examples=20, batch=8), None),
    (Case("wells", particles=MANY, examples=1024, batch=32), 2.5e11),
    (Case("wells", particles=16 * MANY, examples=1024, batch=32), 2.5e11),
    (Case("linear_regression", particles=MANY, examples=1024, batch=1024), 2e12),
    (Case("linear_regression", particles=MANY, examples=1024, batch=32), None),
    (Case("wells", particles=1, examples=60_000, batch=60_000), None),
)
FRAMES, LONGEST_BATCH, PEER_AIM = 200, 1024, 20.0
SLOWER_BY_FRAMES, SLOWER_BY_BATCH, OF_CEILING = 1.1, 1.5, 0.5
HEADS = ("surface", "particles", "N", "B", "1e9/s", "aim", "of fma", "of exp", "JAX/torch 1e9/s", "times")
WIDTHS = (17, 9, 6, 6, 8, 8, 7, 7, 16, 7)


def trial(case: Case, updates: int, frames: int = 1) -> tuple[float, Any]:
    """Seconds that so many updates take with so many frames, kernels compiled and tables uploaded; and positions."""
    gpu, job = Gpu(), prepared(case, updates)
    state = initial_state(job, starts(case.surface, case.particles))
    gpu.compile_kernel(job)
    made = empty_frames(job, np.unique(np.round(np.linspace(0, updates, frames + 1))[1:]).astype(np.int64))
    with ThreadPoolExecutor(1) as pool:
        began = perf_counter()
        assert gpu.advance(job, state, updates, made, pool, Event(), lambda _updates: None)
        return perf_counter() - began, position(job, state)


def updates_in(case: Case, seconds: float) -> int:
    """Updates that take about so long."""
    updates = 8
    while (took := trial(case, updates)[0]) < seconds / 4:
        updates *= 4
    return max(1, round(updates * seconds / took))


def rate(case: Case, seconds: float) -> float:
    """Example gradients a second."""
    updates = updates_in(case, seconds)
    return case.gradients(updates) / median(trial(case, updates)[0] for _ in range(REPEATS))


def row(case: Case, aim: float | None, ceilings: dict[str, float], seconds: float) -> dict[str, Any]:
    """One row; ResultError if something else is computed."""
    updates = updates_to_check(case)
    check(case, updates, trial(case, updates)[1])
    made = rate(case, seconds)
    shares = {"of_fma": made * operations(case.surface, case.precision) / (2 * ceilings["fma"])}
    if case.surface in EXPS:
        shares["of_exp"] = made * EXPS[case.surface] / ceilings["exp"]
    peer = None if case.particles == 1 else peer_rate(case, seconds)
    return {
        **case._asdict(),
        "gradients_per_second": made,
        "aim": aim,
        "aim_met": None if aim is None else made >= aim,
        **shares,
        "half_of_the_ceiling": max(shares.values()) >= OF_CEILING,
        "peer": peer,
        "over_peer": None if peer is None else made / peer["gradients_per_second"],
    }


def peer_rate(case: Case, seconds: float) -> dict[str, Any] | None:
    """The best form of JAX, or else of torch, on the same device; None without either."""
    forms = _peer_forms(case)
    if forms is None:
        return None
    name, found = forms
    given, best = task(case), {}
    checked = max(1, 200 // case.plan.updates_an_epoch)
    reference = mean_loss(given, trial(case, checked * case.plan.updates_an_epoch)[1])
    for form, run in found.items():
        assert agree(given, mean_loss(given, run(checked)), reference), form
        epochs = 1
        while (took := min(_seconds(run, epochs) for _ in range(2))) < seconds / 4:
            epochs *= 2
        epochs = max(1, round(epochs * seconds / took))
        took = median(_seconds(run, epochs) for _ in range(REPEATS))
        best[case.gradients(epochs * case.plan.updates_an_epoch) / took] = form
    return {"name": name, "form": best[max(best)], "gradients_per_second": max(best)}


def _peer_forms(case: Case) -> tuple[str, dict[str, Callable[[int], Any]]] | None:
    if find_spec("jax"):
        import jax

        from benchmarks.peers import jax_arrays

        if any(each.platform == "gpu" for each in jax.devices()):
            return f"JAX {version('jax')}", jax_arrays.forms(task(case), platform="cuda")
    if find_spec("torch"):
        import torch

        from benchmarks.peers import torch_loop

        torch.set_default_device("cuda")
        return f"torch {version('torch')}", torch_loop.compiled_forms(task(case))
    return None


def _seconds(run: Callable[[int], Any], epochs: int) -> float:
    began = perf_counter()
    run(epochs)
    return perf_counter() - began


def copying(seconds: float) -> dict[str, Any]:
    """The same updates with many frames and with one."""
    case = ROWS[1][0]
    updates = max(FRAMES, updates_in(case, seconds))
    few, many = (median(trial(case, updates, frames)[0] for _ in range(REPEATS)) for frames in (1, FRAMES))
    return {"frames": FRAMES, "seconds": few, "seconds_with_frames": many, "hidden": many <= SLOWER_BY_FRAMES * few}


def one_particle(seconds: float) -> dict[str, Any]:
    """Seconds of one update of one particle, of N = 1,024, by batch size."""
    found = {}
    for batch in (2**k for k in range(LONGEST_BATCH.bit_length())):
        case = Case("wells", particles=1, examples=1024, batch=batch)
        updates = updates_in(case, seconds)
        found[batch] = median(trial(case, updates)[0] for _ in range(REPEATS)) / updates
    return {"seconds": found, "flat": max(found.values()) <= SLOWER_BY_BATCH * found[1]}


def _cells(made: dict[str, Any]) -> list[Any]:
    batch = "full" if made["batch"] == made["examples"] else str(made["batch"])
    peer = made["peer"] and made["peer"]["gradients_per_second"] / 1e9
    aim = made["aim"] and made["aim"] / 1e9
    head = [made["surface"], made["particles"], made["examples"], batch, made["gradients_per_second"] / 1e9, aim]
    return [*head, made["of_fma"], made.get("of_exp"), peer, made["over_peer"]]


@click.command(help=__doc__)
@click.option("--seconds", default=1.0, show_default=True, help="for one measurement")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="the JSON file")
def main(seconds: float, out: Path | None) -> None:
    there = device()
    if not there.name:
        raise click.ClickException(there.why)
    from benchmarks.gpu_ceilings import measured

    ceilings = measured(seconds)
    say(f"{there.why}; fma {ceilings['fma']:.3g}/s, exp {ceilings['exp']:.3g}/s")
    say(line(HEADS, WIDTHS))
    rows = []
    for case, aim in ROWS:
        rows.append(row(case, aim, ceilings, seconds))
        say(line(_cells(rows[-1]), WIDTHS))
    frames, single = copying(seconds), one_particle(seconds / 4)
    say(f"with {FRAMES} frames {frames['seconds_with_frames'] / frames['seconds']:.3f} times as long as with one")
    say(
        "one particle, microseconds an update: "
        + ", ".join(f"{b}: {s * 1e6:.2f}" for b, s in single["seconds"].items())
    )
    name = "-".join(re.findall(r"[a-z0-9]+", there.name.lower()))
    file = out or FOLDER / "gpu" / f"{name}-{date.today().isoformat()}.json"
    versions = {package: version(package) for package in ("numba-cuda", "numba", "nvidia-nvvm", "nvidia-nvjitlink")}
    figures = {"gpu": there.why, "date": date.today().isoformat(), "versions": versions, "ceilings": ceilings}
    keep(file, "gpu", rounded(figures | {"rows": rows, "copying": frames, "one_particle": single}))
    say(f"written to {file}")


if __name__ == "__main__":
    sys.exit(main())
