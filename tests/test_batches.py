"""Cuts of epochs into batches and updates, against a loop that does it slot by slot."""

from typing import NamedTuple

import numpy as np
import pytest

from errsurf.sampling.batches import BatchPlan, cuts, examples_seen, last_within, phases, slots_used, updates_to
from errsurf.scenario import Sampling, updates_per_epoch

COUNTS = (1, 2, 3, 7, 12, 20)
PLANS = [
    BatchPlan(n, size, k)
    for n in COUNTS
    for size in sorted({1, 2, 3, 5, n - 1, n} - {0})
    if size <= n
    for k in (1, 2, 3, 7)
]
PLANS += [plan._replace(rest=rest) for plan in PLANS[::3] for rest in ("drop", "draw")]
UPDATES = 60


class Update(NamedTuple):
    batches: list[list[int]]


def slots_of_an_epoch(plan: BatchPlan) -> int:
    """The slots of an epoch that batches are cut from."""
    whole = plan.size * plan.accumulate
    if plan.rest == "drop":
        return plan.examples - plan.examples % (whole if whole <= plan.examples else plan.size)
    return plan.examples if plan.rest == "keep" else next(n for n in range(0, 1000, whole) if n >= plan.examples)


def slot_by_slot(plan: BatchPlan, updates: int) -> list[Update]:
    """The slots of each update's batches, slots counted over all epochs."""
    made: list[Update] = []
    epoch, slots = 0, slots_of_an_epoch(plan)
    while len(made) < updates:
        waiting: list[list[int]] = []
        batch: list[int] = []
        for slot in range(slots):
            batch.append(epoch * slots + slot)
            last = slot == slots - 1
            if len(batch) == plan.size or last:
                waiting.append(batch)
                batch = []
            if len(waiting) == plan.accumulate or (last and waiting):
                made.append(Update(waiting))
                waiting = []
        epoch += 1
    return made[:updates]


@pytest.mark.parametrize("plan", PLANS, ids=str)
def test_plan_against_a_loop_over_slots(plan: BatchPlan) -> None:
    made = slot_by_slot(plan, UPDATES + plan.updates_an_epoch)
    used = np.cumsum([0] + [sum(map(len, update.batches)) for update in made])
    in_first = [update for update in made if update.batches[0][0] < slots_of_an_epoch(plan)]
    sampling = {"keep": Sampling(), "drop": Sampling(drop_last=True), "draw": Sampling("replacement")}[plan.rest]
    per_epoch = updates_per_epoch(plan.size, plan.accumulate, plan.examples, sampling)
    assert len(in_first) == plan.updates_an_epoch == per_epoch
    assert sum(len(update.batches) for update in in_first) == plan.batches_an_epoch
    assert np.array_equal(slots_used(plan, np.arange(len(used))), used)
    left_out = max(0, plan.examples - plan.used) * (np.arange(len(used)) // plan.updates_an_epoch)
    assert np.array_equal(examples_seen(plan, np.arange(len(used))), used + left_out)
    for first, last in ((0, UPDATES), (0, 1), (5, 6), (7, 40), (plan.updates_an_epoch, UPDATES)):
        batch_of, slot_of, weight = cuts(plan, first, last)
        expected = made[first:last]
        sizes = [len(batch) for update in expected for batch in update.batches]
        assert batch_of.tolist() == np.cumsum([0] + [len(update.batches) for update in expected]).tolist()
        assert slot_of.tolist() == np.cumsum([0, *sizes]).tolist()
        weights = [1 / len(batch) / len(update.batches) for update in expected for batch in update.batches]
        np.testing.assert_allclose(weight, weights, rtol=1e-15)


@pytest.mark.parametrize("plan", PLANS, ids=str)
def test_last_within_is_the_last_update_that_fits(plan: BatchPlan) -> None:
    made = slot_by_slot(plan, UPDATES)
    used = np.cumsum([0] + [sum(map(len, update.batches)) for update in made])
    for first in range(0, UPDATES, 3):
        for last in (first + 1, first + 2, UPDATES):
            if last > UPDATES:
                continue
            for slots in (1, 2, 3, plan.examples - 1, plan.examples, plan.examples + 1, 3 * plan.examples + 1, 10_000):
                fits = [u for u in range(first, last + 1) if used[u] - used[first] <= slots]
                assert last_within(plan, first, last, slots) == max(first + 1, fits[-1])


def test_a_batch_weighs_what_its_mean_weighs() -> None:
    """Every update's weights, times the batch sizes, sum to one."""
    for plan in PLANS:
        batch_of, slot_of, weight = cuts(plan, 0, UPDATES)
        shares = np.diff(slot_of) * weight
        np.testing.assert_allclose(np.add.reduceat(shares, batch_of[:-1]), 1, rtol=1e-14)


def test_epochs_end_with_their_last_update() -> None:
    for plan in PLANS:
        run = phases([(0, plan)])
        if plan.rest != "draw":
            assert [updates_to(run, k * plan.examples) for k in range(4)] == [
                k * plan.updates_an_epoch for k in range(4)
            ]
        else:
            whole = plan.size * plan.accumulate
            assert [updates_to(run, k * plan.examples) for k in range(4)] == [
                -(-k * plan.examples // whole) for k in range(4)
            ]


def test_another_plan_begins_with_the_next_epoch() -> None:
    kept, dropped = BatchPlan(20, 3), BatchPlan(20, 3, rest="drop")
    assert [phase.slot for phase in phases([(0, kept), (8, BatchPlan(20, 6))])] == [0, 40]
    assert [phase[1:3] for phase in phases([(0, dropped), (8, BatchPlan(20, 8, rest="drop"))])] == [(0, 0), (32, 26)]
