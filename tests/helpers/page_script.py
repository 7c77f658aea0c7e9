"""The page's own scripts without a browser: what they draw with a pen that writes down what it is told."""

import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from errsurf.drawing.page.assembly import FOLDER

NODE = shutil.which("node")
SCRIPTS = ("data", "clock", "words", "numbers", "surface", "map", "swarm", "overlays", "chart")
AROUND = """
const told = JSON.parse(require("fs").readFileSync(0, "utf8"));
const document = { getElementById: (name) => ({ textContent: told[name] }) };
%s
/* Each call of a pen: its name, the colour it fills and strokes with, and how strong it is. */
function recorder(said) {
  return new Proxy({}, {
    get: (kept, name) => kept[name] ?? (() => said.push([name, kept.fillStyle, kept.strokeStyle, kept.globalAlpha])),
    set: (kept, name, value) => { kept[name] = value; return true; },
  });
}
(async () => {
  const arrays = await unpacked();
  recording = readRecording(arrays);
  const { groups } = recording;
  const found = (() => { %s })();
  process.stdout.write(JSON.stringify(found));
})();
"""


def by_script(page: str, body: str) -> Any:
    """What the body of a function returns that runs among the scripts of a page, which knows its ``groups``."""
    assert NODE
    told = {name: re.search(rf'id="{name}">(.*?)</script>', page, re.S)[1] for name in ("run", "arrays")}  # type: ignore[index]
    scripts = "\n".join(FOLDER.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    done = subprocess.run(
        [NODE, "-e", AROUND % (scripts, body)], input=json.dumps(told), encoding="utf-8", capture_output=True
    )
    assert not done.stderr, done.stderr
    return json.loads(done.stdout)


def drawn_by_scripts(page: str, *clocks: float) -> dict[float, Any]:
    """What all scripts of a page draw at some clock values, by the clock: see page_in_node.js."""
    assert NODE
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "run.html")
        file.write_text(page, encoding="utf-8")
        command = [NODE, str(Path(__file__).parent / "page_in_node.js"), str(file), *map(str, clocks)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return {float(clock): found for clock, found in json.loads(done.stdout).items()}
