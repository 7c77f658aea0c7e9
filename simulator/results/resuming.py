"""What a run needs to go on: its scenario and data in its folder from the first moment, and what it was asked."""

import shutil
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from errsurf.errors import FolderError, StoredError
from errsurf.results.folder_checks import RESUME, part_of, resume_command
from errsurf.results.provenance import differences, file_digests, texts_of
from errsurf.results.stored import stored_table
from errsurf.run.made_with import machine
from errsurf.scenario import Scenario, data_files, own_files, resolved_toml
from errsurf.system.atomic_write import whole_file
from errsurf.system.json_text import json_text

SCENARIO = "scenario.toml"
REFUSED = ("errsurf",)
"""Versions with which a run cannot go on: what groups remember may differ."""


class Asked(NamedTuple):
    """What a run was asked beside its scenario, of this ``name``; as the arguments of ``run_scenario``."""

    name: str
    device: str = "auto"
    seeds: int = 1
    pictures: bool = True
    languages: tuple[str, ...] = ()
    force: bool = False


def begin(folder: Path, scenario: Scenario, asked: Asked) -> None:
    """Write all that is needed to resume into the folder of a run that begins; raises OSError."""
    text = resolved_toml(scenario).encode()
    (folder / SCENARIO).write_bytes(text)
    for name, data in {**data_files(scenario), **own_files(scenario)}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(data, folder / name)
    files = {SCENARIO: sha256(text).hexdigest(), **file_digests(scenario)}
    with whole_file(folder / RESUME) as file:
        file.write(json_text({**asked._asdict(), "made_with": dict(machine()), "files": files}).encode() + b"\n")


def resumed_folder(given: Path) -> Path:
    """The name that a run's folder has, or will have; ``given`` may be the one it has while it runs.

    Raises FolderError where there is nothing to resume.
    """
    folder = given
    if given.name.endswith(".part") and given.is_dir():
        folder = given.with_name(given.name.removesuffix(".part"))
    part = part_of(folder)
    if (part / RESUME).is_file() or (folder / RESUME).is_file():
        return folder
    if (folder / "sweep.toml").exists():
        raise FolderError(f"{folder}: a sweep; the command that began it goes on with it")
    if (folder / "summary.json").is_file():
        raise FolderError(f"{folder}: this run is finished; there is nothing to resume")
    if part.is_dir():
        raise FolderError(f"{part}: was left before its run began; run the scenario with --force")
    raise FolderError(f"{folder}: there is no such folder, and no {part.name} either")


def asked_of(folder: Path) -> Asked:
    """What the run in a folder was asked; raises FolderError if that cannot be read."""
    try:
        table = stored_table(folder, RESUME)
        return _asked(table)
    except StoredError as error:
        raise FolderError(f"{folder}: this run cannot be resumed ({error})") from None


def _asked(table: dict[str, object]) -> Asked:
    languages = table.get("languages")
    known = isinstance(languages, list) and all(isinstance(each, str) for each in languages)
    values = {**table, "languages": tuple(languages) if known else None}  # type: ignore[arg-type]
    kinds = {"name": str, "device": str, "seeds": int, "pictures": bool, "languages": tuple, "force": bool}
    for key, kind in kinds.items():
        if not isinstance(values.get(key), kind):
            raise StoredError(f"{RESUME}: `{key}` is not as errsurf wrote it")
    return Asked(**{key: values[key] for key in kinds})  # type: ignore[arg-type]


def check_unchanged(folder: Path, scenario: Scenario) -> list[str]:
    """What differs since the run in a folder began, and may change last bits.

    Raises FolderError for another version of errsurf, another scenario, other data files or records.
    """
    table = stored_table(folder, RESUME)
    began, files = texts_of(table, "made_with"), texts_of(table, "files")
    again = f"run it anew instead: `errsurf run {folder / SCENARIO} --out DIR`"
    for name in REFUSED:
        if began.get(name) != machine()[name]:
            found = f"{name} {began.get(name)} began this run, and this is {machine()[name]}"
            raise FolderError(f"{folder}: {found}; install that version to resume it, or {again}")
    now = {SCENARIO: sha256((folder / SCENARIO).read_bytes()).hexdigest(), **file_digests(scenario)}
    changed = [name for name in {**files, **now} if files.get(name) != now.get(name)]
    if changed:
        raise FolderError(
            f"{folder}: changed since the run began: {', '.join(changed)}; put back what was there, or {again}"
        )
    return differences(began, machine())


def unfinished(folder: Path) -> str:
    """How to go on with the run in a folder, in words; empty for one that is finished."""
    return f"unfinished; {resume_command(folder)} goes on" if (folder / RESUME).is_file() else ""
