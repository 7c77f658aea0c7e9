"""Every exception that errsurf raises: what the user can fix, and what stopped a run.

::

    ErrsurfError
        UserError (also a ValueError)
            ScenarioError         a scenario with faults
            SettingsError         settings that a surface refuses
            FormulaError          a formula that cannot be used
            DataFileError         a data file that cannot be used
            RecordError           a surface, optimizer or other record that cannot be used
            TooLargeError      a run that does not fit into memory or onto the disk
            DeviceError           a device that is not available
            FolderError           a result folder that cannot be read
                FolderTakenError  one that exists already
                StoredError   one of its files
        RunError (also a RuntimeError)
            DeviceFailedError     a GPU that failed during a run
"""

import errno
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from errsurf.system.text import MAX_LETTERS, printable

DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
_MAX_PATH, _MAX_FORMULA_FAULTS = 300, 8


class ErrsurfError(Exception):
    """Base class of all errors of errsurf; each argument is one line of the message."""

    def __str__(self) -> str:
        """The lines, printable and of bounded length."""
        return "\n".join(printable(str(text), MAX_LETTERS) for text in self.args)


class UserError(ErrsurfError, ValueError):
    """Something the user can fix; the message says where it is, what it is, and what is allowed."""


class RunError(ErrsurfError, RuntimeError):
    """Something that stopped a run, such as a full disk; the message says what was kept."""


@dataclass(frozen=True)
class Fault:
    """One fault of one scenario; texts that do not apply are empty, and ``line`` is None where there is none.

    ``key`` is the path of the key, tables counted from 1: ``optimizer[2].lr``.
    """

    file: str
    line: int | None
    key: str
    problem: str
    given: str = ""
    allowed: str = ""
    nearest: str = ""

    def __str__(self) -> str:
        """The fault in one line of up to about 1,000 characters, without its file."""
        key, given, problem = printable(self.key, 120), printable(self.given, 120), printable(self.problem, 300)
        allowed, nearest = printable(self.allowed, 500), printable(self.nearest, 120)
        what = " = ".join(part for part in (key, given) if part)
        text = ": ".join(part for part in (f"line {self.line}" if self.line else "", what, problem) if part)
        text += f"; allowed: {allowed}" if allowed else ""
        return text + (f"; did you mean `{nearest}`?" if nearest else "")


class ScenarioError(UserError):
    """An invalid scenario; ``faults`` has all its faults."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        """One line for a single fault; for several, the file's name and one line each."""
        if len(self.faults) == 1:
            return f"{printable(self.faults[0].file, _MAX_PATH)}: {self.faults[0]}"
        files = dict.fromkeys(fault.file for fault in self.faults)
        lines = []
        for file in files:
            own = [fault for fault in self.faults if fault.file == file]
            lines += [f"{printable(file, _MAX_PATH)}: {len(own)} faults", *(f"  {fault}" for fault in own)]
        return "\n".join(lines)


class SettingsFault(NamedTuple):
    """One fault of a surface's settings; texts that do not apply are empty.

    ``key`` is the setting, or a dot and a key below it: ``columns.a``.
    """

    key: str
    problem: str
    given: str = ""
    allowed: str = ""
    nearest: str = ""


class SettingsError(UserError):
    """Invalid combinations of settings, or unusable data; ``faults`` has all of them."""

    def __init__(self, faults: Sequence[SettingsFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.key}: {fault.problem}" for fault in faults))


class FormulaFault(NamedTuple):
    """One fault of a formula at a place in its text, counted from 0."""

    at: int
    problem: str
    allowed: str = ""
    nearest: str = ""


class FormulaError(UserError):
    """An invalid formula; ``faults`` has the first faults."""

    def __init__(self, faults: Sequence[FormulaFault]) -> None:
        self.faults = tuple(sorted(faults)[:_MAX_FORMULA_FAULTS])
        super().__init__("; ".join(fault.problem for fault in self.faults))


class DataFileError(UserError):
    """A data file that cannot be used; the message says which line and why."""


class RecordError(UserError):
    """A surface, optimizer or other record, or the folder it is in, that cannot be used; the message says why."""


class TooLargeError(UserError):
    """A run that does not fit the memory or the disk; the message says what it needs and what to lower."""


class DeviceError(UserError):
    """The requested device cannot be used; the message says why."""


class FolderError(UserError):
    """A result folder that cannot be read or must not be overwritten; the message says which and why."""


class FolderTakenError(FolderError):
    """A result folder that exists already, or that another run is writing."""


class StoredError(FolderError):
    """A file of a result folder that cannot be used; the message names it and says why."""


class DeviceFailedError(RunError):
    """A GPU failed during a run; the state of the run is as before."""


def reason(error: Exception) -> str:
    """Why something failed; an unexpected error is named by its type."""
    match error:
        case ErrsurfError():
            return str(error)
        case MemoryError():
            return "out of memory"
        case OSError():
            return "the disk is full" if error.errno in DISK_FULL else error.strerror or str(error)
    return f"internal error ({type(error).__name__}: {str(error)[:200]})"
