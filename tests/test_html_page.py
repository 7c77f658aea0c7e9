"""The page that plays a run: what is in the file."""

import base64
import json
import re
import zlib
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from errsurf.drawing.colours import hexadecimal, theme
from errsurf.drawing.map.swarm import trail_strength
from errsurf.drawing.page import page
from errsurf.drawing.page.formula import label_markup
from errsurf.drawing.page.pack import changes, place_codes, places
from errsurf.drawing.scene import scene
from errsurf.run.result import Result
from errsurf.scenario import read_scenario
from helpers.page_script import NODE, by_script
from helpers.synthetic_results import made_run, read, walks

WORST = "</script><script>document.title='taken'</script><img src=x onerror=alert(1)>\"'&amp;\u2028`${1}"
KINDS = {"f4": np.float32, "f8": np.float64, "u1": np.uint8, "u2": np.uint16}


class Parts(HTMLParser):
    """Elements of a page: their names, attributes and texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        self.found.append((f"after {tag}", {}, []))

    def handle_data(self, data: str) -> None:
        if self.found:
            self.found[-1][2].append(data)

    def text(self, tag: str, **wanted: str) -> str:
        """The text right after the first such element begins."""
        return next(
            "".join(words) for name, attrs, words in self.found if name == tag and wanted.items() <= attrs.items()
        )


def kept(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the page says of the run, and its arrays."""
    parts = Parts(text)
    run = json.loads(parts.text("script", id="run"))
    data = zlib.decompress(base64.b64decode(parts.text("script", id="arrays")))
    return run, {name: np.frombuffer(data[a:b], KINDS[kind]) for name, (kind, a, b) in run["arrays"].items()}


def kept_places(text: str, k: int) -> Any:
    """Places of group k, (frames, particles, 2), NaN where unseen: decoded as data.js does, in Python's own way."""
    run, arrays = kept(text)
    shown = run["groups"][k]["shown"]
    folded = arrays[f"low{k}"].astype(np.int64) + 256 * arrays[f"high{k}"].astype(np.int64)
    change = np.where(folded % 2, -(folded // 2) - 1, folded // 2)
    codes = np.cumsum(change.reshape(-1, 2, shown), axis=0) % 65536
    low, high = (np.array(run["places"][name]) for name in ("low", "high"))
    found = np.moveaxis(low[:, None] + (codes - 1) * ((high - low) / run["places"]["codes"])[:, None], 1, 2)
    return np.where((codes[:, 0] > 0)[..., None], found, np.nan)


@pytest.fixture(scope="module")
def big() -> tuple[Result, str]:
    """As many particles as the bundled scenarios have, as noisy as any, and its page."""
    result = made_run(*walks(3, 2000, 161, step=0.3))
    return result, page(result)


def test_places_are_as_exact_as_the_page_says(big: tuple[Result, str]) -> None:
    result, text = big
    run, _ = kept(text)
    low, high = (np.array(run["places"][name]) for name in ("low", "high"))
    half = (high - low) / run["places"]["codes"] / 2
    assert half.max() < 4 / 1500
    for k, group in enumerate(result.groups):
        assert (np.abs(kept_places(text, k) - group.position) <= half * (1 + 1e-6)).all()
    said = [float(number) for number in re.findall("\N{PLUS-MINUS SIGN}([0-9.]+)", text)]
    assert said == pytest.approx(half, rel=0.5)


def test_2000_particles_take_less_than_3_megabytes(big: tuple[Result, str]) -> None:
    assert len(big[1].encode()) < 3_000_000


def test_the_same_run_gives_the_same_page() -> None:
    assert page(made_run(*walks())) == page(made_run(*walks()))


def test_a_smaller_page_keeps_less_and_says_so() -> None:
    result = made_run(*walks(2, 500, 150, step=0.3))
    sizes = [len(page(result, most_bytes=most).encode()) for most in (2_900_000, 500_000, 350_000)]
    assert sizes[0] > 500_000 >= sizes[1] > 350_000 >= sizes[2]
    text = page(result, most_bytes=350_000)
    assert re.search(r"\d+ of 150 recorded frames", text)
    rows = kept_places(text, 0)
    assert len(rows) < 150
    assert kept(text)[1]["clock0"][-1] == 5 * 149


def test_particles_that_cannot_be_seen_are_not() -> None:
    path = np.zeros((4, 3, 2))
    path[2:, 1] = (7.0, 0.0)
    path[3, 2] = (np.nan, 0.0)
    found = kept_places(page(made_run(path)), 0)
    assert np.array_equal(np.isnan(found[..., 0]), [[0, 0, 0], [0, 0, 0], [0, 1, 0], [0, 1, 1]])


@pytest.mark.parametrize("bits", [10, 12, 16])
def test_changes_undo_to_places(bits: int) -> None:
    draw = np.random.default_rng(bits)
    points = draw.uniform(-2.6, 2.6, size=(30, 7, 2))
    scale = places(((-2.0, 2.0), (-2.0, 2.0)), bits)
    codes = place_codes(points, scale)
    low, high = changes(codes)
    folded = low.astype(np.int64) + 256 * high.astype(np.int64)
    back = np.cumsum(np.where(folded & 1, ~(folded >> 1), folded >> 1), axis=0) % 65536
    assert np.array_equal(back, codes)
    seen = np.abs(points).max(axis=-1) <= 2.4
    assert np.array_equal(codes[:, 0] > 0, seen)
    assert codes.max() <= scale.codes + 1 < 1 << bits


def test_words_of_a_scenario_stay_words() -> None:
    result = made_run(*walks(2, 5, 3), title=WORST, labels=(WORST[:80], "b"))
    text = page(result)
    parts = Parts(text)
    assert [attrs.get("id") for name, attrs, _ in parts.found if name == "script"] == ["origin", "run", "arrays", None]
    assert not [attrs for _, attrs, _ in parts.found if any(key.startswith("on") for key in attrs)]
    assert not [name for name, *_ in parts.found if name == "img"]
    assert parts.text("title") == parts.text("h1") == WORST
    assert parts.text("p", id="about") == "What to see: a < b & c."
    assert kept(text)[0]["groups"][0]["label"] == WORST[:80]


def test_nothing_is_fetched_and_only_the_pages_own_script_runs() -> None:
    text = page(made_run(*walks(1, 3, 3)))
    parts = Parts(text)
    script = next("".join(words) for name, attrs, words in parts.found if name == "script" and not attrs)
    rule = next(attrs["content"] for name, attrs, _ in parts.found if "http-equiv" in attrs) or ""
    assert rule.startswith("default-src 'none';")
    digest = base64.b64encode(sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in rule
    assert not re.search(r"https?://|\bsrc=|\bhref=|@import|url\(", text)


def test_the_page_carries_its_scenario(tmp_path: Path) -> None:
    result = made_run(*walks(1, 3, 3), title=WORST)
    (tmp_path / "run.html").write_text(page(result), encoding="utf-8")
    assert read_scenario(tmp_path / "run.html") == result.scenario


def test_shares_and_losses_are_those_of_all_particles() -> None:
    path = np.concatenate([np.zeros((1, 60, 2)), np.tile(np.repeat([-1.0, 1.0, 0.5], 20)[:, None] * (1, 0), (7, 1, 1))])
    result = made_run(path, path[:, ::-1], chart="basins")
    run, arrays = kept(page(result, **read(result)))
    rows = arrays["history1"].reshape(8, -1)
    assert run["history"] == ["low", "median", "high", "test", "outside", "diverged"]
    assert rows[:, 1] == pytest.approx(np.median(result.groups[1].train_loss, axis=1), rel=1e-6)
    assert [each["word"] for each in run["where"]][:4] == ["A", "B", "saddle", "on the way"]
    assert rows[0, 6:].tolist() == [0, 0, 1, 0, 0, 0]
    assert rows[-1, 6:] == pytest.approx([1 / 3, 1 / 3, 0, 1 / 3, 0, 0], rel=1e-6)
    assert rows[:, 6:].sum(axis=1) == pytest.approx(1)


def test_formulas_become_paths_and_other_words_stay() -> None:
    markup = label_markup(r"rate <b> $\eta = 0.1$ & more")
    assert markup.startswith("rate &lt;b&gt; <svg")
    assert markup.endswith("</svg> &amp; more")
    assert 'fill="currentColor" d="M' in markup
    assert label_markup("5 dollars: $5") == "5 dollars: $5"
    assert label_markup(r"$\nothing{$ $") == r"$\nothing{$ $"


def test_groups_come_in_the_order_of_the_scenario_with_their_own_colours() -> None:
    result = made_run(*walks(3, 6, 4), labels=("a", "b", "c"), groups=["c", "a"])
    text = page(result)
    run, _ = kept(text)
    assert [group["label"] for group in run["groups"]] == ["a", "c"]
    colours = theme("light").groups
    assert run["themes"]["light"]["groups"] == [hexadecimal(colours[0]), hexadecimal(colours[2])]
    for k, place in enumerate((0, 2)):
        assert kept_places(text, k) == pytest.approx(result.groups[place].position, abs=1e-3)


@pytest.mark.skipif(NODE is None, reason="no node on this machine")
def test_no_group_lies_on_top_of_the_others() -> None:
    """Dots at one place: another group comes last at each; heads of trails are rings around those of other groups."""
    x, y = np.meshgrid(np.linspace(-1.8, 1.8, 12), [-0.8, 0.0, 0.8])
    path = np.tile(np.stack([x, y], axis=-1).reshape(1, -1, 2), (2, 1, 1))
    text = page(made_run(path, path, path, trails=3))
    dots, heads = by_script(
        text,
        """
        const picture = { data: new Uint8ClampedArray(4 * 800 * 400), width: 800, height: 400 };
        const look = { groups: ["#ff0000", "#00ff00", "#0000ff"], halo: "#ffffff" };
        drawDots(picture, full, groups, 0, 1, look);
        const area = { left: 0, top: 0, width: 800, height: 400 };
        const pixels = [...groups[0].number].map((p) => pixelOf(area, full, groups[0].theta(0, p)));
        const at = pixels.map(([u, v]) => 4 * (Math.floor(v) * 800 + Math.floor(u)));
        const said = [];
        drawHeads(recorder(said), area, full, groups, 0, 1, look);
        return [at.map((k) => [...picture.data.slice(k, k + 3)]), said.filter(([name]) => name === "fill")];
        """,
    )
    top = np.argmax(dots, axis=1)
    assert np.bincount(top).tolist() == [12, 12, 12]
    red, green, blue = "#ff0000", "#00ff00", "#0000ff"
    assert [colour for _, colour, *_ in heads] == ["#ffffff"] * 9 + [red] * 3 + [green] * 3 + [blue] * 3


@pytest.mark.skipif(NODE is None, reason="no node on this machine")
def test_trails_pale_as_in_all_other_pictures() -> None:
    """Rims of paper lie below the trails of all groups; strengths by age are those of ``trail_strength``."""
    result = made_run(*walks(2, 20, 41), trails=2, trail_length=0.6)
    ages = np.arange(0.0, 130.0)
    strengths, said = by_script(
        page(result),
        """
        const said = [];
        const area = { left: 0, top: 0, width: 800, height: 400 };
        drawTrails(recorder(said), area, full, groups, 200, 1, { groups: ["a", "b"], halo: "paper" });
        return [
          Array.from({ length: 130 }, (_, age) => trailStrength(age, 0.5)),
          said.filter(([name]) => name === "stroke"),
        ];
        """,
    )
    (swarm,) = scene(result).swarms
    assert strengths == pytest.approx(trail_strength(swarm, ages, 0.5) / 255, abs=1 / 255)
    assert strengths[120] == 0 < strengths[119]
    colours, strong = [colour for *_, colour, _ in said], np.array([strength for *_, strength in said])
    half = len(colours) // 2
    lines = colours[half:]
    assert colours[:half] == ["paper"] * half
    assert lines == sorted(lines)
    assert set(lines) == {"a", "b"}
    assert strong[:half] == pytest.approx(0.75 * strong[half:])
