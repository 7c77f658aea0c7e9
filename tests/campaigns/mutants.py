"""Break errsurf in small ways, one at a time, and see whether its tests notice; the table is in docs/trust.md.

``python tests/campaigns/mutants.py GROUP [MUTANTS] [SEED]``: mutants of the files of a GROUP, or of all groups with
``all``, at most so many of each file (0: all), drawn with a seed.  Each mutant runs the tests of its group until one
fails.  Those that survive are printed with file and line; ``equivalent_mutants.toml`` beside this file lists those that
no test can tell from the code, each with the reason.
"""

import ast
import os
import resource
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FOLDERS = {"simulator": "", "surfaces": "surfaces", "gpu": "gpu", "web": "web", "scenarios": "scenarios"}
# Processor time of one run of tests, so that a busy machine does not pass for a mutant that hangs.
SECONDS = 400

SWAPPED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.And: ast.Or, ast.Or: ast.And, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn,
    ast.NotIn: ast.In, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitOr, ast.LShift: ast.RShift,
    ast.RShift: ast.LShift, ast.USub: ast.UAdd,
}  # fmt: skip


class Group(NamedTuple):
    """Files, and the tests that should notice; ``{name}`` is a file's name without ending.

    ``more`` tests, which take longer, are run where the others notice nothing.
    """

    files: tuple[str, ...]
    tests: tuple[str, ...]
    more: tuple[str, ...] = ()


GROUPS = {
    "optimizers": Group(
        ("simulator/optimizers/[a-z]*.py",),
        ("tests/test_optimizers_torch.py", "tests/test_optimizers_conformance.py",
         "tests/test_second_order_rules.py", "-k", "({name} and not compiled) or second_order"),
        ("tests/test_second_order.py", "tests/test_overlays_particles.py", "tests/test_recorded_parts.py",
         "tests/test_langevin.py", "tests/test_scenario_changes.py", "tests/test_own_records.py"),
    ),
    "wrappers": Group(("simulator/wrappers/[a-z]*.py",), ("tests/test_wrappers.py",)),
    "schedules": Group(("simulator/schedules/*.py",), ("tests/test_schedules.py", "tests/test_scenario_schedules.py")),
    "sampling": Group(
        ("simulator/sampling/*.py",),
        ("tests/test_batches.py", "tests/test_philox.py", "tests/test_sampling.py", "tests/test_landscape.py"),
    ),
    "statistics": Group(
        ("simulator/statistics/[a-z]*.py",),
        ("tests/test_claims_statistics.py", "tests/test_statistics_closed_forms.py", "tests/test_measures.py",
         "tests/test_regions.py", "tests/test_survival.py"),
    ),
    "measures": Group(
        ("simulator/measures/*.py", "simulator/claims/*.py"),
        ("tests/test_measures.py", "tests/test_measures_intervals.py", "tests/test_survival.py", "tests/test_claims.py",
         "tests/test_claims_statistics.py", "tests/test_statistics_closed_forms.py", "tests/test_measure_command.py"),
        ("tests/test_seeds.py",),
    ),
    "analysis": Group(
        ("simulator/analysis/*.py",),
        ("tests/test_searches.py", "tests/test_analysis.py", "tests/test_landscape.py", "tests/test_where.py",
         "tests/test_numbers.py", "tests/test_expression_domain.py"),
    ),
    "drawing": Group(
        ("simulator/drawing/layout/*.py", "simulator/drawing/history/*.py", "simulator/drawing/panel/*.py",
         "simulator/drawing/map/*.py", "simulator/drawing/charts/[a-z]*.py", "simulator/drawing/lettering/*.py"),
        ("tests/test_drawing_formulas.py", "tests/test_drawing_marks.py", "tests/test_drawing_layout.py",
         "tests/test_drawing_numbers.py", "tests/test_drawing.py",
         "tests/test_charts.py", "tests/test_charts_room.py", "tests/test_drawing_text.py", "tests/test_overlays.py",
         "tests/test_trajectory.py", "tests/test_where.py", "tests/test_one_scene.py"),
        ("tests/test_paths.py", "tests/test_profile.py", "tests/test_relief.py", "tests/test_map_surface.py",
         "tests/test_golden_frames.py"),
    ),
}  # fmt: skip


class Mutant(NamedTuple):
    """A file with one change: ``line`` is where, ``change`` the line and what is changed in it, before and after."""

    file: Path
    line: int
    change: str
    source: str


def mutants(file: Path) -> Iterator[Mutant]:
    """Every mutant of a file."""
    text = file.read_text(encoding="utf-8")
    tree, lines = ast.parse(text), ["", *text.splitlines()]
    skipped = {id(part) for node in ast.walk(tree) for part in _unseen(node)}
    places = [node for node in ast.walk(tree) if id(node) not in skipped]
    for node in places:
        for variant in range(len(list(_changes(deepcopy(node))))):
            copy = deepcopy(tree)
            target = next(each for old, each in zip(ast.walk(tree), ast.walk(copy), strict=True) if old is node)
            before = ast.unparse(target)
            list(_changes(target))[variant]()
            after = ast.unparse(target)
            if before != after:
                line = getattr(node, "lineno", 0)
                yield Mutant(file, line, f"{lines[line].strip()}: {before} -> {after}", ast.unparse(copy))


def _unseen(node: ast.AST) -> Iterator[ast.AST]:
    """What is not mutated: types, imports, decorators, what is raised, and records, which say things."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from ast.walk(node)
    if isinstance(node, ast.AnnAssign):
        yield from ast.walk(node.annotation)
    if isinstance(node, ast.arg) and node.annotation:
        yield from ast.walk(node.annotation)
    if isinstance(node, ast.FunctionDef) and node.returns:
        yield from ast.walk(node.returns)
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        for each in node.decorator_list:
            yield from ast.walk(each)
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        yield from ast.walk(node)
    if isinstance(node, ast.Assert | ast.Raise) or ast.unparse(node).startswith("RECORD = "):
        yield from ast.walk(node)


def _changes(node: ast.AST) -> Iterator:
    """Functions that change a node in place, each in its own way."""
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign) and type(node.op) in SWAPPED:
        yield lambda: setattr(node, "op", SWAPPED[type(node.op)]())
    if isinstance(node, ast.UnaryOp) and type(node.op) in SWAPPED:
        yield lambda: setattr(node, "op", SWAPPED[type(node.op)]())
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPPED:
        yield lambda: node.ops.__setitem__(0, SWAPPED[type(node.ops[0])]())
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield lambda: setattr(node, "value", node.value + 1)
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield lambda: setattr(node, "value", not node.value)
    if isinstance(node, ast.IfExp | ast.If | ast.While):
        yield lambda: setattr(node, "test", ast.UnaryOp(ast.Not(), node.test))
    if isinstance(node, ast.Return) and node.value is not None:
        yield lambda: setattr(node, "value", ast.Constant(None))
    if isinstance(node, ast.Call) and len(node.args) > 1 and not _symmetric(node):
        yield lambda: node.args.insert(0, node.args.pop(1))


def _symmetric(node: ast.Call) -> bool:
    """Whether swapped arguments change nothing, or cannot be swapped."""
    name = ast.unparse(node.func).rpartition(".")[2]
    symmetric = ("max", "min", "maximum", "minimum", "fmax", "fmin", "hypot")
    return name in symmetric or isinstance(node.args[0], ast.Starred)


def installed(folder: Path) -> Path:
    """A copy of the package and its tests, in which files are replaced."""
    package = folder / "errsurf"
    for name, inside in FOLDERS.items():
        shutil.copytree(ROOT / name, package / inside, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("tests", "docs", "examples"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "CHANGES.md"):
        shutil.copyfile(ROOT / name, folder / name)
    return package


def passes(folder: Path, tests: tuple[str, ...]) -> bool:
    """Whether the tests pass in a copy; a mutant that takes too long is noticed, too."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join((str(folder), str(folder / "tests"))),
        "PYTHONSAFEPATH": "1",
    }
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    found = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=3600, preexec_fn=_limit)
    return found.returncode in (0, 5)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def target(package: Path, file: Path) -> Path:
    """Where a file of the repository lies in the copy."""
    name, *rest = file.relative_to(ROOT).parts
    return package.joinpath(FOLDERS[name], *rest)


def tried(group: Group, most: int, draw: Random, same: frozenset[tuple[str, str]]) -> tuple[int, int, int, int]:
    """Mutants there are, mutants tried, equivalent ones among them, and survivors, which are printed."""
    counts = [0, 0, 0, 0]
    with TemporaryDirectory() as place:
        folder = Path(place)
        package = installed(folder)
        for file in sorted({each for pattern in group.files for each in ROOT.glob(pattern)}):
            tests = tuple(text.format(name=file.stem) for text in group.tests)
            if not counts[1] and not (passes(folder, tests) and passes(folder, group.more or tests)):
                raise SystemExit(f"the tests of {file.relative_to(ROOT)} fail without a mutant")
            found = list(mutants(file))
            counts[0] += len(found)
            for mutant in draw.sample(found, min(most, len(found)) if most else len(found)):
                counts[1] += 1
                known = (str(file.relative_to(ROOT)), mutant.change) in same
                counts[2] += known
                if known:
                    continue
                at = target(package, file)
                at.write_text(mutant.source, encoding="utf-8")
                if passes(folder, tests) and (not group.more or passes(folder, group.more)):
                    counts[3] += 1
                    print(f"{file.relative_to(ROOT)}:{mutant.line}: {mutant.change}", flush=True)  # noqa: T201
                shutil.copyfile(file, at)
    return counts[0], counts[1], counts[2], counts[3]


def main(name: str, most: int = 6, seed: int = 0) -> None:
    """Print the survivors of one group or all, and a line of counts for each."""
    listed = tomllib.loads((Path(__file__).parent / "equivalent_mutants.toml").read_text(encoding="utf-8"))
    same = frozenset((file, change) for file, changes in listed.items() for change in changes)
    for each in GROUPS if name == "all" else [name]:
        there, count, equivalent, alive = tried(GROUPS[each], most, Random(seed), same)
        print(f"{each}: {count} of {there} mutants, {equivalent} equivalent, {alive} survive", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
