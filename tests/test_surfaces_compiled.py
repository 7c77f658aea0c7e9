"""Every surface as kernels and plain formulas evaluate it, against NumPy over the same examples."""

import numpy as np
import pytest

from errsurf.engine.landscape import surface as landscape
from errsurf.engine.plain_landscape import PlainLandscape
from errsurf.surfaces import surface
from errsurf.surfaces.shared.examples import Example
from helpers.surface_cases import NAMES, mean, points


@pytest.mark.parametrize("name", [name for name in NAMES if surface(name).examples])
def test_surfaces_of_data_are_the_mean_of_their_examples(name: str) -> None:
    drawn = landscape(name, seed=3, examples=20)
    record, (x, y) = drawn.problem.surface, points(surface(name), 300)
    table = [record.row(*row) for row in drawn.train.tolist()]
    assert np.ptp(drawn.train[:, 0]) > 0.1
    for kind in ("loss", "gradient", "hessian"):
        exact = mean(getattr(record, kind), x, y, table)
        for each in (drawn, PlainLandscape(drawn.problem)):
            given = getattr(each, kind)(np.stack([x, y], axis=-1)).reshape(exact.shape)
            np.testing.assert_allclose(given, exact, rtol=0, atol=1e-12 * np.abs(exact).max())


@pytest.mark.parametrize("name", [name for name in NAMES if not surface(name).examples])
def test_formulas_are_the_mean_of_their_examples_and_their_own_without_shifts(name: str) -> None:
    """``scale_i f(theta - shift_i) + tilt_i . theta``, and f itself where no example is shifted."""
    (x, y), at = points(surface(name), 300), np.stack(points(surface(name), 300), axis=-1)
    for shift in (0.1, 0.0):
        drawn = landscape(name, seed=3, examples=20, shift=shift, scale=1.5, tilt=0.4)
        record, examples = drawn.problem.surface, [Example(*row) for row in drawn.train.tolist()]
        terms = [record.row(*row) for row in drawn.problem.terms.tolist()]
        assert np.ptp(drawn.train[:, 2:], axis=0).min() > 0.3
        for kind, tilts in (("loss", None), ("gradient", 1.0), ("hessian", 0.0)):
            formula = getattr(record, kind)
            own = len(terms) * mean(formula, x, y, terms)
            exact = np.mean([_example(formula, x, y, terms, e, tilts) for e in examples], axis=0) if shift else own
            for each in (drawn, PlainLandscape(drawn.problem)):
                given = getattr(each, kind)(at).reshape(exact.shape)
                np.testing.assert_allclose(given, exact, rtol=0, atol=1e-12 * np.abs(exact).max())


def _example(formula: object, x: np.ndarray, y: np.ndarray, terms: list, e: Example, tilts: float | None) -> np.ndarray:
    """A generic example's loss, gradient or Hessian; ``tilts`` is how the tilt enters derivatives."""
    own = e.scale * len(terms) * mean(formula, x - e.shift_x, y - e.shift_y, terms)
    if tilts is None:
        return own + (e.tilt_x * x + e.tilt_y * y)[:, None]
    return own + (np.array([e.tilt_x, e.tilt_y]) if tilts else 0.0)
