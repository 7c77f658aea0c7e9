"""Break errsurf in small ways, one at a time, and see whether its tests notice; the table is in docs/trust.md.

``nice python tests/campaigns/mutants.py GROUP [MUTANTS] [SEED]``: mutants of the files of a GROUP, at most so
many of each file (0: all), drawn with a seed.  ``... GROUP again FILE`` tries those that FILE, the
output of a campaign, names.  Survivors are printed with file and line; ``equivalent_mutants.toml`` beside this file
lists those that no test can tell from the code, each with the reason.

The tests of a group run once, traced.  Then each mutant is written into a copy of the package, and a fork of this
process, which has loaded all that does not import the group's files, runs the tests: first those that run the changed
line, then the others, each time the quickest first, until one fails.
"""

import os
import pickle
import resource
import shutil
import signal
import sys
import threading
import tomllib
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import process_time
from types import FrameType
from typing import Any, NamedTuple

import grimp
import pytest
from mutant_changes import Mutant, mutants

ROOT = Path(__file__).parents[2]
FOLDERS = {"simulator": "", "surfaces": "surfaces", "gpu": "gpu", "web": "web", "scenarios": "scenarios"}
# Processor time of one run of tests, so that a busy machine does not pass for a mutant that hangs; and memory.
SECONDS, BYTES = 240, 8 << 30
NO_CODE = shutil.ignore_patterns("__pycache__")
DEFAULTS = "tests/test_docs.py::test_the_scenario_page_is_written_from_the_records"


class Group(NamedTuple):
    """Files, and the tests that should notice; where kernels are made of the files, lines run unseen."""

    files: tuple[str, ...]
    tests: tuple[str, ...]
    options: tuple[str, ...] = ()
    kernels: bool = False


GROUPS = {
    "optimizers": Group(
        ("simulator/optimizers/[a-z]*.py",),
        ("tests/test_optimizers_torch.py", "tests/test_optimizers_conformance.py", DEFAULTS,
         "tests/test_second_order_rules.py", "tests/test_second_order.py", "tests/test_langevin.py",
         "tests/test_scenario_changes.py", "tests/test_overlays_particles.py", "tests/test_recorded_parts.py"),
        ("-k", "not compiled or second_order"), kernels=True,
    ),
    "wrappers": Group(("simulator/wrappers/[a-z]*.py",), ("tests/test_wrappers.py", DEFAULTS), kernels=True),
    "schedules": Group(("simulator/schedules/*.py",), ("tests/test_schedules.py", "tests/test_scenario_schedules.py")),
    "sampling": Group(
        ("simulator/sampling/*.py",),
        ("tests/test_batches.py", "tests/test_philox.py", "tests/test_sampling.py", "tests/test_landscape.py"),
        kernels=True,
    ),
    "statistics": Group(
        ("simulator/statistics/[a-z]*.py",),
        ("tests/test_claims_statistics.py", "tests/test_statistics_closed_forms.py", "tests/test_measures.py",
         "tests/test_regions.py", "tests/test_survival.py"),
    ),
    "measures": Group(
        ("simulator/measures/*.py", "simulator/claims/*.py"),
        ("tests/test_measures.py", "tests/test_measures_intervals.py", "tests/test_survival.py", "tests/test_claims.py",
         "tests/test_claims_statistics.py", "tests/test_statistics_closed_forms.py", "tests/test_measure_command.py",
         "tests/test_seeds.py", "tests/test_repeating.py",
         "tests/test_talk.py::test_of_several_rivals_the_closest_is_told"),
    ),
    "analysis": Group(
        ("simulator/analysis/*.py",),
        ("tests/test_searches.py", "tests/test_searches_parts.py", "tests/test_analysis.py", "tests/test_landscape.py",
         "tests/test_where.py", "tests/test_numbers.py", "tests/test_expression_domain.py"),
    ),
    "drawing": Group(
        ("simulator/drawing/layout/*.py", "simulator/drawing/history/*.py", "simulator/drawing/panel/*.py",
         "simulator/drawing/map/*.py", "simulator/drawing/charts/[a-z]*.py", "simulator/drawing/lettering/*.py"),
        ("tests/test_drawing_formulas.py", "tests/test_drawing_marks.py", "tests/test_drawing_scales.py",
         "tests/test_drawing_layout.py", "tests/test_drawing_history.py", "tests/test_drawing_maps.py",
         "tests/test_drawing_places.py", "tests/test_drawing_panel.py", "tests/test_drawing_lettering.py",
         "tests/test_drawing_numbers.py", "tests/test_drawing.py",
         "tests/test_charts.py", "tests/test_charts_facts.py", "tests/test_charts_room.py",
         "tests/test_drawing_text.py", "tests/test_overlays.py",
         "tests/test_trajectory.py", "tests/test_where.py", "tests/test_one_scene.py",
         "tests/test_paths.py", "tests/test_profile.py", "tests/test_relief.py", "tests/test_map_surface.py",
         "tests/test_golden_frames.py"),
    ),
}  # fmt: skip


def installed(folder: Path) -> None:
    """Make a copy of the package and its tests, in which files are replaced."""
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / target(ROOT / name), dirs_exist_ok=True, ignore=NO_CODE)
    for name in ("tests", "docs", "examples"):
        shutil.copytree(ROOT / name, folder / name, ignore=NO_CODE)
    for name in ("pyproject.toml", "README.md", "CHANGES.md"):
        shutil.copyfile(ROOT / name, folder / name)


def target(file: Path) -> Path:
    """Where a file of the repository lies in the copy."""
    name, *rest = file.relative_to(ROOT).parts
    return Path("errsurf", FOLDERS[name], *rest)


class Seen:
    """A plugin of pytest: the processor time of each test, the lines that it runs in files, and what was loaded."""

    def __init__(self, files: set[str], out: Path) -> None:
        self.files, self.out = files, out
        self.seconds: dict[str, float] = {}
        self.tests: dict[tuple[str, int], set[str]] = {}
        self.now = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        """Trace a test."""
        self.now, start = item.nodeid, process_time()
        for of in (sys, threading):
            of.settrace(self.call)
        try:
            return (yield)
        finally:
            for of in (sys, threading):
                of.settrace(None)  # type: ignore[arg-type]
            self.seconds[item.nodeid] = process_time() - start

    def call(self, frame: FrameType, *_: object) -> Callable[..., Any] | None:
        """Follow functions of the files."""
        return self.line if frame.f_code.co_filename in self.files else None

    def line(self, frame: FrameType, *_: object) -> Callable[..., Any]:
        """Note a line."""
        self.tests.setdefault((frame.f_code.co_filename, frame.f_lineno), set()).add(self.now)
        return self.line

    def pytest_sessionfinish(self) -> None:
        """Leave what was seen."""
        self.out.write_bytes(pickle.dumps((self.seconds, self.tests, list(sys.modules))))


class Picked:
    """A plugin of pytest: some tests only, or all but some, the quickest files and tests first."""

    def __init__(self, seconds: dict[str, float], picked: Callable[[str], bool]) -> None:
        self.seconds, self.picked = seconds, picked

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Choose and sort."""
        items[:] = [item for item in items if self.picked(item.nodeid)]
        files: dict[str, float] = {}
        for item in items:
            files[_file(item.nodeid)] = files.get(_file(item.nodeid), 0.0) + self.seconds.get(item.nodeid, 0.0)
        items.sort(key=lambda item: (files[_file(item.nodeid)], _file(item.nodeid), self.seconds.get(item.nodeid, 0.0)))


def _file(name: str) -> str:
    """The file of a test."""
    return name.partition("::")[0]


def _load(name: str) -> None:
    with suppress(Exception):
        import_module(name)


def forked(work: Callable[[], int]) -> int:
    """What is returned in a fork; the negative number of a signal that ends it."""
    if pid := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    status = 9
    try:
        status = int(work())
    finally:
        os._exit(status)


def run(folder: Path, tests: Iterable[str], plugin: object, seconds: int = SECONDS) -> int:
    """How pytest ends in a fork; the negative number of a signal where it takes too long."""

    def work() -> int:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_DATA, (BYTES, BYTES))
        signal.alarm(10 * seconds)
        os.chdir(folder)
        for each in (0, 1, 2):
            os.dup2(os.open(os.devnull, os.O_RDWR), each)
        return pytest.main(["-x", "-p", "no:cacheprovider", *tests], plugins=[plugin])

    return forked(work)


class Campaign:
    """A group's tests, traced, in a process that has loaded what they need and what does not import the files."""

    def __init__(self, folder: Path, group: Group) -> None:
        self.folder, self.group = folder, group
        self.files = sorted({each for pattern in group.files for each in ROOT.glob(pattern)})
        out = folder / "seen.pickle"
        if run(
            folder,
            (*group.tests, *group.options),
            Seen({str(folder / target(each)) for each in self.files}, out),
            20 * SECONDS,
        ):
            raise SystemExit("the tests fail without a mutant")
        self.seconds, self.tests, loaded = pickle.loads(out.read_bytes())
        self.load(loaded)
        # A mutant may be as long and as old as what was compiled before.
        for cache in folder.glob("errsurf/**/__pycache__"):
            for file in self.files:
                for code in cache.glob(f"{file.stem}.*"):
                    code.unlink()
        sys.dont_write_bytecode, os.environ["PYTHONDONTWRITEBYTECODE"] = True, "1"
        if not self.passes(group.tests, lambda name: self.seconds.get(name, 1.0) < 1.0):
            raise SystemExit("the tests fail in a fork, without a mutant")

    def load(self, names: Iterable[str]) -> None:
        """Load the modules among these that do not import the files, and are no tests."""
        graph = grimp.build_graph("errsurf", exclude_type_checking_imports=True, cache_dir=None)
        own = {".".join(target(file).with_suffix("").parts).removesuffix(".__init__") for file in self.files}
        own |= {name for each in own for name in graph.find_downstream_modules(each)}
        for name in names:
            parts = name.split(".")
            parents = {".".join(parts[: k + 1]) for k in range(len(parts))}
            if parents & own or parts[0].startswith(("test_", "conftest", "helpers", "__")):
                continue
            # Records are found in folders, which the graph does not know.
            if parts[0] != "errsurf" or not forked(lambda name=name: bool(_load(name) or own & set(sys.modules))):
                _load(name)

    def passes(self, files: Iterable[str], picked: Callable[[str], bool] = bool) -> bool:
        """Whether the picked tests of these files pass; False, and a word, if they take too long."""
        found = run(self.folder, (*files, *self.group.options), Picked(self.seconds, picked))
        if found < 0:
            print(f"ended by signal {-found}:", end=" ", flush=True)  # noqa: T201
        return found in (0, 5)

    def survives(self, mutant: Mutant) -> bool:
        """Whether tests pass with a mutant: those that run its line, then those that may depend on it otherwise."""
        at = self.folder / target(mutant.file)
        on_line = self.tests.get((str(at), mutant.line), set())
        in_file = {name for (file, _), names in self.tests.items() if file == str(at) for name in names}
        everything = self.group.kernels or not on_line
        text = at.read_text(encoding="utf-8")
        at.write_text(mutant.source(text), encoding="utf-8")
        try:
            if on_line and not self.passes(sorted(set(map(_file, on_line))), on_line.__contains__):
                return False
            if everything:
                return self.passes(self.group.tests, lambda name: name not in on_line)
            return in_file <= on_line or self.passes(sorted(set(map(_file, in_file))), (in_file - on_line).__contains__)
        finally:
            at.write_text(text, encoding="utf-8")


def picked(files: list[Path], most: str, seed: str) -> tuple[int, list[Mutant]]:
    """How many mutants files have, and those to be tried, in random order."""
    found = {file: list(mutants(file)) for file in files}
    there = [mutant for each in found.values() for mutant in each]
    if most == "again":
        named = Path(seed).read_text(encoding="utf-8")
        return len(there), [mutant for mutant in there if mutant.change in named and _name(mutant.file) in named]
    draw = Random(int(seed))
    tried = [mutant for each in found.values() for mutant in draw.sample(each, min(int(most) or len(each), len(each)))]
    return len(there), draw.sample(tried, len(tried))


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def main(name: str, most: str = "6", seed: str = "0") -> None:
    """Print the survivors of a group, and a line of counts."""
    listed = tomllib.loads((Path(__file__).parent / "equivalent_mutants.toml").read_text(encoding="utf-8"))
    count = equivalent = survive = 0
    with TemporaryDirectory() as place, suppress(KeyboardInterrupt):
        folder = Path(place).resolve()
        installed(folder)
        sys.path[:0] = paths = [str(folder), str(folder / "tests")]
        os.environ |= {"PYTHONPATH": os.pathsep.join(paths), "PYTHONSAFEPATH": "1"}
        # pytest would warn that its other plugins are loaded already.
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        campaign = Campaign(folder, GROUPS[name])
        there, tried = picked(campaign.files, most, seed)
        for mutant in tried:
            known = mutant.change in listed.get(_name(mutant.file), ())
            if not known and campaign.survives(mutant):
                survive += 1
                print(f"{_name(mutant.file)}:{mutant.line}: {mutant.change}", flush=True)  # noqa: T201
            count, equivalent = count + 1, equivalent + known
            counts = f"{count} of {there} mutants, {equivalent} equivalent, {survive} survive"
            print(f"{name}: {counts}", end="\r", flush=True)  # noqa: T201
    print()  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
