"""Frames of the view 3d: times with a camera that stands still and with one that turns, beside those of the flat map.

    python benchmarks/relief_frames.py [--size 1280x720] [--particles 2000] [--frames 200]

Five groups, N = 20.  Told are the median and the 99th percentile of a whole frame, drawn into memory, in turn for the
three views so that other work on the machine disturbs them alike; in brackets the time of the processors, which it
disturbs little.  The last line is what a camera's picture of the surface alone takes.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter, process_time

import numpy as np

from errsurf import simulate
from errsurf.drawing.painter import scene_painter
from errsurf.drawing.relief import relief_painter
from errsurf.drawing.scene import scene
from errsurf.run_analysis.findings import Findings
from errsurf.scenario import scenario_from


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--particles", type=int, default=2000)
    parser.add_argument("--frames", type=int, default=200)
    given = parser.parse_args()
    size = tuple(map(int, given.size.split("x")))
    groups = [{"kind": "sgd", "label": f"batch {b}", "batch": b, "lr": 0.05} for b in (1, 2, 5, 10, 20)]
    result = simulate(
        scenario_from(
            {
                "surface": {"kind": "saddle", "examples": 20, "tilt": 0.5},
                "swarm": {"particles": given.particles, "start": "cloud", "at": [0.0, 1.0], "spread": 0.05},
                "run": {"updates": 200},
                "optimizer": groups,
                "picture": {"size": list(size), "clock": "updates"},
            }
        )
    )
    findings = Findings(result)
    flat = scene_painter(scene(result, critical=findings.critical))
    still = relief_painter(flat)
    turning = replace(still, turn=360.0)
    out = np.empty_like(flat.base)
    views: dict[str, Callable[[float], object]] = {
        "flat": lambda clock: flat.draw(clock, out),
        "3d": lambda clock: still.draw(clock, out),
        "3d, turning": lambda clock: turning.draw(clock, out),
        "surface alone": lambda clock: turning.sight(clock),
    }
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in views}
    for clock in np.linspace(0.0, flat.end, given.frames):
        for name, view in views.items():
            begin, used = perf_counter(), process_time()
            view(float(clock))
            times[name].append((perf_counter() - begin, process_time() - used))
    for name, each in times.items():
        (middle, used), (late, _) = 1000 * np.quantile(each[2:], (0.5, 0.99), axis=0)
        sys.stdout.write(f"{name:>14}: {middle:6.1f} ms ({used:.1f}), 99th percentile {late:6.1f} ms\n")


if __name__ == "__main__":
    main()
