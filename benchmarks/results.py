"""Measured figures in one JSON file, a part for each benchmark, and as text in columns."""

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.machine import device, device_name

FOLDER = Path(__file__).parent / "results"


def default_file() -> Path:
    """The file of this machine and day."""
    return FOLDER / f"{device_name()}-{date.today().isoformat()}.json"


def newest_file() -> Path | None:
    """The last written file of results, by the date in its name."""
    return max(FOLDER.glob("*-????-??-??.json"), key=lambda file: file.stem[-10:], default=None)


def read(file: Path) -> dict[str, Any]:
    """All parts of a file of results."""
    parts: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return parts


def keep(file: Path, part: str, figures: Any) -> None:
    """Write one part into a file of results; the others stay."""
    parts = read(file) if file.exists() else {}
    parts |= {"device": device(), part: figures}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(parts, indent=1) + "\n", encoding="utf-8")


def append_row(file: Path, row: dict[str, Any]) -> None:
    """Add a row to a CSV file, which gets the names of the columns first."""
    new = not file.exists()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, row.keys(), lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(row)


def rows_of(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, none if it does not exist."""
    if not file.exists():
        return []
    with file.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def rounded(value: Any) -> Any:
    """Numbers to four digits, inside lists and tables too."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    return [rounded(each) for each in value] if isinstance(value, list | tuple) else value


def line(cells: Iterable[Any], widths: Sequence[int]) -> str:
    """Cells in columns: words to the left, numbers with three digits to the right."""
    return "  ".join(_cell(value, width) for value, width in zip(cells, widths, strict=True)).rstrip()


def say(text: str) -> None:
    """A line of output, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _cell(value: Any, width: int) -> str:
    if value is None:
        return " " * width
    if isinstance(value, str):
        return value.ljust(width)
    return (f"{value:.3g}" if isinstance(value, float) else str(value)).rjust(width)
