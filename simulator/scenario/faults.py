"""What is wrong with a scenario, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from simulator.errors import Mistake


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
        """The fault in one line, without its file."""
        what = " = ".join(part for part in (self.key, self.given) if part)
        text = ": ".join(part for part in (f"line {self.line}" if self.line else "", what, self.problem) if part)
        text += f"; allowed: {self.allowed}" if self.allowed else ""
        return text + (f"; did you mean `{self.nearest}`?" if self.nearest else "")


class ScenarioFaults(Mistake):
    """A scenario that cannot be used: all its faults."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        """One fault in one line, more in one line each below the file's name."""
        if len(self.faults) == 1:
            return f"{printable(self.faults[0].file)}: {self.faults[0]}"
        files = dict.fromkeys(fault.file for fault in self.faults)
        lines = []
        for file in files:
            own = [fault for fault in self.faults if fault.file == file]
            lines += [f"{printable(file)}: {len(own)} faults", *(f"  {fault}" for fault in own)]
        return "\n".join(lines)


def nearest(given: Any, names: Iterable[str]) -> str:
    """The name that looks most like what was given; empty if none does."""
    lower = {name.lower(): name for name in names}
    close = get_close_matches(str(given)[:100].lower(), lower, 1) if isinstance(given, str) else []
    return lower[close[0]] if close else ""


def shown(value: Any) -> str:
    """A value as a TOML file has it, shortened."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, (list, tuple)):
        inside = ", ".join(shown(part) for part in value[:8])
        return f"[{inside}{', ...' if len(value) > 8 else ''}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > 128:
        return "a number of more than 38 digits"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return printable(text, 60)


def printable(text: str, most: int = 300) -> str:
    """A text that is safe and short enough to print in a line."""
    text = text if len(text) <= most else text[: most - 3] + "..."
    return "".join(letter if letter.isprintable() else "?" for letter in text)
