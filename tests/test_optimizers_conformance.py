"""What holds for every optimizer found in the folder, whatever its rule."""

import inspect
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any, get_type_hints

import numpy as np
import pytest

from errsurf.errors import ScenarioError
from errsurf.optimizers import Hessian, Optimizer, Pair, optimizer, optimizer_names, summary
from errsurf.own_records.plain_rule import goes_downhill, walked
from errsurf.own_records.ranges import beyond, bounds
from errsurf.own_records.rules import edges
from errsurf.sampling.batches import BatchPlan
from errsurf.scenario import Scenario, scenario_from
from helpers.breadth import some
from helpers.engine_cases import run, smooth
from helpers.optimizer_cases import (
    Array,
    all_step_constants,
    case_problem,
    cases,
    first_memories,
    start_of,
    updated_pair,
)

NAMES = optimizer_names()
LISTED = [name for name in NAMES if cases(name)]
# What moves theta without any gradient: pulls to the origin, and noise.
PULLS = ("weight_decay", "lambd")
NOISE = ("temperature", "hutchinson")
# What keeps a rule from dividing rounding by rounding, or by little more, on a bowl, and from a start too slow to see.
CALM: dict[str, dict[str, float]] = {
    "dadapt_sgd": {"d0": 0.1},
    "mechanic": {"s_init": 0.1, "eps": 0.1},
    "prodigy": {"d0": 0.01},
    "soap": {"eps": 0.01},
    "sophia": {"gamma": 1.0},
}
RATES = np.array([0.01, 0.02, 0.015, *(0.02 * 0.98 ** np.arange(97))])
UPDATES = len(RATES)


def variants(name: str) -> list[Any]:
    """The settings of the cases, and the defaults."""
    settings = optimizer(name).settings
    return list(dict.fromkeys([settings(), *(settings(**case.settings) for case in cases(name))]))


def calm(name: str) -> Any:
    """The defaults, but for settings under which roundings grow."""
    return optimizer(name).settings(**CALM.get(name, {}))


def without(settings: Any, *names: str) -> Any:
    """The settings with these, as far as there are any, at 0."""
    return settings._replace(**dict.fromkeys(set(names) & set(settings._fields), 0.0))


def path_on(problem: Any, name: str, settings: Any, theta: Array, precision: str = "float64") -> Array:
    """Positions (updates, particles, 2) over the full batch, by the engine."""
    path, diverged = run(
        problem,
        name,
        settings,
        BatchPlan(2, 2),
        updates=UPDATES,
        precision=precision,
        particles=len(theta),
        lr=RATES,
        theta=theta,
    )
    assert (diverged == -1).all()
    return path


@cache
def bowl_path(name: str, precision: str) -> Array:
    """Under the optimizer's own defaults where they are calm, from a start far from the minimum and one near it."""
    theta = np.stack([start_of("quadratic_bowl"), [-0.1, 0.05]])
    return path_on(case_problem("quadratic_bowl"), name, calm(name), theta, precision)


@pytest.mark.parametrize("name", NAMES)
def test_the_record_is_complete(name: str) -> None:
    record, module = optimizer(name), import_module(f"errsurf.optimizers.{name}")
    for text in (record.formula, record.when_to_use, record.weakness, record.reference, summary(name)):
        assert len(text) > 15
        assert text == text.strip()
    for sentence in (record.when_to_use, record.weakness, summary(name)):
        assert sentence.endswith(".")
        assert sentence.count(". ") == 0
    functions = [part for part in vars(module).values() if getattr(part, "__module__", None) == module.__name__]
    assert len(functions) >= 5
    assert [part for part in functions if not inspect.getdoc(part)] == []
    assert record.settings._fields[0] == "lr"
    assert record.fault(record.settings()) is None


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_described_and_has_a_default(name: str) -> None:
    settings = optimizer(name).settings
    hints = get_type_hints(settings, include_extras=True)
    assert set(settings._field_defaults) == set(settings._fields)
    for field, hint in hints.items():
        (text,) = [part for part in hint.__metadata__ if isinstance(part, str)]
        assert len(text) > 5, field
        default = settings._field_defaults[field]
        assert type(default) in (bool, float, tuple), field


@pytest.mark.parametrize("name", NAMES)
def test_no_gradient_no_movement(name: str) -> None:
    """From an empty memory theta stays where it is, exactly; with an eps of 0, 0 is divided by 0, as in torch."""
    record, start = optimizer(name), Pair(0.7, -0.4)
    for settings in [without(each, *PULLS) for each in variants(name) if getattr(each, "eps", 1) > 0]:
        assert set(walked(record, settings, start, [Pair(0.0, 0.0)] * UPDATES, RATES)) == {start}, settings


@pytest.mark.parametrize("name", NAMES)
def test_the_first_movement_goes_downhill(name: str) -> None:
    """At the first update, or at the second of rules that only look at the first gradient."""
    record, start = optimizer(name), Pair(0.7, -0.4)
    for settings in [without(each, *PULLS) for each in variants(name)]:
        for slope in (Pair(3.0, 2.0), Pair(-0.2, 0.3)):
            assert goes_downhill(record, settings, start, slope, RATES), settings


@pytest.mark.parametrize("name", NAMES)
def test_mirrored_gradients_mirror_the_path(name: str) -> None:
    """No rule knows a direction: the path of -g from -theta is the path of g from theta, turned round."""
    record, gradients = optimizer(name), np.random.default_rng(6).normal(size=(UPDATES, 2))
    for settings in variants(name):
        one, other = (
            walked(
                record, settings, Pair(0.7 * side, -0.4 * side), [Pair(*g) for g in (side * gradients).tolist()], RATES
            )
            for side in (1.0, -1.0)
        )
        assert [Pair(-x, -y) for x, y in other] == one, settings


@pytest.mark.parametrize("name", NAMES)
def test_what_an_update_needs_is_finite(name: str) -> None:
    """Numbers or arrays of a whole run's length, computed without a warning, also for the most extreme settings."""
    record = optimizer(name)
    t = np.arange(1, 100_001)
    for settings in [*variants(name), *edges(record.settings)]:
        constants = record.step_constants(t, np.full(len(t), settings.lr), settings)
        assert constants._fields == get_type_hints(record.step_constants)["return"]._fields
        for values in constants:
            assert np.shape(values) in ((), t.shape)
            assert np.isfinite(values).all(), settings
            assert np.asarray(values).dtype.kind in "if"


@pytest.mark.parametrize("name", some(name for name in NAMES if not smooth(name)))
def test_float32_stays_close_to_float64(name: str) -> None:
    """Within 100 updates' worth of float32 roundings, 100 * 6e-8, several times over.

    Rules that follow signs turn an update earlier or later where a gradient is almost 0.  Smooth rules are compared on
    other surfaces, with batches, by test_engine_trajectories.py.
    """
    double, single = bowl_path(name, "float64"), bowl_path(name, "float32")
    assert single.dtype == np.float32
    assert np.ptp(double, axis=0).max() > 1e-3
    assert 0 < np.abs(single - double).max() < 5e-5


@pytest.mark.parametrize("name", NAMES)
def test_a_run_is_deterministic(name: str) -> None:
    theta = np.stack([start_of("quadratic_bowl"), [-0.1, 0.05]])
    again = path_on(case_problem("quadratic_bowl"), name, calm(name), theta)
    assert again.tobytes() == bowl_path(name, "float64").tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_particles_is_irrelevant(name: str) -> None:
    theta = np.stack([[-0.1, 0.05], start_of("quadratic_bowl")])
    settings = without(optimizer(name).settings(), *NOISE)
    here, turned = (path_on(case_problem("quadratic_bowl"), name, settings, place) for place in (theta, theta[::-1]))
    assert (turned[:, ::-1] == here).all()


@pytest.mark.parametrize("name", NAMES)
def test_x_and_y_are_alike(name: str) -> None:
    """On a round bowl, a start, shifts and tilts with x and y exchanged give the path with x and y exchanged.

    Exactly, unless the rule joins x and y: a sum of two products rounds one of them.
    """
    bowl = case_problem("quadratic_bowl")
    round_bowl = bowl._replace(terms=np.array([[1.3, 0.0, 1.3]]))
    exchanged = round_bowl._replace(train=bowl.train[:, [1, 0, 2, 4, 3]])
    joined = optimizer(name).probe or optimizer(name).pair
    for settings in {without(each, *NOISE) for each in (calm(name), variants(name)[-1])}:
        here = path_on(round_bowl, name, settings, np.array([[0.9, -0.4]]))
        there = path_on(exchanged, name, settings, np.array([[-0.4, 0.9]]))
        np.testing.assert_allclose(there[:, :, ::-1], here, rtol=1e-12 if joined else 0)


ADAPTIVE = [name for name in NAMES if optimizer(name).rate]
# A steady gradient makes their rates grow.
GROWING = ("mechanic", "prodigy")


@pytest.mark.parametrize("name", ADAPTIVE)
def test_the_effective_rate_is_what_a_steady_gradient_of_one_moves_by(name: str) -> None:
    """After 100 updates, in which means have arrived; Adadelta's mean of movements still grows a little.

    Where the rate grows, after the first update, with the weight of its gradient.
    """
    record, start, updates = optimizer(name), Pair(0.0, 0.0), 1 if name in GROWING else UPDATES
    plain, gradients = without(record.settings(), *PULLS), [Pair(1.0, 1.0)] * updates
    weight = record.gradient_weight(1, plain) if name in GROWING and record.gradient_weight else 1.0
    for settings in [plain, *(plain._replace(eps=0.3) for field in plain._fields if field == "eps")]:
        before, theta = [start, *walked(record, settings, start, gradients, RATES)][-2:]
        rates = weight * np.array(last_rates(record, settings, gradients))
        np.testing.assert_allclose(rates, np.subtract(before, theta), rtol=1e-12 if updates == 1 else 0.02)


@pytest.mark.parametrize("name", ADAPTIVE)
def test_steeper_directions_have_no_larger_rate(name: str) -> None:
    """Under any settings, and after every update."""
    record = optimizer(name)
    for settings in variants(name):
        for updates in (1, 2, 10, UPDATES):
            steep, flat = last_rates(record, settings, [Pair(2.0, 0.5)] * updates)
            assert 0 < steep <= flat


def last_rates(record: Optimizer, settings: Any, gradients: list[Pair]) -> Pair:
    """The rates along x and y after these gradients."""
    theta = Pair(0.0, 0.0)
    memories = first_memories(record, settings, theta)
    for gradient, constants in zip(gradients, all_step_constants(record, RATES, settings), strict=False):
        theta, memories = updated_pair(record, theta, gradient, memories, constants, settings, Hessian(2.0, 0.3, 1.0))
    assert record.rate
    rates = [record.rate(memory, constants, settings) for memory in memories]
    return rates[0] if record.pair else Pair(*rates)


def ranges() -> Iterator[Any]:
    """Optimizer, setting, a value outside its range, and a pattern of the range's end."""
    for name in NAMES:
        settings = optimizer(name).settings
        for field, hint in get_type_hints(settings, include_extras=True).items():
            for k, bound in bounds(hint):
                value, words = beyond(bound)
                default = settings._field_defaults[field]
                given = value if k is None else [value if k == j else part for j, part in enumerate(default)]
                yield pytest.param(name, field, given, words, id=f"{name}-{field}-{given}")


def scenario(name: str, **settings: Any) -> Scenario:
    tables = {"surface": {"kind": "saddle"}, "run": {"updates": 3}, "optimizer": [{"kind": name} | settings]}
    return scenario_from(tables)


@pytest.mark.parametrize(("name", "field", "given", "words"), list(ranges()))
def test_settings_outside_their_range_are_refused(name: str, field: str, given: Any, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario(name, **{field: given})
    (fault,) = caught.value.faults
    assert f"optimizer[1].{field}" in str(fault)
    assert re.search(words, str(fault))


@pytest.mark.parametrize("name", LISTED)
def test_all_settings_can_be_given_in_a_scenario(name: str) -> None:
    for settings in variants(name):
        given = {key: list(value) if isinstance(value, tuple) else value for key, value in settings._asdict().items()}
        assert scenario(name, **given).optimizer[0].settings == settings


def test_step_sizes_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ScenarioError, match="the smallest is larger than the largest"):
        scenario("rprop", step_sizes=[0.1, 0.01])
