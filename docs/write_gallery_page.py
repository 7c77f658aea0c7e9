"""Write docs/gallery.md: every bundled scenario with its picture and with what was checked, in the lecture's order.

``python docs/write_gallery_page.py`` runs everything, which takes a few minutes; with names it runs these scenarios
only, ``batches`` being the measured times, and with ``--page`` none.  ``--pictures`` runs all but with other seeds and
``batches``, whose numbers stay: for changes of pictures and words.  Numbers are kept in docs/gallery/results.json and
the page is written from there; a test compares them.

The file has the claims' lines, the verdicts of 20 more seeds, and a hash of all in a scenario's file that numbers
depend on: the test fails if a scenario was changed and not run again.
"""

import json
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from textwrap import fill
from typing import Any

from errsurf import claims_of, run_scenario, simulate
from errsurf.batch_times.measuring import batch_times
from errsurf.batch_times.words import NAMES, in_time, times
from errsurf.claims.wording import lines, plain
from errsurf.drawing.figures.batches import batch_figure
from errsurf.drawing.figures.files import save_figure
from errsurf.scenario import bundled, read_scenario

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "gallery.md"
FOLDER = ROOT / "docs" / "gallery"
RESULTS = FOLDER / "results.json"
BATCHES = "batches"
TIMED, EXAMPLES = "flat_or_sharp", 60_000
BY_BATCHES = {3: "update", 4: "epoch", 9: "table"}
SEEDS, MOST = 20, 1000
SMALL_PICTURE: dict[str, object] = {"picture.size": [480, 270], "picture.fps": 16, "output.max_size": "580kB"}
UNSEEN = ("title", "about", "picture", "output", "translation")

OPENING = """\
# Gallery: the 26 claims of a lecture

errsurf grew out of notes on one lecture (Hung-yi Lee, Machine Learning 2021, "when training gets stuck") and on one
question, why minibatches are used at all. These are its claims, in its order and by the names of its figures. For each
there is a scenario that shows it and checks it with numbers: what was said, whether it holds, and the numbers. Brackets
are 95% intervals over particles; a number without them is exact, or is about the paths shown. Each command
runs the scenario again.

The intervals do not cover the examples, which a run draws once. So every claim is also checked with {seeds} more seeds
and up to {particles} particles, which draw other examples, starts and batches; the page says with how many of them it
holds. A claim that holds here holds on this surface with these settings: [claims.md](claims.md) shows where each stops
holding, and which ones the literature disputes.

This page is written by `docs/write_gallery_page.py` from `docs/gallery/results.json`.
"""

BEYOND = """\
## Beyond the lecture

Optimizers, wrappers and surfaces of later years, and what is claimed of them. The papers are named by
`errsurf list optimizers NAME`, and likewise for wrappers, surfaces and schedules.
"""

PARALLEL = """\
The packed loops of a CPU make up to 16 examples at once, so an update of batch {large} takes {packed} as long as one of
batch {small}; one example after the other, in one lane, it takes {serial} as long. Medians of {repeats} runs on
{processor}, {threads} threads, of one particle on a surface with {examples} examples; {gpu}."""

FALLING = """\
In the packed loops an epoch of batch {small} takes {packed} as long as one of batch {large}, in one lane {serial} as
long. Where each update draws its batch from all examples, drawing it takes most of the time, on this surface that is
cheap to evaluate."""

TABLE = """\
The lecture's table with a measured number in each cell, and its word beside the lecture's. The numbers below the times
are of {particles} particles on `{scenario}` with {examples} examples and {epochs} of training, from starts all over
the map or from the scenario's own."""


def page(results: dict[str, Any]) -> str:
    """The whole page."""
    return "\n".join(
        [OPENING.format(seeds=SEEDS, particles=f"{MOST:,}"), *_contents(), *_sections(results), *_beyond(results)]
    )


def lecture() -> list[tuple[str, list[dict[str, str]]]]:
    """The parts of the lecture: their titles, and their claims with ``figure`` and ``says``."""
    with (ROOT / "simulator" / "site" / "lecture.toml").open("rb") as file:
        return [(part["title"], part["claim"]) for part in tomllib.load(file)["part"]]


def settings_hash(name: str) -> str:
    """Changes with whatever numbers may depend on in a bundled scenario's file."""
    written = tomllib.loads((ROOT / "scenarios" / f"{name}.toml").read_text(encoding="utf-8"))
    return sha256(json.dumps({key: written[key] for key in sorted(written.keys() - set(UNSEEN))}).encode()).hexdigest()


def _numbered() -> Iterator[tuple[int, str, dict[str, str]]]:
    """Each claim: number, the part that begins with it or nothing, and its texts."""
    number = 0
    for title, claims in lecture():
        for k, claim in enumerate(claims):
            number += 1
            yield number, "" if k else title, claim


def _contents() -> Iterator[str]:
    for number, part, claim in _numbered():
        if part:
            yield f"\n**{part}**\n" if number > 1 else f"**{part}**\n"
        yield f"{number}. [{claim['figure']}](#claim-{number})"
    yield "\n[Beyond the lecture](#beyond-the-lecture)\n"


def _sections(results: dict[str, Any]) -> Iterator[str]:
    homes = {name: home(each["claims"]) for name, each in results["scenarios"].items() if _numbered_claims(each)}
    for number, part, claim in _numbered():
        if part:
            yield f"## {part}\n"
        yield f'<a id="claim-{number}"></a>\n'
        yield f"### {number}. {claim['figure']}\n"
        yield _filled(claim["says"])
        if number in BY_BATCHES:
            yield from _measured(BY_BATCHES[number], results[BATCHES])
        for name in sorted(homes, key=lambda name: homes[name] != number):
            each = results["scenarios"][name]
            checked = [found for found in each["claims"] if number in found["lecture"]]
            if homes[name] == number:
                yield from _shown(name)
            elif checked:
                yield _filled(f"Shown above, by [claim {homes[name]}](#claim-{homes[name]}):" if homes[name] < number
                              else f"And by the scenario of [claim {homes[name]}](#claim-{homes[name]}):")  # fmt: skip
            if checked:
                yield "\n".join(_bullet(found) for found in checked) + "\n"
            if homes[name] == number:
                yield from [_filled(claim["note"])] if "note" in claim else []
                yield f"```sh\nerrsurf run {name}\n```\n"


def _beyond(results: dict[str, Any]) -> Iterator[str]:
    """The scenarios that show no claim of the lecture."""
    yield BEYOND
    for name, each in results["scenarios"].items():
        if not _numbered_claims(each):
            yield from _shown(name)
            yield "\n".join(_bullet(found) for found in each["claims"]) + "\n"
            yield f"```sh\nerrsurf run {name}\n```\n"


def _numbered_claims(each: dict[str, Any]) -> bool:
    return any(claim["lecture"] for claim in each["claims"])


def home(claims: Iterable[dict[str, Any]]) -> int:
    """The number that most claims of a scenario have, the lowest of these: where its picture stands."""
    numbers: list[int] = [number for claim in claims for number in claim["lecture"]]
    return min(sorted(set(numbers)), key=lambda number: -numbers.count(number))


def _shown(name: str) -> Iterator[str]:
    scenario = read_scenario(name)
    yield _filled(f"**{scenario.title}{'' if scenario.title.endswith('?') else '.'}** {scenario.about}")
    yield f"![{scenario.title}](gallery/{name}.gif)\n"


def _bullet(found: dict[str, Any]) -> str:
    text = f"* {found['says']} **{found['verdict'].capitalize()}**: {'; '.join(found['lines'])}. {_elsewhere(found)}"
    return fill(text, 120, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _elsewhere(found: dict[str, Any]) -> str:
    """With how many other seeds it holds, and what it does with the others."""
    counts = dict(found["other_seeds"])
    holds, all_seeds = counts.pop("holds", 0), sum(found["other_seeds"].values())
    others = " and ".join(f"{verdict} with {count}" for verdict, count in sorted(counts.items()))
    return f"Other seeds: holds with {holds} of {all_seeds}{', ' if others else ''}{others}."


def _filled(text: str) -> str:
    return fill(" ".join(text.split()), 120, break_long_words=False, break_on_hyphens=False) + "\n"


def _measured(what: str, found: dict[str, Any]) -> Iterator[str]:
    """Measured times or the table, in place of a scenario."""
    words = {key: f"{found[key]:,}" for key in ("small", "large", "examples", "particles", "repeats", "threads")}
    words |= {"processor": found["processor"], "scenario": TIMED, "epochs": _counted(found["epochs"], "epoch")}
    words["gpu"] = "no GPU was measured" if "cuda" in found["missing"] else "and on a GPU"
    if what == "table":
        yield _filled(TABLE.format(**words))
        yield _rows(found)
    else:
        ratios = {each["device"]: _ratio(each[what], each, found) for each in found["series"] if not each["drawn"]}
        words |= {"packed": times(ratios["cpu"]), "serial": times(ratios["serial"])}
        yield _filled((PARALLEL if what == "update" else FALLING).format(**words))
        if what == "update":
            yield f"![Time of one update and of one epoch by batch size](gallery/{BATCHES}.png)\n"
        yield _times_table(what, found)
    yield f"```sh\nerrsurf batches {TIMED} --output batches.png\n```\n"


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _ratio(seconds: list[list[float]], series: dict[str, Any], found: dict[str, Any]) -> float:
    small, large = (float(seconds[series["batch"].index(found[key])][0]) for key in ("small", "large"))
    return max(large / small, small / large)


def _times_table(what: str, found: dict[str, Any]) -> str:
    """A row for every third batch size, and for those that are compared."""
    batches = found["series"][0]["batch"]
    shown = sorted({*batches[::3], batches[-1], found["small"], found["large"]})
    heads = [NAMES[each["device"]] + (", batches drawn" if each["drawn"] else "") for each in found["series"]]
    rows = [["batch", *(f"one {what}: {head}" for head in heads)], ["---:"] * (len(heads) + 1)]
    for batch in shown:
        cells = [each[what][each["batch"].index(batch)] for each in found["series"]]
        rows.append([f"{batch:,}", *(f"{in_time(value)} [{in_time(low, high)}]" for value, low, high in cells)])
    return _table(rows)


def _rows(found: dict[str, Any]) -> str:
    small, large = (f"batch {found[key]:,}" for key in ("small", "large"))
    rows = [["", small, "here", "lecture", large, "here", "lecture"], ["---", *["---:", "---", "---"] * 2]]
    for row in found["table"]:
        cells = [f"{row['name']}: {row['what']}"]
        for k, side in enumerate(("small", "large")):
            cells += [_cell(row[side], row["unit"]), row["here"][k], row["lecture"][k]]
        rows.append(cells)
    return _table(rows)


def _cell(number: list[float], unit: str) -> str:
    value, low, high = number
    if unit:
        return f"{in_time(value)} [{in_time(low, high)}]"
    return f"{value:z.4g} [{low:z.4g}, {high:z.4g}]"


def _table(rows: Iterable[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def measured(name: str, verdicts: list[dict[str, int]] | None = None) -> dict[str, Any]:
    """Run one scenario, keep its picture, and return what was checked; ``verdicts`` of other seeds are as given."""
    with TemporaryDirectory() as folder:
        report = run_scenario(read_scenario(name, SMALL_PICTURE | {"output.gif": f"{name}.gif"}), Path(folder) / name)
        copyfile(Path(folder) / name / f"{name}.gif", FOLDER / f"{name}.gif")
    claims = [
        plain(found) | {"lines": list(lines(found)), "other_seeds": counts}
        for found, counts in zip(report.claims, verdicts or _verdicts(name), strict=True)
    ]
    return {"settings": settings_hash(name), "claims": claims}


def _verdicts(name: str) -> list[dict[str, int]]:
    """How many of the next seeds give each verdict, for each claim."""
    own = read_scenario(name)
    few: dict[str, object] = {"swarm.particles": min(MOST, own.swarm.particles)}
    found = [claims_of(simulate(read_scenario(name, few | {"seed": own.seed + 1 + k}))) for k in range(SEEDS)]
    return [dict(Counter(claim.verdict for claim in each)) for each in zip(*found, strict=True)]


def measured_batches() -> dict[str, Any]:
    """Measure times by batch size, keep the figure, and return the numbers."""
    found = batch_times(read_scenario(TIMED, {"surface.examples": EXAMPLES}))
    save_figure(batch_figure(found), FOLDER / f"{BATCHES}.png")
    return found.document()


def _keep(results: dict[str, Any]) -> None:
    text = json.dumps(results, indent=1, ensure_ascii=False, allow_nan=False)
    RESULTS.write_text(f"{text}\n", encoding="utf-8")


def main(wanted: list[str]) -> None:
    """Run what is wanted, all unless something is named, and write numbers and page."""
    results: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    kept = {name: each for name, each in results.get("scenarios", {}).items() if name in bundled()}
    if wanted == ["--pictures"]:
        same = [name for name, each in kept.items() if each["settings"] == settings_hash(name)]
        kept |= {name: measured(name, [claim["other_seeds"] for claim in kept[name]["claims"]]) for name in same}
        wanted = [name for name in bundled() if name not in same] or ["--page"]
        results["scenarios"] = dict(sorted(kept.items()))
        _keep(results)
    for name in [] if wanted == ["--page"] else wanted or [*bundled(), BATCHES]:
        if name == BATCHES:
            results[BATCHES] = measured_batches()
        else:
            kept[name] = measured(name)
        results["scenarios"] = dict(sorted(kept.items()))
        _keep(results)
    PAGE.write_text(page(results), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
