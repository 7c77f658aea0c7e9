"""Write docs/pictures.md and its sheets: five scenarios drawn by an older version and by this one, in eight variants.

``python docs/write_pictures_page.py --before DIR`` runs and draws them; DIR has what an older version drew, as
NAME-960.png, NAME-480.png, NAME-dark.png and NAME-projector.png.  Without it only the page is written.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import fill
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from errsurf import read_scenario, save_picture, simulate
from errsurf.drawing.colours import contrast, map_colours, theme

ROOT = Path(__file__).parents[1]
PAGE, FOLDER = ROOT / "docs" / "pictures.md", ROOT / "docs" / "pictures"
HALF, GAP, CONTRAST_BEFORE = (480, 270), 8, 1.76
DRAWN: dict[str, dict[str, Any]] = {
    "960": {"size": (960, 540)},
    "480": {"size": HALF},
    "dark": {"size": (960, 540), "theme": "dark"},
    "projector": {"size": (960, 540), "theme": "projector"},
}

# Machado, Oliveira and Fernandes 2009, doi:10.1109/TVCG.2009.113, severity 1, for linear red, green and blue.
FILTERS = {
    "grey": [[0.2126, 0.7152, 0.0722]] * 3,
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}

OPENING = """\
# Pictures, before and after

The same runs, drawn by an older version at the left and by this one at the right, at the last frame. The first sheet of
each has, from above, 960 x 540 (halved here), 480 x 270 (as it is), the theme `dark` and the theme `projector`; the
second one the first picture in grey and with three kinds of colour blindness: deutan, protan, tritan (Machado et al.,
2009).

What was changed after looking at all of them:

* Down is seen: hillshade, and a ramp that is even in lightness; the contrast between the highest and the lowest loss on
  a light map grew from {before} : 1 to {after} : 1.
* Groups differ in shape as well as in colour, and curves are named at their ends and, in the layouts `slide` and
  `paper`, marked with these shapes: grey and the filters lose none.
* Some contours say their loss, and both axes have the same scale unless the scenario sets a window.
* A trail is the path: every update of the followed particles, not chords between recorded frames.
* Names are the same everywhere: a minimum that a chart or a bar speaks of has that name on the map.
* Small pictures have fewer and larger things, and no text below 10 pixels.

This page is written by `docs/write_pictures_page.py`.
"""

SEEN = {
    "saddle_escape": """
Which curve is whose had to be looked up, and in grey could not be. Full batch is now black, or white on dark, in every
picture, batch sizes follow a ramp, and curves say whose they are. The ring that the chart means is in the key.""",
    "flat_or_sharp": """
The bars said of all particles of batch 1 that they are in the flat minimum, 18% of which are still on the way. In grey
the three groups were one; now shapes tell them apart. The second chart has a name for its axis.""",
    "one_rate_is_hard": """
The old trail joined every 333rd update: three diagonals that no particle walked. The path is a zigzag between the
walls, and the chart's clock is logarithmic, as the zigzag is over after a hundredth of the time.""",
    "momentum_is_a_sum": """
Three short arrows from one tail became a sum, tip to tail and enlarged, with weights in the key. Every update is a dot
on the path, and the words about a test loss that there is not are gone.""",
    "batch_2_to_32": """
The chart spoke of a minimum G that was not on the map. Minima have letters now, batch sizes follow a ramp, full batch
stands apart from it, single particles can be seen, and many on one spot are a larger one.""",
}


def filtered(pixels: NDArray[np.uint8], matrix: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Pixels (..., 3) in sRGB after a matrix was applied to linear red, green and blue."""
    coded = pixels / 255
    linear = np.where(coded > 0.04045, ((coded + 0.055) / 1.055) ** 2.4, coded / 12.92)
    linear = np.clip(linear @ matrix.T, 0.0, 1.0)
    found = np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)
    return np.asarray(np.rint(255 * found), np.uint8)


def sheet(pairs: list[tuple[Image.Image, Image.Image]]) -> Image.Image:
    """Pairs of pictures below each other, each in half of 960 x 540."""
    width, height = HALF[0] + GAP, HALF[1] + GAP
    found = Image.new("RGB", (2 * width - GAP, len(pairs) * height - GAP), (128, 128, 128))
    for row, pair in enumerate(pairs):
        for column, image in enumerate(pair):
            found.paste(image.resize(HALF, Image.Resampling.LANCZOS), (column * width, row * height))
    return found


def draw(name: str, before: Path) -> None:
    """Run one scenario and write its two sheets."""
    result = simulate(read_scenario(name))
    with TemporaryDirectory() as folder:
        pairs = []
        for variant, picture in DRAWN.items():
            now = save_picture(result, Path(folder) / f"{variant}.png", **picture)
            pairs.append((_opened(before / f"{name}-{variant}.png"), _opened(now)))
    sheet(pairs).save(FOLDER / f"{name}.webp", quality=86, method=6)
    seen = [(_filtered(pairs[0][0], matrix), _filtered(pairs[0][1], matrix)) for matrix in FILTERS.values()]
    sheet(seen).save(FOLDER / f"{name}-filters.webp", quality=80, method=6)


def page() -> str:
    """The whole page."""
    colours = [(r, g, b) for r, g, b in map_colours(theme("light"), 16).tolist()]
    parts = [OPENING.format(before=CONTRAST_BEFORE, after=round(contrast(colours[0], colours[-1]), 1))]
    for name, words in SEEN.items():
        parts += [
            f"## {read_scenario(name).title}\n",
            fill(" ".join(words.split()), 120, break_on_hyphens=False) + "\n",
        ]
        parts.append(f"![{name}, before and after, in two sizes and two themes](pictures/{name}.webp)\n")
        parts.append(f"![{name}, before and after, in grey and with three filters](pictures/{name}-filters.webp)\n")
        parts.append(f"```sh\nerrsurf run {name}\n```\n")
    return "\n".join(parts)


def _opened(path: Path) -> Image.Image:
    return Image.open(path).convert("RGB")


def _filtered(image: Image.Image, matrix: list[list[float]]) -> Image.Image:
    return Image.fromarray(filtered(np.asarray(image), np.array(matrix)))


def main() -> None:
    """Draw what is asked for, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, help="folder of pictures that an older version drew")
    parser.add_argument("names", nargs="*", help="scenarios to draw; all five unless some are named")
    given = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    for name in (given.names or SEEN) if given.before else ():
        draw(name, given.before)
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
