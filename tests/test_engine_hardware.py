"""What kernels ask of the processor: tables in registers, orders kept for several groups, no denormal numbers."""

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from itertools import chain
from threading import Event
from typing import Any

import numpy as np
import pytest

from errsurf import build_scenario, scenario_from, simulate
from errsurf.engine import blocks, kept_orders, kernel_sources
from errsurf.engine.blocks import State, advance, compile_kernel, empty_frames, initial_state
from errsurf.engine.group_plan import GroupPlan, group_plan
from errsurf.engine.kept_orders import KeptOrders
from errsurf.engine.random_lanes import Order
from errsurf.optimizers import optimizer
from errsurf.run import simulation
from errsurf.sampling.batches import BatchPlan
from helpers.engine_cases import example_problem, optimizer_settings, run, starts

COUNTS = (2, 15, 16, 17, 20, 32, 33, 64, 65, 128, 129)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("examples", COUNTS)
def test_tables_in_registers_hold_the_same_numbers(
    examples: int, precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path of single examples, of which every particle draws all, equals that of examples read from memory."""
    problem, settings = example_problem("saddle", examples), optimizer_settings("sgd")[0]
    options: dict[str, Any] = {"updates": 2 * examples, "precision": precision, "particles": 50}
    held, _ = run(problem, "sgd", settings, BatchPlan(examples, 1), **options)
    monkeypatch.setattr(kernel_sources, "held_rows", lambda _examples, _precision: 0)
    gathered, _ = run(problem, "sgd", settings, BatchPlan(examples, 1), **options)
    assert np.isfinite(held).all()
    assert len(np.unique(held[-1], axis=0)) == 50
    assert held.tobytes() == gathered.tobytes()


def bowl(precision: str, updates: int, rounding: str = "fast") -> tuple[GroupPlan, State]:
    """Particles that come down to 0, where momentum decays for ever."""
    problem = example_problem("quadratic_bowl", 4)._replace(rounding=rounding)
    problem.train[:, :] = (0, 0, 1, 0, 0)
    settings = optimizer("sgd").settings(lr=0.3, momentum=0.5)
    rates = np.full(updates, 0.3)
    order = Order("once", 4, 1, 4)
    plan = group_plan(problem, "sgd", settings, rates, BatchPlan(4, 4), order, 16, precision=precision)
    state = initial_state(plan, starts(16))
    with ThreadPoolExecutor(1) as pool:
        assert advance(plan, state, updates, empty_frames(plan, np.array([updates])), pool, Event(), lambda _made: None)
    return plan, state


def denormal(blocks: Any) -> int:
    """How many numbers are smaller than any normal one, and not 0."""
    return int(np.count_nonzero((blocks != 0) & (np.abs(blocks) < np.finfo(blocks.dtype).tiny)))


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_denormal_numbers_are_zero(precision: str) -> None:
    """They take the processor a hundred times as long; portable rounding, which no processor may change, keeps them."""
    updates = 1000 if precision == "float32" else 8000
    assert denormal(bowl(precision, updates)[1].blocks) == 0
    assert denormal(bowl(precision, updates, "portable")[1].blocks) > 0


def test_a_thread_has_denormal_numbers_after_a_kernel() -> None:
    plan, _ = bowl("float32", 3)
    compile_kernel(plan)
    assert np.float32(1e-38) / np.float32(4) > 0


@pytest.mark.parametrize(("count", "tasks"), [(1, 1), (3, 2), (16, 14), (17, 2), (391, 40)])
def test_tasks_have_one_size(count: int, tasks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for the last one, which may be smaller: none is left with twice as many blocks at the end."""
    shares: list[range] = []

    class Sharing(Executor):
        def submit(self, _work: Any, _plan: Any, _state: Any, share: Any, /, *_others: Any) -> Any:  # type: ignore[override]
            shares.append(share)
            done: Future[bool] = Future()
            done.set_result(True)
            return done

    monkeypatch.setattr(blocks, "TASKS", tasks)
    monkeypatch.setattr(blocks, "TASK_UPDATES", 1)
    plan, state = bowl("float32", 3)
    state.blocks = np.zeros((count, 1), np.float32)
    frames = empty_frames(plan, np.array([6]))
    assert advance(plan, state, 6, frames, Sharing(), Event(), lambda _made: None)
    assert list(chain(*shares)) == list(range(count))
    assert len(shares) >= tasks
    assert {len(share) for share in shares[:-1]} <= {len(shares[0])}
    assert len(shares[-1]) <= len(shares[0])


def five_groups(**run: Any) -> Any:
    """Groups with batches of several sizes, two of which drop what is left over."""
    groups = [{"kind": "sgd", "lr": 0.02 + 0.01 * k, "batch": batch} for k, batch in enumerate((1, 3, 3, 8, "full"))]
    return build_scenario(
        surface={"kind": "saddle", "examples": 20, "tilt": 0.3},
        optimizer=[{**group, "label": str(k)} for k, group in enumerate(groups)],
        swarm={"particles": 600},
        run={"updates": 300, "frames": 60, **run},
    )


def positions_of(scenario: Any) -> bytes:
    return b"".join(group.position.tobytes() for group in simulate(scenario, device="cpu").groups)


@pytest.mark.parametrize("size", [1 << 25, 1 << 17, 1 << 10])
@pytest.mark.parametrize("sampling", [{}, {"kind": "replacement"}, {"drop_last": True}])
def test_groups_that_share_an_order_take_the_paths_they_take_alone(
    size: int, sampling: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether all of what they draw, some of it, or nothing fits what is kept."""
    drawn = []
    fill = kept_orders.fill_order
    monkeypatch.setattr(kept_orders, "fill_order", lambda *given: (drawn.append(given[1].shape), fill(*given)))
    monkeypatch.setattr(simulation, "ORDER_BYTES", size)
    together = positions_of(five_groups(sampling=sampling))
    assert bool(drawn) == (size > 1 << 10)
    monkeypatch.setattr(simulation, "_keep_orders", lambda _running: [])
    assert positions_of(five_groups(sampling=sampling)) == together


def test_an_order_is_drawn_once() -> None:
    """By the group that is furthest behind, too, if it is behind by less than an epoch."""
    kept, order = KeptOrders(Order("reshuffle", 20, 3, 20), 16 * 200), Order("reshuffle", 20, 3, 20)
    first = kept.examples(32, 16, 65, 100, None)
    assert first is not None
    again = kept.examples(32, 16, 62, 40, None)
    assert again is not None
    assert (again[3:] == first[:37]).all()
    assert np.shares_memory(first, again)
    expected = np.empty((100, 16), np.uint8)
    kept_orders.fill_order(order, expected, 32, 65)
    assert (first == expected).all()
    assert kept.examples(32, 16, 40, 10, None) is None
    assert kept.examples(32, 16, 62, 300, None) is None
    kept.clear()
    assert kept.examples(32, 16, 40, 10, None) is not None


@pytest.mark.parametrize("batch", [3, "full"])
@pytest.mark.parametrize("sampling", [{}, {"kind": "replacement"}, {"shared": True}, {"kind": "once"}])
def test_paths_do_not_depend_on_how_many_blocks_a_call_advances(
    batch: int | str, sampling: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor do divergence and passages; the last block is not full, and groups share an order."""
    tables = {
        "surface": {"kind": "quadratic_bowl", "examples": 20, "tilt": 0.2},
        "swarm": {"particles": 1300, "start": "cloud", "at": [0.0, 0.3], "spread": 3.0},
        "run": {"updates": 50, "frames": 11, "sampling": sampling},
        "region": [{"name": "disc", "at": [-0.9, 0.4], "radius": 0.5, "stop": "leave"}],
        "optimizer": [
            {"kind": "sgd", "momentum": 0.9, "batch": batch, "lr": 10.0},
            {"label": "slow", "kind": "sgd", "batch": batch, "lr": 0.2},
        ],
    }
    called = []
    advanced = blocks._update
    monkeypatch.setattr(
        blocks, "_update", lambda plan, some, *given: (called.append(len(some)), advanced(plan, some, *given))
    )

    def run() -> list[bytes]:
        groups = simulate(scenario_from(tables), device="cpu").groups
        assert (groups[0].diverged >= 0).any()
        assert (groups[0].left >= 0).any()
        return [array.tobytes() for g in groups for array in (g.position, g.diverged, g.entered, g.left)]

    together = run()
    assert max(called) > 1
    called.clear()
    monkeypatch.setattr(blocks, "SLOTS_A_CALL", dict.fromkeys(blocks.SLOTS_A_CALL, 0))
    assert run() == together
    assert max(called) == 1
