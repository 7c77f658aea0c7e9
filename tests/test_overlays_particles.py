"""Arrows, crosses, ellipses and the strip of examples of followed particles, and where the surface is too sharp."""

from math import inf
from typing import Any

import numpy as np
import pytest

from errsurf.drawing.overlays._parts import parts
from errsurf.drawing.overlays.members import strip_box
from errsurf.drawing.overlays.noise import noise_axes
from errsurf.drawing.overlays.update_arrows import enlargement
from errsurf.optimizers import Hessian, Pair, optimizer, optimizer_names
from helpers.optimizer_cases import first_memory, updated_pair
from helpers.overlay_cases import added, lines, painted, part, pixel, run, without_overlays

MOMENTUM = {"lr": 0.05, "momentum": 0.8, "batch": "full"}


def tips(ready: Any, clock: float, view: int = 0) -> dict[int, Any]:
    """Start and tip of every arrow on a map, in its pixels, by its colour; a dashed one may begin a gap later."""
    found = {}
    for each in ready.scene.overlays:
        for line in lines(ready, each, view, clock):
            if not np.isnan(line.path[-4]).all():
                continue
            shaft, tip = line.path[:-4], line.path[-2]
            found[line.colour] = np.array([shaft[np.nanargmax(np.hypot(*(shaft - tip).T))], tip])
    return found


def test_three_arrows_are_the_gradient_the_last_movement_and_their_sum() -> None:
    """Claim 10: the movement is momentum times the last one, less lr times the gradient; lengths are one scale's."""
    result = run(MOMENTUM, arrows="update", surface={"condition": 4.0})
    ready = painted(result)
    group, box = result.groups[0], ready.layout.map
    every = [*parts(ready.scene.maps).values()]
    moved, gradient = group.parts["movement"][:, 0], group.parts["gradient"][:, 0]
    for update in range(1, 9):
        drawn, factor = tips(ready, float(update)), enlargement(ready.scene.maps, every, float(update))
        assert factor >= 2
        expected = {0: -0.05 * gradient[update + 1], 1: 0.8 * moved[update], 2: moved[update + 1]}
        scale = np.array([box.width, -box.height]) / 4
        for colour, movement in expected.items():
            if np.hypot(*(factor * movement * scale)) > 12:
                along = drawn[colour][1] - drawn[colour][0]
                assert along == pytest.approx(factor * movement * scale, abs=4 if colour == 1 else 1e-6)
        if {0, 1, 2} <= drawn.keys():
            corner = pixel(ready, group.position[update, 0]) - box[:2] + factor * expected[1] * scale
            assert drawn[1][1] == pytest.approx(corner)
            assert drawn[0][0] == pytest.approx(corner)
            assert np.hypot(*(drawn[2][1] - drawn[0][1])) < 6 * ready.scene.maps.style.line
        assert max(np.hypot(*(tip - tail)) for tail, tip in drawn.values()) > 0.06 * box.height
        column, row = (np.mean(drawn[2], axis=0) + box[:2]).astype(int)
        assert (
            np.abs(ready.frame(float(update))[row, column].astype(int) - ready.layout.style.theme.foreground).max() < 60
        )


@pytest.mark.parametrize("kind", [name for name in optimizer_names() if optimizer(name).gradient_weight])
def test_own_is_how_a_movement_grows_with_its_gradient_at_a_given_rate(kind: str) -> None:
    """``movement / rate`` is minus ``own`` times the gradient, plus what does not depend on it."""
    record = optimizer(kind)
    options = {"sgd": [{"momentum": 0.7}, {"momentum": 0.7, "nesterov": True}, {"momentum": 0.7, "dampening": 0.4}]}
    for given in options.get(kind, [{}]):
        settings = record.settings(**given)
        constants_of = type(record.step_constants(1, 0.1, settings))
        for t in (1, 2, 5):
            all_constants = record.step_constants(np.arange(1.0, 7.0), np.full(6, 0.1), settings)
            constants = constants_of(*(float(np.broadcast_to(value, 6)[t - 1]) for value in all_constants))
            at = Pair(0.0, 0.0) if record.pair else 0.0
            later = record.memory(*(0.3 for _ in record.memory._fields))
            first = first_memory(record, settings, at) if t == 1 else later
            shares = []
            for slope in (0.4, 0.9):
                gradient, memories = Pair(slope, 0.5), [first] * (1 if record.pair else 2)
                bend, start = Hessian(1.0, 0.0, 1.0), Pair(0.0, 0.0)
                theta, memories = updated_pair(record, start, gradient, memories, constants, settings, bend)
                rate = record.rate(memories[0], constants, settings)
                shares.append(theta.x / (rate.x if record.pair else rate))
            if kind != "rmsprop":
                assert (shares[1] - shares[0]) / 0.5 == pytest.approx(-record.gradient_weight(t, settings), rel=1e-9)


def test_without_memory_there_is_no_arrow_of_the_past() -> None:
    ready = painted(run({"batch": 3}, arrows="update", surface={"shift": 0.4}))
    assert [len(each.entries) for each in ready.scene.overlays] == [2]
    assert set(tips(ready, 0.0)) == {0, 2}


def test_arrows_of_a_batch_are_its_slope_and_that_of_all() -> None:
    """On a bowl the slope of a batch is the way from the mean of its shifts, that of all from the mean of all."""
    result = run({"batch": 2}, surface={"shift": 0.5}, arrows="batch")
    ready, shifts = painted(result), result.landscape.train[:, :2]
    follower = ready.scene.maps.followers[0]
    scale = np.array([ready.layout.map.width, -ready.layout.map.height]) / 4
    factors = []
    for clock in range(0, 10, 3):
        theta = follower.theta(clock)
        members = np.concatenate(follower.batches(clock))
        drawn = tips(ready, clock)
        for colour, centre in ((0, shifts.mean(axis=0)), (1, shifts[members].mean(axis=0))):
            along = (drawn[colour][1] - drawn[colour][0]) / scale
            factors.append(along @ (centre - theta) / ((centre - theta) @ (centre - theta)))
            assert along == pytest.approx(factors[-1] * (centre - theta), abs=1e-9)
    assert factors == pytest.approx([factors[0]] * len(factors))


@pytest.mark.parametrize("sampling", ["reshuffle", "replacement"])
def test_the_ellipse_is_the_covariance_of_batches(sampling: str) -> None:
    """For tilts C/B (N - B)/(N - 1) of their covariance C without replacement, C/B with it; none for all examples."""
    result = run({"batch": 4}, {"batch": "full"}, surface={"tilt": 0.6}, noise=True, run={"sampling": sampling})
    ready = painted(result)
    tilts = result.landscape.train[:, 3:5]
    axes = noise_axes(ready.scene.maps, ready.scene.maps.followers[0], np.array([0.3, -0.2]), 0)
    share = 1.0 if sampling == "replacement" else 6 / 9
    np.testing.assert_allclose(axes.T @ axes, np.cov(tilts.T, bias=True) / 4 * share, atol=1e-12)
    assert np.abs(noise_axes(ready.scene.maps, ready.scene.maps.followers[1], np.zeros(2), 0)).max() < 1e-9
    found = next(drawn for each in ready.scene.overlays if len(drawn := lines(ready, each, 0, 0.0)) == 2)
    one, two = (np.ptp(line.path, axis=0) for line in found)
    assert two == pytest.approx(2 * one)


def test_the_arms_of_a_cross_are_the_effective_rates() -> None:
    result = run({"kind": "adagrad", "lr": 0.3}, surface={"condition": 9.0}, rates=True)
    ready = painted(result)
    rate = result.groups[0].parts["effective_rate"][:, 0]
    assert not np.allclose(rate[6, 0], rate[6, 1])
    arms = []
    for clock in (5, 8):
        path = lines(ready, ready.scene.overlays[0], 0, float(clock))[0].path
        arms += [abs(path[1, 0] - path[0, 0]), abs(path[10, 1] - path[9, 1])]
    assert np.array(arms) / arms[0] == pytest.approx(np.concatenate([rate[6], rate[9]]) / rate[6, 0])


@pytest.mark.parametrize(
    ("settings", "limit"),
    [
        ({}, 20.0),
        ({"momentum": 0.9}, 38.0),
        ({"momentum": 0.9, "nesterov": True}, 3.8 / 2.8 / 0.1),
        ({"momentum": 0.5, "dampening": 0.5}, 60.0),
        ({"weight_decay": 3.0}, 17.0),
        ({"momentum": 0.5, "movement": True}, 30.0),
    ],
)
def test_up_to_its_limit_sgd_settles_and_beyond_it_does_not(settings: dict[str, Any], limit: float) -> None:
    record = optimizer("sgd")
    chosen = record.settings(lr=0.1, **settings)
    assert record.max_stable_sharpness(0.1, chosen) == pytest.approx(limit)
    assert record.max_stable_sharpness(0.0, chosen) == inf
    for share, settles in ((0.97, True), (1.03, False)):
        theta, memory = 1.0, record.memory()
        for t in range(1, 800):
            constants = type(record.step_constants(1, 0.1, chosen))(
                *(float(value) for value in record.step_constants(np.array(t), 0.1, chosen))
            )
            theta, memory = record.update(theta, share * limit * theta, memory, constants, chosen)
        assert (abs(theta) < 1e-3) == settles
    assert record.max_stable_sharpness(0.1, record.settings(momentum=1.0)) == 0


def test_the_hatched_region_is_where_the_hessian_says() -> None:
    """Its outline and its lines are sharper than 2 / lr allows, to two pixels, and nothing else is drawn."""
    wells = [{"at": [-0.8, 0.3], "width": 0.4}, {"at": [0.9, -0.2], "width": 0.9}]
    result = run({"lr": 0.5}, surface={"kind": "wells", "wells": wells, "bowl": 0.1}, swarm={"particles": 1})
    ready = painted(result, stability=True)
    found = added(ready, without_overlays(ready))
    (x0, y0), (x1, y1) = (pixel(ready, corner) for corner in ((0.0, 0.0), (1.0, 1.0)))
    theta = np.stack([(found[:, 0] - x0) / (x1 - x0), (found[:, 1] - y0) / (y1 - y0)], axis=-1)
    around = [theta + np.array([dx / (x1 - x0), dy / (y1 - y0)]) for dx in (-2, 0, 2) for dy in (-2, 0, 2)]
    sharp = np.max([_sharpness(result, points) for points in around], axis=0)
    assert len(found) > 300
    assert sharp.min() > 2 / 0.5
    grid = np.stack(np.meshgrid(np.linspace(-2, 2, 200), np.linspace(-2, 2, 200)), axis=-1)
    region = np.mean(_sharpness(result, grid) > 4) * ready.layout.map.width * ready.layout.map.height
    assert 0.1 * region < len(found) < 0.8 * region


def test_the_region_follows_the_schedule() -> None:
    """A bowl of sharpness 8 is too sharp for lr 0.5, and once lr has fallen below 0.25 it is not."""
    decayed = {"lr": 0.5, "schedule": {"decay": "step", "step_size": 6, "gamma": 0.25}}
    result = run(decayed, surface={"sharpness": 8.0}, stability=True, swarm={"at": [0.0, 0.0]})
    ready = painted(result)
    at = [len(added(ready, without_overlays(ready), float(clock))) for clock in (0, 5, 6, 11)]
    area = ready.layout.map.width * ready.layout.map.height
    assert min(at[:2]) > 0.15 * area
    assert max(at[2:]) == 0


def test_the_strip_shows_the_members_and_what_the_epoch_used() -> None:
    result = run({"batch": 3}, members=True)
    ready = painted(result)
    follower, foot = ready.scene.maps.followers[0], ready.layout.foot
    for clock in range(9):
        frame = part(ready.frame(float(clock)), foot)
        members, used = np.concatenate(follower.batches(clock)), follower.members.of_epoch(0, clock)
        strip = strip_box(ready.scene.maps)
        row = frame[(strip.top + strip.bottom) // 2 - foot.top]
        own = np.flatnonzero((row == follower.colour).all(axis=-1))
        cell = _cell_width(ready)
        filled = {int(column // cell) for column in own[own < 10 * cell]}
        assert filled == set(members.tolist())
        paper = np.array(ready.layout.style.theme.background)
        empty = {k for k in range(10) if (row[int((k + 0.5) * cell)] == paper).all()}
        assert empty == set(range(10)) - filled - set(used.tolist())


def _cell_width(ready: Any) -> float:
    from errsurf.drawing.overlays.members import strip_box

    return strip_box(ready.scene.maps).width / 10


def _sharpness(result: Any, points: Any) -> Any:
    xx, xy, yy = np.moveaxis(result.landscape.hessian(points), -1, 0)
    return (xx + yy) / 2 + np.hypot((xx - yy) / 2, xy)
