"""Kill runs, sweeps and exports at random moments, go on with them, and compare the bytes with those of whole ones.

``python tests/campaigns/kill_runs.py [ROUNDS] [KILLS] [SEED]``: each round begins a run, a sweep and an export, and
ends each of them with SIGKILL at a random share of the time that a whole one takes.  A run is killed up to KILLS times
before it may end.  After each kill whatever lies there must either say that it is unfinished or be whole, and at the
end every file must have the bytes of a whole one, apart from times.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic

COMMAND = "import sys; from errsurf.cli import main; sys.exit(main())"
CHANGES = ("--set=claim=[]", "--set=swarm.particles=1500", "--set=run.updates=300000", "--set=picture.seconds=0.5")
RUN = ("run", "saddle_escape", *CHANGES, "--quiet", "--out")
SWEEP = (
    *("sweep", "saddle_escape", "--set=claim=[]", "--set=swarm.particles=200", "--quiet"),
    *("--vary=optimizer.lr=log:1e-3:1:13", "--vary=optimizer.batch=1,4,full", "--seeds=4", "-o"),
)
EXPORT = ("export", "whole", "--set=picture.seconds=2", "--force")


def started(folder: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    """A command in a process of its own."""
    command = [sys.executable, "-c", COMMAND, *arguments]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def seconds_of(folder: Path, *arguments: str) -> float:
    """How long a command takes that goes through."""
    began = monotonic()
    running = started(folder, *arguments)
    _, said = running.communicate()
    assert running.returncode == 0, said
    return monotonic() - began


def killed(folder: Path, seconds: float, *arguments: str) -> bool:
    """Whether a command was killed after so long; False if it had ended."""
    running = started(folder, *arguments)
    try:
        running.wait(seconds)
    except subprocess.TimeoutExpired:
        running.kill()
    _, said = running.communicate()
    assert running.returncode in (0, -9), said
    return running.returncode == -9


def contents(path: Path) -> dict[str, bytes]:
    """The bytes of a file, or of all files of a folder; without times, and without the manifest, which has hashes."""
    if path.is_file():
        return {"": path.read_bytes()}
    found = {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}
    summary = json.loads(found.pop("summary.json", b"{}"))
    for table in (summary, *summary.get("groups", ())):
        for key in ("wall_time", "seconds"):
            table.pop(key, None)
    return {name: data for name, data in found.items() if name != "manifest.json"} | {"": json.dumps(summary).encode()}


def check_honest(folder: Path, whole: dict[str, bytes]) -> str:
    """What a killed run left; a folder with the final name must be whole."""
    part, name = folder / "killed.part", folder / "killed"
    assert not (part.exists() and name.exists())
    if name.exists():
        assert contents(name) == whole, "a folder looks finished and is not"
        return "finished"
    if not part.exists():
        return "nothing"
    if (part / "checkpoint").exists():
        return "drawing" if (part / "summary.json").exists() else "checkpoint"
    return "begun"


def kill_run(folder: Path, draw: Random, kills: int, seconds: float, whole: dict[str, bytes]) -> list[str]:
    """Kill a run and those that go on with it, then let it end; returns what each kill left."""
    left: list[str] = []
    for _ in range(kills):
        resumable = (folder / "killed.part/resume.json").exists()
        arguments = ("run", "--resume", "killed", "--quiet") if resumable else (*RUN, "killed", "--force")
        if not killed(folder, draw.uniform(0.5, seconds), *arguments):
            break
        left.append(check_honest(folder, whole))
    if not (folder / "killed").exists():
        resumable = (folder / "killed.part/resume.json").exists()
        arguments = ("run", "--resume", "killed", "--quiet") if resumable else (*RUN, "killed", "--force")
        seconds_of(folder, *arguments)
    assert contents(folder / "killed") == whole, "bytes differ"
    assert not (folder / "killed.part").exists()
    subprocess.run(["rm", "-r", str(folder / "killed")], check=True)
    return left


def kill_again(folder: Path, draw: Random, seconds: float, out: str, *arguments: str) -> str:
    """Kill a command that the same command goes on with, and let it end."""
    was = killed(folder, draw.uniform(0.3, seconds), *arguments)
    left = "finished" if not was else "something" if (folder / out).exists() else "nothing"
    seconds_of(folder, *arguments)
    return left


def main(rounds: int = 25, kills: int = 2, seed: int = 0) -> None:
    """Print what the kills left, and that all bytes are those of whole ones."""
    draw, found = Random(seed), Counter[str]()
    with TemporaryDirectory() as place:
        folder = Path(place)
        seconds_of(folder, *RUN, "warm")
        run = seconds_of(folder, *RUN, "whole")
        sweep, export = seconds_of(folder, *SWEEP, "swept"), seconds_of(folder, *EXPORT, "whole.gif")
        whole, table, gif = (contents(folder / name) for name in ("whole", "swept/table.csv", "whole.gif"))
        for _ in range(rounds):
            found.update(f"run: {left}" for left in kill_run(folder, draw, kills, run, whole))
            found[f"sweep: {kill_again(folder, draw, sweep, 'again', *SWEEP, 'again')}"] += 1
            assert contents(folder / "again/table.csv") == table, "tables differ"
            subprocess.run(["rm", "-r", str(folder / "again")], check=True)
            found[f"export: {kill_again(folder, draw, export, 'again.gif', *EXPORT, 'again.gif')}"] += 1
            assert contents(folder / "again.gif") == gif, "pictures differ"
            (folder / "again.gif").unlink()
            print(dict(sorted(found.items())), flush=True)  # noqa: T201
    print(f"all bytes are equal; a whole run takes {run:.1f} s, a sweep {sweep:.1f} s, an export {export:.1f} s")  # noqa: T201


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
