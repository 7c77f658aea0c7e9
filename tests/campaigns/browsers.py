"""The pages that compute, in real browsers; run by hand, numbers are in docs/browsers.md.

``python tests/campaigns/browsers.py FOLDER [bits] [kinds] [use] [rate]`` needs node and ``npm install puppeteer-core``
in a folder that NODE_PATH names, and drives the Chromium and the Firefox of this machine.

``bits``: every surface with three rules, together all rules, both precisions, and every kind of run: 200 updates have
the bits of the portable kernels of the CPU, and so have the orders of examples.  ``kinds``: a page with every
optimizer, schedule, start, clipping and noise ends where `errsurf run` ends on the scenario that it saves.  ``use``: a
minute of random use of a live page: no error, no task over 100 ms in the page's thread, and at the end the positions of
`errsurf run`.  ``rate``: updates a second of the browser's kernels over those of the CPU on one thread, and pictures a
second with 16,384 particles.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
from test_web_engine import RUNS

from errsurf.drawing.page.live_page import live_page
from errsurf.engine.random_lanes import fill_order, index_type
from errsurf.optimizers import optimizer_names
from errsurf.run.simulation import simulate
from errsurf.scenario import read_scenario, scenario_from
from errsurf.surfaces import surface, surface_names
from helpers.web_cases import Case, case, page_case, run_here

HERE = Path(__file__).parent
ENGINE = HERE.parent.parent / "web" / "engine.js"
ORDERED, LANES = 30, 16
SPEED = {"particles": 16_384, "updates": 400}


def bits(folder: Path) -> None:
    """Write all cases with what the CPU makes of them, and let the browsers compare."""
    rules = optimizer_names()
    names = []
    for k, kind in enumerate(surface_names()):
        own = surface(kind).examples is not None
        examples = {"examples": 12} if own else {"examples": 12, "tilt": 0.1, "shift": 0.05, "scale": 1.2}
        chosen = [rules[(3 * k + j) % len(rules)] for j in range(3)]
        for precision in ("float32", "float64"):
            made = case(kind, chosen, precision, surface=examples, particles=40)
            names.append(_written(folder, f"{kind}-{precision}", made, chosen))
    names += [
        _written(folder, f"run-{name.replace(' ', '-')}", case(**run), run["rules"]) for name, run in RUNS.items()
    ]
    (folder / "cases.json").write_text(json.dumps(names), encoding="utf-8")
    for said in _browsers(folder, "bits"):
        sys.stdout.write(f"{json.dumps(said)}\n")
        assert not said["failures"]


def _written(folder: Path, name: str, made: Case, rules: list[str]) -> str:
    """A case as a file, with the frames of the CPU and the orders of its examples; the name of the file."""
    expected = []
    for plans in made.groups:
        frames, diverged, _ = run_here(plans, made.theta)
        expected.append({"frames": _hex(frames), "diverged": _hex(diverged.astype(np.int32)), "orders": _orders(plans)})
    told = page_case(made) | {"name": name, "rules": rules, "expected": expected, "lanes": LANES}
    (folder / f"{name}.json").write_text(json.dumps(told), encoding="utf-8")
    return f"{name}.json"


def _orders(plans: list[Any]) -> list[list[str]]:
    """Examples of the first batches of LANES particles as texts of bits; none where there is no such order."""
    plan = plans[0]
    size = plan.batches.size * plan.batches.accumulate
    if len(plans) > 1 or plan.full or plan.loop == "shared" or plan.batches.examples % size:
        return []
    index = np.empty((ORDERED * size, LANES), index_type(plan.batches.examples))
    fill_order(plan.order, index, 0, 0)
    return [[_hex(index[u * size : (u + 1) * size, p].astype(np.uint32)) for u in range(ORDERED)] for p in range(LANES)]


def _hex(values: Any) -> str:
    return np.ascontiguousarray(values).tobytes().hex()


def use(folder: Path, sources: tuple[str, ...] = ("flat_or_sharp", "all_together")) -> None:
    """Let the browsers use live pages at random, then run what they saved."""
    for source in sources:
        (folder / f"{source}.html").write_text(live_page(read_scenario(source)), encoding="utf-8")
    (folder / "pages.json").write_text(json.dumps([f"{source}.html" for source in sources]), encoding="utf-8")
    for said in _browsers(folder, "use"):
        states = said.pop("states")
        same = [all(_same(folder, state)) for state in states]
        sys.stdout.write(f"{json.dumps(said)} states, equal to `errsurf run` in every bit: {same}\n")
        assert all(same)
        assert not said["errors"]


def kinds(folder: Path) -> None:
    """Let a page run every kind of record, and run what it saves."""
    (folder / "kinds.html").write_text(live_page(read_scenario("flat_or_sharp")), encoding="utf-8")
    for said in _browsers(folder, "kinds"):
        differ = [each["settings"] for each in said["found"] if not all(_same(folder, each))]
        sys.stdout.write(f"{said['browser']} {len(said['found'])} states; not equal: {differ} {said['errors']}\n")
        assert not differ
        assert not said["errors"]


def _same(folder: Path, said: dict[str, Any]) -> list[bool]:
    """Whether the groups of a page end where those of the scenario that it saved do, in every bit."""
    (folder / "saved.toml").write_text(said["toml"], encoding="utf-8")
    groups = simulate(read_scenario(folder / "saved.toml")).groups
    ends = [np.array(end, groups[0].position.dtype).reshape(-1, 2) for end in said["ends"]]
    return [np.array_equal(end, group.position[-1]) for end, group in zip(ends, groups, strict=True)]


def rate(folder: Path) -> None:
    """Time the browsers' kernels between two times of the CPU, and pictures of a page with many particles."""
    made = case("wells", ["sgd", "adam"], surface={"examples": 20, "tilt": 0.4}, **SPEED)
    _written_for_rate(folder, made)
    many = {"swarm.particles": 16_384, "run.rounding": "portable", "claim": []}
    page = scenario_from(
        read_scenario("flat_or_sharp"), changes={**many, **{f"optimizer[{k}].batch": 4 for k in (1, 2, 3)}}
    )
    (folder / "many.html").write_text(live_page(page, ["sgd", "adam"]), encoding="utf-8")
    before = _native(made)
    found = list(_browsers(folder, "rate"))
    after = _native(made)
    sys.stdout.write(f"native, particle-updates a second: {before} {after}\n")
    for said in found:
        ratios = [
            rate / (2 * one * two / (one + two)) for rate, one, two in zip(said["rates"], before, after, strict=True)
        ]
        sys.stdout.write(json.dumps(said | {"over native": ratios}) + "\n")


def _written_for_rate(folder: Path, made: Case) -> None:
    told = page_case(made, SPEED["updates"]) | {"name": "rate", "every": SPEED["updates"]}
    (folder / "rate.json").write_text(json.dumps(told), encoding="utf-8")


def _native(made: Case) -> list[float]:
    """Particle-updates a second of each rule on one thread, the best of five."""
    found = []
    for plans in made.groups:
        times = []
        for _ in range(5):
            began = perf_counter()
            run_here(plans, made.theta, SPEED["updates"])
            times.append(perf_counter() - began)
        found.append(SPEED["particles"] * SPEED["updates"] / min(times))
    return found


def _browsers(folder: Path, task: str) -> list[dict[str, Any]]:
    """What the browsers say of a task, one after the other."""
    shutil.copy(ENGINE, folder / "engine.js")
    done = subprocess.run(
        ["node", str(HERE / "browsers.mjs"), task, str(folder)], stdout=subprocess.PIPE, text=True, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def main(folder: Path, *tasks: str) -> None:
    """Run some of the tasks."""
    folder.mkdir(parents=True, exist_ok=True)
    for task in tasks or ("bits", "kinds", "use", "rate"):
        {"bits": bits, "kinds": kinds, "use": use, "rate": rate}[task](folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
