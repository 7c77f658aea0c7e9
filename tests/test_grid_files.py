"""Files of measured losses that cannot be used: said in words, before anything large is read, never a traceback."""

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from errsurf.engine.size import check_size, run_size
from errsurf.errors import DataFileError, ScenarioError, TooLargeError
from errsurf.scenario import scenario_from
from errsurf.surfaces import surface
from errsurf.surfaces.shared.measured import measured
from errsurf.surfaces.shared.npz import npz_text
from helpers.command_line import CommandLine

X, Y = np.linspace(-1, 1, 9), np.linspace(0, 2, 7)
LOSS = np.random.default_rng(0).normal(size=(5, 7, 9))
GOOD: dict[str, Any] = {"x": X, "y": Y, "loss": LOSS}
SCENARIO = """\
[surface]
kind = "grid"
data = "losses.npz"

[swarm]
particles = 16
start = "grid"

[run]
updates = 5
frames = 3

[[optimizer]]
kind = "sgd"
lr = 0.1
batch = 2
"""


def changed(array: NDArray[Any], at: Any, value: Any) -> NDArray[Any]:
    array = array.copy()
    array[at] = value
    return array


def npz(**arrays: Any) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def claimed(shape: tuple[int, ...], descr: str = "<f8", version: tuple[int, int] = (1, 0)) -> bytes:
    """An array file that says it has this shape and type, with a million zeros behind it."""
    stream = io.BytesIO()
    header = f"{{'descr': {descr!r}, 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    length = len(header).to_bytes(2 if version == (1, 0) else 4, "little")
    stream.write(b"\x93NUMPY" + bytes(version) + length + header + bytes(10**6))
    return stream.getvalue()


def with_member(name: str, content: bytes) -> bytes:
    """A good file in which one array's file holds something else."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for key, array in GOOD.items():
            part = io.BytesIO()
            np.save(part, array)
            archive.writestr(f"{key}.npy", content if key == name else part.getvalue())
    return stream.getvalue()


FAULTS: list[tuple[bytes, str]] = [
    (
        npz(**GOOD | {"loss": changed(LOSS, (2, 3, 4), np.nan)}),
        "`loss[2, 3, 4]` is nan, not a finite number, of 315 losses; keep only the part",
    ),
    (
        npz(**GOOD | {"loss": changed(LOSS, (slice(1, 3), 0, 0), np.inf)}),
        "`loss[1, 0, 0]` is inf, not a finite number, and 1 more, of 315 losses; ",
    ),
    (npz(**GOOD | {"x": X[::-1]}), "`x` does not increase: 1 at index 0 is followed by 0.75"),
    (npz(**GOOD | {"y": changed(Y, 3, Y[2])}), "`y` has 0.666667 twice, at index 2 and 3"),
    (npz(**GOOD | {"x": X**3}), "`x` is not evenly spaced: its steps are 0.015625 to 0.578125"),
    (npz(**GOOD | {"x": changed(X, 8, np.nan)}), "`x` has nan, not a finite number, at index 8"),
    (npz(**GOOD | {"x": X * 1e300}), "`x` has -1e+300, of a size above 1e+30, at index 0"),
    (
        npz(**GOOD | {"loss": LOSS.transpose(0, 2, 1)}),
        "`loss` has shape (5, 9, 7); (examples, 7, 9) is needed, from `y` and",
    ),
    (npz(x=Y, y=X, loss=LOSS), "`loss` has shape (5, 7, 9); (examples, 9, 7) is needed, from `y` and `x`; x and y are"),
    (
        npz(**GOOD | {"loss": LOSS[0]}),
        "`loss` has shape (7, 9); (examples, 7, 9) is needed, from `y` and `x`; one example without noise is loss[",
    ),
    (npz(**GOOD | {"x": X[None]}), "`x` has shape (1, 9); the values along one axis are needed, (n,)"),
    (npz(**GOOD | {"loss": LOSS[:0]}), "`loss` has no examples"),
    (npz(x=X, y=Y[:1], loss=LOSS[:, :1]), "`y` has 1 value; a cubic spline needs at least 4"),
    (npz(x=X[:3], y=Y, loss=LOSS[:, :, :3]), "`x` has 3 values; a cubic spline needs at least 4"),
    (npz(x=X, why=Y), "no array `y` and no `loss`; the file has x, why"),
    (npz(**GOOD | {"loss": LOSS.astype(str)}), "`loss` holds text; real numbers are needed"),
    (npz(**GOOD | {"loss": LOSS + 0j}), "`loss` holds complex numbers; real numbers are needed"),
    (npz(**GOOD | {"loss": np.full((5, 7, 9), None)}), "`loss` holds Python objects; real numbers are needed"),
    (npz(**GOOD, x_label=np.array("two\nlines")), "`x_label` is not a text of one line and up to 80 letters"),
    (npz(**GOOD, y_label=np.array(3)), "`y_label` is not a text of one line"),
    (with_member("loss", claimed((10**9, 7, 9))), "`loss` says that it holds 1,000,000,000 x 7 x 9 numbers; at most"),
    (with_member("loss", claimed((-5, -7, 9))), "cannot be read (an array of shape (-5, -7, 9))"),
    (with_member("loss", claimed((5, 7, 9), version=(9, 9))), "cannot be read (an array of format 9.9)"),
    (with_member("loss", claimed((5, 7, 9), "nonsense")), "cannot be read (an array's header: descr is not a valid"),
    (with_member("loss", claimed((5, 7, 9)).replace(b"}", b" ")), "cannot be read (an array's header: "),
    (with_member("loss", claimed((5, 7, 9))), "cannot be read (more follows an array's numbers)"),
    (with_member("loss", b"not an array"), "cannot be read (the magic string is not correct"),
    (npz(**GOOD)[:-200], "not a complete .npz file, as numpy.savez writes it"),
    (b"x,y,loss\n1,2,3\n", "not a complete .npz file, as numpy.savez writes it"),
    (b"", "not a complete .npz file, as numpy.savez writes it"),
]


@pytest.mark.parametrize(("content", "words"), FAULTS, ids=[words[:40] for _, words in FAULTS])
def test_faults_of_a_file_are_said_in_words(errsurf: CommandLine, content: bytes, words: str) -> None:
    (errsurf.folder / "losses.npz").write_bytes(content)
    for command in ("check", "run"):
        assert errsurf(command, errsurf.file(SCENARIO)) == 2
        assert f"line 3: surface.data: losses.npz: {words}" in errsurf.err
        assert str(errsurf.folder / "losses.npz") not in errsurf.err
    assert errsurf.names() == {"losses.npz", "small.toml"}


def test_what_is_no_file_is_said_too(errsurf: CommandLine) -> None:
    (errsurf.folder / "loss.npz").write_bytes(npz(**GOOD))
    assert errsurf("check", errsurf.file(SCENARIO)) == 2
    assert "no such file" in errsurf.err
    assert "did you mean `loss.npz`?" in errsurf.err
    (errsurf.folder / "losses.npz").mkdir()
    assert errsurf("check", errsurf.file(SCENARIO)) == 2
    assert "is a folder, not a file" in errsurf.err


@pytest.mark.parametrize(
    ("surface_table", "key", "words"),
    [
        ({"losses": "lost"}, "surface.data", "no array `lost`; the file has x, y, loss"),
        ({"test": {"losses": "lost"}}, "surface.test.data", "no array `lost`; the file has x, y, loss"),
        ({"test": {"data": "gone.npz"}}, "surface.test.data", "no such file"),
        ({"test": {"data": "nan.npz"}}, "surface.test.data", "nan.npz: `loss[0, 0, 0]` is nan"),
        ({"examples": 3}, "surface.examples", "follows from the data file; take out `examples` or `data`"),
        ({"test": {"examples": 3}}, "surface.test.examples", "follows from the data file"),
        ({"data": "../losses.npz"}, "surface.data", "below the scenario's folder"),
    ],
)
def test_faults_stand_with_the_key_that_causes_them(
    tmp_path: Path, surface_table: dict[str, Any], key: str, words: str
) -> None:
    (tmp_path / "losses.npz").write_bytes(npz(**GOOD))
    (tmp_path / "nan.npz").write_bytes(npz(**GOOD | {"loss": changed(LOSS, (0, 0, 0), np.nan)}))
    tables = {"kind": "grid", "data": "losses.npz"} | surface_table
    with pytest.raises(ScenarioError) as error:
        scenario_from({"surface": tables, "run": {"updates": 1}, "optimizer": [{"kind": "sgd"}]}, tmp_path)
    assert [fault.key for fault in error.value.faults] == [key]
    assert words in str(error.value)


@pytest.mark.parametrize("damaged", [np.savez, np.savez_compressed])
def test_a_damaged_file_is_refused_or_read_right(tmp_path: Path, damaged: Callable[..., None]) -> None:
    """200 files with some bytes changed, lost or added; a checksum guards the numbers."""
    file, draw = tmp_path / "losses.npz", random.Random(4)
    damaged(file, x=X[:4], y=X[:4], loss=np.ones((2, 4, 4)), x_label=np.array("w"))
    whole = file.read_bytes()
    refused = 0
    for _ in range(200):
        content, at = bytearray(whole), draw.randrange(len(whole))
        content[at : at + draw.randrange(3)] = draw.randbytes(draw.randrange(3))
        file.write_bytes(content)
        try:
            assert npz_text(file, "x_label") in ("w", None)
            assert (measured(file, "loss").loss == 1).all()
        except DataFileError:
            refused += 1
    assert 100 < refused < 200


def test_memory_is_reckoned_from_the_first_bytes_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = {"surface": {"kind": "grid", "data": "losses.npz"}, "run": {"updates": 1}, "optimizer": [{"kind": "sgd"}]}
    lookup = surface("grid").lookup
    assert lookup is not None
    needs = []
    for examples in (10, 20, 30):
        np.savez(tmp_path / "losses.npz", x=np.arange(60), y=np.arange(50), loss=np.ones((examples, 50, 60)))
        read = scenario_from(tables, tmp_path)
        needs.append(run_size(read).memory)
        assert lookup.size(read.surface.settings, 1) == (examples, 100, 120)
    assert needs[1] - needs[0] == needs[2] - needs[1]
    assert needs[1] - needs[0] > 10 * 50 * 60 * 4 * 8
    monkeypatch.setattr("errsurf.engine.size.available_memory", lambda: needs[2] - 1)
    with pytest.raises(TooLargeError, match=r"surface.examples \(now 30\)"):
        check_size(read, tmp_path)
