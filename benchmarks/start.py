"""What a user waits for at every command: whole processes, the parts of a run, and a sweep against a loop of runs.

Run ``python -m benchmarks.start --before PYTHON``: commands of this installation and of that of another Python in turn,
with all kernels saved.  Processor time, of user and system, is less noisy than seconds by the clock on a machine that
others use.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import click

from benchmarks.results import default_file, keep, rounded, say

REPEATS = 5
COMMANDS = (
    "--help",
    "list",
    "check saddle_escape",
    "schema",
    "run saddle_escape --no-pictures",
    "run saddle_escape",
)
CELLS = 16
MAIN = "import sys; from errsurf.cli import main; sys.exit(main(sys.argv[1:]))"
PACKAGES = ("numpy", "pydantic.main", "numba", "scipy.special", "scipy.ndimage", "matplotlib")
STAGES = {
    "kernels and computing": ("errsurf.results.run", "_simulated"),
    "claims": ("errsurf.results.run", "checked"),
    "numbers of the table": ("errsurf.results.run", "write_statistics"),
    "figure": ("errsurf.drawing", "write_figure"),
    "GIF": ("errsurf.drawing", "write_picture"),
}
PARTS = """
import json, os, sys
from importlib import import_module
from time import process_time

parts, (packages, stages) = {}, json.loads(sys.argv[1])

def timed(part, do, *arguments, **named):
    began, inside = process_time(), sum(parts.values())
    try:
        return do(*arguments, **named)
    finally:
        parts[part] = process_time() - began - (sum(parts.values()) - inside)

for package in packages:
    timed(f"import {package}", import_module, package)
own = ["errsurf.cli.run_command", "errsurf.results.run", "errsurf.results.doubts", "errsurf.drawing.formats.gif"]
timed("import errsurf", lambda: [import_module(each) for each in own])
for part, (module, name) in stages.items():
    home = import_module(module)
    setattr(home, name, lambda *given, part=part, do=getattr(home, name), **named: timed(part, do, *given, **named))
from errsurf.cli import main
said, sys.stdout = sys.stdout, open(os.devnull, "w")
main(["run", "saddle_escape"])
parts["all else"] = process_time() - sum(parts.values())
print(json.dumps(parts), file=said)
"""


def measured(python: str, cache: Path, packages: Sequence[str]) -> dict[str, dict[str, float]]:
    """Processor time of every command, and its seconds by the clock; processor time of the parts of a run.

    The run has pictures, and needs these packages.
    """
    commands, clock = {}, {}
    for command in COMMANDS:
        began, since = os.times(), perf_counter()
        _run(python, cache, MAIN, command.split())
        clock[command], ended = perf_counter() - since, os.times()
        commands[command] = sum(ended[2:4]) - sum(began[2:4])
    parts = json.loads(_run(python, cache, PARTS, [json.dumps([packages, STAGES])]))
    return {"commands": commands, "clock": clock, "parts": parts}


def swept(python: str, cache: Path) -> dict[str, float]:
    """Seconds of a sweep over CELLS rates, and of a loop of as many runs."""
    began = perf_counter()
    _run(python, cache, MAIN, ["sweep", "saddle_escape", "--vary", f"optimizer.lr=log:0.01:0.1:{CELLS}", "--quiet"])
    between = perf_counter()
    for k in range(CELLS):
        rate = f"{0.01 * 10 ** (k / (CELLS - 1)):.4g}"
        _run(python, cache, MAIN, ["run", "saddle_escape", "--lr", rate, "--no-pictures", "--quiet"])
    return {"sweep": between - began, "runs": perf_counter() - between}


def needed(python: str, cache: Path) -> list[str]:
    """Those of the packages that a run with pictures loads."""
    code = "import sys; from errsurf.cli import main; main(['run', 'saddle_escape', '--quiet']); print(*sys.modules)"
    loaded = _run(python, cache, code, []).split()
    return [package for package in PACKAGES if package in loaded]


def _run(python: str, cache: Path, code: str, arguments: Sequence[str]) -> str:
    """What a process says, in an empty folder."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    with TemporaryDirectory() as folder:
        command = [python, "-c", code, *arguments]
        environment |= {"ERRSURF_CACHE": str(cache)}
        return subprocess.run(command, env=environment, cwd=folder, check=True, capture_output=True, text=True).stdout


@click.command(help=__doc__)
@click.option("--before", metavar="PYTHON", help="a Python with another version of errsurf, to be measured in turn")
@click.option("--python", default=sys.executable, help="the Python whose errsurf is measured, by default this one")
@click.option("--repeats", default=REPEATS, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="the JSON file")
def main(before: str | None, python: str, repeats: int, out: Path | None) -> None:
    pythons = {"start": python} | ({"start_before": before} if before else {})
    found: dict[str, list[dict[str, dict[str, float]]]] = {name: [] for name in pythons}
    with TemporaryDirectory() as folder:
        packages = {name: needed(each, Path(folder, name)) for name, each in pythons.items()}
        for _ in range(repeats):
            for name, each in pythons.items():
                found[name].append(measured(each, Path(folder, name), packages[name]))
        cells = [swept(python, Path(folder, "start")) for _ in range(repeats)]
    for name, runs in found.items():
        _keep(out, name, {part: _medians([run[part] for run in runs]) for part in runs[0]})
    _keep(out, "sweep", {f"{CELLS} cells": _medians(cells)})


def _medians(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    return {key: median(row[key] for row in rows) for key in rows[0]}


def _keep(out: Path | None, name: str, parts: dict[str, dict[str, float]]) -> None:
    keep(out or default_file(), name, rounded(parts))
    for part, figures in parts.items():
        for key, seconds in figures.items():
            say(f"{name}: {part}: {key}: {seconds:.3f} s")


if __name__ == "__main__":
    sys.exit(main())
