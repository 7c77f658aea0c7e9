"""Where particles start: properties of every start, and of each kind by itself."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from errsurf import scenario_from, simulate
from errsurf.interactive.steering import dropped
from errsurf.own_records.other_kinds import places_fault
from errsurf.starts import Swarm, positions, resolved_swarm, start, start_names

NEEDED: dict[str, dict[str, Any]] = {"points": {"points": ((0.0, 1.0), (2.0, -3.0), (5.0, 0.5))}}


def placed(kind: str, particles: int = 0, seed: int = 1, **settings: Any) -> NDArray[np.float64]:
    """The starts of a swarm with these settings."""
    given = start(kind).settings(**{**NEEDED.get(kind, {}), **settings})
    return positions(resolved_swarm(Swarm(kind, particles, given)), seed)


@pytest.mark.parametrize("kind", start_names())
@pytest.mark.parametrize("particles", [1, 2, 7, 1000])
def test_every_start_places_so_many_particles_and_again_in_the_same_places(kind: str, particles: int) -> None:
    assert places_fault(placed(kind, particles), placed(kind, particles), particles) == ""


def test_without_a_number_there_are_1000_or_as_many_as_points() -> None:
    assert {len(placed(kind)) for kind in start_names() if kind != "points"} == {1000}
    assert len(placed("points")) == 3


def test_a_point_is_the_point_and_points_come_in_turn() -> None:
    assert (placed("point", 5, at=(1.5, -2.0)) == (1.5, -2.0)).all()
    points = NEEDED["points"]["points"]
    np.testing.assert_array_equal(placed("points", 7), [points[p % 3] for p in range(7)])
    around = placed("points", 30_000, spread=0.5).reshape(-1, 3, 2)
    np.testing.assert_allclose(around.mean(axis=0), points, atol=0.03)
    np.testing.assert_allclose(around.std(axis=0), 0.5, rtol=0.03)


def test_a_cloud_is_normal_around_its_centre() -> None:
    away = (placed("cloud", 100_000, at=(3.0, -1.0), spread=0.2) - (3.0, -1.0)) / 0.2
    np.testing.assert_allclose(away.mean(axis=0), 0, atol=0.015)
    np.testing.assert_allclose(np.cov(away.T), np.eye(2), atol=0.02)
    np.testing.assert_allclose((np.abs(away) < 1).mean(axis=0), 0.6827, atol=0.006)
    np.testing.assert_array_equal(
        placed("cloud", 9, at=(2.0, 1.0)), placed("points", 9, points=((2.0, 1.0),), spread=0.1)
    )
    assert (placed("cloud", 10, seed=1) != placed("cloud", 10, seed=2)).all()


@pytest.mark.parametrize("particles", [1, 2, 3, 8, 101])
@pytest.mark.parametrize(("at", "radius"), [((0.0, 0.0), 1.0), ((-2.0, 5.0), 0.3)])
def test_a_ring_is_at_even_angles_counterclockwise_from_the_right(
    particles: int, at: tuple[float, float], radius: float
) -> None:
    away = placed("ring", particles, at=at, radius=radius) - at
    np.testing.assert_allclose(np.hypot(*away.T), radius, rtol=1e-12)
    np.testing.assert_allclose(away[0], (radius, 0), atol=1e-15)
    turns = np.unwrap(np.arctan2(away[:, 1], away[:, 0])) / (2 * np.pi)
    np.testing.assert_allclose(turns, np.arange(particles) / particles, atol=1e-12)


@pytest.mark.parametrize(
    ("particles", "size", "columns", "rows"),
    [
        (12, (4.0, 3.0), 4, 3),
        (12, (3.0, 4.0), 3, 4),
        (10, (2.0, 2.0), 3, 4),
        (1000, (2.0, 2.0), 32, 32),
        (7, (6.0, 0.0), 7, 1),
        (5, (0.0, 2.0), 1, 5),
        (2, (9.0, 1.0), 2, 1),
    ],
)
def test_a_grid_fills_its_size_row_by_row_and_only_its_last_row_may_be_short(
    particles: int, size: tuple[float, float], columns: int, rows: int
) -> None:
    at = (1.0, -3.0)
    x, y = placed("grid", particles, at=at, size=size).T
    lines = [x[first : first + columns] for first in range(0, particles, columns)]
    assert len(lines) == rows
    assert all((line == lines[0]).all() for line in lines[:-1])
    assert len(lines[-1]) == particles - columns * (rows - 1)
    np.testing.assert_array_equal(lines[-1], lines[0][: len(lines[-1])])
    width = size[0] if columns > 1 else 0.0
    height = size[1] if rows > 1 else 0.0
    np.testing.assert_allclose(lines[0], at[0] + np.linspace(-width / 2, width / 2, columns), atol=1e-12)
    heights = np.repeat(at[1] + np.linspace(-height / 2, height / 2, rows), columns)[:particles]
    np.testing.assert_allclose(y, heights, atol=1e-12)


def test_one_particle_of_a_grid_is_at_its_centre() -> None:
    np.testing.assert_array_equal(placed("grid", 1, at=(1.0, 2.0)), [(1.0, 2.0)])


@pytest.mark.parametrize("kind", start_names())
def test_a_run_begins_at_the_starts(kind: str) -> None:
    tables = {
        "surface": {"kind": "saddle"},
        "seed": 3,
        "swarm": {"start": kind, "particles": 6, **NEEDED.get(kind, {})},
        "run": {"updates": 1, "precision": "float64"},
        "optimizer": [{"kind": "sgd"}],
    }
    np.testing.assert_array_equal(simulate(scenario_from(tables)).groups[0].position[0], placed(kind, 6, seed=3))


@pytest.mark.parametrize("kind", start_names())
def test_one_more_cloud_joins_clouds_and_takes_the_place_of_other_starts(kind: str) -> None:
    tables = {
        "surface": {"kind": "saddle"},
        "swarm": {"start": kind, "particles": 60, **NEEDED.get(kind, {})},
        "run": {"updates": 1},
        "optimizer": [{"kind": "sgd"}],
    }
    scenario = scenario_from(tables)
    clouds = start(kind).clouds(scenario.swarm.settings)
    there = len(clouds.centres) if clouds else 0
    points = positions(dropped(scenario, (50.0, 60.0), 0.01, add=True).swarm, 1)
    new = np.abs(points - (50.0, 60.0)).max(axis=1) < 1
    assert new.mean() == 1 / (1 + there)
    assert len(points) == 60 // max(1, there) * (1 + there)
    alone = positions(dropped(scenario, (50.0, 60.0), 0.01, add=False).swarm, 1)
    assert (np.abs(alone - (50.0, 60.0)).max(axis=1) < 1).all()
    assert len(alone) == 60 // max(1, there)
