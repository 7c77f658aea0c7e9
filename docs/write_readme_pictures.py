"""Draw the pictures of README.md that are not those of the gallery: ``python docs/write_readme_pictures.py``."""

from pathlib import Path
from typing import Any

from errsurf import read_scenario, save_picture, simulate

DOCS = Path(__file__).parent
PICTURES: dict[str, tuple[str, dict[str, Any]]] = {
    "saddle_escape.gif": ("saddle_escape", {}),
    "flat_or_sharp.png": ("flat_or_sharp", {"at": "60%", "view": "3d", "theme": "dark"}),
}

if __name__ == "__main__":
    for file, (name, options) in PICTURES.items():
        save_picture(simulate(read_scenario(name)), DOCS / file, **options)
