"""What is wrong with a scenario, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from errsurf.errors import Mistake
from errsurf.system.text import printable

MOST_PATH, MOST_VALUE = 300, 60
DEEPEST_SHOWN, MOST_SHOWN = 3, 8


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
        """The fault in one line of about 1,000 letters at most, without its file."""
        key, given, problem = printable(self.key, 120), printable(self.given, 120), printable(self.problem, 300)
        allowed, nearest = printable(self.allowed, 500), printable(self.nearest, 120)
        what = " = ".join(part for part in (key, given) if part)
        text = ": ".join(part for part in (f"line {self.line}" if self.line else "", what, problem) if part)
        text += f"; allowed: {allowed}" if allowed else ""
        return text + (f"; did you mean `{nearest}`?" if nearest else "")


class ScenarioFaults(Mistake):
    """A scenario that cannot be used: all its faults."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        """One fault in one line, more in one line each below the file's name."""
        if len(self.faults) == 1:
            return f"{printable(self.faults[0].file, MOST_PATH)}: {self.faults[0]}"
        files = dict.fromkeys(fault.file for fault in self.faults)
        lines = []
        for file in files:
            own = [fault for fault in self.faults if fault.file == file]
            lines += [f"{printable(file, MOST_PATH)}: {len(own)} faults", *(f"  {fault}" for fault in own)]
        return "\n".join(lines)


def shown(value: Any, depth: int = 0) -> str:
    """A value as a TOML file has it, in one line, shortened."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, (list, tuple)):
        inside = [shown(part, depth + 1) for part in value[:MOST_SHOWN]] if depth < DEEPEST_SHOWN else []
        return f"[{', '.join([*inside, '...'] if len(value) > len(inside) else inside)}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > 128:
        return "a number of more than 38 digits"
    return printable(f'"{value[:MOST_VALUE]}"' if isinstance(value, str) else str(value), MOST_VALUE)
