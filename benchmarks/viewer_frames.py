"""Frame times of the window: `python -m benchmarks.viewer_frames`, and the same under `xvfb-run`.

The first case is 5 groups of 2,000 particles on 20 examples, the second 100,000 particles; both at 1280 x 720, while
the run goes on.  Times are of everything that a frame takes but for the wait until the next one is due; the frames a
second are those that were shown while the loop was held to 60.
"""

import argparse
import os
import sys
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from errsurf.scenario import Scenario

CASES = {"5 groups of 2,000": (2_000, 60.0), "5 groups of 20,000": (20_000, 25.0)}
SIZE, WARM = (1280, 720), 3.0


def scenario(particles: int) -> "Scenario":
    """Five groups on the two unlike minima of `flat_or_sharp`, 20 examples, a run longer than it is watched."""
    import tomllib

    from errsurf.scenario import read_scenario, resolved_toml, scenario_from

    tables = tomllib.loads(resolved_toml(read_scenario("flat_or_sharp", {"swarm.particles": particles})))
    first = tables["optimizer"][0]
    batches = (1, 2, 5, 10, "full")
    tables["optimizer"] = [first | {"batch": batch, "label": f"batch {batch}"} for batch in batches]
    for name in ("claim", "translation"):
        tables.pop(name, None)
    tables["run"].pop("epochs", None)
    tables["run"]["updates"] = 100_000
    tables["picture"]["clock"] = "updates"
    return scenario_from(tables)


def frame_times(particles: int, seconds: float, speed: float) -> tuple[np.ndarray, float]:
    """Milliseconds that each frame takes after the first seconds, and frames a second."""
    import gc

    import pygame

    from errsurf.viewer.display import closed, opened
    from errsurf.viewer.loop import FPS, frame
    from errsurf.viewer.runs import new_state
    from errsurf.viewer.screen import Screen

    window = opened("errsurf", SIZE)
    state, screen, clock = new_state(scenario(particles), SIZE), Screen(), pygame.time.Clock()
    sys.setswitchinterval(0.0005)
    times: list[tuple[float, float]] = []
    state.speed = speed
    began = perf_counter()
    while (now := perf_counter()) < began + WARM + seconds:
        frame(window, state, screen, min(clock.tick(FPS) / 1000, 0.1))
        waited = clock.get_time() - clock.get_rawtime()
        if not times:
            gc.collect()
            gc.freeze()
        times.append((now, 1000 * (perf_counter() - now) - waited))
    for part in (state.live, state.maps, state.files, state.searches):
        part.close()
    closed(window)
    used = np.array([took for at, took in times if at > began + WARM])
    return used, len(used) / seconds


def main() -> None:
    """Measure and say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--speed", type=float, default=60.0, help="updates a second; inf for as fast as it goes")
    given = parser.parse_args()
    if "DISPLAY" not in os.environ:
        os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    for name, (particles, wanted) in CASES.items():
        times, rate = frame_times(particles, given.seconds, given.speed)
        figures = f"median {np.median(times):.1f} ms, 99% {np.quantile(times, 0.99):.1f} ms"
        sys.stdout.write(f"{name}: {figures}, {rate:.1f} frames/s of at least {wanted:g}\n")


if __name__ == "__main__":
    main()
