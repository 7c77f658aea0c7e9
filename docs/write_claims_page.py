"""Write docs/claims.md from research/results/claims.json: where each claim of the lecture holds and where it stops.

Run ``python docs/write_claims_page.py`` after the grid or a change of its texts; a test compares page and file.

The test does not notice a scenario whose numbers were changed.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE, FILE = ROOT / "docs" / "claims.md", ROOT / "research" / "results" / "claims.json"
BLANK, CITED = re.compile(r"\n{3,}"), re.compile(r"\[([A-Z][a-z]+ \d{4})\]")

OPENING = """\
# Where the lecture's claims hold, and where they stop

| comparisons | the claim held | did not hold | not decided |
| ---: | ---: | ---: | ---: |
| {tried:,} | {holds:,} | {fails:,} | {open:,} |

The lecture makes 26 claims, and a scenario shows each. Here each was also tried at other settings, until it failed.
These claims held in less than a third of their comparisons: {seldom}. The counts say how far a claim was stretched, not
how true it is: its section says where it holds, and why.
"""

OVERVIEW = """\
## All claims
"""

MEASURED = """\
## How it was measured

A claim holds (**yes**) if the whole 95% interval of its number, over particles, lies on the right side of its margin.
It does not hold (no) if the interval lies on the wrong side, and is open otherwise. A number is the group's own, or its
difference from or ratio to that of another group.

N is the number of examples, B the batch size, C the covariance of the examples' gradients, lambda_min the smallest
eigenvalue of the Hessian, the sharpness its largest. The [glossary](glossary.md) has the other terms.

Every number comes from `python -m research.claims_grid`: {runs:,} runs with {particles} particles in each group, in
{minutes:.0f} minutes on {threads} threads of {processor} with {load:.0f} other processes waiting. The settings are in
`research/claim_grids/`, one file for each claim; `errsurf run SCENARIO --set KEY=VALUE` repeats a run. This page is
written by `docs/write_claims_page.py` from `research/results/claims.json`.
"""

SURFACES = """\
## Claims that fail on most surfaces

The scenarios were made to show the claims. On the other surfaces that errsurf has, with starts all over their windows
and each group at the best of ten rates, chosen with one seed and checked with the next, they come out like this.
"""


def page(parts: dict[str, Any]) -> str:
    """The whole page from the file's parts and the texts in research/claim_grids."""
    from research.claim_grids import studies

    found = studies()
    lines = [_opening(found, parts), OVERVIEW, *_overview(found, parts), "", SURFACES, *_surfaces(found, parts), ""]
    lines.append(_measured(parts))
    for study in found:
        lines += [*_section(study, parts["claims"][str(study.lecture)], _count(parts, study)), ""]
    lines += ["## Literature\n", *_literature(found)]
    return BLANK.sub("\n\n", "\n".join(lines)).rstrip() + "\n"


def _opening(found: Any, parts: dict[str, Any]) -> str:
    counts = {study.lecture: _count(parts, study) for study in found}
    total = sum(counts.values(), Counter())
    seldom = [k for k, count in counts.items() if count["holds"] * 3 < count.total()]
    marks = {"holds": total["holds"], "fails": total["does not hold"], "open": total["not decided"]}
    links = ", ".join(f"[{k}](#claim-{k})" for k in seldom)
    return OPENING.format(tried=total.total(), seldom=links, **marks)


def _count(parts: dict[str, Any], study: Any) -> Counter[str]:
    """How often a claim holds, does not, and is open."""
    from research.claim_page import verdicts

    return Counter(verdict for table in parts["claims"][str(study.lecture)]["tables"] for verdict in verdicts(table))


def _measured(parts: dict[str, Any]) -> str:
    claims = parts["claims"].values()
    minutes = sum(each["seconds"] for each in claims) / 60
    load = sum(each["load"] or 0 for each in claims) / len(claims)
    runs = _all_runs(parts)
    return MEASURED.format(runs=runs, minutes=minutes, load=load, particles=parts["particles"], **parts["device"])


def _all_runs(parts: dict[str, Any]) -> int:
    return sum(_runs(table) for each in parts["claims"].values() for table in each["tables"])


def _runs(table: dict[str, Any]) -> int:
    """Groups are not counted, only what was simulated at once."""
    if table["kind"] == "grid":
        return len(table["rows"]["values"]) * len(table["columns"]["values"])
    return 2 * len(table["lines"]) if table["kind"] == "tuned" else 0


def _overview(found: Any, parts: dict[str, Any]) -> Iterator[str]:
    from research.claim_page import MARKS, markdown

    rows = []
    for study in found:
        count = _count(parts, study)
        link = f"[{study.lecture}](#{_anchor(study)})"
        rows.append([f"{link} {study.says}", *(str(count[verdict]) for verdict in MARKS)])
    yield from markdown(("claim", *MARKS), rows)


def _surfaces(found: Any, parts: dict[str, Any]) -> Iterator[str]:
    """On how many surfaces the claims hold that were tried on others, and on how many their reverse."""
    from research.claim_page import markdown

    rows = []
    for study in found:
        for table in parts["claims"][str(study.lecture)]["tables"]:
            if table["kind"] == "tuned" and table["rows"]["name"] == "surface":
                rows += [[f"[{study.lecture}](#{_anchor(study)})", *row] for row in _on_surfaces(table)]
    yield from markdown(("claim", "tried", "surfaces", "holds", "the reverse holds"), rows)
    disputed = ", ".join(f"[{study.lecture}](#{_anchor(study)})" for study in found if study.disputed)
    yield f"\nThe literature disputes or bounds claims {disputed}; who does, and why, stands with each."


def _on_surfaces(table: dict[str, Any]) -> Iterator[list[str]]:
    """A line for each claim of the lecture; one that is not the lecture's is the reverse of the one before it."""
    holds = [
        str(sum(line["verdicts"][k][0] == "holds" for line in table["lines"])) for k in range(len(table["claims"]))
    ]
    for k, says in enumerate(table["claims"]):
        if table["counted"][k]:
            reverse = holds[k + 1] if table["counted"][k + 1 : k + 2] == [False] else ""
            yield [f"{says} {table['title']}.", str(len(table["lines"])), holds[k], reverse]


def _section(study: Any, figures: dict[str, Any], count: Counter[str]) -> Iterator[str]:
    from research.claim_page import table_lines

    yield f"## {_title(study)}\n"
    yield f"{study.says}\n"
    yield f"**Held in {count['holds']} of {count.total()}** comparisons; did not hold in {count['does not hold']}.\n"
    yield f"**Where.** {study.bounds}\n"
    yield f"**Why.** {study.why}\n"
    if study.disputed:
        yield f"**Disputed.** {_linked(study.disputed)}\n"
    for table in figures["tables"]:
        yield from table_lines(table)
        yield ""


def _title(study: Any) -> str:
    return f"Claim {study.lecture}"


def _anchor(study: Any) -> str:
    return _title(study).lower().replace(" ", "-")


def _linked(text: str) -> str:
    """A text whose papers lead to their places at the end of the page."""
    return CITED.sub(lambda found: f"[{found[1]}](#literature)", text)


def _literature(found: Any) -> Iterator[str]:
    """The papers that the texts name; KeyError for one that is not known."""
    from research.claim_grids import REFERENCES

    named = {
        key for study in found for text in (study.bounds, study.why, study.disputed) for key in CITED.findall(text)
    }
    for key in sorted(named):
        text, number = REFERENCES[key]
        yield f"* {text}" + (f", [arXiv:{number}](https://arxiv.org/abs/{number})" if number else "") + "."


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    PAGE.write_text(page(json.loads(FILE.read_text(encoding="utf-8"))), encoding="utf-8")
