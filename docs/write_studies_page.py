"""Write docs/studies/*.md and their pictures: what came out of the sweeps there, and whether it agrees with the papers.

``python docs/write_studies_page.py`` writes them from docs/studies/*.csv; a test compares pages and files.  With a
folder of finished sweeps, ``escape-sweep`` and ``batch_size-sweep``, these files are taken from their tables first.
"""

import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PLACE = ROOT / "docs" / "studies"
TEXTS = {
    "escape": (
        """\
How long does SGD stay in a sharp minimum? Xie, Sato and Sugiyama ([arXiv:2002.03495](https://arxiv.org/abs/2002.03495),
theorem 3.2) find, for a gradient noise whose covariance is the Hessian, C = H,

`log time = constant + (2 B / lr) barrier (s / H_minimum + (1 - s) / |H_saddle|)`, s between 0 and 1,

with time as lr times updates: linear in B / lr, and shorter for sharp minima. Here 1,000 particles at each of seven
rates and four batch sizes leave a well with a barrier of known height, each absorbed where it is surely beyond the
saddle (`[[region]]`, counted at every update), for up to 50,000 updates; those that stay are censored, and the time is
the inverse of `rate_of_leaving`, exits over time at risk. The noise is of four kinds: with C = H at minimum and saddle,
as the paper assumes, in a sharp and in a flatter well; the same everywhere; and from examples that are shifted.

The integral is what diffusion gives for small noise whatever C is: `2 (B / lr)` times the integral of `L'(x) / C(x)`
from minimum to saddle. Slopes are by least squares, ± 95%, over cells in which at least ten particles left and the mean
time is at least 20 / H.
""",
        "Mean times of escape over B over lr: lines of one slope for three kinds of noise, not for the fourth",
    ),
    "batch_size": (
        """\
How many updates does a batch of B need to a target loss, at the lr that is best for it? Shallue et al.
([arXiv:1811.03600](https://arxiv.org/abs/1811.03600)) measured perfect scaling, a bend, and no gain beyond, and
McCandlish et al. ([arXiv:1812.06162](https://arxiv.org/abs/1812.06162)) predict `updates = fewest (1 + B_crit / B)`
with the noise scale, `tr(C) / |g|^2`, as B_crit. Here a line is fitted to 256 points (condition 16) from a circle of
starts, at nine batch sizes, 14 rates and 19 lengths of the run. A batch size's number is the smallest over rates of the
updates after which the mean training loss of 200 particles is at the target; between two lengths it is interpolated.
""",
        "Updates to the target over batch size: they fall as 1 / B, bend, and stay",
    ),
}


def page(name: str) -> str:
    """The page of a study."""
    from research.studies import STUDIES
    from research.studies.table import read_rows

    tables = read_tables(name)
    says, picture = TEXTS[name]
    command = f"```sh\nerrsurf sweep docs/studies/{name}.toml\n```"
    made = "This page is written by `docs/write_studies_page.py` from the table of that sweep."
    lines = [
        f"# {tables['title']}\n",
        f"{command}\n",
        f"{made}\n",
        says,
        f"![{picture}]({name}.png)\n",
        "## What came out\n",
    ]
    return "\n".join([*lines, *STUDIES[name].page(tables, read_rows(PLACE / f"{name}.csv"))]).rstrip() + "\n"


def read_tables(name: str) -> dict[str, Any]:
    """The tables of a study's sweep file."""
    return tomllib.loads((PLACE / f"{name}.toml").read_text(encoding="utf-8"))


def write(name: str, sweeps: Path | None) -> None:
    """Write the page of a study and its picture."""
    from errsurf import read_scenario
    from errsurf.drawing.figures.files import save_figure
    from errsurf.drawing.sweep_figures import sweep_figure
    from research.studies import STUDIES
    from research.studies.table import read_rows, write_rows

    study, tables, file = STUDIES[name], read_tables(name), PLACE / f"{name}.csv"
    if sweeps is not None:
        write_rows(file, study.kept(tables, read_rows(sweeps / f"{name}-sweep" / "table.csv")))
    scenario = read_scenario(PLACE / f"{name}.toml")
    save_figure(sweep_figure(study.plot(scenario, tables, read_rows(file))), PLACE / f"{name}.png")
    (PLACE / f"{name}.md").write_text(page(name), encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    for each in TEXTS:
        write(each, Path(sys.argv[1]) if len(sys.argv) > 1 else None)
