"""What a run needs is reckoned before anything is allocated, and said with what to lower."""

import re
import sys
import tracemalloc
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest

from errsurf import simulate
from errsurf.batch_times.measuring import batch_times
from errsurf.engine.size import check_size, recorded_frames, run_size
from errsurf.errors import TooLargeError
from errsurf.run_analysis.basin_map import basins
from errsurf.run_analysis.inspection import inspect
from errsurf.scenario import Scenario, read_scenario
from errsurf.system.memory import available_memory, in_words
from helpers.command_line import SMALL, TWO_GROUPS, process

Disk = namedtuple("Disk", "total used free")
GB = 10**9


def scenario(folder: Path, text: str = SMALL, **changes: object) -> Scenario:
    file = folder / "small.toml"
    file.write_text(text, encoding="utf-8")
    return read_scenario(file, {key.replace("__", "."): value for key, value in changes.items()})


@pytest.mark.parametrize("frames", [2, 7, 13, 500, "all"])
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_frames_take_what_was_reckoned(tmp_path: Path, frames: int | str, precision: str) -> None:
    read = scenario(tmp_path, TWO_GROUPS, run__frames=frames, run__precision=precision)
    result = simulate(read)
    arrays = (array for group in result.groups for array in (group.position, group.train_loss, group.test_loss))
    assert sum(array.nbytes for array in arrays) == run_size(read).frames
    assert [len(group.update) for group in result.groups] == [recorded_frames(read, 12)] * 2


@pytest.mark.parametrize("key", ["swarm__particles", "run__updates", "surface__examples", "surface__test__examples"])
def test_memory_grows_with_every_setting(tmp_path: Path, key: str) -> None:
    sizes = [run_size(scenario(tmp_path, **{key: count})).memory for count in (10**6, 2 * 10**6, 4 * 10**6)]
    assert np.diff(sizes)[1] == pytest.approx(2 * np.diff(sizes)[0])
    assert np.diff(sizes)[0] >= 10**6 * 8


@pytest.mark.parametrize(("kind", "precision"), [("sgd", "float32"), ("adam", "float64")])
def test_a_particle_takes_no_more_than_was_reckoned_and_not_much_less(
    tmp_path: Path, kind: str, precision: str
) -> None:
    """By the growth of the peak from 100,000 particles to 200,000."""
    few, some, more = (
        scenario(tmp_path, optimizer__kind=kind, run__precision=precision, swarm__particles=particles)
        for particles in (10, 100_000, 200_000)
    )
    simulate(few)  # compiles
    measured = _peak(more) - _peak(some)
    assert measured <= sum(run_size(more)) - sum(run_size(some)) <= 3 * measured


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"swarm__particles": 10**9}, "lower swarm.particles (now 1,000,000,000)"),
        ({"run__updates": 10**9}, "lower run.updates (now 1,000,000,000)"),
        ({"run__epochs": 10**9}, "lower run.epochs (now 1,000,000,000)"),
        ({"surface__examples": 10**9}, "lower surface.examples (now 1,000,000,000)"),
        ({"surface__test__examples": 10**9}, "lower surface.test.examples (now 1,000,000,000)"),
        ({"run__epochs": 10**9, "optimizer__batch": 1, "surface__examples": 10**9}, "lower run.epochs"),
    ],
)
def test_too_much_memory_names_its_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], words: str
) -> None:
    monkeypatch.setattr("errsurf.engine.size.available_memory", lambda: 8 * GB)
    with pytest.raises(TooLargeError, match="of memory, and 8 GB are free") as error:
        check_size(scenario(tmp_path, **changes), tmp_path)
    assert str(error.value).endswith(words) or words in str(error.value)
    assert str(error.value).startswith("small: needs about ")


def test_frames_in_memory_count_only_without_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = scenario(tmp_path, swarm__particles=10**6, run__updates=999, run__frames="all")
    monkeypatch.setattr("errsurf.engine.size.available_memory", lambda: 2 * GB)
    monkeypatch.setattr("shutil.disk_usage", lambda _: Disk(10**13, 0, 10**13))
    check_size(read, tmp_path)
    with pytest.raises(TooLargeError, match=r"swarm.particles \(now 1,000,000\) or run.frames \(now 1,000\)"):
        check_size(read, None)
    with pytest.raises(TooLargeError):
        simulate(read)


def test_too_much_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = scenario(tmp_path, swarm__particles=1000, run__updates=999, run__frames="all")
    need = run_size(read).frames
    monkeypatch.setattr("shutil.disk_usage", lambda _: Disk(GB, 0, need))
    check_size(read, tmp_path / "not/yet/there")
    monkeypatch.setattr("shutil.disk_usage", lambda _: Disk(GB, 0, need - 1))
    with pytest.raises(TooLargeError, match=r"12 MB.*lower swarm.particles \(now 1,000\) or run.frames \(now 1,000\)"):
        check_size(read, tmp_path / "not/yet/there")
    monkeypatch.setattr("shutil.disk_usage", lambda _: Disk(0, 0, 0))
    check_size(read, tmp_path)


def test_nothing_is_allocated_before_the_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn(*_: object) -> None:
        raise AssertionError("examples were drawn")

    monkeypatch.setattr("errsurf.run.simulation.problem", drawn)
    with pytest.raises(TooLargeError):
        simulate(scenario(tmp_path, surface__examples=10**9, swarm__particles=10**9))


@pytest.mark.parametrize(
    ("changes", "size", "seeds", "words"),
    [
        ({}, 2048, 1000, r"lower --seeds \(now 1,000\)"),
        ({}, (2048, 16), 100_000, r"lower --seeds \(now 100,000\)"),
        ({}, 100_000, 1, r"lower --size \(now 100,000\)"),
        ({"surface__examples": 10**9}, 16, 1, r"lower surface.examples \(now 1,000,000,000\)"),
        ({"run__updates": 10**9}, 16, 1, r"lower run.updates \(now 1,000,000,000\)"),
    ],
)
def test_maps_are_reckoned_before_anything_is_allocated(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, object],
    size: int | tuple[int, int],
    seeds: int,
    words: str,
) -> None:
    monkeypatch.setattr("errsurf.engine.size.available_memory", lambda: 8 * GB)
    monkeypatch.setattr("errsurf.engine.landscape.problem", _drawn)
    with pytest.raises(TooLargeError, match=words):
        basins(scenario(tmp_path, optimizer__batch=1, **changes), size, seeds)


def test_seeds_of_groups_in_which_nothing_is_random_take_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("errsurf.engine.size.available_memory", lambda: GB // 10)
    assert len(basins(scenario(tmp_path, run__updates=1), 16, 10**6).groups[0].ends) == 1


def test_surfaces_and_batches_are_reckoned_before_anything_is_allocated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("errsurf.engine.size.available_memory", lambda: 8 * GB)
    monkeypatch.setattr("errsurf.engine.landscape.problem", _drawn)
    large = scenario(tmp_path, surface__examples=10**8)
    with pytest.raises(TooLargeError, match=r"lower surface.examples \(now 100,000,000\)"):
        inspect(large)
    with pytest.raises(TooLargeError, match=r"lower run.epochs \(now 1,000\)"):
        batch_times(scenario(tmp_path, surface__examples=10**6), epochs=1000)


def _drawn(*_: object) -> None:
    raise AssertionError("examples were drawn")


def _peak(scenario: Scenario) -> int:
    """The most bytes that arrays of a run take at once."""
    tracemalloc.start()
    try:
        simulate(scenario)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_available_memory_is_plausible() -> None:
    free = available_memory()
    assert free is None or 10**7 < free < 10**15


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (12_345, "12.3 kB"), (8 * 10**13, "80 TB")]
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert in_words(size) == words


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_limit_of_the_process_is_less_memory(tmp_path: Path) -> None:
    """With ``ulimit -v``, a run that does not fit is refused before it begins, not when memory is out."""
    script = (
        "import resource, sys; from errsurf.cli import main; resource.setrlimit(resource.RLIMIT_AS, (3 << 30,) * 2);"
        "sys.exit(main())"
    )
    running = process("run", "saddle_escape", "--particles", 10**7, folder=tmp_path, script=script)
    _, said = running.communicate()
    assert running.returncode == 2
    assert re.search(r"needs about \S+ GB of memory, and [\d.]+ [GM]B are free; lower swarm.particles", said)


@pytest.mark.skipif(sys.platform == "win32", reason="a working folder cannot be removed")
def test_a_working_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    script = "import os, sys; os.rmdir(os.getcwd()); from errsurf.cli import main; sys.exit(main())"
    running = process("run", "saddle_escape", "--quiet", folder=tmp_path / "gone", script=script)
    _, said = running.communicate()
    assert running.returncode in (1, 2)
    assert "the working folder does not exist any more" in said
