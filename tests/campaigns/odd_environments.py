"""The tests in odd environments: run by hand, its result is in docs/trust.md.

``python tests/campaigns/odd_environments.py [names]`` runs ``FILES``, which touch the clock, folders, texts and files.
With ``--whole`` before the names all tests are run, with ``--files a,b`` those of test_a.py and test_b.py.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from shutil import which
from time import monotonic
from typing import NamedTuple

TESTS = Path(__file__).parents[1]
FILES = (
    "cache_folder",
    "cli_mistakes",
    "grid_files",
    "normal_numbers",
    "scenario_reading",
    "table_command",
    "working_folder",
)
CLOCK = """
import time

_BY = {by}
_time, _time_ns, _local, _utc = time.time, time.time_ns, time.localtime, time.gmtime
time.time = lambda: _time() + _BY
time.time_ns = lambda: _time_ns() + _BY * 10**9
time.localtime = lambda seconds=None: _local(time.time() if seconds is None else seconds)
time.gmtime = lambda seconds=None: _utc(time.time() if seconds is None else seconds)
"""
"""A sitecustomize.py: the clock of Python is moved, that of the file system is not."""
YEARS = 365 * 24 * 3600


class Odd(NamedTuple):
    """An environment: variables, what comes before the command, options of pytest, and by how much the clock is off."""

    variables: Mapping[str, str] = {}
    before: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    clock: int = 0
    read_only_home: bool = False


POWERLESS = ("setpriv", "--bounding-set=-all,+chown", "--inh-caps=-all", "--no-new-privs") if which("setpriv") else ()
"""Without what root may do, such as to write where permissions forbid it; tests that give files away need chown."""
PLAIN_LOCALE = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
FAR = {"TZ": "Pacific/Kiritimati"}
MIXED = ("-p", "helpers.random_order", "--order", "20261202", "-n", "2")
ODD = {
    "plain": Odd(),
    "clock ahead": Odd(clock=30 * YEARS),
    "clock behind": Odd(clock=-40 * YEARS),
    "time zone": Odd(FAR),
    "plain locale": Odd(PLAIN_LOCALE),
    "no powers": Odd(before=POWERLESS),
    "read-only home": Odd(before=POWERLESS, read_only_home=True),
    "random order": Odd(options=MIXED),
    "random order by files": Odd(options=(*MIXED, "--dist=loadfile")),
    "all at once": Odd(FAR | PLAIN_LOCALE, POWERLESS, (*MIXED, "--dist=loadfile"), 30 * YEARS, read_only_home=True),
}


def run(odd: Odd, files: list[str], place: Path) -> int:
    """The exit code of pytest in this environment."""
    (place / "sitecustomize.py").write_text(CLOCK.format(by=odd.clock) if odd.clock else "", encoding="utf-8")
    home = place / "home"
    home.mkdir()
    variables = os.environ | {"PYTHONPATH": os.pathsep.join([str(place), str(TESTS)])} | odd.variables
    if odd.read_only_home:
        home.chmod(0o555)
        variables |= {"HOME": str(home)}
        variables.pop("XDG_CACHE_HOME", None)
    options = [*odd.options, "-p", "no:cacheprovider", f"--basetemp={place / 'tests'}"]
    command = [*odd.before, sys.executable, "-m", "pytest", "-q", *options, *files]
    return subprocess.run(command, cwd=TESTS.parent, env=variables, check=False).returncode


def main(names: list[str]) -> int:
    """How many environments had failing tests."""
    chosen, failed = FILES, 0
    if names[:1] == ["--files"]:
        _, some, *names = names
        chosen = tuple(some.split(","))
    whole = names[:1] == ["--whole"]
    files = [str(TESTS)] if whole else [str(TESTS / f"test_{name}.py") for name in chosen]
    for name in names[whole:] or list(ODD):
        with tempfile.TemporaryDirectory() as place:
            began = monotonic()
            code = run(ODD[name], files, Path(place))
            (Path(place) / "home").chmod(0o755)
        sys.stdout.write(f"{name}: exit code {code}, {monotonic() - began:.0f} s\n")
        sys.stdout.flush()
        failed += code != 0
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
