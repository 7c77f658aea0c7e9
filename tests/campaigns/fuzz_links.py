"""Damaged links of live pages; run by hand, its result is in docs/trust.md.

``python tests/campaigns/fuzz_links.py [links] [seed]`` makes links of states, damages them, and gives them to the
scripts of a page, in node with 512 MB.  Each must give a state and faults in under five seconds, whose tables make a
scenario file and whose own link gives the same state; no object of the page may get a property.  Every twentieth file
is read by errsurf, too.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parent.parent))

from errsurf import read_scenario
from errsurf.drawing.page.assembly import FOLDER
from errsurf.drawing.page.live import live
from errsurf.drawing.page.markup import json_text
from errsurf.optimizers import optimizer_names
from helpers.damaged_bytes import damaged_bytes
from helpers.guarded import SECONDS, outcome
from helpers.node import NODE

AT_ONCE = 2000
KEYS = (
    "kind",
    "lr",
    "batch",
    "schedule.decay",
    "schedule.warmup",
    "clip.kind",
    "clip.most",
    "noise.kind",
    "noise.scale",
)
SHARED = ("swarm.start", "swarm.particles", "swarm.radius", "swarm.at", "run.updates", "run.epochs", "run.seed")
STRANGE = (
    "__proto__",
    "0.__proto__",
    "constructor.prototype",
    "0.constructor",
    "surface.loss",
    "picture.theme",
    "0.a.b.c",
)
VALUES = ("0.1", "adam", "cosine", "full", "ring", "norm", "none", "5%", "3 epochs", "[0.9,0.99]", "0.9,0.99", "1e999",
          "", "-1", "x", "null", "{}", "[[1,2]]", "true", "zz" * 500, "</script>", "9" * 30, "NaN")  # fmt: skip
CODE = """
const { live, links } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const own = () => JSON.stringify([...[Object, Array].map((each) => Object.getOwnPropertyNames(each.prototype)), live]);
const plain = own();
const found = links.map((link) => {
  const began = performance.now();
  try {
    const { state, faults } = linkState(live, link);
    const again = linkState(live, `#${stateLink(live, state)}`);
    stateLabels(live, state);
    const file = scenarioToml(live, state);
    const same = !again.faults.length && JSON.stringify(again.state.groups) === JSON.stringify(state.groups)
      && JSON.stringify(stateTables(live, again.state)) === JSON.stringify(stateTables(live, state));
    return [same ? "" : "another state", faults.length, file, performance.now() - began];
  } catch (error) {
    return [String(error.stack).slice(0, 300), 0, "", performance.now() - began];
  }
});
process.stdout.write(JSON.stringify([plain === own(), found]));
"""


def link(random: Random) -> str:
    """A link, damaged most of the time."""
    paths = [*(f"{random.randrange(4)}.{random.choice(KEYS)}" for _ in range(4)), *random.sample(SHARED, 2)]
    paths = random.sample(paths, random.randrange(1, 7)) + random.sample(STRANGE, random.choice((0, 0, 1)))
    parts = [f"{path}={quote(random.choice(VALUES), safe=',[]')}" for path in paths]
    parts = (
        [f"groups={','.join(random.choices('0123', k=random.randrange(1, 5)))}", *parts]
        if random.random() < 0.4
        else parts
    )
    text = "#" + "&".join(parts * random.choice((*[1] * 19, 2000)))
    return text if random.random() < 0.3 else damaged_bytes(random, text.encode()).decode("utf-8", "replace")


def read(told: dict[str, Any], links: Sequence[str]) -> Iterator[tuple[str, int, str, float]]:
    """What the scripts of a page make of links: what is wrong, faults, the file, milliseconds."""
    assert NODE
    scripts = "\n".join(FOLDER.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in ("state", "toml"))
    given = json_text({"live": told, "links": links}).encode("utf-8", "replace")
    command = [NODE, "--max-old-space-size=512", "-e", scripts + CODE]
    done = subprocess.run(command, input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr[-1000:]
    sound, found = json.loads(done.stdout)
    assert sound, "the page's own objects changed"
    yield from map(tuple, found)


def main(count: int, seed: int) -> int:
    """All of it; the number of failures."""
    random, seen, slowest, failures = Random(seed), Counter[str](), 0.0, 0
    told = live(read_scenario("flat_or_sharp"), optimizer_names()).told
    file = Path(tempfile.mkdtemp(prefix="fuzz-links-"), "saved.toml")
    for first in range(0, count, AT_ONCE):
        links = [link(random) for _ in range(min(AT_ONCE, count - first))]
        for k, (wrong, faults, text, took) in enumerate(read(told, links)):
            slowest = max(slowest, took)
            seen["with faults" if faults else "good"] += 1
            if k % 20 == 0 and not wrong:
                file.write_text(text, encoding="utf-8")
                said, wrong = outcome(lambda: read_scenario(file))
                seen[f"saved file: {said}"] += 1
                wrong = wrong or ("a file that errsurf refuses" if said == "refused" else "")
            if wrong or took > 1000 * SECONDS:
                failures += 1
                sys.stdout.write(f"{wrong or f'{took:.0f} ms'}: {ascii(links[k])[:300]}\n")
    sys.stdout.write(
        f"links, {count:,}, seed {seed}: {json.dumps(seen)}; {slowest:.0f} ms at most, {failures} failures\n"
    )
    return failures


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:3]]
    sys.exit(main(*given, *(100_000, 1)[len(given) :]) > 0)
