"""What a user waits for at every command: processor time of whole processes, and of the parts of a run.

Run ``python -m benchmarks.start --before PYTHON``: commands of this installation and of that of another Python in turn,
with all kernels saved.  Processor time, of user and system, is less noisy than seconds on a machine that others use.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

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


def measured(python: str, cache: Path, packages: Sequence[str]) -> dict[str, float]:
    """Processor time of every command, and of the parts of a run with pictures, which needs these packages."""
    found = {}
    for command in COMMANDS:
        began = os.times()
        _run(python, cache, MAIN, command.split())
        ended = os.times()
        found[command] = sum(ended[2:4]) - sum(began[2:4])
    parts: dict[str, float] = json.loads(_run(python, cache, PARTS, [json.dumps([packages, STAGES])]))
    return found | parts


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
    found: dict[str, list[dict[str, float]]] = {name: [] for name in pythons}
    with TemporaryDirectory() as folder:
        packages = {name: needed(each, Path(folder, name)) for name, each in pythons.items()}
        for _ in range(repeats):
            for name, each in pythons.items():
                found[name].append(measured(each, Path(folder, name), packages[name]))
    for name, runs in found.items():
        figures = {key: median(run[key] for run in runs) for key in runs[0]}
        commands = {key: figures.pop(key) for key in COMMANDS}
        keep(out or default_file(), name, rounded({"commands": commands, "parts": figures}))
        for key, seconds in (commands | figures).items():
            say(f"{name}: {key}: {seconds:.3f} s")


if __name__ == "__main__":
    sys.exit(main())
