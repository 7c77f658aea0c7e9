"""Clipping of gradients and noise on them: definitions, statistics, and independence of how a run is cut.

One update of sgd at lr 1 moves by the gradient that the rule saw.  Seeds are fixed; statistics may be 4 of
their standard errors away.
"""

from math import sqrt
from typing import Any

import numpy as np
import pytest
from scipy.special import ndtr

from errsurf.errors import ScenarioError
from errsurf.optimizers import optimizer
from errsurf.sampling.batches import BatchPlan
from errsurf.scenario import scenario_from
from errsurf.settings.gradient_options import Clip, ClipNorm, ClipValue, Isotropic, Matched, Noise, Stable
from helpers import reference_loops
from helpers.distribution_checks import assert_distributed
from helpers.engine_cases import (
    Array,
    example_problem,
    plain_batches,
    reference_gradient,
    run,
    starts,
    warm_rates,
)

PARTICLES = 20_000
FULL = BatchPlan(20, 20)
CLIPS: tuple[Clip, ...] = (ClipNorm("norm", 0.3), ClipValue("value", 0.2))
NOISES: tuple[Noise, ...] = (Isotropic("isotropic", 0.5), Matched("matched", 4), Stable("stable", 0.1, 1.5))


def seen(theta: Array, plan: BatchPlan, updates: int = 1, **options: Any) -> Array:
    """The gradients with which sgd moves from theta, all particles put back there, shape (particles, 2)."""
    problem, settings = example_problem("quadratic_bowl", plan.examples), optimizer("sgd").settings(1.0)
    path, _ = run(
        problem,
        "sgd",
        settings,
        plan,
        updates=updates,
        lr=np.ones(updates),
        theta=theta,
        particles=len(theta),
        **options,
    )
    return np.asarray(theta - path[0], np.float64)


def one_place(particles: int = PARTICLES) -> Array:
    return np.tile([2.0, -1.0], (particles, 1))


def assert_covariance(samples: Array, expected: Array) -> None:
    """Mean zero and this covariance, of samples (particles, 2)."""
    for product, value in [
        *((samples[:, k], 0.0) for k in range(2)),
        *((samples[:, j] * samples[:, k], expected[j, k]) for j, k in ((0, 0), (0, 1), (1, 1))),
    ]:
        error = product.std() / sqrt(len(product))
        assert abs(product.mean() - value) < 4 * error, (product.mean(), value, error)


def gradient_covariance(examples: int, theta: Array) -> tuple[Array, Array]:
    """Mean and covariance of the examples' gradients at theta, from the reference loops."""
    gradient = reference_gradient(example_problem("quadratic_bowl", examples))
    each = np.array([gradient(theta, i) for i in range(examples)])
    return each.mean(axis=0), np.cov(each.T, bias=True)


def clipped(g: Array, clip: Clip) -> Array:
    """torch.nn.utils.clip_grad_norm_ and clip_grad_value_, written out, of gradients (..., 2)."""
    if clip.kind == "value":
        return np.clip(g, -clip.most, clip.most)
    factor = clip.most / (np.linalg.norm(g, axis=-1, keepdims=True) + 1e-6)
    return np.asarray(g * np.minimum(factor, 1.0))


@pytest.mark.parametrize("clip", CLIPS)
def test_clipping_is_what_torch_does(clip: Clip) -> None:
    """Of the mean over the batch, or over accumulated batches; some particles are within the bound, some not."""
    theta = starts(100) - 0.5
    for plan in (FULL, BatchPlan(20, 3), BatchPlan(20, 3, 2)):
        free = seen(theta, plan)
        bounded = np.abs(free).max(axis=1) < 0.2
        assert 0.1 < bounded.mean() < 0.9
        np.testing.assert_allclose(seen(theta, plan, clip=clip), clipped(free, clip), rtol=0, atol=1e-15)


def test_values_that_torch_clips_to() -> None:
    """torch 2.13: clip_grad_norm_ of (3, -4) to 1, and clip_grad_value_ of (0.5, -4) to 1."""
    assert clipped(np.array([3.0, -4.0]), ClipNorm("norm", 1.0)) == pytest.approx([3 / 5.000001, -4 / 5.000001])
    assert clipped(np.array([0.5, -4.0]), ClipValue("value", 1.0)).tolist() == [0.5, -1.0]


@pytest.mark.parametrize("clip", CLIPS)
def test_paths_of_clipped_gradients(clip: Clip) -> None:
    """Clipped before weight decay and momentum, as torch's optimizers see what is in grad."""
    chosen = {"lr": 0.1, "momentum": 0.8, "weight_decay": 0.3}
    problem, updates = example_problem("quadratic_bowl", 20), 200

    def rule(theta: Array, g: Array, *rest: Any, **options: Any) -> Array:
        return reference_loops.sgd(theta, clipped(g, clip), *rest, **options)

    path, _ = run(problem, "sgd", optimizer("sgd").settings(**chosen), BatchPlan(20, 3), updates=updates, clip=clip)
    for particle in (0, 19):
        expected = reference_loops.trajectory(
            rule,
            chosen,
            warm_rates(0.1, updates),
            reference_gradient(problem),
            plain_batches(BatchPlan(20, 3), "reshuffle", particle, updates),
            starts(20)[particle],
        )
        assert np.abs(path[:, particle] - expected[1:]).max() < 1e-10


@pytest.mark.parametrize("kind", ["norm", "value"])
def test_nothing_changes_below_the_bound(kind: Any) -> None:
    """To the last bit."""
    clip = ClipNorm(kind, 1e3) if kind == "norm" else ClipValue(kind, 1e3)
    problem, settings = example_problem("quadratic_bowl", 20), optimizer("sgd").settings(0.1, momentum=0.9)
    for plan in (FULL, BatchPlan(20, 3)):
        free, bounded = (run(problem, "sgd", settings, plan, clip=each)[0] for each in (None, clip))
        assert free.tobytes() == bounded.tobytes()


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_isotropic_noise_has_its_mean_deviation_and_shape(precision: str) -> None:
    """Beside the gradient there are independent normal numbers; their fourth moment is 3, to sqrt(96 / n)."""
    for deviation in (0.5, 3.0):
        noise = seen(one_place(), FULL, noise=Isotropic("isotropic", deviation), precision=precision)
        noise -= gradient_covariance(20, one_place(1)[0])[0]
        assert_covariance(noise, deviation**2 * np.eye(2))
        z = noise / deviation
        assert_distributed(z, ndtr)
        assert abs(np.mean(z**4) - 3) < 4 * sqrt(96 / z.size)
        assert abs(np.mean(z[:, 0] ** 2 * z[:, 1] ** 2) - 1) < 4 * sqrt(8 / len(z))


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("alpha", [0.6, 1.0, 1.5, 1.9, 2.0])
def test_stable_noise_has_its_characteristic_function(alpha: float, precision: str) -> None:
    """``E exp(i u . noise) = exp(-|scale u|^alpha)``, in several directions and from the middle to the tails."""
    scale, count = 0.7, 100_000
    noise = seen(one_place(count), FULL, noise=Stable("stable", scale, alpha), precision=precision)
    noise -= gradient_covariance(20, one_place(1)[0])[0]
    assert np.isfinite(noise).all()
    for size in (0.01, 0.1, 0.3, 1.0, 2.0, 4.0):
        for angle in (0.0, 0.7, 1.6, 2.5):
            phase = size / scale * (noise @ [np.cos(angle), np.sin(angle)])
            for values, expected in ((np.cos(phase), np.exp(-(size**alpha))), (np.sin(phase), 0.0)):
                assert abs(values.mean() - expected) < 4.5 * values.std() / sqrt(count)


def test_stable_noise_of_alpha_2_is_normal_noise_and_of_alpha_1_is_cauchys() -> None:
    """With the same normal numbers as isotropic noise; along an axis, half of Cauchy's numbers lie within the scale."""
    normal, stable = (
        seen(one_place(), FULL, noise=noise)
        for noise in (Isotropic("isotropic", sqrt(2) * 0.3), Stable("stable", 0.3, 2))
    )
    np.testing.assert_allclose(stable, normal, rtol=0, atol=1e-14)
    cauchy = seen(one_place(), FULL, noise=Stable("stable", 0.3, 1.0)) - gradient_covariance(20, one_place(1)[0])[0]
    assert_distributed(cauchy[:, 0] / 0.3, lambda x: 0.5 + np.arctan(x) / np.pi)


def test_isotropic_noise_comes_on_top_of_batches() -> None:
    quiet, noisy = (seen(one_place(), BatchPlan(20, 3), noise=each) for each in (None, NOISES[0]))
    assert_covariance(noisy - quiet, 0.25 * np.eye(2))
    assert_covariance(noisy - gradient_covariance(20, one_place(1)[0])[0], np.cov(quiet.T) + 0.25 * np.eye(2))


def test_no_deviation_is_no_noise() -> None:
    problem, settings = example_problem("quadratic_bowl", 20), optimizer("sgd").settings(0.1)
    for plan in (FULL, BatchPlan(20, 3)):
        paths = [
            run(problem, "sgd", settings, plan, noise=each)[0].tobytes() for each in (None, Isotropic("isotropic", 0.0))
        ]
        assert paths[0] == paths[1]


def noise_path(particles: int, updates: int) -> Array:
    """The noise of every update, shape (updates, particles, 2)."""
    problem, lr = example_problem("quadratic_bowl", 20), 0.1
    settings = optimizer("sgd").settings(lr)
    options: dict[str, Any] = {"updates": updates, "lr": np.full(updates, lr), "particles": particles}
    path, _ = run(problem, "sgd", settings, FULL, noise=Isotropic("isotropic", 1.0), **options)
    path = np.concatenate([starts(particles)[None], path])
    terms = reference_loops.quadratic_bowl_gradient
    mean, _ = gradient_covariance(20, np.zeros(2))
    hessian = np.array([terms(axis, condition=7.0, sharpness=1.5, angle=30.0) for axis in np.eye(2)])
    return np.asarray((path[:-1] - path[1:]) / lr - mean - path[:-1] @ hessian)


def test_noise_is_fresh_for_every_update_particle_and_axis() -> None:
    noise = noise_path(400, 300)
    flat = noise.transpose(0, 2, 1).reshape(600, 400)
    assert_distributed(flat, ndtr)
    for numbers in (flat, noise.transpose(1, 2, 0).reshape(800, 300)):
        count, n = numbers.shape
        scores = np.corrcoef(numbers)[np.triu_indices(count, 1)] * sqrt(n)
        assert np.abs(scores).max() < 6
        assert abs(np.mean(scores**2) - 1) < 0.02
    for shift in (1, 2, 4, 16, 64):
        assert abs(np.mean(noise[:, shift:] * noise[:, :-shift])) < 4 / sqrt(noise[:, shift:].size)
        assert abs(np.mean(noise[shift:] * noise[:-shift])) < 4 / sqrt(noise[shift:].size)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("noise", NOISES)
def test_noise_does_not_depend_on_threads_blocks_or_cuts(noise: Noise, precision: str) -> None:
    """600 updates, more than are drawn at once for a block of 256."""
    problem, settings = example_problem("quadratic_bowl", 20), optimizer("sgd").settings(0.1, momentum=0.5)
    for plan in (FULL,) if noise.kind == "matched" else (FULL, BatchPlan(20, 3)):
        options: dict[str, Any] = {"updates": 600, "frames": (1, 7, 600), "noise": noise, "precision": precision}
        whole, _ = run(problem, "sgd", settings, plan, particles=600, **options)
        assert np.ptp(whole, axis=1).min() > 0
        other: list[dict[str, Any]] = [
            {"workers": 2},
            {"workers": 7},
            {"pieces": (1, 255, 256, 300)},
            {"pieces": (599,), "workers": 2},
            *([{"lanes": 16}] if noise.kind == "matched" else []),
            {"particles": 100},
        ]
        for ways in other:
            part, _ = run(problem, "sgd", settings, plan, **{"particles": 600} | options | ways)
            assert part.tobytes() == np.ascontiguousarray(whole[:, : part.shape[1]]).tobytes(), ways


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("size", [1, 4, 13])
def test_matched_noise_has_the_covariance_of_real_batches(size: int, precision: str) -> None:
    """``(N - B) / ((N - 1) B)`` of one example's covariance, as drawn without replacement; and it is normal."""
    mean, each = gradient_covariance(20, one_place(1)[0])
    expected = each * (20 - size) / (19 * size)
    assert abs(each[0, 1]) > 0.4 * sqrt(each[0, 0] * each[1, 1])
    noise = seen(one_place(), FULL, noise=Matched("matched", size), precision=precision) - mean
    assert_covariance(noise, expected)
    assert_covariance(seen(one_place(), BatchPlan(20, size), precision=precision) - mean, expected)
    whitened = noise @ np.linalg.inv(np.linalg.cholesky(expected)).T
    assert_distributed(whitened, ndtr)
    assert abs(np.mean(whitened[:, 0] ** 2 * whitened[:, 1] ** 2) - 1) < 4 * sqrt(8 / PARTICLES)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_matched_noise_of_all_examples_is_none(precision: str) -> None:
    """Bit for bit."""
    problem, settings = example_problem("quadratic_bowl", 20), optimizer("sgd").settings(0.1)
    paths = [
        run(problem, "sgd", settings, FULL, noise=each, precision=precision)[0].tobytes()
        for each in (None, Matched("matched", 20))
    ]
    assert paths[0] == paths[1]


def test_matched_noise_of_few_particles_with_many_examples() -> None:
    """Another loop adds up the products of gradients; its noise is made of the same numbers."""
    problem, settings = example_problem("quadratic_bowl", 100), optimizer("sgd").settings(0.1)
    few, many = (
        run(problem, "sgd", settings, BatchPlan(100, 100), noise=Matched("matched", 5), particles=count)[0]
        for count in (2, 20)
    )
    assert np.abs(few - many[:, :2]).max() < 1e-12
    assert np.ptp(many[0], axis=0).min() > 0.01


@pytest.mark.parametrize(("precision", "bound"), [("float32", 2e-3), ("float64", 1e-7)])
def test_matched_noise_where_examples_agree_is_the_root_of_a_rounding(precision: str, bound: float) -> None:
    """A variance that is the difference of two squares is not zero to the last bit: 4 times sqrt(epsilon) of g^2."""
    problem, settings = example_problem("quadratic_bowl", 20), optimizer("sgd").settings(1.0)
    alike = problem._replace(train=np.tile([0.3, 0.1, 1.0, 0.0, 0.0], (20, 1)))
    theta = np.tile(starts(50), (20, 1))
    quiet, noisy = (
        run(
            alike,
            "sgd",
            settings,
            FULL,
            updates=1,
            lr=np.ones(1),
            theta=theta,
            particles=1000,
            noise=noise,
            precision=precision,
        )[0][0].astype(np.float64)
        for noise in (None, Matched("matched", 1))
    )
    size = np.linalg.norm(theta - quiet, axis=1)
    assert (np.linalg.norm(noisy - quiet, axis=1) / size).max() < bound


def test_clipping_comes_after_noise() -> None:
    clip = ClipNorm("norm", 2.0)
    noisy = seen(one_place(200), FULL, noise=NOISES[0])
    both = seen(one_place(200), FULL, noise=NOISES[0], clip=clip)
    np.testing.assert_allclose(both, clipped(noisy, clip), rtol=0, atol=1e-14)
    sizes = np.linalg.norm(noisy, axis=1)
    assert sizes.min() < 2.0 < sizes.max()


WRONG = [
    ({"batch": 3, "noise": {"kind": "matched", "batch": 4}}, "batch", "matched noise is for full batch"),
    ({"batch": 20, "noise": {"kind": "matched", "batch": 4}}, "batch", "matched noise is for full batch"),
    ({"noise": {"kind": "matched", "batch": 21}}, "noise.batch", "more than there are examples"),
    ({"noise": {"kind": "matched", "batch": 0}}, "noise.batch", "at least 1"),
    ({"noise": {"kind": "matched"}}, "noise.batch", "missing"),
    ({"noise": {"kind": "matched", "batch": 4, "deviation": 1.0}}, "noise.deviation", "unknown key"),
    ({"noise": {"kind": "isotropc", "deviation": 1.0}}, "noise.kind", "did you mean `isotropic`?"),
    ({"noise": {"kind": "isotropic", "deviation": -1.0}}, "noise.deviation", "at least 0"),
    ({"noise": {"kind": "isotropic"}}, "noise.deviation", "missing"),
    ({"noise": 0.5}, "noise", ""),
    ({"clip": {"kind": "norm", "most": 0.0}}, "clip.most", "above 0"),
    ({"clip": {"kind": "nrom", "most": 1.0}}, "clip.kind", "did you mean `norm`?"),
    ({"clip": {"most": 1.0}}, "clip.kind", "missing"),
]


@pytest.mark.parametrize(("group", "key", "words"), WRONG)
def test_options_that_have_no_meaning(group: dict[str, Any], key: str, words: str) -> None:
    table = {"surface": {"kind": "saddle"}, "run": {"updates": 3}, "optimizer": [{"kind": "sgd"} | group]}
    with pytest.raises(ScenarioError) as raised:
        scenario_from(table)
    (fault,) = raised.value.faults
    assert f"optimizer[1].{key}" in str(fault)
    assert words in str(fault)
