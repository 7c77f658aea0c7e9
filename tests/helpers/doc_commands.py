"""Run a page as its reader would: files that it says to save, commands and Python, from top to bottom in one folder.

``<!-- elsewhere: reason -->`` above a block says that it is not run here, as it installs or needs another program, and
``<!-- campaign: reason -->`` that only ``tests/campaigns/docs_commands.py`` runs it, as it takes long.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from errsurf.cli import main
from helpers.doc_blocks import ROOT

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
MARK = re.compile(r"<!-- (elsewhere|campaign): (.+?) -->\n$")
SAVED = re.compile(r"[Ss]ave (?:it|this) as `([\w/.]+)`[^`]*$")
RANGE = re.compile(r"((?:log|lin):[^:]+:[^:]+):\d+$")
# What makes a command cheap; the reader's own options come before these.
CHEAP = {
    "run": ("--set", "swarm.particles=8", "--set", "picture.seconds=0.2", "--set", "picture.size=[320,240]"),
    "sweep": ("--seeds", "1", "--set", "swarm.particles=8", "--set", "run.updates=40"),
    "compare": ("--seeds", "2", "--set", "swarm.particles=8", "--set", "run.updates=40"),
    "export": ("--seconds", "0.2", "--size", "320x240"),
    "basins": ("--size", "16", "--seeds", "1"),
    "batches": ("--examples", "512", "--large", "100"),
    "new": ("--force",),
}
# What no reader could wait for here, and where it is tested.
NOT_HERE = {
    "watch": "waits for a user: tests/test_viewer_real.py",
    "--resume": "needs a run that was stopped: tests/test_resuming.py",
    "--all": "runs every scenario: tests/test_bundled_claims.py",
    "--install": "writes into the home folder: tests/test_completion.py",
}
FOLDERS = {"--plugins", "--surfaces", "--optimizers"}


class Block(NamedTuple):
    """A block of a page; ``line`` is that of its fence."""

    kind: str
    text: str
    line: int
    saved: str
    mark: str


def page_blocks(page: str) -> Iterator[Block]:
    """All blocks with a language, in their order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for found in BLOCK.finditer(text):
        before = text[: found.start()]
        mark, saved = MARK.search(before), SAVED.search(MARK.sub("", before).rstrip())
        yield Block(found[1], found[2], before.count("\n") + 1, saved[1] if saved else "", mark[1] if mark else "")


def commands(block: str) -> Iterator[list[str]]:
    """The commands of a block of shell, without their comments."""
    for line in block.replace("\\\n", " ").splitlines():
        if words := shlex.split(line, comments=True):
            yield words


def run_page(page: str, *, cheap: bool, python: bool = True, marks: tuple[str, ...] = ("",)) -> int:
    """Run a page in the working folder, and count what was run; raises AssertionError where something fails."""
    left: dict[str, Any] = {"__name__": "page"}
    done = 0
    for block in page_blocks(page):
        if block.saved:
            Path(block.saved).parent.mkdir(parents=True, exist_ok=True)
            Path(block.saved).write_text(block.text, encoding="utf-8")
        if block.mark not in marks:
            continue
        if block.kind == "python" and python:
            exec(compile(block.text, f"{page}, line {block.line}", "exec"), left)
            done += 1
        if block.kind == "sh":
            done += sum(_command(words, f"{page}, line {block.line}", cheap) for words in commands(block.text))
    return done


def _command(words: list[str], where: str, cheap: bool) -> int:
    """Run a command of errsurf in this process; a redirection is where its output goes."""
    if NOT_HERE.keys() & set(words):
        return 0
    assert words[0] == "errsurf", f"{where}: no errsurf command: {shlex.join(words)}; say <!-- elsewhere: reason -->"
    arguments, _, target = (words[1:], "", []) if ">" not in words else _split(words[1:])
    if cheap and not any(each.endswith("sweep.toml") for each in arguments):
        arguments = [*(RANGE.sub(r"\1:3", each) for each in arguments), *CHEAP.get(arguments[0], ())]
    printed = StringIO()
    with redirect_stdout(printed):
        code = _in_own_process(arguments) if FOLDERS & set(arguments) else main(arguments)
    if target:
        Path(target[0]).write_text(printed.getvalue(), encoding="utf-8")
    assert code == 0, f"{where}: errsurf {shlex.join(arguments)} ended with {code}\n{printed.getvalue()}"
    return 1


def _in_own_process(arguments: list[str]) -> int:
    """Records of a folder stay in the process that loaded them."""
    done = subprocess.run(
        [sys.executable, "-m", "errsurf", *arguments],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    sys.stdout.write(done.stdout + done.stderr)
    return done.returncode


def _split(words: list[str]) -> tuple[list[str], str, list[str]]:
    at = words.index(">")
    return words[:at], ">", words[at + 1 :]
