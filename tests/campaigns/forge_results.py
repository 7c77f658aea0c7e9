"""Forged result folders and damaged kernel caches; run by hand, its result is in docs/fuzzing.md.

``python tests/campaigns/forge_results.py [results] [caches] [seed]`` damages one to three files of a result folder and
opens it with ``export``, ``inspect`` and ``run --force``: each must work or refuse in words, and nothing beside
errsurf's own files may be written or removed.  Then it damages files of a kernel cache: a run must give the same bytes.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import chdir, redirect_stderr, redirect_stdout
from hashlib import sha256
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

import numpy as np

from errsurf.cli.main import main as errsurf

SCENARIO = """\
seed = 3
[surface]
kind = "saddle"
tilt = 0.4
[swarm]
particles = 8
start = "cloud"
spread = 0.3
[run]
updates = 12
frames = 4
record = ["gradient"]
[[optimizer]]
kind = "sgd"
label = "slow"
lr = 0.05
[[optimizer]]
kind = "momentum"
"""
SCENARIO = SCENARIO.replace('kind = "momentum"\n', 'kind = "adam"\nbatch = 3\nlabel = "fast"\nlr = 0.02\n')
SECONDS = 20.0
VALUES: list[Any] = [None, True, -1, 0, 1e308, "text", "\x1b[2J", [], {}, [[]], "a" * 10_000, float("nan"), 10**30]


def called(*arguments: str) -> tuple[int, str]:
    """Exit code and everything that was printed by ``errsurf`` with these arguments."""
    printed, began = io.StringIO(), process_time()
    with redirect_stdout(printed), redirect_stderr(printed):
        code = errsurf(list(arguments))
    assert process_time() - began < SECONDS, f"{process_time() - began:.1f} s"
    return code, printed.getvalue()


def forged_array(random: Random, path: Path) -> None:
    """Put another array in the place of one."""
    array = np.load(path)
    kinds = (
        "float16",
        "float32",
        "float64",
        ">f8",
        "int64",
        "int8",
        "uint64",
        "bool",
        "complex128",
        "U5",
        "S3",
        "object",
    )
    shapes: list[tuple[int, ...]] = [
        (),
        (0,),
        (1,),
        array.shape[::-1],
        (*array.shape, 1),
        array.shape[:-1],
        (3, 3),
        (10**4,),
    ]
    match random.randrange(7):
        case 0:
            np.save(path, array.astype(random.choice(kinds[:-1])))
        case 1:
            np.save(path, np.zeros(random.choice(shapes), random.choice(kinds)), allow_pickle=True)
        case 2:
            np.save(path, np.asfortranarray(array[::-1]))
        case 3:
            array = array.copy()
            array.ravel()[random.randrange(max(array.size, 1)) :] = random.choice((-(2**40), 2**60, 7, 0))
            np.save(path, array)
        case 4 if array.dtype.kind == "f":
            np.save(path, array * random.choice((np.nan, np.inf, 1e300)))
        case 5:
            with path.open("wb") as file:
                header = {"descr": "<f8", "fortran_order": False, "shape": (10 ** random.randrange(6, 18), 2)}
                np.lib.format.write_array_header_2_0(file, header)
                file.write(b"\0" * 100)
        case _:
            damage(random, path)


def damage(random: Random, path: Path) -> None:
    """Empty, cut, change or replace a file."""
    content = path.read_bytes() if path.is_file() else b""
    at = random.randrange(len(content) + 1)
    match random.randrange(8):
        case 0:
            path.write_bytes(b"")
        case 1:
            path.write_bytes(content[:at])
        case 2 | 3:
            path.write_bytes(content[:at] + random.randbytes(random.randint(1, 20)) + content[at + 1 :])
        case 4:
            path.write_bytes(random.randbytes(200))
        case 5:
            path.unlink()
        case 6:
            path.unlink()
            path.mkdir()
        case _:
            path.unlink()
            os.mkfifo(path) if random.random() < 0.5 else path.symlink_to(
                random.choice(("/etc/passwd", "/dev/zero", "nowhere"))
            )


def forged_summary(random: Random, path: Path) -> None:
    """Change one value of a JSON file."""
    document = json.loads(path.read_text(encoding="utf-8"))
    holder = document
    while isinstance(holder, dict | list) and holder and random.random() < 0.7:
        key = random.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        inside = holder[key]
        if not isinstance(inside, dict | list) or not inside or random.random() < 0.3:
            holder[key] = random.choice(VALUES)
            break
        holder = inside
    path.write_text(json.dumps(document), encoding="utf-8")


def forge(random: Random, folder: Path) -> None:
    """Damage one to three files of a result folder."""
    for _ in range(random.randint(1, 3)):
        files = sorted(
            path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and path.stat().st_size
        )
        path = random.choice(files)
        if path.suffix == ".npy" and random.random() < 0.8:
            try:
                forged_array(random, path)
            except (EOFError, MemoryError, OSError, ValueError):  # it was forged before
                damage(random, path)
        elif path.suffix == ".json" and random.random() < 0.8:
            try:
                forged_summary(random, path)
            except (EOFError, MemoryError, OSError, ValueError):  # it was forged before
                damage(random, path)
        else:
            damage(random, path)


def outside(folder: Path) -> dict[str, str]:
    """What lies in the working folder beside the forged result: names and contents."""
    files = (
        path for path in folder.rglob("*") if path.is_file() and "forged" not in path.relative_to(folder).parts[:1]
    )
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


def try_result(random: Random, before: dict[str, str]) -> tuple[str, str]:
    """Forge a result and open it in three ways: the outcome, and what is wrong."""
    forge(random, Path("forged"))
    Path("forged/thesis.tex").write_text("years of work", encoding="utf-8")
    own = {str(path) for path in Path("forged").rglob("*")}
    outcome = []
    for arguments in (
        ("export", "forged", "a.png"),
        ("inspect", "forged", "--json"),
        ("run", "case.toml", "--out=forged", "--force"),
    ):
        code, said = called(*arguments)
        outcome.append(str(code))
        if "internal error" in said:
            return "internal error", f"{arguments[0]}: {said[-300:]}"
    Path("a.png").unlink(missing_ok=True)
    if {str(path) for path in Path("forged").rglob("*")} != own:
        return (
            "changed",
            f"files of the forged folder changed: {own ^ {str(path) for path in Path('forged').rglob('*')}}",
        )
    if outside(Path()) != before:
        return "changed", "files beside the forged folder changed"
    return f"export {outcome[0]}, inspect {outcome[1]}, run --force {outcome[2]}", ""


def try_cache(random: Random, cache: Path, expected: bytes) -> tuple[str, str]:
    """Damage a copy of a cache, and run with it."""
    copy = Path("cache copy")
    shutil.copytree(cache, copy)
    files = sorted(path for path in copy.rglob("*") if path.is_file())
    for path in random.sample(files, random.randint(1, 4)):
        damage(random, path)
    command = [sys.executable, "-c", "import sys; from errsurf.cli import main; sys.exit(main())"]
    done = subprocess.run(
        [*command, "run", "case.toml", "--out=cached", "--no-pictures", "--quiet"],
        env=os.environ | {"ERRSURF_CACHE": str(copy.absolute())},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    found = Path("cached/1-fast/position.npy").read_bytes() if done.returncode == 0 else b""
    for folder in (copy, Path("cached")):
        shutil.rmtree(folder, ignore_errors=True)
    if found != expected:
        return "cache: wrong", f"cache: code {done.returncode}: {done.stderr[-300:]}"
    return "cache: same bytes", ""


def main(results: int, caches: int, seed: int) -> int:
    """All of it; the number of failures."""
    random, seen, failures = Random(seed), Counter[str](), 0
    np.seterr(all="ignore")
    folder, cache = (Path(tempfile.mkdtemp(prefix=prefix)) for prefix in ("forged-", "kernels-"))
    with chdir(folder):
        Path("case.toml").write_text(SCENARIO, encoding="utf-8")
        os.environ["ERRSURF_CACHE"] = str(cache)
        assert called("run", "case.toml", "--out=sound")[0] == 0
        before = outside(folder)
        expected = Path("sound/1-fast/position.npy").read_bytes()
        for k in range(results + caches):
            try:
                if k < results:
                    shutil.copytree("sound", "forged")
                    outcome, wrong = try_result(random, before)
                else:
                    outcome, wrong = try_cache(random, cache, expected)
            except Exception as error:
                outcome, wrong = "traceback", f"{type(error).__name__}: {str(error)[:300]}"
            seen[outcome] += 1
            if wrong:
                failures += 1
                kept = Path(tempfile.gettempdir(), f"forged-{seed}-{k}")
                if Path("forged").exists():
                    shutil.copytree(
                        "forged",
                        kept,
                        symlinks=True,
                        ignore=shutil.ignore_patterns("*.fifo"),
                        dirs_exist_ok=True,
                        copy_function=lambda a, b: shutil.copy2(a, b) if Path(a).is_file() else None,
                    )
                sys.stdout.write(f"{wrong}: {kept}\n")
                sys.stdout.flush()
            shutil.rmtree("forged", ignore_errors=True)
    for each in (folder, cache):
        shutil.rmtree(each)
    for name, number in sorted(seen.items()):
        sys.stdout.write(f"{number:9,}  {name}\n")
    return failures


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:4]]
    sys.exit(main(*given, *(2_000, 200, 1)[len(given) :]) > 0)
