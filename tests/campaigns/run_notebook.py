"""Runs a real notebook with scenarios, results and a widget, and looks at its outputs; run by hand.

``python tests/campaigns/run_notebook.py FOLDER`` needs ``pip install nbconvert ipykernel`` and writes notebook.ipynb
and notebook.html there.  Open the first with JupyterLab and run its cells again: the last one then says for each group
whether the page's positions are those of Python.
"""

import sys
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter
from nbconvert.preprocessors import ExecutePreprocessor

CELLS = (
    'import errsurf\nimport numpy as np\n\nscenario = errsurf.read_scenario("flat_or_sharp")\nscenario',
    'errsurf.simulate(errsurf.scenario_from(scenario, changes={"swarm.particles": 200}))',
    "widget = errsurf.live(scenario)\nwidget",
    'widget.change({"1.lr": 0.05, "0.kind": "adam"})\nwidget.clock, widget.playing = 500.0, False\nwidget.result()',
    'whole = errsurf.simulate(errsurf.scenario_from(widget.scenario, changes={"run.frames": "all"}))\n'
    "{label: bool(np.array_equal(places, whole[label].position[whole[label].update.tolist()"
    ".index(widget.updates[label])])) for label, places in widget.positions.items()}",
)


def main(folder: Path) -> None:
    """Make the notebook, run it, and look at it."""
    folder.mkdir(parents=True, exist_ok=True)
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in CELLS])
    ExecutePreprocessor(timeout=300).preprocess(made, {"metadata": {"path": str(folder)}})
    shown = [output.get("data", {}) for cell in made.cells for output in cell.outputs]
    for data in shown[:2]:
        assert data["text/html"].startswith("<div><iframe sandbox=")
        assert data["image/png"]
    assert "application/vnd.jupyter.widget-view+json" in shown[2]
    assert "full batch (kind adam)" in shown[3]["text/plain"]
    nbformat.write(made, folder / "notebook.ipynb")
    (folder / "notebook.html").write_text(HTMLExporter().from_notebook_node(made)[0], encoding="utf-8")
    sys.stdout.write(f"{len(shown)} outputs as they should be: {folder}/notebook.html\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
