"""Tell what errsurf runs on: versions, threads, device and why, cache folder."""

import click

from simulator.cli.terminal import echo


@click.command("doctor", help=__doc__)
def command() -> None:
    """One line a fact, to be pasted into a bug report."""
    import platform
    import sys
    from importlib.metadata import PackageNotFoundError, version

    from gpu.device import device
    from simulator.engine.link import cache_folder
    from simulator.engine.work import threads

    def of(package: str) -> str:
        try:
            return version(package)
        except PackageNotFoundError:
            return "not installed"

    packages = (
        "numpy",
        "numba",
        "llvmlite",
        "scipy",
        "matplotlib",
        "pygame-ce",
        "pillow",
        "pydantic",
        "numba-cuda",
        "nvidia-nvvm",
        "nvidia-nvjitlink",
        "av",
    )
    found = device()
    lines = {
        "errsurf": of("errsurf"),
        "python": f"{platform.python_version()} ({sys.executable})",
        "system": f"{platform.system()} {platform.release()} on {platform.machine()}",
        **{package: of(package) for package in packages},
        "threads": str(threads()),
        "device": f"cuda, for large runs; {found.why}" if found.name else f"cpu; {found.why}",
        "kernel cache": _cache(cache_folder()),
    }
    if of("pygame") != "not installed":
        lines["pygame"] = (
            f"{of('pygame')} overwrites pygame-ce; "
            "mend with: pip uninstall -y pygame && pip install --force-reinstall pygame-ce"
        )
    for name, text in lines.items():
        click.echo(f"{name:18}{text}")


def _cache(folder: object) -> str:
    """Where compiled kernels are kept, and whether that works."""
    import os
    from pathlib import Path

    place = Path(str(folder))
    existing = next(path for path in (place, *place.parents) if path.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK):
        return f"{place} (cannot be written; kernels are compiled anew in every run)"
    return str(place)
