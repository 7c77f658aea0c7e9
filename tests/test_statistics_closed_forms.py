"""Statistics of papers against closed forms: in a bowl where all of them are known."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import errsurf
from errsurf.measures.view import RunView, view
from errsurf.run_analysis.findings import Findings
from errsurf.statistics import statistic

SHARPNESS, CONDITION, LR = 2.0, 4.0, 0.1
TILT, EXAMPLES = 0.5, 20
HESSIAN = np.array([SHARPNESS / CONDITION, SHARPNESS])


def run(optimizer: dict[str, Any], particles: int = 4000, updates: int = 400, **more: Any) -> RunView:
    scenario = errsurf.build_scenario(
        surface={"kind": "quadratic_bowl", "sharpness": SHARPNESS, "condition": CONDITION, "examples": EXAMPLES,
                 "tilt": TILT},
        optimizer={"kind": "sgd", "lr": LR, "label": "a"} | optimizer,
        swarm={"particles": particles, "start": "point", "at": [0.0, 0.0]} | more.pop("swarm", {}),
        run={"updates": updates, "frames": 101, "precision": "float64", "losses": False} | more,
        seed=3,
    )  # fmt: skip
    return view(Findings(errsurf.simulate(scenario)), "a", "100%")


def values(seen: RunView, name: str, **settings: Any) -> np.ndarray[Any, Any]:
    record = statistic(name)
    return np.asarray(record.values(seen, record.settings(**settings)))


def close(found: np.ndarray[Any, Any], truth: float, deviations: float = 4.0) -> bool:
    """Whether the mean of independent numbers is the truth, up to four standard errors."""
    return bool(abs(found.mean() - truth) < deviations * found.std() / np.sqrt(len(found)))


@pytest.fixture(scope="module")
def noisy() -> RunView:
    """Single examples, drawn with replacement: independent noise of a covariance that is the same everywhere."""
    return run({"batch": 1}, sampling="replacement")


def covariance(seen: RunView) -> np.ndarray[Any, Any]:
    """Covariance xx, xy, yy of the examples' gradients, which are tilts."""
    return seen.landscape.covariance(np.zeros((1, 2)))[0]


@pytest.mark.parametrize("name", ["cloud_covariance", "stationary_covariance"])
@pytest.mark.parametrize("k", [0, 1])
def test_stationary_covariance_of_sgd(noisy: RunView, name: str, k: int) -> None:
    """``lr C / (h (2 - lr h))`` along each axis: Liu, Ziyin, Ueda 2021."""
    found = values(noisy, name, part=("xx", "yy")[k])
    assert close(found, LR * covariance(noisy)[2 * k] / (HESSIAN[k] * (2 - LR * HESSIAN[k])))


def test_the_mean_of_the_cloud_stays_at_the_minimum(noisy: RunView) -> None:
    for axis in ("x", "y"):
        assert close(values(noisy, "position", axis=axis), 0.0)


def test_autocorrelation_is_a_power_of_the_contraction() -> None:
    """``(1 - lr h)^lag``, of long paths; estimates from n updates are lower by at most 4 correlation times over n."""
    seen = run({"batch": 1}, particles=400, updates=2000, frames="all", sampling="replacement")
    for axis, h in zip(("x", "y"), HESSIAN, strict=True):
        found = values(seen, "autocorrelation", axis=axis, lag=3)
        assert found.mean() == pytest.approx((1 - LR * h) ** 3, abs=4 / (LR * h) / 1000)


def test_noise_scale_and_covariances_of_batches_are_exact(noisy: RunView) -> None:
    theta, spread = noisy.theta, covariance(noisy)
    gradient = theta * HESSIAN
    np.testing.assert_allclose(values(noisy, "noise_scale"), (spread[0] + spread[2]) / (gradient**2).sum(axis=1))
    for k, part in enumerate(("xx", "xy", "yy")):
        np.testing.assert_allclose(values(noisy, "batch_covariance", part=part, batch=4), spread[k] / 4)
    reshuffled = run({"batch": 5}, particles=3, updates=1)
    expected = (spread[0] + spread[2]) / 5 * (EXAMPLES - 5) / (EXAMPLES - 1)
    np.testing.assert_allclose(values(reshuffled, "batch_covariance", part="trace"), expected)


def test_the_spectrum_of_a_bowl_is_its_own(noisy: RunView) -> None:
    truth = {"smallest": 0.5, "largest": 2.0, "trace": 2.5, "condition": 4.0}
    for of, number in truth.items():
        np.testing.assert_allclose(values(noisy, "hessian_spectrum", of=of), number, rtol=1e-12)


def test_displacements_of_pure_diffusion_grow_with_time() -> None:
    """Noise without a slope: ``lr^2 tr(C)`` an update, from a start where the gradient is nothing beside the noise."""
    seen = run({"batch": 1, "lr": 1e-4}, updates=100, sampling="replacement")
    for after, updates in ((0, 100), ("50%", 50)):
        truth = 1e-8 * (covariance(seen)[0] + covariance(seen)[2]) * updates
        found = values(seen, "mean_squared_displacement", after=after)
        assert found.mean() == pytest.approx(truth, rel=0.06 + 2 * 1e-4 * updates)


def test_the_temperature_of_langevin_dynamics_is_its_own() -> None:
    """Discrete steps of size lr add ``lr h / 2`` of it along an axis of curvature h, over ``1 - lr h / 2``."""
    temperature = 0.3
    seen = run({"kind": "langevin", "temperature": temperature, "lr": 0.05}, updates=600)
    truth = temperature * np.mean(1 / (1 - 0.05 * HESSIAN / 2))
    assert close(values(seen, "effective_temperature", point=(0.0, 0.0)), truth)


def test_a_diverged_particle_has_no_numbers() -> None:
    seen = run({"batch": 1, "lr": 1e3}, particles=3, updates=200)
    assert not seen.group.alive(-1).any()
    settings: dict[str, dict[str, Any]] = {
        "cloud_covariance": {"part": "xx"},
        "stationary_covariance": {"part": "xx"},
        "mean_squared_displacement": {},
        "noise_scale": {},
        "effective_temperature": {"point": (0.0, 0.0)},
        "hessian_spectrum": {"of": "condition"},
        "position": {"axis": "x"},
    }
    for name, given in settings.items():
        assert np.isnan(values(seen, name, **given)).all(), name


def seen_at(*path: tuple[float, float]) -> Any:
    """A view of one particle for each place, or of one that takes this path, as a statistic asks."""
    return SimpleNamespace(
        theta=np.array(path), thetas=lambda *_: np.array(path)[:, None], path=lambda _after: None, tracked=None
    )


def test_two_particles_have_a_covariance_and_one_has_none() -> None:
    record = statistic("cloud_covariance")
    assert record.values(seen_at((0.0, 1.0), (2.0, 1.0)), record.settings("xx")).mean() == 2.0
    assert np.isnan(record.values(seen_at((0.0, 1.0)), record.settings("xx"))).all()


def test_who_comes_to_the_line_and_goes_back_has_not_crossed_it() -> None:
    record = statistic("swings")
    path = ((1.0, 0.0), (0.0, 0.0), (1.0, 0.0), (-1.0, 0.0))
    assert record.values(seen_at(*path), record.settings("x")).tolist() == [1.0]


def test_who_is_on_the_line_has_not_passed_it() -> None:
    record = statistic("share_passed")
    passed = record.values(seen_at((0.5, 3.0), (0.6, -3.0), (0.4, 0.0)), record.settings((0.5, 0.0), (1.0, 0.0)))
    assert passed.tolist() == [False, True, False]


def test_a_loss_at_the_level_has_reached_it() -> None:
    record = statistic("share_reached")
    seen: Any = SimpleNamespace(loss=lambda _which: np.array([0.5, 0.6, 0.4]))
    assert record.values(seen, record.settings(0.5)).tolist() == [True, False, True]


def test_the_rate_of_two_is_the_larger_one() -> None:
    record = statistic("lr")
    for rates, rate in ((np.array([0.1, 0.2, 0.3]), 0.2), (np.array([[1.0, 2.0], [0.1, 0.3], [5.0, 6.0]]), 0.3)):
        seen: Any = SimpleNamespace(group=SimpleNamespace(lr=rates), frame=1)
        assert record.values(seen, record.settings()).tolist() == [rate]
