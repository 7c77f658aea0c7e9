"""Every statistic against values worked out by hand on a run of three frames."""

from typing import Any

import numpy as np
import pytest

from errsurf.engine.landscape import surface
from errsurf.measures.intervals import bootstrap
from errsurf.measures.view import view
from errsurf.statistics import statistic, statistic_names, summary
from helpers.claim_results import SADDLE, claims_findings

NAN, INF = np.nan, np.inf
# Three particles: one to either minimum, one that diverges at the second update.
A = [[(0.0, 1.0)] * 3, [(0.5, 0.0), (-0.5, 0.0), (0.0, 0.5)], [(1.0, 0.0), (-1.0, 0.0), (NAN, NAN)]]
B = [[(0.0, 1.0)] * 3, [(0.5, 0.3), (-0.5, 0.0), (0.0, 0.5)], [(1.0, 0.3), (-1.0, 0.4), (1.0, 0.0)]]
# Losses of frame 1: 1/64 - 1/8 for the first two, 1/8 for the third.
HALF = 1 / 64 - 1 / 8
# With momentum 0.5 and lr 0.1, m_2 = -0.1 g_2 - 0.05 g_1: that is so for all particles but the second.
PARTS: dict[str, Any] = {
    "gradient": [[(NAN, NAN)] * 3, [(1.0, 2.0)] * 3, [(3.0, 4.0)] * 3],
    "movement": [[(NAN, NAN)] * 3, [(-0.1, -0.2)] * 3, [(-0.35, -0.5), (-0.35, -1.0), (-0.35, -0.5)]],
    "effective_rate": [[(NAN, NAN)] * 3, [(0.1, 0.2)] * 3, [(0.3, 0.1), (0.1, 0.1), (0.1, 0.1)]],
}
RUN: dict[str, Any] = {"record": list(PARTS)}

# statistic, its settings, moment, value of each particle of group A
CASES: list[tuple[str, dict[str, Any], int | str, Any]] = [
    ("share_in_basin", {"near": (0.9, 0.1)}, "100%", [1, 0, 0]),
    ("share_in_basin", {"near": (-3.0, 0.0)}, "100%", [0, 1, 0]),
    ("share_near", {"point": (1.0, 0.4), "radius": 0.4}, "100%", [1, 0, 0]),
    ("share_near", {"point": (0.0, 0.0), "radius": 0.5}, 1, [1, 1, 1]),
    ("share_passed", {"point": (0.7, 0.0), "direction": (2.0, 1.0)}, "100%", [1, 0, 0]),
    ("share_passed", {"point": (0.7, 0.0), "direction": (-2.0, -1.0)}, "100%", [0, 1, 0]),
    ("share_reached", {"loss": 0.0}, 1, [1, 1, 0]),
    ("share_diverged", {}, "100%", [0, 0, 1]),
    ("share_diverged", {}, "50%", [0, 0, 0]),
    ("train_loss", {}, "100%", [-0.25, -0.25, NAN]),
    ("train_loss", {}, 1, [HALF, HALF, 0.125]),
    ("distance", {"point": (1.0, 1.0)}, "100%", [1.0, 5**0.5, NAN]),
    ("sharpness", {}, "100%", [2.0, 2.0, NAN]),
    ("gradient_norm", {}, 1, [0.375, 0.375, 0.5]),
    ("gradient_norm", {"point": (0.5, 0.0)}, 1, [0.375] * 3),
    ("apart", {"other": "b"}, "100%", [0.3, 0.4, NAN]),
    ("apart", {"other": "b"}, 1, [0.3, 0.0, 0.0]),
    ("time_to_loss", {"loss": HALF}, "100%", [1, 1, INF]),
    ("time_to_loss", {"loss": -0.2, "unit": "examples"}, "100%", [10, 10, INF]),
    ("time_to_loss", {"loss": -0.2, "unit": "epochs"}, "100%", [0.5, 0.5, INF]),
    ("time_to_loss", {"loss": -0.2}, 1, [INF] * 3),
    ("time_to_leave", {"point": (0.0, 0.5), "radius": 0.6}, "100%", [1, 1, 2]),
    ("time_to_leave", {"point": (0.0, 0.5), "radius": 0.6}, 1, [1, 1, INF]),
    ("time_to_leave", {"point": (0.5, 0.0), "radius": 0.1}, "100%", [2, NAN, NAN]),
    ("share_left", {"point": (0.0, 0.5), "radius": 0.6}, 1, [1, 1, 0]),
    ("restricted_time_to_leave", {"point": (0.0, 0.5), "radius": 0.6}, 1, [1, 1, 1]),
    ("restricted_time_to_leave", {"point": (0.5, 0.0), "radius": 0.1}, "100%", [2, NAN, NAN]),
    ("rate_of_leaving", {"point": (0.0, 0.5), "radius": 0.6}, "100%", [[1, 1], [1, 1], [1, 2]]),
    ("rate_of_leaving", {"point": (0.5, 0.0), "radius": 0.1}, "100%", [[1, 1], [NAN, NAN], [NAN, NAN]]),
    ("position", {"axis": "x"}, "100%", [1.0, -1.0, NAN]),
    ("mean_squared_displacement", {"after": 1}, "100%", [0.25, 0.25, NAN]),
    ("hessian_spectrum", {"of": "smallest"}, 1, [-0.25, -0.25, -1.0]),
    ("largest_movement", {}, 1, [1.25**0.5, 1.25**0.5, 0.5]),
    ("largest_movement", {"after": 1}, "100%", [0.5, 0.5, NAN]),
    ("path_length", {}, "100%", [1.25**0.5 + 0.5, 1.25**0.5 + 0.5, NAN]),
    ("swings", {"axis": "y", "around": 0.25}, "100%", [1, 1, NAN]),
    ("swings", {"axis": "x", "around": 0.75}, "100%", [1, 0, NAN]),
    ("swings", {"axis": "y", "around": 0.25, "after": "50%"}, "100%", [0, 0, NAN]),
    ("effective_rate", {"axis": "x"}, "100%", [0.3, 0.1, NAN]),
    ("effective_rate", {"axis": "x / y"}, "100%", [3, 1, NAN]),
    ("effective_rate", {"axis": "x / y"}, 1, [0.5] * 3),
    ("lr", {}, "100%", [0.1]),
    ("momentum_sum", {"momentum": 0.5}, "100%", [0.0, 0.5 / np.hypot(0.35, 1.0), 0.0]),
    ("test_loss_at", {"train_loss": 0.0}, "100%", [0.0, 0.0, NAN]),
    ("test_loss_at", {"train_loss": 0.125}, "100%", [0.25] * 3),
    ("updates_an_epoch", {}, "100%", [4]),
    ("seconds_an_update", {}, "100%", [0.25]),
    ("time_to_loss", {"loss": -0.2, "unit": "seconds"}, "100%", [0.5, 0.5, INF]),
    ("train_loss", {}, "0.25 epochs", [HALF, HALF, 0.125]),
    ("train_loss", {}, "0.4 epochs", [HALF, HALF, 0.125]),
]
ELSEWHERE = {"test_loss", "gap", "matched_gap", "correlation", "together_again", "batch_cosine", "batch_error"}
ELSEWHERE |= {"batch_error_law", "autocorrelation", "batch_covariance", "cloud_covariance", "effective_temperature"}
ELSEWHERE |= {"noise_scale", "stationary_covariance"}
SOME: dict[str, dict[str, Any]] = {
    "autocorrelation": {"axis": "x"},
    "batch_covariance": {"part": "xx"},
    "cloud_covariance": {"part": "xx"},
    "correlation": {"first": "gap", "second": "gap"},
    "effective_temperature": {"point": (0.0, 0.0)},
    "matched_gap": {"other": "b"},
    "stationary_covariance": {"part": "xx"},
}


def values(name: str, at: int | str = "100%", group: str = "a", paths: Any = None, **settings: Any) -> Any:
    given = {key: settings.pop(key) for key in ("batch_size", "surface", "seed", "sampling") if key in settings}
    given = {"batch" if key == "batch_size" else key: value for key, value in given.items()}
    paths = paths or {"a": A, "b": B}
    parts = {key: [row[: len(paths["a"][0])] for row in rows] for key, rows in PARTS.items()}
    record = statistic(name)
    filled = record.settings(**settings)
    regions = (record.region(filled),) if record.region else ()
    findings = claims_findings(paths, parts=parts, regions=regions, **RUN, **given)
    return record.values(view(findings, group, at), filled)


@pytest.mark.parametrize(("name", "settings", "at", "expected"), CASES)
def test_values_are_those_worked_out_by_hand(name: str, settings: Any, at: int | str, expected: Any) -> None:
    np.testing.assert_allclose(values(name, at, **settings), expected, rtol=1e-12, atol=1e-12)


def test_every_statistic_has_a_case_and_a_summary() -> None:
    assert {case[0] for case in CASES} | ELSEWHERE == set(statistic_names())
    assert all(summary(name).endswith(".") for name in statistic_names())


def test_losses_are_those_of_the_surfaces() -> None:
    drawn = surface(SADDLE["kind"], **{key: value for key, value in SADDLE.items() if key != "kind"})
    points = np.array(A)[2, :2]
    test = drawn.loss(points, "test")
    np.testing.assert_allclose(values("test_loss")[:2], test, rtol=1e-12)
    np.testing.assert_allclose(values("gap")[:2], test + 0.25, rtol=1e-12)


def test_gaps_are_compared_at_equal_training_loss() -> None:
    """In group b the particle at (1, 0) has the loss of both of a's; those at (1, 0.3) and (-1, 0.4) are too high."""
    test = dict(zip("pm", values("test_loss")[:2], strict=True))
    record = statistic("matched_gap")
    settings = record.settings(other="b")
    assert record.number is not None
    found = values("matched_gap", other="b")
    assert record.number(found, settings) == pytest.approx((test["m"] - test["p"]) / 2)
    assert record.number(found[:, [2, 3, 2, 3]], settings) == 0
    lonely = {"a": [rows[:1] for rows in A], "b": [[(0.0, 1.0)], [(0.0, 0.9)], [(0.0, 0.8)]]}
    assert np.isnan(record.number(values("matched_gap", paths=lonely, other="b"), settings))


def test_the_partner_of_equal_training_loss_is_the_nearest_above_or_below() -> None:
    record = statistic("matched_gap")
    assert record.number is not None
    for below, above, gap in ((0.99, 1.02, 0.3), (0.98, 1.01, -0.4)):
        rows = np.array([[1.0, 0.5, below, 0.2], [1.0, 0.5, above, 0.9]])
        assert record.number(rows, record.settings(other="b", within_loss=0.05)) == pytest.approx(gap)


def test_pairs_of_equal_training_loss_are_made_of_every_drawn_sample() -> None:
    """Fifty particles with one partner, the nearest of twelve: they know the difference no better than it does."""
    record = statistic("matched_gap")
    number, settings = record.number, record.settings(other="b", within_loss=0.5)
    assert number is not None
    test = 0.01 * np.random.default_rng(6).normal(size=50)
    of_train = np.where(np.arange(50) < 12, 1.0 + 0.01 * np.arange(50), 9.0)
    rows = np.stack([np.ones(50), test, of_train, np.arange(50) % 2], axis=-1)
    found = bootstrap(lambda drawn: number(drawn, settings), rows)
    assert found.high - found.low > 0.9


def test_correlation_pools_all_groups() -> None:
    """Spearman's correlation of sharpness and training loss over five particles, ties at mean ranks."""
    found = values("correlation", first="train_loss", second="sharpness")
    assert found.shape == (3, 2, 2)
    loss, sharp = (found[..., k].ravel() for k in (0, 1))
    np.testing.assert_allclose(sharp[np.isfinite(sharp)], 2.0)
    number, settings = statistic("correlation").number, None
    assert number is not None
    assert np.isnan(number(found, settings))
    assert loss[0] == pytest.approx(-0.25)
    rising = np.stack([np.arange(6.0), np.arange(6.0) ** 3], axis=-1)
    assert number(rising.reshape(3, 2, 2), settings) == pytest.approx(1.0)
    assert number(rising * (1, -1), settings) == pytest.approx(-1.0)
    assert number(np.array([(0.0, 0.0), (1.0, 1.0), (2.0, 0.0)]), settings) == pytest.approx(0.0)


MANY = {"a": np.tile([0.3, 0.7], (3, 800, 1))}


@pytest.mark.parametrize("batch", [1, 5, 10])
@pytest.mark.parametrize("sampling", ["reshuffle", "replacement"])
def test_squared_errors_of_batches_follow_their_law(batch: int, sampling: str) -> None:
    """800 batches: the mean over its expectation is 1 with a standard error of at most 0.06."""
    found = values("batch_error_law", paths=MANY, batch_size=batch, sampling=sampling)
    assert found.shape == (800,)
    assert found.mean() == pytest.approx(1.0, abs=0.15)
    assert found.std() > 0.1


def test_a_batch_of_all_examples_has_no_error() -> None:
    np.testing.assert_allclose(values("batch_error", paths=MANY, batch_size="full"), 0.0, atol=1e-12)
    np.testing.assert_allclose(values("batch_cosine", paths=MANY, batch_size="full"), 1.0, atol=1e-12)
    assert np.isnan(values("batch_error_law", paths=MANY, batch_size="full")).all()


def test_cosine_and_error_of_a_batch_are_of_the_same_batch() -> None:
    """With c the cosine and e the relative error, |batch|^2 / |full|^2 = r^2 solves e^2 = 1 - 2 c r + r^2."""
    cosine, error = (values(name, paths=MANY, batch=4) for name in ("batch_cosine", "batch_error"))
    norm = values("gradient_norm", paths=MANY, batch_size=4, of="batch")
    ratio = norm / values("gradient_norm", paths=MANY)
    np.testing.assert_allclose(error**2, 1 - 2 * cosine * ratio + ratio**2, atol=1e-9)
    assert len(np.unique(cosine.round(6))) > 100


def test_batches_are_regrouped_before_every_epoch() -> None:
    """A pair of one batch of 5 among 20 meets again with probability 4 / 19; 800 particles leave an error of 0.005."""
    assert values("together_again", paths=MANY).mean() == pytest.approx(4 / 19, abs=0.02)
    np.testing.assert_allclose(values("together_again", paths=MANY, sampling="once"), 1.0)


def test_a_surface_without_minima_in_sight_has_no_basins() -> None:
    findings = claims_findings({"a": A})
    findings.terrain.__dict__["minima"] = ()
    record = statistic("share_in_basin")
    assert not record.values(view(findings, "a", "100%"), record.settings(near=(1.0, 0.0))).any()


def test_all_particles_may_have_diverged() -> None:
    gone = {"a": [[(0.0, 0.0)], [(NAN, NAN)], [(NAN, NAN)]], "b": [[(0.0, 0.0)]] * 3}
    for name in statistic_names():
        record = statistic(name)
        settings: dict[str, Any] = next((case[1] for case in CASES if case[0] == name), {})
        settings |= SOME.get(name, {})
        found = values(name, paths=gone, **settings)
        assert len(found) == 1
        if record.share and name not in ("share_diverged", "share_left"):
            assert not found.any()
