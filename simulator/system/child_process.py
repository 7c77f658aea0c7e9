"""How errsurf starts a second Python: nothing that lies in the working folder is imported there."""

import sys
from pathlib import Path

# ``python -m`` would put the working folder first on sys.path: a random.py beside a scenario would run.
_START = "import runpy, sys; sys.path.append(sys.argv.pop()); runpy.run_module(sys.argv.pop(), run_name='__main__')"


def python_command(module: str) -> list[str]:
    """The command line that runs a module of errsurf as ``__main__``, whatever lies in the working folder."""
    return [sys.executable, "-P", "-c", _START, module, str(Path(__file__).resolve().parents[1])]
