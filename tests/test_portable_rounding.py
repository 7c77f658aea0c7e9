"""Portable rounding: every operation of a kernel rounds by itself, so that plain NumPy computes the same bits."""

import numpy as np
import pytest

import errsurf
from errsurf.engine.examples import problem
from errsurf.engine.link import CPU, PORTABLE
from errsurf.errors import DeviceError
from errsurf.optimizers import optimizer
from errsurf.run.device import chosen_device
from errsurf.sampling.batches import BatchPlan
from helpers.engine_cases import example_problem, run, starts

UPDATES, LR = 60, 2e-4


def plain_path(problem, momentum, precision):
    """Momentum on the full batch in NumPy: four examples at a time are added, then their sum to the others."""
    real = np.dtype(precision).type
    table, terms = problem.train.astype(precision), problem.terms.astype(precision)
    row = problem.surface.row(*(real(value) for value in terms[0]))
    theta = starts(20).astype(precision)
    velocity = np.zeros_like(theta)
    weight, found = real(1 / len(table)), []
    for _ in range(UPDATES):
        x, y = theta.T
        sums = np.zeros((2, len(theta)), precision)
        for first in range(0, len(table), 4):
            for axis in (0, 1):
                four = None
                for e in (problem.surface_example(table[k]) for k in range(first, first + 4)):
                    slope = problem.surface.gradient(x - e.shift_x, y - e.shift_y, row)[axis]
                    each = e.scale * slope + (e.tilt_x, e.tilt_y)[axis]
                    four = each if four is None else four + each
                sums[axis] += four
        gradient = (sums * weight).T + real(0) * theta
        velocity = real(momentum) * velocity + gradient
        theta = theta - real(LR) * velocity
        found.append(theta)
    return np.array(found)


class Plain:
    """A problem with examples as named tuples."""

    def __init__(self, problem):
        from errsurf.surfaces.shared.examples import Example

        self.train, self.terms, self.surface = problem.train, problem.terms, problem.surface
        self.surface_example = lambda row: Example(*row)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_bits_are_those_of_plain_numpy(precision):
    drawn = example_problem("rosenbrock", 20)
    settings, lr = optimizer("sgd").settings(LR, momentum=0.8), np.full(UPDATES, LR)
    options = {"updates": UPDATES, "precision": precision, "lr": lr}
    plain = plain_path(Plain(drawn), 0.8, precision)
    portable, _ = run(drawn._replace(rounding="portable"), "sgd", settings, BatchPlan(20, 20), **options)
    np.testing.assert_array_equal(portable, plain)
    fast, _ = run(drawn, "sgd", settings, BatchPlan(20, 20), **options)
    assert (fast != plain).any()
    np.testing.assert_allclose(fast, plain, rtol=1e-3 if precision == "float32" else 1e-11)


def test_targets_differ_in_flags_alone():
    assert CPU._replace(flags=PORTABLE.flags) == PORTABLE


def test_a_scenario_says_it_and_a_gpu_is_not_used(monkeypatch):
    scenario = errsurf.read_scenario("saddle_escape", {"run.rounding": "portable"})
    assert scenario.drawn_from[2] == "portable"
    assert errsurf.simulate(errsurf.read_scenario("saddle_escape", {"run.rounding": "portable", "run.updates": 3}))
    assert chosen_device("auto", scenario, print).name == "cpu"
    monkeypatch.setattr("errsurf.run.device.check_device", lambda _name: None)
    with pytest.raises(DeviceError, match='rounding = "portable" is for the'):
        chosen_device("cuda", scenario, print)


@pytest.mark.parametrize("name", ["late_move", "heavy_tails", "rates_found"])
def test_drawn_columns_and_own_examples_are_portable(name):
    fast, portable = (
        problem(*errsurf.read_scenario(name, {"run.rounding": rounding}).drawn_from)
        for rounding in ("fast", "portable")
    )
    np.testing.assert_allclose(portable.train, fast.train, rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(portable.test, fast.test, rtol=1e-14, atol=1e-15)
