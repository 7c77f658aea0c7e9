"""What a reader may not do: run code, write, start processes, connect, or take too long or too much memory."""

import io
import os
import resource
import signal
import sys
from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unicodedata import category

from errsurf.errors import ErrsurfError

SECONDS, MAX_MESSAGE = 5.0, 300_000
FORBIDDEN = (
    *("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "pty.spawn"),
    *("socket.connect", "socket.bind", "urllib.Request", "pickle.find_class", "ctypes.dlopen"),
    *("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown"),
    *("shutil.rmtree", "shutil.move", "shutil.copyfile", "tempfile.mkstemp", "tempfile.mkdtemp", "webbrowser.open"),
)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class TooLong(BaseException):
    """A reader that took longer than it may."""


class _Watch:
    """What happened while a reader was watched; ``watching`` is whether one is."""

    watching, seen = False, list[str]()


def _audited(event: str, given: tuple[Any, ...]) -> None:
    if not _Watch.watching:
        return
    writes = event == "open" and isinstance(given[2], int) and given[2] & WRITES
    runs = event in ("compile", "exec") and not _allowed(given[1] if event == "compile" else given[0].co_filename)
    asks = event == "subprocess.Popen" and Path(str(given[0])).name == "fc-match"  # fontconfig: a font for letters
    if writes or runs or (event in FORBIDDEN and not asks):
        _Watch.seen.append(f"{event} {str(given)[:120]}")


def _allowed(file: object) -> bool:
    """Whether code comes from an import, ``ast.parse`` (``<unknown>``), a named tuple, or the grammar of formulas."""
    if str(file).startswith(("<unknown>", "<errsurf formula")):
        return True
    frame = sys._getframe()
    while frame is not None:
        if "importlib" in frame.f_code.co_filename or frame.f_code.co_filename == namedtuple.__code__.co_filename:
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False


sys.addaudithook(_audited)


@contextmanager
def watched(seconds: float) -> Iterator[list[str]]:
    """Forbidden events while the block runs; raises TooLong after so many seconds of processor time."""
    _Watch.seen = []
    signal.signal(signal.SIGVTALRM, _too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    _Watch.watching = True
    try:
        yield _Watch.seen
    finally:
        _Watch.watching = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _too_long(*_: object) -> None:
    raise TooLong


def limit_memory(more: int) -> None:
    """Let this process allocate this many bytes more than it has: beyond that is a MemoryError."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    size = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (size, resource.getrlimit(resource.RLIMIT_AS)[1]))


def outcome(read: Callable[[], object]) -> tuple[str, str]:
    """What comes of reading: good or refused, and what is wrong, empty if nothing."""
    printed = io.StringIO()
    try:
        with redirect_stdout(printed), redirect_stderr(printed), watched(SECONDS) as events:
            read()
        found = "good"
    except ErrsurfError as error:
        found = "refused"
        if wrong := bad_text(str(error)):
            return found, f"message: {wrong}"
    except TooLong:
        return "slow", f"more than {SECONDS} s"
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return "broke", f"{type(error).__name__}: {str(error)[:200]!r}"
    return found, f"printed {printed.getvalue()[:100]!r}" if printed.getvalue() else "; ".join(events[:3])


def bad_text(text: str) -> str:
    """What is wrong with a message: too long, or with characters that do not belong on a terminal."""
    if len(text) > MAX_MESSAGE:
        return f"{len(text):,} characters"
    strange = {c for c in text if category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c not in "\n\t\u200c\u200d\x1b"}
    return f"characters {sorted(map(ascii, strange))}" if strange else ""
