"""The working folder."""

from pathlib import Path


def working_folder_exists() -> bool:
    """Whether there is a working folder: it may be removed while a process runs in it."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return False
    return True
