"""The command line as tests use it: in this process, or as a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from errsurf.cli import main

SMALL = """\
[surface]
kind = "saddle"
tilt = 0.4

[swarm]
particles = 16
start = "cloud"
spread = 0.3

[run]
updates = 12
frames = 5

[[optimizer]]
kind = "sgd"
lr = 0.05
"""

TWO_GROUPS = SMALL + 'label = "slow"\n\n[[optimizer]]\nkind = "sgd"\nlr = 0.1\nbatch = 4\nlabel = "fast"\n'


class CommandLine:
    """Commands run in an empty folder; ``out`` and ``err`` are what the last one printed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.out = self.err = ""

    def __call__(self, *arguments: object) -> int:
        """The exit code of ``errsurf`` with these arguments."""
        code = main([str(argument) for argument in arguments])
        self.out, self.err = self._capsys.readouterr()
        return code

    def file(self, text: str = SMALL, name: str = "small.toml") -> Path:
        """A file with this text in the folder."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def names(self) -> set[str]:
        """What lies in the folder."""
        return {path.name for path in self.folder.iterdir()}


COMMAND = "import sys; from errsurf.cli import main; sys.exit(main())"


any_names = pytest.mark.skipif(sys.getfilesystemencoding() == "ascii", reason="only ASCII in names and arguments")


def process(*arguments: object, folder: Path, script: str = COMMAND, **environment: str) -> "subprocess.Popen[str]":
    """``errsurf`` or another script as a process of its own, with these environment variables."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=None if sys.platform == "win32" else _obey_signals,
    )


def _obey_signals() -> None:
    """What starts the tests may ignore these, as nohup does, and processes inherit that."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def interrupted(running: "subprocess.Popen[str]", when: Callable[[], bool]) -> tuple[int, str, str]:
    """Exit code and output of a process that got Ctrl-C as soon as something was the case."""
    end = time.monotonic() + 60
    while not when() and running.poll() is None and time.monotonic() < end:
        time.sleep(0.01)
    assert running.poll() is None, running.communicate()
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    return running.returncode, out, err
