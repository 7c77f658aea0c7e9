"""What made a result: versions, processor, device, rounding, and the content of the files that the scenario reads."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from errsurf.errors import StoredError
from errsurf.results.folder_checks import RESUME
from errsurf.results.stored import stored_table
from errsurf.run.made_with import machine
from errsurf.run.result import Result
from errsurf.scenario import Scenario, data_files, own_files
from errsurf.sweeps.content import content_digest

MAX_ENTRIES, MAX_LETTERS = 1_000, 300


def file_digests(scenario: Scenario) -> dict[str, str]:
    """The SHA-256 of data files and of the user's own records, by the names of their copies in a result folder."""
    return {name: content_digest(file) for name, file in {**data_files(scenario), **own_files(scenario)}.items()}


def texts_of(table: Mapping[str, Any], key: str) -> dict[str, str]:
    """A table of short texts in a file that may come from anybody; entries that are none are left out."""
    found = table.get(key)
    entries = list(found.items())[:MAX_ENTRIES] if isinstance(found, dict) else []
    return {name[:MAX_LETTERS]: text[:MAX_LETTERS] for name, text in entries if isinstance(text, str)}


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What differs between two of these tables, in words."""
    return [
        f"{name}: {before[name]} then, {now[name]} now"
        for name in before
        if now.get(name, before[name]) != before[name]
    ]


def changes_since(folder: Path, result: Result) -> list[str]:
    """What is not as it was when the result in a folder was made, and why its bits may differ, in words."""
    table: dict[str, Any] = {}
    for name in ("summary.json", RESUME):
        with suppress(StoredError):
            table = table or stored_table(folder, name)
    before, files = texts_of(table, "made_with"), texts_of(table, "files")
    words = differences(before, machine()) if before else ["no versions are recorded: an older errsurf made it"]
    if result.device != "cpu":
        words.append(f"device: {result.device} then, cpu now, which rounds differently")
    now = file_digests(result.scenario)
    words += [f"{name}: not the file that it was" for name in files if name in now and now[name] != files[name]]
    return words
