"""Surfaces made of data: what is drawn, and what a CSV file may hold."""

from pathlib import Path

import numpy as np
import pytest

from errsurf.errors import DataFileError
from errsurf.surfaces import surface, surface_names
from errsurf.surfaces.shared.table import csv_columns
from helpers.surface_cases import Array, Numbers, mean, points, rows

FROM_CSV = [name for name in surface_names() if "data" in surface(name).settings._fields and not surface(name).lookup]


def drawn(name: str, count: int, **settings: float) -> Array:
    record = surface(name)
    assert record.examples is not None
    return record.examples(record.settings(**settings), count, Numbers())


def test_drawn_points_lie_around_the_line() -> None:
    table = drawn("linear_regression", 4000, slope=2.0, intercept=-1.0, noise=0.1, center=3.0)
    slope, intercept = np.polyfit(table[:, 0], table[:, 1], 1)
    assert slope == pytest.approx(2.0, abs=0.01)
    assert intercept == pytest.approx(-1.0, abs=0.03)
    assert table[:, 0].mean() == pytest.approx(3.0, abs=0.08)


@pytest.mark.parametrize(
    ("name", "settings", "place"),
    [
        ("linear_regression", {"slope": 2.0, "intercept": -1.0}, (2.0, -1.0)),
        ("deep_linear", {"slope": -1.5}, (1.0, -1.5)),
        ("two_layer_tanh", {"steepness": 1.7, "height": -0.8}, (1.7, -0.8)),
        ("sine_fit", {"frequency": 1.3, "phase": -0.4, "span": 5.0}, (1.3, -0.4)),
    ],
)
def test_without_noise_the_model_behind_the_points_fits_them_and_with_noise_half_its_variance_is_left(
    name: str, settings: dict[str, float], place: tuple[float, float]
) -> None:
    """The loss is half the mean square; 4,000 points know a variance to 5 standard errors of 2.2%."""
    record, (x, y) = surface(name), (np.array([value]) for value in place)
    for noise, left in ((0.0, 0.0), (0.3, 0.045)):
        table = [record.row(*row) for row in drawn(name, 4000, noise=noise, **settings).tolist()]
        assert mean(record.loss, x, y, table)[0, 0] == pytest.approx(left, rel=0.11, abs=1e-28)


def test_logistic_regression_draws_two_classes_and_their_best_weight() -> None:
    """For two normal classes of equal spread the odds are exp(w input + b) with w = separation / spread^2."""
    table = drawn("logistic_regression", 40_000, separation=1.5, spread=0.8, center=0.3)
    assert set(table[:, 1]) == {0.0, 1.0}
    assert table[:, 1].mean() == pytest.approx(0.5, abs=0.01)
    for label, middle in ((0.0, -0.45), (1.0, 1.05)):
        inputs = table[table[:, 1] == label, 0]
        assert inputs.mean() == pytest.approx(middle, abs=0.02)
        assert inputs.std() == pytest.approx(0.8, abs=0.02)
    record, w = surface("logistic_regression"), 1.5 / 0.8**2
    row = record.row(*table.T)
    slopes = [np.mean(part) for part in record.gradient(w, -0.3 * w, row)]
    assert np.abs(slopes).max() < 0.01


def test_logistic_regression_is_the_negative_logarithm_of_the_likelihood() -> None:
    """Also where it is certain: loss and gradient keep all digits far down the plain."""
    record = surface("logistic_regression")
    for z in (-800.0, -30.0, -2.0, 0.0, 0.7, 25.0, 800.0):
        for label in (0.0, 1.0):
            right = z if label else -z
            loss = np.log1p(np.exp(-right)) if right > -700 else -right
            pull = np.exp(-loss - right) * (1 - 2 * label)
            row = record.row(1.0, label)
            assert record.loss(z, 0.0, row) == pytest.approx(loss, rel=1e-12, abs=0)
            np.testing.assert_allclose(record.gradient(0.0, z, row), (pull, pull), rtol=1e-12)


def test_deep_linear_is_level_along_its_valleys_and_sharper_away_from_the_diagonal() -> None:
    record = surface("deep_linear")
    table = rows(record, record.settings(noise=0.0), 20)
    w = np.geomspace(1, 5, 50)
    assert mean(record.loss, w, 1 / w, table).max() < 1e-28
    xx, xy, yy = mean(record.hessian, w, 1 / w, table).T
    np.testing.assert_allclose(xx * yy - xy**2, 0, atol=1e-12)
    assert (np.diff(xx + yy) > 0).all()
    np.testing.assert_allclose(mean(record.hessian, 1 / w, w, table).T, [yy, xy, xx], rtol=1e-12)


def test_two_layer_tanh_does_not_see_both_signs_turn() -> None:
    record = surface("two_layer_tanh")
    x, y = points(record, 100)
    table = rows(record, record.settings())
    np.testing.assert_array_equal(mean(record.loss, x, y, table), mean(record.loss, -x, -y, table))


def test_sine_fit_has_more_minima_along_the_frequency_the_wider_the_inputs_lie() -> None:
    record, w = surface("sine_fit"), np.linspace(-8, 8, 4000)
    found = []
    for span in (2.0, 6.0, 12.0):
        losses = mean(record.loss, w, np.full(w.shape, 0.5), rows(record, record.settings(span=span, noise=0.0), 200))
        found.append(int((np.diff(np.sign(np.diff(losses[:, 0]))) > 0).sum()))
    assert found[0] < found[1] < found[2]


@pytest.mark.parametrize("layers", [(1, 2), (3, 1), (2, 2), (8, 5)])
def test_deeper_linear_networks_have_the_product_of_their_layers_and_its_derivatives(layers: tuple[int, int]) -> None:
    record = surface("deep_linear", surface("deep_linear").settings(layers=layers))
    e = record.row(0.7, -1.1)
    x, y = np.random.default_rng(3).uniform(-1.5, 1.5, (2, 200))
    loss = (x ** layers[0] * y ** layers[1] * e.input - e.target) ** 2 / 2
    np.testing.assert_allclose(record.loss(x, y, e), loss, rtol=1e-12)
    h = 1e-30j
    gradient, (xx, xy, yy) = record.gradient(x, y, e), record.hessian(x, y, e)
    derived = np.imag([record.loss(x + h, y, e), record.loss(x, y + h, e)]) / 1e-30
    np.testing.assert_allclose(gradient, derived, rtol=1e-9, atol=1e-9)
    twice = [np.imag(record.gradient(*at, e)) / 1e-30 for at in ((x + h, y), (x, y + h))]
    np.testing.assert_allclose([[xx, xy], [xy, yy]], twice, rtol=1e-9, atol=1e-9)


def test_sharpness_grows_during_descent_in_a_deeper_network_and_settles_at_the_edge_of_stability() -> None:
    """From where the curvature at the end of gradient flow is above 2 / lr, updates end just below it."""
    lr, settings = 0.2, surface("deep_linear").settings(layers=(2, 2), noise=0.0)
    record = surface("deep_linear", settings)
    table = record.examples(settings, 20, Numbers())
    x, y = np.array([1.9]), np.array([0.3])
    sharpness = []
    for _ in range(2000):
        (xx, xy, yy), gradient = (
            np.mean([np.broadcast_to(parts, (n, 1)) for parts in each], axis=0)[:, 0]
            for n, each in (
                (3, [record.hessian(x, y, record.row(*row)) for row in table]),
                (2, [record.gradient(x, y, record.row(*row)) for row in table]),
            )
        )
        sharpness.append((xx + yy) / 2 + np.hypot((xx - yy) / 2, xy))
        x, y = x - lr * gradient[0], y - lr * gradient[1]
    assert sharpness[0] < 0.5 * 2 / lr
    assert max(sharpness) > 2 / lr
    assert 0.9 * 2 / lr < sharpness[-1] < 2 / lr


@pytest.mark.parametrize("name", FROM_CSV)
def test_data_file_takes_the_place_of_drawn_points(tmp_path: Path, name: str) -> None:
    record, file = surface(name), tmp_path / "points.csv"
    assert record.examples is not None
    other = record.row._fields[1]
    file.write_text(f"{other},name,input\n1,first,1.5\n\n0e0,second, 2 \n")
    np.testing.assert_array_equal(record.examples(record.settings(data=str(file)), 2, Numbers()), [[1.5, 1], [2, 0]])


def test_labels_other_than_0_and_1_are_refused(tmp_path: Path) -> None:
    record, file = surface("logistic_regression"), tmp_path / "points.csv"
    assert record.examples is not None
    file.write_text("input,label\n1,1\n2,-1\n")
    with pytest.raises(DataFileError, match=r"points\.csv, column `label`: every label must be 0 or 1"):
        record.examples(record.settings(data=str(file)), 2, Numbers())


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
    with pytest.raises(DataFileError) as fault:
        csv_columns(file, ["input", "target"])
    for word in [str(file), *words]:
        assert word in str(fault.value)


def test_a_missing_csv_file_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(DataFileError, match="cannot be read"):
            csv_columns(path, ["input"])
