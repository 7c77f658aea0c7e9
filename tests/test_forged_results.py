"""A result folder may come from anybody: what no run writes is refused in one sentence that names the file."""

import json
import os
import resource
import shutil
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from errsurf.engine.landscape import surface
from errsurf.errors import FolderError, UserError
from errsurf.results.folder import open_result
from errsurf.results.run import run_scenario
from errsurf.scenario import read_scenario
from helpers.command_line import TWO_GROUPS

Forge = Callable[[Path], object]
SLOW = "0-slow"
RECORD = {"run.record": ["gradient"]}


@pytest.fixture(scope="module", name="made")
def made_result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two groups of 16 particles, 12 updates, 5 frames."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "small.toml").write_text(TWO_GROUPS, encoding="utf-8")
    run_scenario(read_scenario(folder / "small.toml", RECORD), folder / "result", pictures=False)
    return folder / "result"


@pytest.fixture(name="folder")
def copied_result(made: Path, tmp_path: Path) -> Path:
    """A copy of it that may be damaged."""
    return Path(shutil.copytree(made, tmp_path / "result"))


def saved(name: str, array: Any, **options: Any) -> tuple[str, Forge]:
    return name, lambda path: np.save(path, array, **options)


def written(name: str, content: bytes | str) -> tuple[str, Forge]:
    return name, lambda path: path.write_bytes(content if isinstance(content, bytes) else content.encode())


def header(text: str, version: bytes = b"\x01\x00", length: int | None = None) -> bytes:
    """The beginning of an .npy file."""
    size = (len(text) if length is None else length).to_bytes(2 if version == b"\x01\x00" else 4, "little")
    return b"\x93NUMPY" + version + size + text.encode()


def shaped(shape: str, descr: str = "'<i8'", order: str = "False") -> str:
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n"


def changed(name: str, change: Callable[[Any], object]) -> tuple[str, Forge]:
    """An array with other values, of the same type and shape unless the change gives it another."""

    def forge(path: Path) -> None:
        array = np.load(path)
        found = change(array)
        np.save(path, array if found is None else found)

    return name, forge


def summary(**changes: Any) -> tuple[str, Forge]:
    def forge(path: Path) -> None:
        path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")

    return "summary.json", forge


def put(index: Any, value: Any) -> Callable[[Any], None]:
    def change(array: Any) -> None:
        array[index] = value

    return change


ARRAYS = [
    *(changed(f"{SLOW}/{name}.npy", lambda array: array[:-1]) for name in ("examples_seen", "lr", "position")),
    *(changed(f"{SLOW}/{name}.npy", lambda array: array[:, :-1]) for name in ("train_loss", "test_loss", "gradient")),
    changed(f"{SLOW}/diverged.npy", lambda array: np.append(array, -1)),
    changed(f"{SLOW}/position.npy", lambda array: array.astype(np.float64)),
    changed(f"{SLOW}/position.npy", lambda array: array.astype(">f4")),
    changed(f"{SLOW}/position.npy", lambda array: array.astype(np.complex64)),
    changed(f"{SLOW}/position.npy", lambda array: np.asfortranarray(array)),
    changed(f"{SLOW}/position.npy", lambda array: array[..., None]),
    changed(f"{SLOW}/update.npy", lambda array: array.astype(np.float64)),
    changed(f"{SLOW}/update.npy", lambda array: array.astype(">i8")),
    changed(f"{SLOW}/update.npy", lambda array: array.astype("U8")),
    changed(f"{SLOW}/update.npy", lambda array: array.astype([("a", "<i8")])),
    changed(f"{SLOW}/update.npy", lambda array: array[2]),
    changed(f"{SLOW}/update.npy", lambda array: array[:0]),
    saved(f"{SLOW}/update.npy", np.array([0, 3, 6, 9, print], object), allow_pickle=True),
    changed(f"{SLOW}/update.npy", put(0, -1)),
    changed(f"{SLOW}/update.npy", put(3, 6)),
    changed(f"{SLOW}/update.npy", put(-1, 13)),
    changed(f"{SLOW}/update.npy", put(-1, 2**62)),
    changed(f"{SLOW}/examples_seen.npy", put(1, 10**15)),
    changed(f"{SLOW}/diverged.npy", put(0, -2)),
    changed(f"{SLOW}/diverged.npy", put(0, 13)),
    changed(f"{SLOW}/watched.npy", put(-1, 16)),
    changed(f"{SLOW}/watched.npy", put(0, -1)),
    changed(f"{SLOW}/loss_particles.npy", put(-1, 16)),
    changed(f"{SLOW}/loss_particles.npy", put(1, 0)),
    changed(f"{SLOW}/position.npy", put((0, 0, 0), np.nan)),
    changed(f"{SLOW}/position.npy", put((-1, -1, 1), np.inf)),
]
FILES = [
    written(f"{SLOW}/update.npy", header(shaped("(10**15,)"))),
    written(f"{SLOW}/update.npy", header(shaped(f"({10**15},)")) + bytes(40)),
    written(f"{SLOW}/update.npy", header(shaped("(5,)")) + bytes(39)),
    written(f"{SLOW}/update.npy", header(shaped("(5,)")) + bytes(41)),
    written(f"{SLOW}/update.npy", header(shaped("(-5,)")) + bytes(40)),
    written(f"{SLOW}/update.npy", header(shaped("(5,)", "__import__('os').mkdir('code')")) + bytes(40)),
    written(f"{SLOW}/update.npy", header("(" * 9000) + bytes(40)),
    written(f"{SLOW}/update.npy", header(shaped("(5,)"), b"\x03\x00") + bytes(40)),
    written(f"{SLOW}/update.npy", header(shaped("(5,)"), b"\x02\x00", 2**32 - 1)),
    written(f"{SLOW}/update.npy", b"PK\x03\x04"),
    written(f"{SLOW}/position.npy", header(shaped(f"({10**15}, 16, 2)", "'<f4'"))),
    written("summary.json", "[" * 100_000),
    written("summary.json", '{"a": ' * 1000 + "1" + "}" * 1000),
    written("summary.json", '{"wall_time": ' + "9" * 5000 + "}"),
    written("summary.json", b"\xff\xfe"),
    ("summary.json", lambda path: os.truncate(path, 2**30)),
    summary(wall_time="1"),
    summary(wall_time=float("nan")),
    summary(wall_time=True),
    summary(device=["cpu"]),
    summary(device="\x1b[2J"),
    summary(complete="yes"),
    summary(groups={}),
    summary(groups=[1, 2]),
    summary(groups=[{}]),
    summary(groups=[{}, {"seconds": "1"}]),
    summary(groups=[{}, {"seconds": float("inf")}]),
]
KINDS = [
    (f"{SLOW}/lr.npy", os.mkfifo),
    (f"{SLOW}/lr.npy", Path.mkdir),
    (f"{SLOW}/lr.npy", lambda path: path.symlink_to(path)),
    (f"{SLOW}/lr.npy", lambda path: path.symlink_to("../../outside.npy")),
    (SLOW, lambda path: path.symlink_to("../outside")),
    ("summary.json", lambda path: path.symlink_to("../outside.json")),
    ("scenario.toml", lambda path: path.symlink_to("../outside.toml")),
    ("scenario.toml", os.mkfifo),
]


def refused(folder: Path, name: str) -> None:
    """One sentence that names the file; nothing in the folder or beside it has changed."""
    before = listing(folder.parent)
    with pytest.raises(FolderError) as error:
        open_result(folder)
    assert f"not a complete result folder ({name}" in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < len(str(folder)) + 300
    assert listing(folder.parent) == before


def listing(folder: Path) -> list[tuple[str, int, int]]:
    found = ((path, path.lstat()) for path in sorted(folder.rglob("*")))
    return [(str(path), stat.st_size, stat.st_mtime_ns) for path, stat in found]


@pytest.fixture
def little_memory() -> Iterator[None]:
    """A limit on the address space: what is declared cannot be allocated."""
    limits = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + 2**28, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, limits)


def test_what_a_run_wrote_is_opened(folder: Path) -> None:
    result = open_result(folder)
    assert [group.parts["gradient"].shape for group in result.groups] == [(5, 16, 2)] * 2
    assert all(group.seconds > 0 for group in result.groups)


@pytest.mark.parametrize(("name", "forge"), ARRAYS, ids=range(len(ARRAYS)))
def test_arrays_that_no_run_leaves(folder: Path, name: str, forge: Forge) -> None:
    forge(folder / name)
    refused(folder, name)


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize(("name", "forge"), FILES, ids=range(len(FILES)))
def test_files_that_no_run_leaves(folder: Path, name: str, forge: Forge) -> None:
    forge(folder / name)
    refused(folder, name)
    assert not Path("code").exists()


@pytest.mark.parametrize(("name", "forge"), KINDS, ids=range(len(KINDS)))
def test_only_regular_files_in_the_folder_are_opened(made: Path, folder: Path, name: str, forge: Forge) -> None:
    beside = folder.parent
    shutil.copytree(made / SLOW, beside / "outside")
    for file in (f"{SLOW}/lr.npy", "summary.json", "scenario.toml"):
        shutil.copyfile(made / file, beside / f"outside{Path(file).suffix}")
    path = folder / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    forge(path)
    refused(folder, f"{SLOW}/" if name == SLOW else name)


def test_examples_that_the_memory_cannot_hold(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("errsurf.engine.size.available_memory", lambda: 10**9)
    text = (folder / "scenario.toml").read_text(encoding="utf-8")
    (folder / "scenario.toml").write_text(text.replace("examples = 20", "examples = 1000000000"))
    with pytest.raises(UserError, match=r"lower surface.examples \(now 1,000,000,000\)"):
        open_result(folder)
    with pytest.raises(UserError, match=r"lower surface.test.examples \(now 500,000,000\)"):
        surface("saddle", test={"examples": 5 * 10**8})


def test_arrays_that_the_memory_cannot_hold(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("errsurf.results.stored.available_memory", lambda: 100)
    refused(folder, f"{SLOW}/loss_particles.npy: needs 128 B of memory")


def test_frames_that_are_not_finite_in_between_are_drawn(folder: Path) -> None:
    from errsurf.drawing import PictureRequest, write_picture

    np.load(folder / f"{SLOW}/position.npy", mmap_mode="r+")[2, ::2] = (np.nan, 3e38)
    result = open_result(folder, {"picture.size": [240, 240], "picture.seconds": 0.1})
    for name in ("a.gif", "a.html"):
        write_picture(PictureRequest(result, (), None), folder.parent / name)
    assert BytesIO((folder.parent / "a.gif").read_bytes()).read(3) == b"GIF"
