"""Reads very many texts as formulas, columns and scenarios; run by hand, its result is in docs/fuzzing.md.

``python tests/campaigns/fuzz_formulas.py [texts] [seed]`` checks that each text gives a tree or a refusal in words,
in under a second of processor time, that hypothesis' texts do too, and that what is accepted has the value and the
derivatives that mpmath gives it, by an evaluation of its own.
"""

import sys
from collections import Counter
from pathlib import Path
from random import Random
from time import process_time

sys.path.insert(0, str(Path(__file__).parent.parent))

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as hypothesis_seed
from hypothesis import strategies as st

from errsurf.errors import FormulaError, ScenarioError, SettingsError
from errsurf.scenario import scenario_from
from errsurf.surfaces import surface
from errsurf.surfaces.formulas.columns import Columns
from errsurf.surfaces.formulas.numbers import worked_out
from errsurf.surfaces.formulas.reading import FUNCTIONS, formula_tree
from helpers.formula_reference import disagreement
from helpers.formula_texts import COLUMNS, any_text, damaged

DISTRIBUTIONS = ("normal(0, 1)", "uniform(-1, 1)", "choice(1, 2, 3)", "data.csv:a", "exponential(2)", "linspace(0, 1)")
SECOND = 1.0


def read(text: str, again: bool = False) -> str:
    """What comes of a text: ``tree`` or ``refused``; anything else is raised.  What is slow is timed a second time."""
    began = process_time()
    try:
        worked_out(formula_tree(text, ("x", "y", *COLUMNS), FUNCTIONS))
        outcome, faults = "tree", ()
    except FormulaError as error:
        outcome, faults = "refused", error.faults
    assert bool(faults) == (outcome == "refused"), text
    assert all(fault.problem and 0 <= fault.at <= len(text) for fault in faults), text
    if process_time() - began > SECOND:
        assert not again, text
        sys.stdout.write(f"{process_time() - began:.2f} s at first: {text[:200]!r}\n")
        return read(text, again=True)
    return outcome


def made(text: str, slowest: list[tuple[float, str]]) -> str:
    """What comes of a text that has a tree: ``good``, ``refused`` or ``differs`` from mpmath's own evaluation."""
    began = process_time()
    try:
        record = surface("expression", surface("expression").settings(text, Columns(dict.fromkeys(COLUMNS, 1.0))))
    except SettingsError as error:
        assert process_time() - began < SECOND, text
        return f"refused: {error.faults[0].problem.partition(': ')[2][:40]}"
    slowest.append((process_time() - began, text))
    return "good" if not (what := disagreement(text, record)) else f"differs in {what}"


def scenario(random: Random) -> str:
    """What comes of a scenario with damaged columns."""
    columns = {name: random.choice(DISTRIBUTIONS[:3]) for name in COLUMNS}
    if random.random() < 0.7:
        columns |= {damaged(random, "a")[:40]: damaged(random, random.choice(DISTRIBUTIONS)) for _ in range(2)}
    tables = {"kind": "expression", "loss": any_text(random)[:300], "columns": columns}
    began = process_time()
    try:
        scenario_from({"surface": tables, "run": {"updates": 1}, "optimizer": [{"kind": "sgd"}]}, "/nonexistent")
        outcome = "good"
    except ScenarioError as error:
        outcome = "refused" if error.faults and str(error).replace("\n", "").isprintable() else "unprintable"
    assert outcome != "unprintable", tables
    assert process_time() - began < SECOND, tables
    return outcome


def main(count: int, seed: int) -> None:
    """All of it."""
    random, seen, slowest = Random(seed), Counter[str](), list[tuple[float, str]]()

    @hypothesis_seed(seed)
    @settings(
        max_examples=count // 4,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.text() | st.text("()+-*/^,. xyab019eE_sincoexp", max_size=80))
    def hypothesis_texts(text: str) -> None:
        seen[f"hypothesis, {read(text)}"] += 1

    made("x", slowest)
    scenario(random)
    slowest.clear()
    hypothesis_texts()
    for k in range(count):
        text = any_text(random)
        outcome = read(text)
        seen[f"grammar, {outcome}"] += 1
        if outcome == "tree" and k % 10 == 0:
            try:
                found = made(text, slowest)
            except Exception:
                sys.stdout.write(f"broke: {text!r}\n")
                raise
            seen[f"made, {found}"] += 1
            if found.startswith("differs"):
                sys.stdout.write(f"{found}: {text!r}\n")
        if k % 20 == 0:
            seen[f"scenario, {scenario(random)}"] += 1
    for name, number in sorted(seen.items()):
        sys.stdout.write(f"{number:9,}  {name}\n")
    for seconds, text in sorted(slowest)[-3:]:
        sys.stdout.write(f"{seconds:.2f} s: {text[:200]!r}\n")


if __name__ == "__main__":
    main(*map(int, (sys.argv[1:] + ["150000", "1"][len(sys.argv) - 1 :])[:2]))
