"""Measured losses as a surface: the splines against FITPACK's, the edge, the examples and their test set."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.interpolate import RectBivariateSpline

from errsurf import scenario_from, surface
from errsurf.engine.examples import problem
from errsurf.engine.landscape import Landscape
from errsurf.surfaces.shared.spline import spline_coefficients

Array = NDArray[np.float64]
EXAMPLES, H, W = 5, 9, 12
X, Y = np.linspace(-1.0, 2.0, W), np.linspace(3.0, 3.7, H)
LOSS = np.random.default_rng(8).normal(size=(EXAMPLES, H, W))
ORDERS = {"loss": [(0, 0)], "gradient": [(1, 0), (0, 1)], "hessian": [(2, 0), (1, 1), (0, 2)]}


def measured(folder: Path, loss: Array = LOSS, test: dict[str, Any] | None = None, **more: Any) -> Landscape:
    """The surface of a file with these losses."""
    np.savez(folder / "losses.npz", **{"x": X, "y": Y, "loss": loss, **more})
    return surface("grid", folder=folder, data="losses.npz", **({"test": test} if test else {}))


def fitpack(loss: Array, points: Array, kind: str) -> Array:
    """The same parts of scipy's spline through losses (H, W)."""
    spline = RectBivariateSpline(X, Y, loss.T, s=0)
    return np.stack([spline(*points.T, dx, dy, grid=False) for dx, dy in ORDERS[kind]], axis=-1)


def points(count: int = 1000) -> Array:
    return np.random.default_rng(9).uniform((X[0], Y[0]), (X[-1], Y[-1]), (count, 2))


@pytest.mark.parametrize("kind", ORDERS)
def test_every_example_is_the_spline_of_scipy(tmp_path: Path, kind: str) -> None:
    value = getattr(measured(tmp_path), kind)
    for k in range(EXAMPLES):
        exact = fitpack(LOSS[k], points(), kind)
        given = value(points(), [k]).reshape(exact.shape)
        np.testing.assert_allclose(given, exact, rtol=0, atol=1e-11 * np.abs(exact).max())
    exact = np.mean([fitpack(loss, points(), kind) for loss in LOSS], axis=0)
    given = value(points()).reshape(exact.shape)
    np.testing.assert_allclose(given, exact, rtol=0, atol=1e-12 * np.abs(exact).max())


def test_the_covariance_is_that_of_the_examples(tmp_path: Path) -> None:
    gradients = np.stack([fitpack(loss, points(50), "gradient") for loss in LOSS])
    exact = np.einsum("kpi,kpj->pij", *[gradients - gradients.mean(axis=0)] * 2) / EXAMPLES
    given = measured(tmp_path).covariance(points(50))
    np.testing.assert_allclose(given, exact[:, [0, 0, 1], [0, 1, 1]], rtol=1e-9, atol=1e-9)


def test_the_loss_at_the_nodes_is_what_was_measured(tmp_path: Path) -> None:
    nodes = np.stack(np.meshgrid(X, Y), axis=-1)
    for k in range(EXAMPLES):
        np.testing.assert_allclose(measured(tmp_path).loss(nodes, [k]), LOSS[k], atol=1e-12)


@pytest.mark.parametrize("shape", [(4, 4), (4, 7), (30, 5)])
def test_cubic_polynomials_are_met_exactly(shape: tuple[int, int]) -> None:
    """Not-a-knot splines hold them; four nodes are the fewest."""
    y, x = (np.linspace(-1, 1, n) for n in shape)

    def polynomial(x: Any, y: Any) -> Any:
        return 1 + x - 2 * y + x**3 * y**2 - y**3 * x

    table = spline_coefficients(polynomial(x, y[:, None])[None])[0]
    middle = np.array([1, 23, 23, 1]) / 48
    j, i = shape[0] // 2, shape[1] // 2
    given = middle @ table[j - 1 : j + 3, i - 1 : i + 3] @ middle
    assert given == pytest.approx(polynomial((x[i - 1] + x[i]) / 2, (y[j - 1] + y[j]) / 2), abs=1e-13)


def test_second_derivatives_are_continuous_where_cells_meet(tmp_path: Path) -> None:
    both, h = measured(tmp_path), 1e-9
    for x in X[1:-1]:
        left, right = (both.hessian(np.stack([np.full(50, x + d), points(50)[:, 1]], axis=1)) for d in (-h, h))
        np.testing.assert_allclose(left, right, atol=1e-5)
    for y in Y[1:-1]:
        low, high = (both.hessian(np.stack([points(50)[:, 0], np.full(50, y + d)], axis=1)) for d in (-h, h))
        np.testing.assert_allclose(low, high, atol=1e-4)


def outside() -> tuple[Array, Array]:
    """Points beyond every edge and corner, and the nearest points of the edge."""
    away = np.random.default_rng(10).uniform((-4.0, 2.0), (5.0, 5.0), (2000, 2))
    edge = np.clip(away, (X[0], Y[0]), (X[-1], Y[-1]))
    beyond = (away != edge).any(axis=1)
    return away[beyond], edge[beyond]


def test_beyond_the_grid_the_gradient_of_the_edge_holds(tmp_path: Path) -> None:
    both, (away, edge) = measured(tmp_path), outside()
    assert {(a, b) for a, b in np.sign(away - edge)} == {(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)} - {(0, 0)}
    for which in ("train", [2]):
        slope = both.gradient(edge, which)
        np.testing.assert_allclose(both.gradient(away, which), slope, rtol=1e-9, atol=1e-9)
        straight = both.loss(edge, which) + (slope * (away - edge)).sum(axis=1)
        np.testing.assert_allclose(both.loss(away, which), straight, rtol=1e-9, atol=1e-9)
        bend, across = both.hessian(away, which), away != edge
        assert not bend[across[:, 0], 0].any()
        assert not bend[:, 1].any()
        assert not bend[across[:, 1], 2].any()


def test_loss_and_gradient_are_continuous_at_the_edge(tmp_path: Path) -> None:
    both, (_, edge) = measured(tmp_path), outside()
    for h in (1e-9, -1e-9):
        middle = np.array([X.mean(), Y.mean()])
        near = edge + h * (edge - middle)
        np.testing.assert_allclose(both.loss(near), both.loss(edge), atol=1e-6)
        np.testing.assert_allclose(both.gradient(near), both.gradient(edge), atol=1e-5)


def test_what_is_no_place_has_no_loss(tmp_path: Path) -> None:
    nowhere = np.array([[np.nan, 3.2], [0.0, np.nan], [np.inf, 3.2]])
    assert not np.isfinite(measured(tmp_path).loss(nowhere)).any()
    assert np.isfinite(measured(tmp_path).gradient(np.array([[1e30, -1e30]]))).all()


def test_the_file_says_where_the_grid_lies_and_what_its_axes_are_called(tmp_path: Path) -> None:
    named = measured(tmp_path, x_label=np.array("angle"), y_label=np.array("direction 2"))
    assert named.window == ((-1.0, 2.0), (3.0, 3.7))
    assert named.problem.surface.axes == ("angle", "direction 2")
    assert measured(tmp_path).problem.surface.axes == ("x", "y")


def test_whole_numbers_and_float32_are_read(tmp_path: Path) -> None:
    for kind in (np.float32, np.int16, ">f8"):
        values = np.round(10 * LOSS).astype(kind)
        given = measured(tmp_path, loss=values, x=np.arange(W), y=np.arange(H)).loss(np.array([[3.0, 2.0]]), [1])
        assert given == pytest.approx(float(values[1, 2, 3]))


def test_test_losses_come_from_another_array_or_another_file(tmp_path: Path) -> None:
    more = np.random.default_rng(11).normal(size=(3, H, W))
    same = measured(tmp_path)
    np.testing.assert_array_equal(same.loss(points(), "test"), same.loss(points()))
    other = measured(tmp_path, test={"losses": "unseen"}, unseen=more)
    exact = np.mean([fitpack(loss, points(), "loss") for loss in more], axis=0)[:, 0]
    np.testing.assert_allclose(other.loss(points(), "test"), exact, atol=1e-12)
    np.testing.assert_array_equal(other.loss(points()), same.loss(points()))
    np.savez(tmp_path / "small.npz", x=X[:5], y=Y[2:8], loss=more[:, 2:8, :5])
    small = measured(tmp_path, test={"data": "small.npz"})
    np.testing.assert_allclose(small.loss(np.array([[X[1], Y[3]]]), "test"), more[:, 3, 1].mean(), atol=1e-12)
    np.testing.assert_array_equal(small.gradient(points()), same.gradient(points()))
    assert (len(small.train), len(small.test)) == (EXAMPLES, 3)


def test_without_a_file_noisy_losses_are_drawn() -> None:
    chosen = {"kind": "grid", "examples": 400, "noise": 0.5, "test": {"noise": 0.0}}
    tables = {"seed": 3, "surface": chosen, "run": {"updates": 1}, "optimizer": [{"kind": "sgd"}]}
    drawn = problem(scenario_from(tables).surface, 3)
    assert drawn.terms.shape == (900, 27, 27)
    train, test = (Landscape(drawn).loss(np.array([[0.0, 0.0]]), which) for which in ("train", "test"))
    assert test == pytest.approx(1.0)
    assert train == pytest.approx(1.0, abs=4 * 0.5 / 20)
    one = surface("grid", examples=1, noise=0.0)
    assert one.loss(np.array([[1.0, 1.0]])) == pytest.approx(0.25 + np.cos(1) ** 2)
