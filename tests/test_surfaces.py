"""Every surface found in the folder: derivatives, declared critical points, and what its record says of it."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest
from numpy.typing import NDArray

from surfaces import Surface, summary, surface, surface_names
from surfaces._table import TableError, csv_columns

Array = NDArray[np.float64]
H = 1e-30


class Numbers:
    """Seeded random numbers in the form that surfaces ask for."""

    def __init__(self) -> None:
        self.generator = np.random.default_rng(5)

    def normal(self, *shape: int) -> Array:
        return self.generator.standard_normal(shape)

    def uniform(self, *shape: int) -> Array:
        return self.generator.random(shape)


def other(settings: Any) -> Any:
    """The same settings with other numbers, none of them 0 or 1."""
    return settings._replace(**{k: 1.3 * v + 0.1 for k, v in settings._asdict().items() if type(v) is float})


def rows(record: Surface, settings: Any) -> list[Any]:
    """The formula's rows under these settings, at most a few."""
    if record.terms is not None:
        return list(record.terms(settings))
    if record.examples is not None:
        return [record.row(*row) for row in record.examples(settings, 4, Numbers())]
    return [settings]


def cases() -> list[Any]:
    return [
        pytest.param(record, row, id=f"{name}-{label}-{k}")
        for name, record in ((name, surface(name)) for name in surface_names())
        for label, settings in (("default", record.settings()), ("other", other(record.settings())))
        for k, row in enumerate(rows(record, settings))
    ]


def points(record: Surface, count: int, zoom: float = 1.0) -> tuple[Array, Array]:
    (x0, x1), (y0, y1) = record.window
    u, v = zoom * np.random.default_rng(11).uniform(-0.5, 0.5, (2, count))
    return (x0 + x1) / 2 + u * (x1 - x0), (y0 + y1) / 2 + v * (y1 - y0)


def parts(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def agree(given: Any, exact: Array) -> None:
    np.testing.assert_allclose(np.broadcast_to(given, exact.shape), exact, rtol=1e-8, atol=1e-8 * np.abs(exact).max())


@pytest.mark.parametrize(("record", "row"), cases())
def test_gradient_is_the_loss_derived_by_complex_steps(record: Surface, row: Any) -> None:
    x, y = points(record, 1000)
    along_x, along_y = record.gradient(x, y, row)
    agree(along_x, np.imag(record.loss(x + 1j * H, y, row)) / H)
    agree(along_y, np.imag(record.loss(x, y + 1j * H, row)) / H)


@pytest.mark.parametrize(("record", "row"), cases())
def test_hessian_is_the_gradient_derived_by_complex_steps(record: Surface, row: Any) -> None:
    x, y = points(record, 1000)
    xx, xy, yy = record.hessian(x, y, row)
    for k, pair in enumerate([(xx, xy), (xy, yy)]):
        agree(pair[0], np.imag(record.gradient(x + 1j * H, y, row)[k]) / H)
        agree(pair[1], np.imag(record.gradient(x, y + 1j * H, row)[k]) / H)


@pytest.mark.parametrize(("record", "row"), cases())
def test_all_is_finite_on_ten_times_the_window(record: Surface, row: Any) -> None:
    x, y = points(record, 1000, zoom=10)
    for values in ((record.loss(x, y, row),), record.gradient(x, y, row), record.hessian(x, y, row)):
        assert all(np.isfinite(value).all() for value in values)


@pytest.mark.parametrize(("record", "row"), cases())
def test_the_formula_gives_numbers_for_numbers_and_the_same_as_for_arrays(record: Surface, row: Any) -> None:
    x, y = points(record, 3)
    for formula in (record.loss, record.gradient, record.hessian):
        many = np.stack(np.broadcast_arrays(*parts(formula(x, y, row)), x)[:-1])
        for k in range(3):
            one = parts(formula(float(x[k]), float(y[k]), row))
            assert all(np.ndim(number) == 0 for number in one)
            np.testing.assert_allclose(one, many[:, k], rtol=1e-14)


@pytest.mark.parametrize("name", surface_names())
def test_declared_critical_points_are_what_they_are_declared_to_be(name: str) -> None:
    record = surface(name)
    for settings in (record.settings(), other(record.settings())):
        for point in record.critical_points(settings) if record.critical_points else ():
            at_point = [(point.x, point.y, row) for row in rows(record, settings)]
            gradient = np.sum([record.gradient(*at) for at in at_point], axis=0)
            xx, xy, yy = np.sum([record.hessian(*at) for at in at_point], axis=0)
            low, high = np.linalg.eigvalsh([[xx, xy], [xy, yy]])
            assert np.abs(gradient).max() <= 1e-13 * max(abs(low), abs(high))
            assert point.kind == ("minimum" if low > 0 else "maximum" if high < 0 else "saddle")
            assert low * high != 0


@pytest.mark.parametrize("name", surface_names())
def test_the_record_explains_itself(name: str) -> None:
    record = surface(name)
    module = import_module(f"surfaces.{name}")
    assert record is surface(name)
    assert len(summary(name)) > 20
    assert record.formula
    assert record.reference
    assert all(part.__doc__ for part in (record.settings, record.row, record.loss, record.gradient, record.hessian))
    assert all(value.__doc__ for word, value in vars(module).items() if callable(value) and word[0].islower())
    assert all(low < high for low, high in record.window)
    assert record.terms is None or record.examples is None


@pytest.mark.parametrize("name", surface_names())
def test_every_setting_has_a_default_and_a_description(name: str) -> None:
    for part in _settings_types(surface(name).settings):
        for word, hint in get_type_hints(part, include_extras=True).items():
            assert any(isinstance(note, str) and note for note in getattr(hint, "__metadata__", ())), word
    surface(name).settings()


def _settings_types(part: Any) -> Iterator[Any]:
    """The named tuple, and those that its fields hold."""
    if hasattr(part, "_fields"):
        yield part
        for hint in get_type_hints(part).values():
            yield from _settings_types(hint)
    for argument in get_args(part):
        yield from _settings_types(argument)


def test_an_unknown_name_is_a_key_error() -> None:
    for name in ("saddel", "_record", "__init__", "../surfaces/saddle", ""):
        with pytest.raises(KeyError):
            surface(name)


def test_quadratic_bowl_has_the_condition_and_direction_that_were_asked_for() -> None:
    record = surface("quadratic_bowl")
    (row,) = rows(record, record.settings(condition=40.0, sharpness=8.0, angle=30.0))
    values, vectors = np.linalg.eigh([[row.xx, row.xy], [row.xy, row.yy]])
    np.testing.assert_allclose(values, [0.2, 8.0], rtol=1e-13)
    slope = vectors[1, 0] / vectors[0, 0]
    assert slope == pytest.approx(np.tan(np.pi / 6))


def test_one_well_without_bowl_has_its_depth_and_sharpness() -> None:
    record = surface("wells")
    well = record.settings().wells[0]._replace(at=(0.3, -0.2), depth=2.0, width=0.1)
    (row,) = rows(record, record.settings(wells=(well,), bowl=0.0))
    assert record.loss(0.3, -0.2, row) == -2.0
    np.testing.assert_allclose(record.hessian(0.3, -0.2, row), (200.0, 0.0, 200.0), rtol=1e-13)


def test_drawn_points_lie_around_the_line() -> None:
    record = surface("linear_regression")
    assert record.examples is not None
    table = record.examples(record.settings(slope=2.0, intercept=-1.0, noise=0.1, center=3.0), 4000, Numbers())
    slope, intercept = np.polyfit(table[:, 0], table[:, 1], 1)
    assert slope == pytest.approx(2.0, abs=0.01)
    assert intercept == pytest.approx(-1.0, abs=0.03)
    assert table[:, 0].mean() == pytest.approx(3.0, abs=0.08)


def test_data_file_takes_the_place_of_drawn_points(tmp_path: Path) -> None:
    record = surface("linear_regression")
    assert record.examples is not None
    file = tmp_path / "points.csv"
    file.write_text("target,name,input\n3,first,1.5\n\n-4e0,second, 2 \n")
    np.testing.assert_array_equal(record.examples(record.settings(data=str(file)), 2, Numbers()), [[1.5, 3], [2, -4]])


def test_csv_columns_come_in_the_order_asked_for_whatever_the_encoding_mark_and_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_bytes(b"\xef\xbb\xbfinput,target\r\n1,2\r\n3,4\r\n")
    np.testing.assert_array_equal(csv_columns(file, ["input", "target"]), [[1, 2], [3, 4]])
    np.testing.assert_array_equal(csv_columns(str(file), ["target", "input"]), [[2, 1], [4, 3]])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"input,target\n1,2\n3,four\n", ["line 3", "`target`", "`four`"]),
        (b"input,target\n1,2\n\nnan,4\n", ["line 4", "`input`", "`nan`"]),
        (b"input,target\n1,inf\n", ["line 2", "`target`", "`inf`"]),
        (b"input,target\n1\n", ["line 2", "`target`"]),
        (b"input,target\n,2\n", ["line 2", "`input`"]),
        (b"input,goal\n1,2\n", ["line 1", "`target`", "input, goal"]),
        (b"1,2\n3,4\n", ["line 1", "`input`"]),
        (b"input,target\n", ["no rows"]),
        (b"input,target\n\n\n", ["no rows"]),
        (b"", ["nothing"]),
        (b"input,target\n\xff\xfe,2\n", ["cannot be read"]),
    ],
)
def test_csv_faults_say_where_and_what(tmp_path: Path, content: bytes, words: list[str]) -> None:
    file = tmp_path / "points.csv"
    file.write_bytes(content)
    with pytest.raises(TableError) as fault:
        csv_columns(file, ["input", "target"])
    for word in [str(file), *words]:
        assert word in str(fault.value)


def test_a_missing_csv_file_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(TableError, match="cannot be read"):
            csv_columns(path, ["input"])
