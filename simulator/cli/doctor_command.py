"""Show the environment of errsurf: versions, threads, device, cache folder.

\b
Examples:
  errsurf doctor
"""

import click

from errsurf.cli.terminal import echo


@click.command("doctor", help=__doc__)
def command() -> None:
    """Print one line for each fact, for bug reports."""
    import platform
    import sys
    from importlib.metadata import PackageNotFoundError, version

    from errsurf.engine.cache_folder import cache_fault, cache_folder
    from errsurf.gpu.device import device
    from errsurf.system.processors import threads

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
        "kernel cache": cache_fault() or str(cache_folder()),
    }
    if of("pygame") != "not installed":
        lines["pygame"] = (
            f"{of('pygame')} overwrites pygame-ce; "
            "fix it with: pip uninstall -y pygame && pip install --force-reinstall pygame-ce"
        )
    for name, text in lines.items():
        echo(f"{name:18}{text}")
