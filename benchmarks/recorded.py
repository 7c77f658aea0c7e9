"""What recording costs, and what memory a large run needs.

Run ``python -m benchmarks.recorded``.  The time of a run with 200 frames is compared with that of the same run with
its first and last frame only.  The memory is that of 10^6 particles and 10^5 updates, stopped after some seconds and
looked at on the way: it must not grow.
"""

import json
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event
from time import perf_counter
from typing import Any

import click

from benchmarks.cases import REPEATS
from benchmarks.children import said, scenario_tables
from benchmarks.machine import forget_peak, memory
from benchmarks.results import default_file, keep, rounded, say

FRAMES = 200
# Particles, updates and batch: runs of about a second and more.
RUNS = ((4096, 20000, 8), (100_000, 2000, 4), (4096, 100_000, 1))
LARGE = (1_000_000, 100_000)


def cost(particles: int, updates: int, batch: int, folder: Path) -> dict[str, Any]:
    """Seconds with FRAMES frames and with two, in turn; what recording adds is its share of the first."""
    from errsurf import scenario_from, simulate

    seconds: dict[int, list[float]] = {2: [], FRAMES: []}
    for turn in range(REPEATS + 1):
        for frames, took in seconds.items():
            group = {"kind": "sgd", "momentum": 0.9, "batch": batch}
            place = folder / f"{particles}-{updates}-{turn}-{frames}"
            place.mkdir()
            began = perf_counter()
            simulate(scenario_from(scenario_tables([group], particles, updates, frames)), place)
            took += [perf_counter() - began] if turn else []
            for file in place.rglob("*.npy"):
                file.unlink()
    few, many = median(seconds[2]), median(seconds[FRAMES])
    return {
        "particles": particles,
        "updates": updates,
        "batch": batch,
        "seconds": many,
        "recording": (many - few) / many,
    }


def child(wish: dict[str, Any]) -> dict[str, Any]:
    """Peaks of memory above what was held before the run, half-way to its end and there; and the bytes of frames."""
    from errsurf import scenario_from, simulate

    particles, updates = wish["size"]
    tables = scenario_tables([{"kind": "sgd", "momentum": 0.9, "batch": 1}], particles, updates, FRAMES)
    scenario, stop = scenario_from(tables), Event()
    seen: list[tuple[float, float, int]] = []
    before = memory("VmRSS") or 0
    forget_peak()

    def progress(share: float) -> None:
        now = perf_counter()
        if not seen or now > seen[-1][0] + 0.5:
            seen.append((now, share, memory("VmHWM") or 0))
        if now > seen[0][0] + wish["seconds"]:
            stop.set()

    with TemporaryDirectory() as folder:
        result = simulate(scenario, Path(folder), progress=progress, stop=stop)
        frames = result.groups[0].position.nbytes
    middle, last = seen[len(seen) // 2], seen[-1]
    return {
        "particles": particles,
        "updates": updates,
        "updates_made": round(last[1] * updates),
        "updates_at_half_time": round(middle[1] * updates),
        "bytes_at_half_time": middle[2] - before,
        "bytes": last[2] - before,
        "frame_bytes_on_disk": frames,
    }


@click.command(help=__doc__)
@click.option("--seconds", default=30.0, show_default=True, help="after which the large run is stopped")
@click.option("--part", "share", default=1.0, show_default=True, help="of the updates of the shorter runs")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="the JSON file")
@click.option("--child", "wish", hidden=True)
def main(seconds: float, share: float, out: Path | None, wish: str | None) -> None:
    if wish:
        say(json.dumps(child(json.loads(wish))))
        return
    with TemporaryDirectory() as folder:
        large = said("benchmarks.recorded", {"size": LARGE, "seconds": seconds}, Path(folder) / "kernels")
        say("memory: " + ", ".join(f"{key} {value}" for key, value in large.items()))
        rows = []
        for particles, updates, batch in RUNS:
            rows.append(cost(particles, int(updates * share), batch, Path(folder)))
            say("recording: " + ", ".join(f"{key} {rounded(value)}" for key, value in rows[-1].items()))
    keep(out or default_file(), "recorded", rounded({"recording": rows, "memory": large}))


if __name__ == "__main__":
    sys.exit(main())
