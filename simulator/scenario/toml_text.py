"""The tables of a scenario's text: slips of TOML are corrected, so that all faults behind them are found too."""

import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from errsurf.errors import Fault, ScenarioError
from errsurf.scenario.elsewhere import meant_line
from errsurf.scenario.value_text import value_text

MAX_SLIPS = 20
TWICE = "this key is given twice"
LONG_KEY = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){32}""", re.ASCII)


class Toml(NamedTuple):
    """Tables, the text that they were read from, and what had to be corrected in it."""

    tables: dict[str, Any]
    text: str
    slips: list[Fault]


def unread(file: str, problem: str, allowed: str = "", near: str = "", line: int | None = None) -> ScenarioError:
    """A file that cannot be read at all."""
    return ScenarioError([Fault(file, line, "", problem, "", allowed, near)])


def read_toml(text: str, path: Path) -> Toml:
    """The tables of a text whose slips are corrected, so that what is behind them is read; raises ScenarioError."""
    if found := LONG_KEY.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise unread(str(path), "a key of more than 32 parts", line=line)
    slips: list[Fault] = []
    while len(slips) < MAX_SLIPS:
        try:
            return Toml(tomllib.loads(text), text, slips)
        except tomllib.TOMLDecodeError as error:
            slips.append(_broken(str(error), text, str(path)))
            instead = "#" if TWICE in slips[-1].problem else slips[-1].nearest
            if not instead:
                break
            text = _with_line(text, slips[-1].line, instead)
        except RecursionError:
            raise unread(str(path), "is nested too deep") from None
        except ValueError:
            raise unread(str(path), "contains a number with too many digits") from None
    raise ScenarioError(slips)


def _with_line(text: str, line: int | None, instead: str) -> str:
    """A text with another line, so that what follows is read too."""
    lines = text.split("\n")
    lines[(line or 1) - 1] = instead
    return "\n".join(lines)


def _broken(message: str, text: str, file: str) -> Fault:
    """What tomllib refused, with the line it stands in, and what that line may have meant."""
    lines = text.split("\n")
    place = re.search(r"\(at line (\d+), column (\d+)\)$", message)
    number, column = (int(place[1]), int(place[2])) if place else (max(1, len(text.rstrip().split("\n"))), 0)
    words = re.sub(r" \(at [^()]*\)$", "", message)
    words = TWICE if words == "Cannot overwrite a value" else words
    where = f"column {column}: " if column else "end of file: "
    said = "" if words is TWICE else "this is not TOML: "
    problem = f"{where}{said}{words[:1].lower()}{words[1:]}: {value_text(lines[number - 1].strip())}"
    return Fault(file, number, "", problem, nearest=meant_line(lines[number - 1]))
