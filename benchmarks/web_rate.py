"""How fast kernels run as WebAssembly in node, beside those of this processor on one thread, in one run.

``PYTHONPATH=tests python -m benchmarks.web_rate`` prints nanoseconds of processor time for an example's gradient.  Both
are run in turn, and the shortest time of each counts, since other work on the machine only adds.

NUMBA_CPU_NAME and NUMBA_CPU_FEATURES choose the processor that numba compiles for, and so show where the rest goes.
Measured for wells with batches of 4, and of all 20, on an EPYC with node 20, of the rate of portable kernels: 0.71 and
0.84 with vectors of four floats (nehalem, +sse4.2), which WebAssembly has too; 0.48 and 0.44 with vectors of eight
(haswell, +avx2,+fma); 0.30 with vectors of sixteen.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import process_time

import numpy as np

from errsurf.engine.blocks import empty_frames, initial_state
from errsurf.engine.segments import advance_segments
from helpers.web_cases import Case, case, in_node

PARTICLES, UPDATES, EXAMPLES, ROUNDS, REPEATS = 4096, 400, 20, 3, 6
IN_NODE = f"""const group = engine.group(plans[0]);
let best = Infinity;
for (let k = 0; k < {REPEATS}; k++) {{
  group.start(theta);
  const before = process.cpuUsage();
  group.advance(told.updates);
  const {{ user, system }} = process.cpuUsage(before);
  best = Math.min(best, (user + system) / 1e6);
}}
return best;"""


def seconds_here(made: Case) -> float:
    """The shortest processor time of a run by this processor's kernels."""
    (plans,) = made.groups
    times, frames = [], empty_frames(plans[0], np.empty(0, np.int64))
    with ThreadPoolExecutor(1) as pool:
        for _ in range(REPEATS):
            state, before = initial_state(plans[0], made.theta), process_time()
            advance_segments(plans, state, UPDATES, frames, pool, Event(), lambda _made: None)
            times.append(process_time() - before)
    return min(times)


def row(kind: str, batch: int | str) -> str:
    """The times of one surface and batch, as a line."""
    surface = {"examples": EXAMPLES, "tilt": 0.4} if kind == "wells" else {"examples": EXAMPLES}

    def made(rounding: str) -> Case:
        run, group = {"rounding": rounding}, {"batch": batch}
        return case(kind, ["sgd"], surface=surface, run=run, group=group, particles=PARTICLES, updates=UPDATES)

    fast, portable = made("fast"), made("portable")
    rounds = [(seconds_here(fast), seconds_here(portable), in_node(portable, IN_NODE, UPDATES)) for _ in range(ROUNDS)]
    size = EXAMPLES if batch == "full" else int(batch)
    times = [1e9 * min(each) / (PARTICLES * UPDATES * size) for each in zip(*rounds, strict=True)]
    ratios = f"{times[0] / times[2]:.2f} of fast, {times[1] / times[2]:.2f} of portable"
    return f"{kind} {batch}: fast {times[0]:.2f}, portable {times[1]:.2f}, WebAssembly {times[2]:.2f} ns: {ratios}"


if __name__ == "__main__":
    for kind in ("wells", "linear_regression"):
        for batch in (4, "full"):
            sys.stdout.write(row(kind, batch) + "\n")
