"""Every surface found in the folder: derivatives, declared critical points, and what its record says of it."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest

from errsurf.surfaces import Surface, summary, surface, surface_names
from helpers.surface_cases import NAMES, Array, cases, mean, other, parts, points, rows

H = 1e-30


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


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize(("record", "row"), cases())
def test_all_is_finite_on_ten_times_the_window(record: Surface, row: Any, precision: str) -> None:
    """Also where the formula is evaluated in float32 throughout; the middle of the window is one of the points."""
    x, y = (np.append(u, middle).astype(precision) for u, middle in zip(*_wide_points(record), strict=True))
    for formula in (record.loss, record.gradient, record.hessian):
        for value in parts(formula(x, y, row)):
            assert np.isfinite(value).all()
            assert np.ndim(value) == 0 or value.dtype == precision


def _wide_points(record: Surface) -> tuple[tuple[Array, Array], Array]:
    return points(record, 1000, zoom=10), np.mean(record.window, axis=1)


@pytest.mark.parametrize(("record", "row"), cases())
def test_the_formula_gives_numbers_for_numbers_and_the_same_as_for_arrays(record: Surface, row: Any) -> None:
    x, y = points(record, 3)
    for formula in (record.loss, record.gradient, record.hessian):
        many = np.stack(np.broadcast_arrays(*parts(formula(x, y, row)), x)[:-1])
        for k in range(3):
            one = parts(formula(float(x[k]), float(y[k]), row))
            assert all(np.ndim(number) == 0 for number in one)
            np.testing.assert_allclose(one, many[:, k], rtol=1e-14)


@pytest.mark.parametrize("name", NAMES)
def test_declared_critical_points_are_what_they_are_declared_to_be(name: str) -> None:
    record = surface(name)
    for settings in (record.settings(), other(record.settings())):
        table = rows(record, settings)
        for point in record.critical_points(settings) if record.critical_points else ():
            x, y = np.array([point.x]), np.array([point.y])
            (gradient,) = mean(record.gradient, x, y, table)
            ((xx, xy, yy),) = mean(record.hessian, x, y, table)
            low, high = np.linalg.eigvalsh([[xx, xy], [xy, yy]])
            assert np.abs(gradient).max() <= 1e-13 * max(abs(low), abs(high))
            kind = "minimum" if low > 0 else "maximum" if high < 0 else "saddle"
            assert point.kind == (kind if low * high != 0 else _kind_by_sight(record, table, point))


def _kind_by_sight(record: Surface, table: list[Any], point: Any) -> str:
    """What a point without curvature is, by the losses on a small circle around it."""
    turn, radius = np.linspace(0, 2 * np.pi, 100), 1e-3 * np.ptp(record.window[0])
    around = mean(record.loss, point.x + radius * np.cos(turn), point.y + radius * np.sin(turn), table)
    (here,) = mean(record.loss, np.array([point.x]), np.array([point.y]), table)
    return "minimum" if (around > here).all() else "maximum" if (around < here).all() else "saddle"


@pytest.mark.parametrize("name", surface_names())
def test_the_record_explains_itself(name: str) -> None:
    record = surface(name)
    module = import_module(f"errsurf.surfaces.{name}")
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
