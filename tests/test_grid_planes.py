"""Loss planes of other programs: .npy arrays, HDF5 files as tomgoldstein/loss-landscape writes them, CSV tables."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from errsurf import ScenarioError, scenario_from
from errsurf.surfaces.shared import planes
from errsurf.surfaces.shared.measured import Ends, measured

X, Y = np.linspace(-1, 1, 6), np.linspace(0, 2, 5)
PLANE = X[None] ** 2 + 3 * Y[:, None]
ENDS = Ends((-1, 1), (0, 2))
NO_AXES = "has no x and y; x = [-1.0, 1.0] and y = [-1.0, 1.0] say those of"


def hdf5(file: Path, **datasets: Any) -> None:
    with h5py.File(file, "w") as made:
        for name, values in ({"xcoordinates": X, "ycoordinates": Y} | datasets).items():
            made[name] = values


def text(rows: list[list[Any]], mark: str = ",", decimal: str = ".") -> str:
    return "".join(mark.join(str(cell).replace(".", decimal) for cell in row) + "\n" for row in rows)


def labelled(corner: str = "", order: int = 1) -> list[list[Any]]:
    return [[corner, *X], *([y, *row] for y, row in list(zip(Y, PLANE, strict=True))[::order])]


def written(file: Path, content: str) -> None:
    file.write_text(content, encoding="utf-8")


UNDERSTOOD: dict[str, tuple[str, Ends, Callable[[Path], object]]] = {
    "array": ("a.npy", ENDS, lambda file: np.save(file, PLANE)),
    "array of whole numbers": ("a.npy", ENDS, lambda file: np.save(file, np.asfortranarray(PLANE))),
    "array of one example": ("a.npy", ENDS, lambda file: np.save(file, PLANE[None])),
    "loss-landscape": ("a.h5", Ends(), lambda file: hdf5(file, train_loss=PLANE.reshape(6, 5))),
    "named dataset": ("a.h5", Ends(), lambda file: hdf5(file, loss=PLANE, train_loss=2 * PLANE)),
    "table": ("a.csv", Ends(), lambda file: written(file, text(labelled()))),
    "table from above": ("a.csv", Ends(), lambda file: written(file, text(labelled("y\\x", -1)))),
    "table with decimal commas": ("a.csv", Ends(), lambda file: written(file, text(labelled("y"), ";", ","))),
    "bare table": ("a.csv", ENDS, lambda file: written(file, text(PLANE.tolist()))),
    "bare table with decimal commas": ("a.csv", ENDS, lambda file: written(file, text(PLANE.tolist(), ";", ","))),
}


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_planes_are_read_with_x_along_columns_and_y_along_rows(name: str, tmp_path: Path) -> None:
    file, ends, write = UNDERSTOOD[name]
    write(tmp_path / file)
    found = measured(tmp_path / file, "loss", ends)
    np.testing.assert_allclose(found.x, X, atol=1e-15)
    np.testing.assert_allclose(found.y, Y)
    np.testing.assert_allclose(found.loss, PLANE[None])


def linked(file: Path) -> None:
    hdf5(file.with_name("other.h5"), train_loss=PLANE)
    hdf5(file, train_loss=h5py.ExternalLink("other.h5", "/train_loss"))


def external(file: Path) -> None:
    hdf5(file)
    with h5py.File(file, "a") as made:
        made.create_dataset("train_loss", (5, 6), dtype="f8", external=[("/etc/hosts", 0, 240)])


def virtual(file: Path) -> None:
    hdf5(file.with_name("other.h5"), train_loss=PLANE)
    hdf5(file)
    layout = h5py.VirtualLayout((5, 6), "f8")
    layout[:] = h5py.VirtualSource("other.h5", "train_loss", (5, 6))
    with h5py.File(file, "a") as made:
        made.create_virtual_dataset("train_loss", layout)


def huge(file: Path) -> None:
    hdf5(file)
    with h5py.File(file, "a") as made:
        made.create_dataset("train_loss", (10**6, 10**6), dtype="f8", chunks=(10, 10))


def claimed(file: Path) -> None:
    made = io.BytesIO()
    np.lib.format.write_array_header_1_0(made, {"descr": "<f8", "fortran_order": False, "shape": (8000, 8000)})
    file.write_bytes(made.getvalue() + bytes(1000))


REFUSED: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "no axes": ("a.npy", lambda file: np.save(file, PLANE), NO_AXES),
    "objects": ("a.npy", lambda file: np.save(file, np.full((4, 4), None)), "holds Python objects"),
    "one row": ("a.npy", lambda file: np.save(file, X), "holds shape (6,); losses (H, W) or (examples, H, W)"),
    "more than there is": ("a.npy", claimed, "says that it holds 64,000,000 numbers; not all of them are there"),
    "no array": ("a.npy", lambda file: written(file, "1,2"), "not a complete .npy file, as numpy.save writes it"),
    "no HDF5": ("a.h5", lambda file: written(file, "1,2"), "not a complete HDF5 file"),
    "a link out": ("a.h5", linked, "`train_loss` is a link"),
    "a file elsewhere": ("a.h5", external, "`train_loss` lies in other files"),
    "a mosaic of files": ("a.h5", virtual, "`train_loss` lies in other files"),
    "too large": ("a.h5", huge, "`train_loss` holds more than 67,108,864 numbers"),
    "not measured": ("a.h5", lambda file: hdf5(file, train_loss=PLANE * 0 - 1), "30 of 30 losses are -1, not measured"),
    "a line": ("a.h5", lambda file: hdf5(file, train_loss=X), "its losses have shape (6,), for 6 x and 5 y"),
    "another name": (
        "a.h5",
        lambda file: hdf5(file, test_loss=PLANE),
        "no dataset `train_loss`; the file has test_loss",
    ),
    "no axes in CSV": ("a.csv", lambda file: written(file, text(PLANE.tolist())), NO_AXES),
    "a list of points": ("a.csv", lambda file: written(file, "x,y,loss\n0,0,1\n"), "line 1: is a list of points"),
    "uneven rows": ("a.csv", lambda file: written(file, "1,2,3,4\n1,2\n"), "line 2: 2 cells; the first line has 4"),
    "a text": ("a.csv", lambda file: written(file, "1,2,3\n1,b,3\n"), "line 2, column `2`: `b` is not a finite number"),
    "one number": (
        "a.csv",
        lambda file: written(file, ",1\n1,2\n"),
        "`x` has 1 value; a cubic spline needs at least 4",
    ),
    "a hole": ("a.csv", lambda file: written(file, "1,2,3\n1,,3\n"), "line 2, column `2`: `` is missing"),
    "nothing": ("a.csv", lambda file: written(file, ""), "has no losses"),
}


def faults(folder: Path, **surface: Any) -> str:
    tables = {"surface": {"kind": "grid"} | surface, "run": {"updates": 1}, "optimizer": [{"kind": "sgd"}]}
    with pytest.raises(ScenarioError) as caught:
        scenario_from(tables, folder)
    return str(caught.value)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_plane_is_refused_with_the_way_out(name: str, tmp_path: Path) -> None:
    file, write, words = REFUSED[name]
    write(tmp_path / file)
    assert f"surface.data: {file}" in faults(tmp_path, data=file)
    assert words in faults(tmp_path, data=file)


def test_without_its_package_hdf5_names_the_install_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hdf5(tmp_path / "a.h5", train_loss=PLANE)
    monkeypatch.setattr(planes, "find_spec", lambda _name: None)
    planes._plane.cache_clear()
    assert "pip install 'errsurf[hdf5]'" in faults(tmp_path, data="a.h5")


def test_axes_are_given_once(tmp_path: Path) -> None:
    hdf5(tmp_path / "a.h5", train_loss=PLANE)
    assert "has x of its own; take out `x`" in faults(tmp_path, data="a.h5", x=[-1.0, 1.0])


def test_an_array_in_the_place_of_a_file_is_answered_with_the_line_that_writes_one(tmp_path: Path) -> None:
    assert 'numpy.save("losses.npy", losses)' in faults(tmp_path, data=PLANE)


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    for factor in (1.0, 2.0):
        written(tmp_path / "a.csv", text((factor * PLANE).tolist()) + "\n" * int(factor))
        np.testing.assert_allclose(measured(tmp_path / "a.csv", "loss", ENDS).loss[0], factor * PLANE)
