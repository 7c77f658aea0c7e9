"""The two kinds of error that users read: what they can mend, and what went wrong around them."""

import errno
from collections.abc import Iterable

from errsurf.system.text import MOST_LETTERS, printable

FULL = {errno.ENOSPC, errno.EDQUOT}


class Mistake(ValueError):  # noqa: N818
    """Something the user can mend; each argument is a line that says where, what, and what is allowed."""

    def __str__(self) -> str:
        """The lines, printable and of bounded length."""
        return _lines(self.args)


class FolderError(Mistake):
    """A result folder that cannot be read, or must not be overwritten; the message says which and why."""


class TakenError(FolderError):
    """A result folder that exists already, or that another run is writing."""


class Failure(RuntimeError):  # noqa: N818
    """Something that broke off a run, such as a full disk; each argument is a line: where, what, and what is kept."""

    def __str__(self) -> str:
        """The lines, printable and of bounded length."""
        return _lines(self.args)


class DeviceFailure(Failure):
    """A GPU failed while a run was made; the state of the run is as before."""


def reason(error: Exception) -> str:
    """Why something failed, in words; what is not foreseen is named by its type."""
    match error:
        case Mistake() | Failure():
            return str(error)
        case MemoryError():
            return "out of memory"
        case OSError():
            return "the disk is full" if error.errno in FULL else error.strerror or str(error)
    return f"internal error ({type(error).__name__}: {str(error)[:200]})"


def _lines(texts: Iterable[object]) -> str:
    return "\n".join(printable(str(text), MOST_LETTERS) for text in texts)
