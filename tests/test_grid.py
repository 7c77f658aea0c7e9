"""Measured losses as a surface: the splines against FITPACK's, the edge, the examples and their test set."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.interpolate import RectBivariateSpline

from errsurf import scenario_from, surface
from errsurf.analysis import critical_points
from errsurf.engine.examples import problem
from errsurf.engine.landscape import Landscape
from errsurf.run_analysis.measured import beyond, invented, warning
from errsurf.surfaces.grid import weights
from errsurf.surfaces.shared.hermite import bounded_table, spline_tables

Array = NDArray[np.float64]
EXAMPLES, H, W = 5, 9, 12
X, Y = np.linspace(-1.0, 2.0, W), np.linspace(3.0, 3.7, H)
LOSS = np.random.default_rng(8).normal(size=(EXAMPLES, H, W))
ORDERS = {"loss": [(0, 0)], "gradient": [(1, 0), (0, 1)], "hessian": [(2, 0), (1, 1), (0, 2)]}


def measured(
    folder: Path, loss: Array = LOSS, test: dict[str, Any] | None = None, interpolation: str = "spline", **more: Any
) -> Landscape:
    """The surface of a file with these losses."""
    np.savez(folder / "losses.npz", **{"x": X, "y": Y, "loss": loss, **more})
    return surface(
        "grid", folder=folder, data="losses.npz", interpolation=interpolation, **({"test": test} if test else {})
    )


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

    table = spline_tables(polynomial(x, y[:, None])[None])[0]
    middle = np.array(weights(np.float64(0.5)))
    j, i = shape[0] // 2, shape[1] // 2
    given = middle @ table[2 * j - 2 : 2 * j + 2, 2 * i - 2 : 2 * i + 2] @ middle
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


@pytest.mark.parametrize("interpolation", ["spline", "bounded"])
def test_beyond_the_grid_gradient_and_hessian_are_those_of_the_loss(tmp_path: Path, interpolation: str) -> None:
    """By central differences, whose error is about h^2 times a third derivative, 100 times the gradient at the most."""
    both, (away, edge), h = measured(tmp_path, interpolation=interpolation), outside(), 1e-5
    assert {(a, b) for a, b in np.sign(away - edge)} == {(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)} - {(0, 0)}
    for which in ("train", [2]):
        slope, bend = both.gradient(away, which), both.hessian(away, which)
        for k, step in enumerate(h * np.eye(2)):
            loss, other = (
                (part(away + step, which) - part(away - step, which)) / (2 * h) for part in (both.loss, both.gradient)
            )
            np.testing.assert_allclose(loss, slope[:, k], atol=1e-5 * np.abs(slope).max())
            np.testing.assert_allclose(other, bend[:, [k, k + 1]], atol=1e-4 * np.abs(bend).max())


def test_far_beyond_the_grid_the_loss_levels_off(tmp_path: Path) -> None:
    """So no particle is thrown out ever faster: four cells out a quarter of the slope is left."""
    both, cell = measured(tmp_path), X[1] - X[0]
    edge, out = (np.array([[X[-1] + d * cell, 3.33]]) for d in (0.0, 4.0))
    assert both.gradient(out)[0, 0] == pytest.approx(both.gradient(edge)[0, 0] / 4)
    assert np.abs(both.gradient(np.array([[1e30, -1e30]]))).max() < 1e-30


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
    assert drawn.terms.shape == (900, 50, 50)
    train, test = (Landscape(drawn).loss(np.array([[0.0, 0.0]]), which) for which in ("train", "test"))
    assert test == pytest.approx(1.0)
    assert train == pytest.approx(1.0, abs=4 * 0.5 / 20)
    one = surface("grid", examples=1, noise=0.0)
    assert one.loss(np.array([[1.0, 1.0]])) == pytest.approx(0.25 + np.cos(1) ** 2)


def test_bounded_losses_stay_between_those_of_the_four_nodes_around() -> None:
    """Of planes of noise, the hardest case, and with slopes that are continuous where cells meet."""
    for seed in range(10):
        value = np.random.default_rng(seed).lognormal(sigma=2.0, size=(H, W))
        table = bounded_table(value)
        np.testing.assert_array_equal(table[::2, ::2], value)
        at = np.array([weights(np.float64(t)) for t in np.linspace(0, 1, 12)])
        for j in range(H - 1):
            for k in range(W - 1):
                inside = at @ table[2 * j : 2 * j + 4, 2 * k : 2 * k + 4] @ at.T
                nodes = value[j : j + 2, k : k + 2]
                assert inside.min() >= nodes.min() - 1e-12 * nodes.max()
                assert inside.max() <= nodes.max() * (1 + 1e-12)


def test_what_bounds_the_mean_leaves_the_differences_of_examples(tmp_path: Path) -> None:
    """Their gradient noise is that of their splines, at nodes too where the mean has no slope."""
    spline, bounded = (measured(tmp_path, interpolation=name).covariance(points(50)) for name in ("spline", "bounded"))
    np.testing.assert_allclose(bounded, spline, rtol=1e-9, atol=1e-9)


def test_bounded_losses_have_the_minima_of_the_nodes(tmp_path: Path) -> None:
    """A kinked plane, as of a network with ReLUs: a spline goes below its floor and has minima that are not there."""
    side = np.linspace(-1, 1, 25)
    x, y = np.meshgrid(side, side)
    plane = np.log1p(np.exp(-40 * (0.3 - np.abs(x - 0.013) - 0.7 * np.abs(y + 0.021)))) / 40 + 0.001 * (x + y) ** 2
    kinked = np.maximum(plane, 0.0005 * ((x - 0.05) ** 2 + y**2))
    found = {}
    for name in ("spline", "bounded"):
        np.savez(tmp_path / "kinked.npz", x=side, y=side, loss=kinked[None])
        flat = surface("grid", folder=tmp_path, data="kinked.npz", interpolation=name)
        points = critical_points(flat, flat.window)
        found[name] = flat, [each for each in points if each.kind == "minimum"]
    flat, minima = found["bounded"]
    assert len(minima) == 1
    assert minima[0].loss >= kinked.min() - 1e-15
    assert not warning(flat, minima)
    flat, minima = found["spline"]
    assert len(invented(flat, minima)) >= 1
    assert f"makes {len(invented(flat, minima))} of {len(minima)} minim" in warning(flat, minima)


def test_a_smooth_minimum_between_nodes_is_no_invention(tmp_path: Path) -> None:
    """A minimum in the middle of a cell is below all nodes, by as much as a paraboloid is."""
    side = np.linspace(-1, 1, 20)
    np.savez(tmp_path / "bowl.npz", x=side, y=side, loss=((side**2)[:, None] + 3 * side**2)[None])
    bowl = surface("grid", folder=tmp_path, data="bowl.npz")
    minima = critical_points(bowl, bowl.window)
    assert bowl.nodes is not None
    assert [each.kind for each in minima] == ["minimum"]
    assert minima[0].loss < bowl.nodes.loss.min()
    assert not warning(bowl, minima)


def test_what_is_beyond_the_nodes_is_found(tmp_path: Path) -> None:
    nodes = measured(tmp_path).nodes
    assert nodes is not None
    np.testing.assert_allclose(nodes.x, X)
    np.testing.assert_allclose(nodes.y, Y)
    np.testing.assert_allclose(nodes.loss, LOSS.mean(axis=0))
    assert not beyond(nodes, points()).any()
    assert not beyond(nodes, np.array([[X[0], Y[0]], [X[-1], Y[-1]]])).any()
    assert beyond(nodes, outside()[0]).all()
    assert surface("saddle").nodes is None
