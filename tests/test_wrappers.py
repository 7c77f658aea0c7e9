"""Wrappers: around a rule in plain Python, in kernels, in scenario files, and where they have no meaning."""

import tomllib
from collections.abc import Callable
from inspect import getdoc
from typing import Any, get_type_hints

import numpy as np
import pytest

from errsurf import Scenario, ScenarioError, build_scenario, scenario_from, simulate
from errsurf.optimizers import optimizer
from errsurf.run.result import Group
from errsurf.scenario.writing import toml
from errsurf.wrappers import summary, wrapper, wrapper_names
from helpers.engine_cases import Array
from helpers.optimizer_cases import TOLERANCE, engine_path, rule_difference, worst_difference, wrapper_cases

UPDATES = 40
LR = 0.05
Step = Callable[[Array, Array, Array, int], Array]


def scenario(*wrappers: dict[str, Any], kind: str = "sgd", **settings: Any) -> Scenario:
    return build_scenario(
        surface={"kind": "saddle", "examples": 20, "shift": 0.1, "scale": 1.2, "tilt": 0.3},
        swarm={"particles": 20, "start": "cloud", "at": [0.3, 0.9], "spread": 0.2},
        run={"updates": UPDATES, "frames": "all", "precision": "float64", "record": ["gradient", "iterate"]},
        optimizer={"kind": kind, "lr": LR, "batch": 3, "wrappers": list(wrappers), **settings},
    )


def ran(*wrappers: dict[str, Any], kind: str = "sgd", **settings: Any) -> Group:
    return simulate(scenario(*wrappers, kind=kind, **settings)).groups[0]


def path(group: Group, step: Step) -> Array:
    """The path (updates + 1, watched, 2) from the recorded gradients, by ``step(theta, rule's theta, gradient, t)``."""
    theta = np.asarray(group.position[0, group.watched], np.float64)
    found = [theta]
    for t, gradient in enumerate(np.asarray(group.parts["gradient"][1:]), 1):
        theta = step(theta, theta - LR * gradient, gradient, t)
        found.append(theta)
    return np.array(found)


def test_lookahead_returns_half_of_the_way_every_k_updates() -> None:
    slow = None

    def step(theta: Array, moved: Array, _gradient: Array, t: int) -> Array:
        nonlocal slow
        slow = theta if t == 1 else slow
        if t % 4 == 0:
            slow = slow + 0.3 * (moved - slow)
            return slow
        return moved

    group = ran({"kind": "lookahead", "k": 4, "alpha": 0.3})
    np.testing.assert_allclose(group.position[:, group.watched], path(group, step), rtol=0, atol=1e-13)


def test_cautious_moves_only_against_the_gradient() -> None:
    """With momentum; what is left moves farther, by the share of parameters that wait."""
    group = ran({"kind": "cautious"}, momentum=0.9)
    gradient, position = group.parts["gradient"][1:], group.position[:, group.watched]
    buffer, expected = np.zeros_like(gradient[0]), [position[0]]
    for each in gradient:
        buffer = 0.9 * buffer + each
        mask = buffer * each > 0
        share = np.maximum(mask.mean(axis=1, keepdims=True), 1e-3)
        expected.append(expected[-1] - LR * mask * buffer / share)
    np.testing.assert_allclose(position, expected, rtol=0, atol=1e-13)
    moved = np.diff(position, axis=0)
    assert 0.02 < (moved == 0).mean() < 0.5
    assert (moved * gradient <= 0).all()


def test_grams_keeps_the_step_and_takes_the_sign_of_the_gradient() -> None:
    group, plain = ran({"kind": "grams"}, kind="adam"), optimizer("adam")
    moved, gradient = np.diff(group.position[:, group.watched], axis=0), group.parts["gradient"][1:]
    assert (np.sign(moved) == -np.sign(gradient)).all()
    settings = plain.settings(lr=LR)
    memory, size = plain.memory(), []
    constants = plain.step_constants(np.arange(1, UPDATES + 1), np.full(UPDATES, LR), settings)
    for t, g in enumerate(gradient[:, 0, 0].tolist()):
        theta, memory = plain.update(0.0, g, memory, type(constants)(*(v[t] for v in constants)), settings)
        size.append(abs(theta))
    np.testing.assert_allclose(np.abs(moved[:, 0, 0]), size, rtol=1e-12)


@pytest.mark.parametrize("decoupled", [True, False])
def test_decay_equals_the_optimizers_own(decoupled: bool) -> None:
    """AdamW's is decoupled and Adam's is not; the two differ."""
    wrapped = ran({"kind": "decay", "weight_decay": 0.3, "decoupled": decoupled}, kind="adam")
    own = ran(kind="adamw" if decoupled else "adam", weight_decay=0.3)
    other = ran(kind="adam" if decoupled else "adamw", weight_decay=0.3)
    np.testing.assert_allclose(wrapped.position, own.position, rtol=0, atol=1e-12)
    assert np.abs(wrapped.position - other.position).max() > 1e-3


def test_decay_follows_the_schedule() -> None:
    schedule = {"decay": "cosine"}
    wrapped = ran({"kind": "decay", "weight_decay": 0.3}, kind="adam", schedule=schedule)
    own = ran(kind="adamw", weight_decay=0.3, schedule=schedule)
    np.testing.assert_allclose(wrapped.position, own.position, rtol=0, atol=1e-12)


def test_averages_are_shown_and_the_iterate_goes_on() -> None:
    plain = ran()
    for kind, mean in (("ema", ema), ("swa", swa)):
        group = ran({"kind": kind, **MEANS[kind]})
        iterates = np.asarray(plain.position[:, plain.watched])
        np.testing.assert_array_equal(group.parts["iterate"][1:], iterates[1:])
        np.testing.assert_allclose(group.position[:, group.watched], mean(iterates), rtol=0, atol=1e-14)
        assert np.abs(group.position - plain.position).max() > 1e-3


def test_swa_is_theta_itself_until_averaging_begins() -> None:
    """To the bit: 0.7 + (0.1 - 0.7) is not 0.1."""
    record = wrapper("swa")
    settings = record.settings(begin=3)
    shown = record.after(0.7, 0.1, 0.0, record.memory(0.7), record.step_constants(1, LR, settings), settings)
    assert shown == (0.1, (0.1,))


MEANS: dict[str, dict[str, Any]] = {"ema": {"decay": 0.9}, "swa": {"begin": 11, "every": 3}}


def ema(iterates: Array) -> Array:
    found = [iterates[0]]
    for each in iterates[1:]:
        found.append(0.9 * found[-1] + 0.1 * each)
    return np.array(found)


def swa(iterates: Array) -> Array:
    """Theta itself up to update 11, then the mean of those after updates 11, 14, 17, ..."""
    return np.array([iterates[t] if t < 11 else iterates[11 : t + 1 : 3].mean(axis=0) for t in range(len(iterates))])


def test_losses_are_those_of_the_shown_point() -> None:
    result = simulate(scenario({"kind": "ema"}))
    group = result.groups[0]
    expected = result.landscape.loss(np.asarray(group.position)[:, group.loss_particles], "train")
    np.testing.assert_allclose(group.train_loss, expected, rtol=1e-12)


@pytest.mark.parametrize("sides", [([0.25, 0.4], [0.85, 0.95]), ([0.3, 0.3], [0.8, 0.9])])
def test_a_box_holds_theta(sides: tuple[list[float], list[float]]) -> None:
    """Small boxes, all four sides of which particles meet; the second one is flat."""
    low, high = np.array(sides).T
    group = ran({"kind": "box", "x": sides[0], "y": sides[1]})
    expected = path(group, lambda _theta, moved, _gradient, _t: np.clip(moved, low, high))
    np.testing.assert_allclose(group.position[1:, group.watched], expected[1:], rtol=0, atol=1e-14)
    reached = group.position[1:].min(axis=(0, 1)), group.position[1:].max(axis=(0, 1))
    np.testing.assert_array_equal(reached, [low, high])


def test_wrappers_act_in_their_order_and_keep_memories_of_their_own() -> None:
    """Two of one kind do not share what they remember."""
    one = ran({"kind": "lookahead", "k": 2}, {"kind": "lookahead", "k": 5, "alpha": 0.1})
    other = ran({"kind": "lookahead", "k": 5, "alpha": 0.1}, {"kind": "lookahead", "k": 2})
    single = ran({"kind": "lookahead", "k": 2})
    assert np.abs(one.position - other.position).max() > 1e-3
    assert np.abs(one.position - single.position).max() > 1e-3
    same = ran({"kind": "lookahead", "k": 2}, {"kind": "lookahead", "k": 1, "alpha": 1.0})
    np.testing.assert_allclose(same.position, single.position, rtol=0, atol=1e-14)


def test_a_shown_point_of_a_diverged_particle_stays_where_it_is() -> None:
    group = simulate(
        build_scenario(
            surface={"kind": "himmelblau"},
            swarm={"particles": 4, "start": "cloud", "at": [4.0, 4.0], "spread": 0.1},
            run={"updates": 30, "frames": "all"},
            optimizer={"kind": "sgd", "lr": 0.5, "wrappers": [{"kind": "ema"}]},
        )
    ).groups[0]
    assert (group.diverged > 0).all()
    assert np.isfinite(group.position).all()
    assert (group.position[-1] == group.position[int(group.diverged.max())]).all()


def test_a_written_scenario_keeps_its_wrappers() -> None:
    given = scenario({"kind": "lookahead", "k": 3}, {"kind": "ema", "decay": 0.5})
    assert scenario_from(tomllib.loads(toml(given))).optimizer == given.optimizer


@pytest.mark.parametrize(
    ("kind", "wrappers", "place", "words"),
    [
        ("asgd", [{"kind": "ema"}], "optimizer[1].wrappers[1]", "ema has no meaning around asgd"),
        ("sgd", [{"kind": "swa"}, {"kind": "cautious"}], "optimizer[1].wrappers[2]", "no meaning around swa"),
        ("sgd", [{"kind": "lokahead"}], "optimizer[1].wrappers[1].kind", "did you mean `lookahead`"),
        ("sgd", [{"kind": "lookahead", "k": 0}], "optimizer[1].wrappers[1].k", "at least 1"),
        ("sgd", [{"kind": "box", "x": [1.0, -1.0]}], "optimizer[1].wrappers[1]", "smallest value"),
        ("sgd", {"kind": "ema"}, "optimizer[1].wrappers", "list"),
    ],
)
def test_what_has_no_meaning_is_refused_in_words(kind: str, wrappers: Any, place: str, words: str) -> None:
    table = {"kind": kind, "lr": 0.1, "wrappers": wrappers}
    with pytest.raises(ScenarioError) as error:
        scenario_from({"surface": {"kind": "saddle"}, "run": {"updates": 5}, "optimizer": [table]})
    assert place in str(error.value)
    assert words in str(error.value)


@pytest.mark.parametrize("name", wrapper_names())
def test_records_are_complete(name: str) -> None:
    record = wrapper(name)
    for text in (record.formula, record.when_to_use, record.weakness, record.reference, summary(name)):
        assert len(text) > 15
    assert getdoc(record.settings)
    assert set(record.settings._field_defaults) == set(record.settings._fields)
    assert record.before or record.after
    assert record.fault(record.settings()) is None
    assert not (record.shown and record.moves)
    hints = get_type_hints(record.step_constants)["return"]
    constants = record.step_constants(np.arange(1, 101), np.full(100, 0.1), record.settings())
    assert constants._fields == hints._fields
    assert all(np.isfinite(value).all() for value in constants)


@pytest.mark.parametrize("kind", ["adam", "newton"])
def test_all_wrappers_go_around_rules_of_both_kinds(kind: str) -> None:
    """One after the other, an average last, and not in a box."""
    moving = [{"kind": name} for name in wrapper_names() if wrapper(name).moves and name != "box"]
    group = ran(*moving, {"kind": "ema"}, kind=kind, **({"damping": 3.0} if kind == "newton" else {}))
    assert np.isfinite(group.position).all()
    assert np.ptp(group.position, axis=0).max() > 1e-3


STORED = [name for name in wrapper_names() if wrapper_cases(name)]


@pytest.mark.parametrize("name", STORED)
def test_paths_of_packages(name: str) -> None:
    """Over 1,000 updates in plain Python, and in kernels on the bowl; five runs on three surfaces."""
    cases = wrapper_cases(name)
    assert len(cases) == 15
    assert len({case.surface for case in cases}) == 3
    for case in cases:
        assert rule_difference(optimizer(case.optimizer), case) < TOLERANCE, case
        if case.surface == "quadratic_bowl":
            expected = np.where(np.isfinite(case.shown), case.shown, case.theta)
            assert worst_difference(engine_path(case), expected) < TOLERANCE, case


def test_most_wrappers_have_stored_paths() -> None:
    assert {"cautious", "ema", "grams", "lookahead", "swa"} <= set(STORED)
