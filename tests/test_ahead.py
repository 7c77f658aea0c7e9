"""The second process that compiles kernels (about 6 s: it starts Python and compiles two kernels)."""

from io import BytesIO
from pathlib import Path
from time import monotonic, sleep

import pytest

from errsurf.engine.blocks import compile_kernel
from errsurf.engine.examples import problem
from errsurf.engine.link import is_compiled
from errsurf.engine.precompile import _listen, precompiled
from errsurf.engine.segments import group_plans, group_rates
from errsurf.scenario import read_scenario
from helpers.command_line import SMALL

TWO_KINDS = SMALL.replace("[[optimizer]]", '[[optimizer]]\nkind = "signsgd"\nlr = 0.01\n\n[[optimizer]]')


def test_it_compiles_the_last_group_first_and_ends_with_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ERRSURF_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("errsurf.engine.precompile.threads", lambda: 2)
    (tmp_path / "two.toml").write_text(TWO_KINDS)
    scenario = read_scenario(tmp_path / "two.toml")
    drawn = problem(scenario.surface, scenario.seed)
    plans = [group_plans(scenario, drawn, k, group_rates(scenario, k), scenario.seed) for k in (0, 1)]
    first, last = (group[0] for group in plans)
    with precompiled(scenario, plans):
        began = monotonic()
        while not is_compiled(last.kernels, f"{last.loop}_updates"):
            assert monotonic() - began < 120
            sleep(0.05)
        assert not is_compiled(first.kernels, f"{first.loop}_updates")


def test_it_is_not_started_when_all_kernels_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_process(*_arguments: object, **_options: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr("errsurf.engine.precompile.helper", no_process)
    monkeypatch.setattr("errsurf.engine.precompile.threads", lambda: 2)
    (tmp_path / "one.toml").write_text(SMALL)
    scenario = read_scenario(tmp_path / "one.toml")
    drawn = problem(scenario.surface, scenario.seed)
    plan = group_plans(scenario, drawn, 0, group_rates(scenario, 0), scenario.seed)[0]
    compile_kernel(plan)
    with precompiled(scenario, [[plan]]) as wait:
        wait(0)


def test_what_a_users_file_prints_is_not_taken_for_a_group() -> None:
    begun: set[int] = set()
    _listen(BytesIO(b"2\nhello\n\n-1\n\xff\n1\n"), begun)
    assert begun == {1, 2}
