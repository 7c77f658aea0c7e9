"""How errsurf starts a second Python: nothing that lies in the working folder is imported there."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

# ``python -m`` would put the working folder first on sys.path: a random.py beside a scenario would run.
_START = "import runpy, sys; sys.path.append(sys.argv.pop()); runpy.run_module(sys.argv.pop(), run_name='__main__')"


def python_command(module: str) -> list[str]:
    """The command line that runs a module of errsurf as ``__main__``, whatever lies in the working folder."""
    return [sys.executable, "-P", "-c", _START, module, str(Path(__file__).resolve().parents[1])]


def helper(module: str, given: bytes, *, heard: bool = False) -> "subprocess.Popen[bytes]":
    """A process that runs a module of errsurf with these bytes as its input; what it says is ``heard`` or dropped.

    Ctrl-C does not reach it.  One that has ended before it read all is of no use, and no error.
    """
    process = subprocess.Popen(
        python_command(module),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE if heard else subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert process.stdin is not None
    with suppress(OSError), process.stdin as pipe:
        pipe.write(given)
    return process
