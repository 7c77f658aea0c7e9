"""Mutated scenario files: each is refused in words or runs; run by hand, its result is in docs/fuzzing.md.

``python tests/campaigns/mutate_scenarios.py [files] [runs] [seed]`` mutates the bundled scenarios and the small ones
below, as tables and as text.  Each file is checked as ``errsurf check`` does, in under five seconds of processor time;
up to ``runs`` of those that pass are run with few particles and all their pictures.  No traceback, no message without
bound or with control characters, no file beside the result folder.
"""

import io
import shutil
import sys
import tempfile
import tomllib
from collections import Counter
from contextlib import chdir, redirect_stderr, redirect_stdout
from copy import deepcopy
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

import numpy as np
import tomli_w

sys.path.insert(0, str(Path(__file__).parent.parent))

from errsurf.cli.main import main as errsurf
from errsurf.scenario import bundled, scenario_text
from helpers.guarded import bad_text

SECONDS = 5.0
NUMBERS: list[Any] = [
    0,
    -1,
    1,
    2,
    3,
    0.0,
    -0.0,
    0.5,
    1e-300,
    5e-324,
    1e-9,
    -1e-9,
    1e9,
    1e30,
    -1e30,
    1e39,
    3.4e38,
    1e300,
    1e307,
    1e308,
    -1e308,
    1.7976931348623157e308,
    float("nan"),
    float("inf"),
    float("-inf"),
    2**31,
    2**53,
    2**63 - 1,
    2**63,
    -(2**63),
    10**40,
]
TEXTS = [
    "",
    " ",
    "x",
    "\x1b]0;t\x07",
    "\u202ea",
    "\ufffe",
    "\U0001f680",
    "é" * 70,
    "a" * 5000,
    "../x",
    "/etc/passwd",
    "NUL",
    "a/b",
    "$\\quad$",
    "$\\ $",
    "${{{{$",
    "$x^{2}$",
    "<b>&amp;</b>",
    "=1+1",
    "100%",
    "5 epochs",
    "-1%",
    "1e400",
    "full",
    "all",
    "a\nb",
    "$\\genfrac{(}{)}{100000}{0}{1}{2}$",
    "data.csv:a",
    "data.csv",
    "plane.npz",
    "none",
    "auto",
    "9" * 400 + "MB",
    "1kB",
    "zh",
]
OTHERS: list[Any] = [
    [],
    {},
    [[]],
    [1, 2],
    [1e308, -1e308],
    [0, 0],
    [1.0, 1.0],
    {"x": [0, 1], "y": [0, 1]},
    True,
    [[0, 0], [1, 1]],
]
HEAD = '[swarm]\nparticles = 4\n[run]\nupdates = 5\nframes = 3\n[[optimizer]]\nkind = "sgd"\nlr = 0.05\n'
SMALL = [
    '[surface]\nkind = "grid"\ndata = "plane.npz"\n' + HEAD,
    '[surface]\nkind = "expression"\nloss = "(a*x - t)^2 + y^2"\ncolumns = { t = "data.csv:a", a = "normal(1, 0.1)" }\n'
    + HEAD,
    '[surface]\nkind = "linear_regression"\ndata = "data.csv"\n' + HEAD,
    '[surface]\nkind = "saddle"\ntilt = 0.4\ntest = { examples = 5, shift = [0.2, 0.0] }\n' + HEAD + "[picture]\n"
    'size = [320, 240]\nwindow = { x = [-2, 2], y = [-1, 1] }\nchart = ["loss", "lr"]\nstability = true\n'
    'arrows = "update"\n'
    '[output]\npng = "a.png"\nsvg = "a.svg"\nhtml = "a.html"\npdf = "a.pdf"\n',
    '[surface]\nkind = "himmelblau"\n' + HEAD + '[picture]\nsize = [320, 240]\nview = "3d"\n[output]\ngif = "a.gif"\n',
]
QUICK = [
    "swarm.particles=6",
    "run.updates=6",
    "run.frames=3",
    "picture.seconds=0.1",
    "picture.size=[320,240]",
    "claim=[]",
]


def sources() -> list[str]:
    """The texts that are mutated."""
    return [*(scenario_text(name) for name in bundled()), *SMALL * 8]


def mutated(random: Random, text: str) -> str:
    """The text of a scenario with one to four mutations."""
    tables = tomllib.loads(text)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        _mutate(random, tables)
    text = tomli_w.dumps(tables)
    return _damaged(random, text) if random.random() < 0.1 else text


def _mutate(random: Random, tables: Any) -> None:
    """Change one value, key or entry somewhere in nested tables."""
    places = list(_places(tables))
    holder, key = random.choice(places)
    old = holder[key]
    match random.randrange(10):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[random.choice([*TEXTS[:8], str(key)[:-1], "kind", "lr"])] = deepcopy(old)
        case 2 if isinstance(holder, list) and len(holder) < 20:
            holder.append(deepcopy(old))
        case 3:
            holder[key] = deepcopy(random.choice(OTHERS))
        case 4 | 5 if isinstance(old, str):
            holder[key] = random.choice(TEXTS)
        case 6 | 7 if isinstance(old, int | float):
            holder[key] = type(old)(old * random.choice((0.01, 0.5, 2, 10, -1)))
        case _:
            holder[key] = random.choice(TEXTS if isinstance(old, str) else NUMBERS)


def _places(value: Any) -> Any:
    """Every key of nested tables and lists with what holds it."""
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])


def _damaged(random: Random, text: str) -> str:
    """A text with some of its characters changed."""
    letters = list(text)
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(letters))
        letters[at : at + random.choice((0, 1, 9))] = random.choice(
            ["", "\0", '"', "[", "=", "\n", "é", "1e", "#", "'''", "\ufeff"]
        )
    return "".join(letters)


def called(*arguments: str) -> tuple[int, str, float]:
    """Exit code, everything that was printed, and processor seconds of ``errsurf`` with these arguments."""
    printed, began = io.StringIO(), process_time()
    with redirect_stdout(printed), redirect_stderr(printed):
        code = errsurf(list(arguments))
    return code, printed.getvalue(), process_time() - began


def prepare(folder: Path) -> None:
    """The data files that scenarios name."""
    (folder / "data.csv").write_text("a,input,target\n1,2,3\n2,4,5.5\n3,1,2\n")
    axis = np.linspace(-1, 1, 9)
    np.savez(folder / "plane.npz", x=axis, y=axis, loss=(axis[:, None] ** 2 + axis**2)[None])


def main(files: int, runs: int, seed: int) -> int:
    """All of it; the number of failures."""
    random, texts, seen, failures = Random(seed), sources(), Counter[str](), 0
    folder = Path(tempfile.mkdtemp(prefix="mutated-"))
    prepare(folder)
    before, good = {path.name for path in folder.iterdir()} | {"case.toml"}, 0
    with chdir(folder):
        for k in range(files):
            text = mutated(random, random.choice(texts))
            Path("case.toml").write_text(text, encoding="utf-8", errors="replace", newline="")
            words = outcome = ""
            try:
                code, said, seconds = called("check", "case.toml")
                outcome = {0: "good", 2: "refused"}.get(code, f"code {code}")
                words = bad_text(said) or (f"{seconds:.1f} s" if seconds > SECONDS else "")
                if code == 0 and good < runs and random.random() < 0.5:
                    good += 1
                    changes = [f"--set={change}" for change in QUICK]
                    code, said, seconds = called("run", "case.toml", "--out", "out", *changes)
                    outcome = f"run: code {code}" + (f": {said[:70]!r}" if code == 2 else "")
                    words = words or bad_text(said) or ("internal error" if "internal error" in said else "")
            except BaseException as error:
                words = f"{type(error).__name__}: {str(error)[:200]}"
                if isinstance(error, KeyboardInterrupt):
                    raise
            shutil.rmtree("out", ignore_errors=True)
            if left := {path.name for path in Path().iterdir()} - before:
                words = words or f"left {sorted(left)}"
                for name in left:
                    shutil.rmtree(name) if Path(name).is_dir() else Path(name).unlink()
            seen[outcome] += 1
            if words:
                failures += 1
                kept = Path(tempfile.gettempdir(), f"mutated-{seed}-{k}.toml")
                shutil.copyfile("case.toml", kept)
                sys.stdout.write(f"{words}: {kept}\n")
                sys.stdout.flush()
    shutil.rmtree(folder)
    for name, number in sorted(seen.items()):
        sys.stdout.write(f"{number:9,}  {name}\n")
    return failures


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:4]]
    sys.exit(main(*given, *(30_000, 600, 1)[len(given) :]) > 0)
