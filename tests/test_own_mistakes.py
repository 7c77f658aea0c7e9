"""Mistakes that people make in records of their own: each is answered with its file, its line and what to write."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from errsurf.catalogue import add_records, check_added
from errsurf.errors import RecordError
from errsurf.records import listing

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "adding_an_optimizer.md"
PLUGINS = ROOT / "examples" / "plugins"


class Mistake(NamedTuple):
    """A kind of record, what is replaced in a good file and by what, the line that is wrong, and words of the answer.

    ``line`` is a text on the line, empty for the file as a whole.
    """

    kind: str
    old: str
    new: str
    line: str
    problem: str
    remedy: str
    name: str = ""


SLOPE = 'e-fold"] = 1.0\n\n\ndef rate(s: Array, lr: float, settings: Settings) -> Array:\n'
SLOPE += '    """``lr / (1 + slope log(1 + s))``."""\n    return lr / (1 +'
HEIGHT = """def values(view: View, settings: object) -> object:
    \"""y of each particle.\"""
    return view.theta[:, 1]


RECORD = Statistic("height y", values)
"""
AWAY = """from typing import Annotated, NamedTuple


class Settings(NamedTuple):
    point: Annotated[tuple[float, float], "the point"]


def values(view: View, settings: object) -> object:
    return view.theta - settings.point


RECORD = Statistic("way from {point}", values, settings=Settings)
"""
GRADIENT = "return x**3, row.steepness * y"
UPDATE = "mean = s.momentum * memory.mean + (1 - s.momentum) * gradient"
RETURN = "return theta - constants.lr * ((1 - s.nu) * gradient + s.nu * mean), Memory(mean)"
LOSS = "return x**4 / 4 + row.steepness * y**2 / 2"
CLOSURE = """
def made(factor):
    def update(theta, gradient, memory, constants, s):
        return theta - factor * gradient, memory
    return update


update = made(2.0)
RECORD = """
LOADED = [
    Mistake(
        "wrappers", ", memory\n", "\n", "return 0.5", "`after` returns a float alone", "return the new theta, Nothing"
    ),
    Mistake("charts", "values, scale)", "values)", "RECORD =", "RECORD lacks scale", "write scale=..."),
    Mistake(
        "optimizers", "Memory(mean)\n", "Memory(memory.mean)\n", "def update", "`mean` of Memory never", "its new value"
    ),
    Mistake(
        "optimizers",
        "    mean: float = 0.0",
        "    m: float = 0.0\n    v: float = 0.0",
        "Memory(mean)",
        "has 2 fields and gets 1",
        "write Memory(m, v)",
    ),
    Mistake(
        "optimizers",
        "momentum: Annotated",
        "noise: Annotated[float, Ge(0), 'strength'] = 0.1\n    momentum: Annotated",
        "noise:",
        "`noise` is a key that every [[optimizer]] table has",
        "give this setting another name",
    ),
    Mistake(
        "surfaces",
        "steepness: Annotated",
        "tilt: Annotated[float, 'slope'] = 0.1\n    steepness: Annotated",
        "tilt:",
        "`tilt` is a key that every [surface] table has",
        "give this setting another name",
    ),
    Mistake("optimizers", "    weakness=", "    weekness=", "weekness=", "has no field `weekness`", "write `weakness`"),
    Mistake("optimizers", "    update=update,\n", "", "RECORD = ", "RECORD lacks update", "write update=..."),
    Mistake(
        "optimizers",
        "* mean), Memory",
        "* np.sqrt(mean)), Memory",
        "np.sqrt",
        "do not know `np.sqrt`",
        "from numpy import sqrt",
    ),
    Mistake(
        "optimizers",
        "s.nu * mean)",
        "s.nu * math.sqrt(mean))",
        "math.sqrt",
        "do not know `math.sqrt`",
        "from numpy import sqrt",
    ),
    Mistake(
        "optimizers",
        UPDATE,
        UPDATE + "\n    if gradient > 1:\n        mean = 0.0",
        "if gradient",
        "an `if` statement",
        "a if condition else b",
    ),
    Mistake(
        "optimizers",
        UPDATE,
        UPDATE + "\n    for k in range(3):\n        mean = mean + k",
        "for k",
        "a loop",
        "for _ in range(3)",
    ),
    Mistake(
        "optimizers",
        UPDATE,
        UPDATE + "\n    while mean > 1:\n        mean = mean / 2",
        "while",
        "a loop",
        "write it out",
    ),
    Mistake(
        "optimizers", ", Memory(mean)\n", "\n", "return theta -", "returns a float", "return the new theta, Memory(...)"
    ),
    Mistake(
        "optimizers",
        ", Memory(mean)\n",
        ", Memory(mean), 1.0\n",
        "return theta -",
        "returns 3 values",
        "return the new theta, Memory(...)",
    ),
    Mistake("optimizers", "RECORD = ", "record = ", ")", "has no RECORD", "end the file with RECORD = Optimizer(...)"),
    Mistake("surfaces", "RECORD = Surface(", "RECORD = dict(", "RECORD = ", "of type dict", "write a Surface there"),
    Mistake(
        "optimizers", "def update(theta", "def update(:theta", "def update", "cannot be loaded", "correct `def update"
    ),
    Mistake(
        "optimizers",
        "from errsurf.optimizers import Optimizer",
        "from errsurf.optimizers import Optimiser",
        "Optimiser",
        "has no `Optimiser`",
        "write `Optimizer`",
    ),
    Mistake(
        "optimizers",
        "from errsurf.optimizers import",
        "from errsurf.optimizer import",
        "errsurf.optimizer ",
        "no module `errsurf.optimizer`",
        "write `errsurf.optimizers`",
    ),
    Mistake(
        "optimizers", "from typing", "import torchh\nfrom typing", "torchh", "no module `torchh`", "pip install torchh"
    ),
    Mistake("optimizers", "", "", "", "letters a to z", "rename the file, for example to my_rule.py", "my rule"),
    Mistake("optimizers", "", "", "", "there is a `adam` already", "another name", "adam"),
    Mistake("optimizers", "", "", "", "begins with a letter", "rename the file", "2nd"),
    Mistake("optimizers", "] = 0.9", "] = 1.5", "momentum:", "default of `momentum` is 1.5", "at least 0, below 1"),
    Mistake(
        "optimizers",
        "momentum: Annotated[float,",
        "momentum: Annotated[complex,",
        "momentum:",
        "is a complex",
        "allowed: float",
    ),
    Mistake(
        "optimizers",
        'Annotated[float, Ge(0), "learning rate"]',
        "float",
        "lr: float",
        "has no description",
        "write lr: Annotated[float",
    ),
    Mistake(
        "optimizers",
        "lr: Annotated",
        "rate: Annotated",
        "class Settings",
        "has no `lr`",
        'lr: Annotated[float, Ge(0), "learning rate"]',
    ),
    Mistake("optimizers", "] = 0.7", "]", "class Settings", "`nu` has no default", "write = and its value"),
    Mistake("optimizers", UPDATE, "print(gradient)\n    " + UPDATE, "print(", "print", "remove it"),
    Mistake(
        "optimizers",
        "s.nu * mean)",
        "FACTORS[0] * mean)",
        "FACTORS[0]",
        "`FACTORS` is of type ndarray",
        "write a number",
    ),
    Mistake(
        "optimizers", "Memory(mean)", "Memory(mean=mean)", "Memory(mean=mean)", "called with `mean=`", "without names"
    ),
    Mistake(
        "optimizers",
        "    update=update",
        "    update=lambda theta, gradient, memory, constants, s: (theta, memory)",
        "update=lambda",
        "is a lambda",
        "with `def`",
    ),
    Mistake(
        "optimizers",
        "RECORD = ",
        CLOSURE,
        "    def update(theta",
        "uses `factor`",
        "settings",
    ),
    Mistake(
        "surfaces",
        "steep along y.",
        "steep along \udce9.",
        '"""A tub',
        "not UTF-8 text: byte 0xe9",
        "save the file as UTF-8",
    ),
    Mistake("optimizers", "(1 - s.nu) * gradient", "(1 // 2) * gradient", "1 // 2", "`1 // 2`", "write `/`"),
    Mistake(
        "optimizers", "memory.mean +", "mean_of_past +", "mean_of_past", "`mean_of_past` is not defined", "define it"
    ),
    Mistake("optimizers", "memory.mean +", "memory.men +", "memory.men", "Memory has no field `men`", "write `mean`"),
    Mistake("optimizers", "s.nu * mean)", "s.mu * mean)", "s.mu", "has no field `mu`", "it has lr, momentum, nu"),
    Mistake("optimizers", "s.nu * mean)", "HALF * mean)", "HALF * mean", "`HALF` is of type float64", "float(...)"),
    Mistake("optimizers", "s.nu * mean)", "mean**0.5)", "mean**0.5", "whole powers", "sqrt(x)"),
    Mistake(
        "optimizers", 'family="momentum"', 'family="momentun"', "family=", "`family` = 'momentun'", "write 'momentum'"
    ),
    Mistake(
        "optimizers",
        " -> StepConstants:",
        ":",
        "def step_constants",
        "does not say which named tuple",
        "-> StepConstants",
    ),
    Mistake(
        "optimizers",
        "return StepConstants(lr)",
        "return lr",
        "def step_constants",
        "returns a ndarray",
        "return StepConstants(...)",
    ),
    Mistake(
        "optimizers",
        "memory: Memory, constants: StepConstants, s: Settings) -> tuple",
        "memory: Memory, s: Settings) -> tuple",
        "def update",
        "takes (theta, gradient, memory, s)",
        "it gets 5 arguments",
    ),
    Mistake(
        "optimizers",
        "memory=Memory",
        "memory=Memory()",
        "memory=Memory()",
        "`memory` is no named tuple",
        "without brackets",
    ),
    Mistake(
        "optimizers",
        "update=update",
        "update=step_constants(1, 2, 3)",
        "update=step",
        "`update` is no function",
        "without brackets",
    ),
    Mistake(
        "surfaces",
        "return x**4",
        "return (1.0 if x > 0 else 2.0) * x**4",
        "if x > 0",
        "a choice by an array",
        "where(condition, a, b)",
    ),
    Mistake(
        "surfaces",
        "row.steepness * y**2",
        "row.stepness * y**2",
        "row.stepness",
        "no field `stepness`",
        "write `steepness`",
    ),
    Mistake(
        "surfaces",
        "3 * x**2, 0.0, row.steepness",
        "3 * x**2, 0.0, 0.0, row.steepness",
        "def hessian",
        "returns 4 values",
        "return (xx, xy, yy)",
    ),
    Mistake(
        "surfaces",
        "window=((-2.0, 2.0), (-2.0, 2.0))",
        "window=(-2.0, 2.0)",
        "window=",
        "`window` = (-2.0, 2.0)",
        "((x from, x to), (y from, y to))",
    ),
    Mistake("surfaces", "x**4 / 4", "fabs(x) / 4", "fabs(x)", "do not know `fabs`", "they know sqrt"),
    Mistake("surfaces", "[Row(settings.steepness)]", "[settings.steepness]", "def terms", "", ""),
    Mistake(
        "starts",
        "def place(particles: int, draw: Draw, settings: Settings)",
        "def place(particles: int, settings: Settings)",
        "def place",
        "takes (particles, settings)",
        "it gets 3 arguments",
    ),
]
CHECKED = [
    Mistake("charts", "np.nanmean(", "np.nanmeen(", "nanmeen", "`nanmeen` is asked of a module", "write `nanmean`"),
    Mistake("overlays", "area.top +", "area.topp +", "area.topp", "Box has no field `topp`", "write `top`"),
    Mistake("formats", ".encode())", ")", "file.write", "raises TypeError: a bytes-like", "correct this line"),
    Mistake("statistics", "view.theta[:, 1]", "None", "def values", "gives a NoneType for 2 particles", "one number a"),
    Mistake("statistics", HEIGHT, AWAY, "def values", "gives an array of shape (2, 2)", "one number a"),
    Mistake(
        "surfaces",
        GRADIENT,
        "return x**3, y",
        "def gradient",
        "derivative along y is 0.7143 times what it should be, with Settings(steepness=1.4",
        "correct it",
    ),
    Mistake(
        "surfaces",
        GRADIENT,
        "return -(x**3), row.steepness * y",
        "def gradient",
        "derivative along x has the wrong sign",
        "correct it",
    ),
    Mistake(
        "surfaces",
        GRADIENT,
        "return row.steepness * y, x**3",
        "def gradient",
        "that along the other parameter",
        "correct it",
    ),
    Mistake(
        "surfaces",
        GRADIENT,
        "return 2 * x**3, row.steepness * y",
        "def gradient",
        "is 2 times what it should be",
        "correct it",
    ),
    Mistake("surfaces", "3 * x**2, 0.0", "3 * x**2, 0.5", "def hessian", "second derivative xy is wrong", "correct it"),
    Mistake(
        "surfaces",
        "CriticalPoint(0.0, 0.0,",
        "CriticalPoint(1.0, 0.0,",
        "def critical_points",
        "is no critical point",
        "correct the point",
    ),
    Mistake(
        "surfaces", '0.0, "minimum")', '0.0, "maximum")', "def critical_points", "is a minimum", "correct the point"
    ),
    Mistake(
        "optimizers",
        "theta - constants.lr",
        "theta + constants.lr",
        "def update",
        "goes uphill",
        "subtract the movement",
    ),
    Mistake(
        "optimizers",
        "s.nu * mean), Memory",
        "s.nu * mean) + 0.1, Memory",
        "def update",
        "where the gradient is 0",
        "vanish with the gradient",
    ),
    Mistake("schedules", "return lr / (1 +", "return lr * (1 -", "def rate", "`rate` gives -", "at least 0"),
    Mistake("schedules", SLOPE, SLOPE.replace(" = 1.0", "").replace("(1 +", "(1 -"), "def rate", "`rate` gives -", ""),
    Mistake(
        "schedules", "np.log1p(s)", "np.log1p(s[0])", "def rate", "shape () for 40 updates", "one rate for each of s"
    ),
    Mistake(
        "starts",
        "np.linspace(settings.first, settings.last, particles)",
        "np.zeros((2, particles))",
        "def place",
        "for 1 particles",
        "(particles, 2)",
    ),
    Mistake(
        "starts",
        "np.linspace(settings.first, settings.last, particles)",
        "np.random.default_rng().normal(size=(particles, 2))",
        "def place",
        "other places each time",
        "from `draw`",
    ),
]
HEAD = """import math
import numpy as np
from math import fabs
FACTORS = np.array([1.0, 2.0])
HALF = np.float64(0.5)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for records, which are forgotten afterwards."""
    yield tmp_path
    for package, folders in listing.added().items():
        for each in [each for each in folders if Path(each).is_relative_to(tmp_path.resolve())]:
            listing.leave(package, Path(each))


def good(kind: str) -> tuple[str, str]:
    """The name and the text of a file without mistakes; it defines a few names more than it needs."""
    if kind == "optimizers":
        name, text = "qhm", GUIDE.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    else:
        (file,) = (PLUGINS / kind).glob("*.py")
        name, text = file.stem, file.read_text(encoding="utf-8")
    return name, text.replace("from typing", HEAD + "from typing", 1)


def write(folder: Path, mistake: Mistake) -> tuple[Path, str]:
    """The file with the mistake, and its text."""
    name, text = good(mistake.kind)
    assert mistake.old in text
    text = text.replace(mistake.old, mistake.new, 1)
    file = folder.resolve() / f"{mistake.name or name}.py"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    return file, text


def answer(mistake: Mistake, file: Path, text: str, said: str) -> None:
    """Compare what is said with the file, the line and the words that are right."""
    lines = [k for k, line in enumerate(text.splitlines(), 1) if mistake.line and mistake.line in line]
    place = f"{file}:{lines[-1]}: " if lines else f"{file}: "
    wanted = next(each for each in said.splitlines() if mistake.problem in each)
    assert wanted.startswith(place)
    assert mistake.remedy in wanted


def named(mistakes: list[Mistake]) -> list[object]:
    return [pytest.param(each, id=f"{each.kind}-{each.problem[:40]}") for each in mistakes]


@pytest.mark.parametrize("mistake", named(LOADED))
def test_a_mistake_is_answered_when_the_file_is_loaded(folder: Path, mistake: Mistake) -> None:
    file, text = write(folder, mistake)
    with pytest.raises(RecordError) as caught:
        add_records(mistake.kind, folder)
    answer(mistake, file, text, str(caught.value))


@pytest.mark.parametrize("mistake", named(CHECKED))
def test_a_wrong_number_is_answered_by_the_check(folder: Path, mistake: Mistake) -> None:
    """Nothing is compiled, because the fault is found before."""
    file, text = write(folder, mistake)
    add_records(mistake.kind, folder)
    answer(mistake, file, text, "\n".join(map(str, check_added()[file])))


@pytest.mark.parametrize("kind", ["optimizers", "surfaces", "schedules", "starts"])
def test_a_file_without_a_mistake_is_accepted(folder: Path, kind: str) -> None:
    """Also with a byte order mark, as editors on Windows write it."""
    write(folder, Mistake(kind, "from typing", "\ufefffrom typing", "", "", ""))
    (file,) = folder.iterdir()
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\xef\xbb\xbf", b""))
    add_records(kind, folder)


def test_all_mistakes_of_a_folder_are_told_at_once(folder: Path) -> None:
    for kind, new in (("a", "s.mu * mean)"), ("b", "np.tan(mean))")):
        write(folder, Mistake("optimizers", "s.nu * mean)", new, "", "", "", kind))
    with pytest.raises(RecordError) as caught:
        add_records("optimizers", folder)
    assert [Path(fault.file).name for fault in caught.value.args] == ["a.py", "b.py"]
