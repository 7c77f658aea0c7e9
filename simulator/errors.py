"""Every exception that errsurf raises: what the user can fix, and what stopped a run.

::

    ErrsurfError
        UserError (also a ValueError)
            ScenarioError         a scenario with faults
            SettingsError         settings that a surface refuses
            FormulaError          a formula that cannot be used
            DataFileError         a data file that cannot be used
            RecordError           a surface, optimizer or other record that cannot be used
            TooLargeError         a run that does not fit into memory or onto the disk
            DeviceError           a device that is not available
            FolderError           a result folder that cannot be read
                FolderTakenError  one that exists already
                StoredError       one of its files
        RunError (also a RuntimeError)
            DeviceFailedError     a GPU that failed during a run
"""

import errno
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from errsurf.system.folders import working_folder_exists
from errsurf.system.text import MAX_LETTERS, printable

DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
_MAX_PATH, _MAX_FORMULA_FAULTS = 300, 8


class ErrsurfError(Exception):
    """Base class of all errors of errsurf; each argument is one line of the message.

    Examples:
        >>> import errsurf
        >>> try:
        ...     errsurf.open_result("nosuch")
        ... except errsurf.ErrsurfError as error:
        ...     print(error)
        nosuch: there is no such folder
    """

    def __str__(self) -> str:
        """The lines, printable and of bounded length."""
        return "\n".join(printable(str(text), MAX_LETTERS) for text in self.args)


class UserError(ErrsurfError, ValueError):
    """Something the user can fix; the message says where, what, and what is allowed.

    Examples:
        >>> import errsurf
        >>> errsurf.list_records("optimizer")
        Traceback (most recent call last):
        errsurf.errors.UserError: no kind `optimizer`; there are ...; did you mean `optimizers`?
    """


class RunError(ErrsurfError, RuntimeError):
    """Something that stopped a run, such as a full disk; the message says what was kept.

    Examples:
        >>> import errsurf
        >>> scenario = errsurf.read_scenario("saddle_escape", {"swarm.particles": 16})
        >>> try:
        ...     report = errsurf.run_scenario(scenario, "kept", pictures=False)
        ... except errsurf.RunError as error:  # the disk is full, say
        ...     print(error)
    """


@dataclass(frozen=True)
class Fault:
    """One fault of one scenario; texts that do not apply are empty, and ``line`` is None where there is none.

    ``key`` is the path of the key, tables counted from 1: ``optimizer[2].lr``.

    Examples:
        >>> import errsurf
        >>> try:
        ...     errsurf.build_scenario(surface="saddle", optimizer={"kind": "sgd", "lrr": 0.1}, run={"epochs": 5})
        ... except errsurf.ScenarioError as error:
        ...     (fault,) = error.faults
        >>> fault.key, fault.problem, fault.nearest
        ('optimizer[1].lrr', 'unknown key for sgd', 'lr')
    """

    file: str
    line: int | None
    key: str
    problem: str
    given: str = ""
    allowed: str = ""
    nearest: str = ""

    def __str__(self) -> str:
        """The fault in one line of about 1,000 letters at most, without its file."""
        key, given, problem = printable(self.key, 120), printable(self.given, 120), printable(self.problem, 300)
        allowed, nearest = printable(self.allowed, 500), printable(self.nearest, 120)
        what = " = ".join(part for part in (key, given) if part)
        text = ": ".join(part for part in (f"line {self.line}" if self.line else "", what, problem) if part)
        text += f"; did you mean `{nearest}`?" if nearest else ""
        return text + (f"{'' if nearest else ';'} allowed: {allowed}" if allowed else "")


class ScenarioError(UserError):
    """A scenario that cannot be used; ``faults`` holds all its faults.

    Examples:
        >>> import errsurf
        >>> errsurf.build_scenario(surface="sadle", optimizer={"kind": "sgd", "lr": -1}, run={"epochs": 5})
        Traceback (most recent call last):
        errsurf.errors.ScenarioError: scenario: 2 faults
          surface.kind = "sadle": ...; did you mean `saddle`? allowed: ...
          optimizer[1].lr = -1: ...
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        """One line for a single fault of a file; for several, the file's name and one line each."""
        files = dict.fromkeys(fault.file for fault in self.faults)
        lines = []
        for file in files:
            own = [fault for fault in self.faults if fault.file == file]
            name = printable(file, _MAX_PATH)
            several = [f"{name}: {len(own)} faults", *(f"  {fault}" for fault in own)]
            lines += several if len(own) > 1 else [f"{name}: {own[0]}"]
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
    """Settings that do not go together, or that name data which cannot be used; ``faults`` holds all of them.

    A surface's record raises it; of a scenario they are faults of a ScenarioError.

    Examples:
        >>> import errsurf
        >>> from errsurf.errors import SettingsFault
        >>> raise errsurf.SettingsError([SettingsFault("wells", "two wells lie at one place")])
        Traceback (most recent call last):
        errsurf.errors.SettingsError: wells: two wells lie at one place
    """

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
    """A formula that cannot be used; ``faults`` holds the first ones; of a scenario, a ScenarioError has them.

    Examples:
        >>> import errsurf
        >>> from errsurf.errors import FormulaFault
        >>> raise errsurf.FormulaError([FormulaFault(4, "a bracket is not closed")])
        Traceback (most recent call last):
        errsurf.errors.FormulaError: a bracket is not closed
    """

    def __init__(self, faults: Sequence[FormulaFault]) -> None:
        self.faults = tuple(sorted(faults)[:_MAX_FORMULA_FAULTS])
        super().__init__("; ".join(fault.problem for fault in self.faults))


class DataFileError(UserError):
    """A data file that cannot be used; the message says which line and why.

    Examples:
        >>> from pathlib import Path
        >>> import errsurf
        >>> letters = Path("points.csv").write_text("input,target\\n1,2\\n2,3\\n")
        >>> fit = {"kind": "linear_regression", "data": "points.csv"}
        >>> scenario = errsurf.build_scenario(surface=fit, optimizer="sgd", run={"epochs": 5})
        >>> Path("points.csv").unlink()
        >>> errsurf.simulate(scenario)
        Traceback (most recent call last):
        errsurf.errors.DataFileError: ...points.csv: cannot be read (...)
    """


class RecordError(UserError):
    """A surface, optimizer or other record, or the folder it is in, that cannot be used; the message says why.

    Examples:
        >>> import errsurf
        >>> errsurf.add_records("surfaces", "nosuch")
        Traceback (most recent call last):
        errsurf.errors.RecordError: nosuch: no folder with .py files in it
    """


class TooLargeError(UserError):
    """A run that cannot fit; the message says what it needs, what there is, and what to lower.

    Examples:
        >>> import errsurf
        >>> errsurf.simulate(errsurf.read_scenario("saddle_escape", {"swarm.particles": 10**9}))
        Traceback (most recent call last):
        errsurf.errors.TooLargeError: saddle_escape: needs about ...; lower swarm.particles (now 1,000,000,000)...
    """


class DeviceError(UserError):
    """The device that was asked for cannot be used; the message says why.

    Examples:
        >>> import errsurf
        >>> errsurf.simulate(errsurf.read_scenario("saddle_escape"), device="tpu")
        Traceback (most recent call last):
        errsurf.errors.DeviceError: ...allowed: auto, cpu, cuda
    """


class FolderError(UserError):
    """A result folder that cannot be read or must not be overwritten; the message says which and why.

    Examples:
        >>> import errsurf
        >>> errsurf.open_result("nosuch")
        Traceback (most recent call last):
        errsurf.errors.FolderError: nosuch: there is no such folder
    """


class FolderTakenError(FolderError):
    """A result folder that exists already, or that another run is writing.

    Examples:
        >>> import errsurf
        >>> scenario = errsurf.read_scenario("saddle_escape", {"swarm.particles": 16})
        >>> report = errsurf.run_scenario(scenario, "taken", pictures=False)
        >>> report = errsurf.run_scenario(scenario, "taken", pictures=False)
        Traceback (most recent call last):
        errsurf.errors.FolderTakenError: taken already contains a result; ...
    """


class StoredError(FolderError):
    """A file of a result folder that cannot be used; the message names it and says why, as a FolderError repeats.

    Examples:
        >>> import errsurf
        >>> raise errsurf.StoredError("summary.json: not JSON")
        Traceback (most recent call last):
        errsurf.errors.StoredError: summary.json: not JSON
    """


class DeviceFailedError(RunError):
    """A GPU failed during a run; the state of the run is as before.

    Examples:
        >>> import errsurf
        >>> scenario = errsurf.read_scenario("saddle_escape", {"swarm.particles": 16})
        >>> try:
        ...     result = errsurf.simulate(scenario)
        ... except errsurf.DeviceFailedError:
        ...     result = errsurf.simulate(scenario, device="cpu")
    """


def reason(error: Exception) -> str:
    """Why something failed, in words; an unforeseen error is named by its type."""
    match error:
        case ErrsurfError():
            return str(error)
        case MemoryError():
            return "out of memory"
        case FileNotFoundError() if not working_folder_exists():
            return "the working folder does not exist any more"
        case OSError():
            return "the disk is full" if error.errno in DISK_FULL else error.strerror or str(error)
    return f"internal error ({type(error).__name__}: {str(error)[:200]})"
