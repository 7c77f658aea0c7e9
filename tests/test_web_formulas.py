"""Formulas in JavaScript: the same bits as the portable ones in Python; what cannot be translated is refused."""

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import numpy as np
import pytest

from errsurf.engine.rule import Rule, first_memory, settings_row, step_constants
from errsurf.errors import RecordError
from errsurf.optimizers import optimizer, optimizer_names
from errsurf.portable import elementary, portable
from errsurf.sampling.batches import BatchPlan, all_seen, phases, updates_to, updates_within
from errsurf.sampling.philox import Draw, Stream
from errsurf.schedules import ScheduleTable, in_updates, rates, schedule, schedule_names
from errsurf.settings.gradient_options import Numbers
from errsurf.starts import Swarm, positions, start, start_names
from errsurf.web.compact import compact
from errsurf.web.formulas import RECORDS, every_record, formulas
from errsurf.web.javascript import RUNTIME
from errsurf.web.translate import Translation
from errsurf.wrappers import wrapper, wrapper_names
from helpers.node import NODE, run_node, same_bits

pytestmark = pytest.mark.skipif(NODE is None, reason="no node on this machine runs the page's scripts")

UPDATES, EPOCH, SEED = 300, 12, 2**40 + 7
TIMES = np.array([0, 1, 5, 36, 39, 40, 76, 300])
GIVEN: Mapping[str, dict[str, Any]] = {
    "cosine_restarts": {"T_0": "2 epochs", "T_mult": 2},
    "cyclic": {"base_factor": 0.1, "step_size_up": "1 epoch", "mode": "exp_range", "gamma": 0.99},
    "exponential": {"gamma": 0.99},
    "multi_step": {"milestones": ("2 epochs", "75%", 40)},
    "piecewise": {"points": ((0, 1.0), ("50%", 0.1), ("100%", 0.01))},
    "polynomial": {"power": 1.7},
    "step": {"step_size": "25%"},
}
THETA = np.array([[0.1, 2.0], [-3.0, 0.7], [1.5, -0.2]])
SWARMS = (
    Swarm("point", 5, {"at": (0.3, -1.0)}),
    Swarm("cloud", 9000, {"at": (0.3, -1.0), "spread": 0.2}),
    Swarm("grid", 77, {"at": (1.0, 2.0), "size": (3.0, 0.7)}),
    Swarm("points", 11, {"points": ((0.1, 0.2), (3.0, -1.0)), "spread": 0.4}),
    Swarm("ring", 1001, {"at": (0.5, 0.0), "radius": 1.7}),
)


@pytest.fixture(scope="module")
def scripts() -> str:
    made = formulas()
    assert made.missing == {}
    return made.text


def forms(kind: type[Any], lr: Any = None) -> Iterator[Any]:
    """Settings of a rule: the defaults, and with each truth value and each choice changed."""
    hints = get_type_hints(kind)
    given = {"lr": lr} if "lr" in hints and lr is not None else {}
    plain = kind(**given)
    yield plain
    for key, hint in hints.items():
        others = (True, False) if hint is bool else get_args(hint) if get_origin(hint) is Literal else ()
        yield from (plain._replace(**{key: other}) for other in others if other != getattr(plain, key))
        if hint in (int, float) and key != "lr":
            yield plain._replace(**{key: hint(2 * getattr(plain, key) / 3 + (hint is int))})


def tables() -> Iterator[ScheduleTable]:
    for decay in schedule_names():
        record = schedule(decay)
        settings = record.settings(**GIVEN.get(decay, {}))
        for each in {key: settings._replace(**{key: other}) for key, other in choices(record.settings)}.values():
            yield ScheduleTable(decay, each)
        yield ScheduleTable(decay, settings)
        if record.warmup:
            yield ScheduleTable(decay, settings, "5%", "exponential", 0.01)
            yield ScheduleTable(decay, settings, 30, "constant", 0.2)
            yield ScheduleTable(decay, settings, "1 epoch")


def choices(kind: type[Any]) -> Iterator[tuple[str, Any]]:
    for key, hint in get_type_hints(kind).items():
        if get_origin(hint) is Literal:
            yield from ((key, each) for each in get_args(hint))


def test_all_rates_have_the_same_bits(scripts: str, tmp_path: Path) -> None:
    told = [*tables()]
    body = "return told.map((t) => formulas.rates(inUpdates(t, 12, 300), 0.07, 300));"
    found = run_node(scripts, body, told, tmp_path)
    assert len(found) > 3 * len(schedule_names())
    for table, each in zip(told, found, strict=True):
        assert same_bits(each, rates(in_updates(table, EPOCH, UPDATES), 0.07, UPDATES, "portable")), table


@pytest.mark.parametrize("lr", [0.03, (0.03, 0.5)])
def test_constants_settings_and_memories_of_all_rules_have_the_same_bits(lr: Any, scripts: str, tmp_path: Path) -> None:
    plain = ScheduleTable("cosine", schedule("cosine").settings(), 20)
    each = [rates(in_updates(plain, EPOCH, UPDATES), one, UPDATES, "portable") for one in np.atleast_1d(lr)]
    schedule_lr = np.stack(each, axis=1) if len(each) > 1 else each[0]
    around = [(), *((name,) for name in wrapper_names()), ("decay", "ema")]
    rules = [
        (name, own, around[k % len(around)])
        for k, (name, own) in enumerate(
            (name, own) for name in optimizer_names() for own in forms(optimizer(name).settings, lr)
        )
    ]
    told = {
        "lr": schedule_lr,
        "rules": [
            {"name": name, "wrappers": parts, "settings": [own, *(wrapper(part).settings() for part in parts)]}
            for name, own, parts in rules
        ],
        "theta": THETA,
    }
    body = """
      const [lr, theta] = [np.asarray(told.lr), np.asarray(told.theta)];
      return told.rules.map(({ name, wrappers, settings }) => {
        const rule = ruleOf(name, wrappers);
        return [
          ...["float32", "float64"].map((kind) => formulas.step_constants(rule, settings, lr, 2, kind)),
          formulas.settings_row(settings, { most: 0.1, noise: 2, alpha: 0 }, "float32"),
          [...formulas.first_memory(rule, settings, theta)],
        ];
      });"""
    found = run_node(scripts, body, told, tmp_path)
    for (name, own, parts), (single, double, row, memory) in zip(rules, found, strict=True):
        made = Rule(optimizer(name), wrappers=tuple(map(wrapper, parts)), rate_each=len(each) > 1)
        settings = [own, *(wrapper(part).settings() for part in parts)]
        for kind, constants in (("float32", single), ("float64", double)):
            assert same_bits(constants, step_constants(made, settings, schedule_lr, 2, kind, "portable")), (name, own)
        assert same_bits(row, settings_row(settings, Numbers(0.1, 2.0, 0.0), "float32")), (name, own)
        expected = [*first_memory(made, settings, THETA)]
        assert len(memory) == len(expected)
        assert all(same_bits(*pair) for pair in zip(memory, expected, strict=True)), (name, own)


def test_starts_have_the_same_bits_in_30_milliseconds(scripts: str, tmp_path: Path) -> None:
    told = {"swarms": SWARMS, "seed": str(SEED)}
    assert {swarm.start for swarm in SWARMS} == set(start_names())
    body = """
      const big = { start: "cloud", particles: 16384, settings: { at: [0, 0], spread: 1 } };
      const time = () => { const t = performance.now(); formulas.positions(big, 1); return performance.now() - t; };
      const times = [time(), time(), time(), time(), time()];
      const both = (swarm) => [undefined, [5, 6]].map((at) => formulas.positions(swarm, told.seed, at));
      return [Math.min(...times), told.swarms.map(both)];"""
    fastest, found = run_node(scripts, body, told, tmp_path)
    assert fastest < 60  # 20 on an idle core
    for swarm, (plain, moved) in zip(SWARMS, found, strict=True):
        resolved = swarm._replace(settings=start(swarm.start).settings(**swarm.settings))
        assert same_bits(plain, positions(resolved, SEED, None, "portable"))
        assert same_bits(moved, positions(resolved, SEED, (5, 6), "portable"))


def test_elementary_functions_have_the_same_bits(scripts: str, tmp_path: Path) -> None:
    draw = np.random.default_rng(5)
    x = draw.normal(size=4000) * 10.0 ** draw.uniform(-12, 9, 4000)
    x = np.concatenate(
        [x, [0.0, -0.0, 1.0, -1.0, 0.5, 709.7, 709.8, -708.3, -708.4, 1e300, 5e-324, *[np.inf, -np.inf, np.nan]]]
    )
    y = np.resize([2.0, -3.0, 0.5, 0.25, -0.75, 17.0, 1e4, 0.0, 1e17], len(x))
    names = ("exp", "log", "log1p", "sin", "cos", "tanh")
    body = """
      const [x, y] = [np.asarray(told.x), np.asarray(told.y)];
      const found = told.names.map((name) => np[name](x));
      return [...found, np.pow(x, y), np.hypot(x, y), np.interp(x, told.at, told.high)];"""
    at, high = [-2.0, -1.0, 0.5, 0.5, 3.0], [1.0, 0.3, 0.7, 0.9, -0.1]
    *found, power, hypot, interp = run_node(
        scripts, body, {"x": x, "y": y, "names": names, "at": at, "high": high}, tmp_path
    )
    with np.errstate(all="ignore"):
        for name, each in zip(names, found, strict=True):
            own = getattr(elementary, name)(x)
            assert same_bits(each, own), name
            usual = (np.abs(x) < 1e5) & (np.abs(x) > 1e-300) & (x > -700)
            expected = getattr(np, name)(x)
            np.testing.assert_allclose(own[usual], expected[usual], 5e-16, 3e-16, err_msg=name)
        assert same_bits(power, elementary.power(x, y))
        assert same_bits(hypot, elementary.hypot(x, y))
        assert same_bits(interp, elementary.interp(x, at, high))
        small = np.abs(y) < 20
        np.testing.assert_allclose(elementary.power(x, y)[small], (x**y)[small], 2e-13)
        np.testing.assert_array_equal(elementary.interp(x, at, high), np.interp(x, at, high))


def test_random_numbers_have_the_same_bits(scripts: str, tmp_path: Path) -> None:
    body = "const d = new np.Draw(told, 1); return [d.uniform(7), d.normal(200, 2), d.uniform(3, 2), d.normal(5)];"
    found, draw = run_node(scripts, body, str(SEED), tmp_path), Draw(SEED, Stream.START, "portable")
    expected = [draw.uniform(7), draw.normal(200, 2), draw.uniform(3, 2), draw.normal(5)]
    assert all(same_bits(*pair) for pair in zip(found, expected, strict=True))
    usual = Draw(SEED, Stream.START)
    usual.uniform(7)
    np.testing.assert_allclose(expected[1], usual.normal(200, 2), 1e-12)


def test_phases_of_a_changed_batch_size(scripts: str, tmp_path: Path) -> None:
    body = """
      const run = formulas.phases([[0, batchPlan(13, 5, 2)], [5, batchPlan(13, 4)], [40, batchPlan(13, 13)]]);
      return [run.map(({ first, slot, seen }) => [first, slot, seen]), formulas.all_seen(run, told.times),
        told.times.map((t) => formulas.updates_within(run, t)), told.times.map((t) => formulas.updates_to(run, t))];"""
    told = {"times": TIMES}
    found = run_node(scripts, body, told, tmp_path)
    run = phases([(0, BatchPlan(13, 5, 2)), (5, BatchPlan(13, 4)), (40, BatchPlan(13, 13))])
    assert found[0] == [[phase.first, phase.slot, phase.seen] for phase in run]
    assert found[1] == all_seen(run, TIMES).tolist()
    assert found[2] == [updates_within(run, int(t)) for t in TIMES]
    assert found[3] == [updates_to(run, int(t)) for t in TIMES]


def test_the_runtime_has_every_name_that_translations_may_use(scripts: str, tmp_path: Path) -> None:
    missing = run_node(scripts, "return told.filter((name) => !(name in np));", sorted(RUNTIME), tmp_path)
    assert missing == []


def test_rules_and_schedules_are_small() -> None:
    chosen = [each for each in every_record() if each[0] != "statistic"]
    text = formulas(chosen).text
    assert len(text.encode()) < 58_000
    assert len(zlib.compress(text.encode(), 9)) < 18_000


def with_set(x: Any) -> Any:
    return {x}


def with_sinh(x: Any) -> Any:
    return np.sinh(x)


def with_matrix(x: Any) -> Any:
    return x @ x


def calls_sinh(x: Any) -> Any:
    return 1 + with_sinh(x)


@pytest.mark.parametrize(("function", "words"), [(with_set, "{x}"), (with_sinh, "np.sinh"), (calls_sinh, "np.sinh")])
def test_what_cannot_be_translated_is_named_with_its_place(function: Any, words: str) -> None:
    with pytest.raises(RecordError, match=rf"test_web_formulas\.py:\d+: `{re.escape(words)}`"):
        Translation().name(function)


@pytest.mark.parametrize("function", [with_sinh, with_matrix, calls_sinh])
def test_what_has_other_bits_elsewhere_is_not_portable(function: Any) -> None:
    with pytest.raises(RecordError, match=r"test_web_formulas\.py:\d+: .*its bits depend on the machine"):
        portable(function)


def test_a_record_that_cannot_be_translated_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    bent = replace(schedule("constant"), rate=with_sinh)
    monkeypatch.setitem(RECORDS, "schedule", lambda name: bent if name == "step" else schedule(name))
    made = formulas([("schedule", "step"), ("schedule", "linear"), ("optimizer", "sgd")])
    assert [*made.missing] == [("schedule", "step")]
    assert re.search(r"test_web_formulas\.py:\d+: `np\.sinh`: pages do not have it", made.missing["schedule", "step"])
    assert "schedules:{linear:" in made.text
    assert "adam" not in made.text


def test_compact_scripts_keep_their_meaning(tmp_path: Path) -> None:
    script = """
      /* a comment */ const less = (a, b) => a - -b + +a; // another
      const text = "/* not a comment */ //  two  spaces";
      const kept = [less(1, 2), text, / {2}\\/ [/]/.test("  / /"), `a  b ${less(1,
        2)}`, 6 / 2 / 3, typeof 1, 1.5e-3];
      let x = 1; x = x++ + ++x; kept.push(x);
    """
    told = [
        run_node(f"const np = {{ Nd: Map }}; {each}", "return [...kept];", None, tmp_path)
        for each in (script, compact(script))
    ]
    assert told[0] == told[1] == [4, "/* not a comment */ //  two  spaces", True, "a  b 4", 1, "number", 1.5e-3, 4]
    assert "\n" not in compact(script).strip().replace("1,\n", "")
