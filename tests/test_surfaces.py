"""Every surface found in the folder: derivatives, declared critical points, and what its record says of it."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest

from errsurf.own_records.surfaces import agree, derivatives, point_fault
from errsurf.surfaces import Surface, summary, surface, surface_names
from helpers.surface_cases import NAMES, Array, cases, other, parts, points, rows


@pytest.mark.parametrize(("record", "row"), cases())
def test_derivatives_are_those_of_complex_steps(record: Surface, row: Any) -> None:
    """First ones of the loss, second ones of the gradient."""
    for each in derivatives(record, row, 1000):
        assert agree(each.given, each.exact), each.name


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
            assert point_fault(record, table, point, 1e-13) == ""


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
