"""Kill a sweep at random moments until it is complete, and compare its table with that of a whole one.

``python tests/campaigns/kill_sweeps.py [KILLS] [SEED]``: each round starts the same command and ends it with SIGKILL
a random time after a random number of cells.  Fails unless the tables are equal, byte for byte.
"""

import subprocess
import sys
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

COMMAND = "import sys; from errsurf.cli import main; sys.exit(main())"
SWEEP = ("sweep", "saddle_escape", "--set=claim=[]", "--set=swarm.particles=200", "--quiet")
VARIED = ("--vary=optimizer.lr=log:1e-3:1:25", "--vary=optimizer.batch=1,2,4,full", "--seeds=4")


def started(folder: Path, out: str, *more: str) -> "subprocess.Popen[bytes]":
    """The sweep in a process of its own."""
    arguments = [sys.executable, "-c", COMMAND, *SWEEP, *VARIED, *more, "-o", out]
    return subprocess.Popen(arguments, cwd=folder, stdout=subprocess.DEVNULL)


def finished(folder: Path, out: str) -> int:
    """Whole lines of a sweep's journal."""
    file = folder / out / "cells.jsonl"
    return file.read_bytes().count(b"\n") if file.exists() else 0


def main(kills: int = 10, seed: int = 0) -> None:
    """Print how many cells were finished at each kill."""
    draw = Random(seed)
    with TemporaryDirectory() as place:
        folder = Path(place)
        assert started(folder, "whole").wait() == 0
        for k, cells in enumerate(sorted(draw.sample(range(finished(folder, "whole")), kills))):
            running = started(folder, "killed")
            while finished(folder, "killed") < cells and running.poll() is None:
                time.sleep(0.001)
            time.sleep(draw.uniform(0, 0.02))
            running.kill()
            code = running.wait()
            print(f"kill {k + 1}: {finished(folder, 'killed')} cells; exit code {code}", flush=True)  # noqa: T201
        assert started(folder, "killed").wait() == 0
        tables = [(folder / name / "table.csv").read_bytes() for name in ("whole", "killed")]
        assert tables[0] == tables[1], "the tables differ"
        print(f"{len(tables[0]):,} bytes are equal after {kills} kills")  # noqa: T201


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
