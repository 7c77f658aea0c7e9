"""Install the oldest allowed version of every dependency in a new environment, and run a few tests there.

``python tests/check_floors.py`` takes minutes and needs a package index.  The versions are the lower bounds in
pyproject.toml; a bound that fails is too low.
"""

import os
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
BOUND = re.compile(r"([\w-]+)>=([\d.]+)")
TESTS = ("test_expression_runs", "test_cli_commands", "test_drawing_gif", "test_vector", "test_viewer_window")
TOOLS = ("pytest", "hypothesis")


def floors(requirements: Iterable[str]) -> dict[str, str]:
    """The lower bound of each requirement that has one, by package."""
    return {found[1]: found[2] for text in requirements if (found := BOUND.match(text))}


def main() -> None:
    """Exit with the code of the command that fails."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    tools = {
        name: version for name, version in floors(project["optional-dependencies"]["test"]).items() if name in TOOLS
    }
    oldest = [f"{name}=={version}" for name, version in (floors(project["dependencies"]) | tools).items()]
    sys.stdout.write("\n".join(oldest) + "\n")
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / ("Scripts" if os.name == "nt" else "bin") / "python"
        environment = os.environ | {"ERRSURF_CACHE": str(Path(folder) / "cache")}
        files = [f"tests/{name}.py" for name in TESTS]
        # Old versions warn of what is deprecated since.
        install, test = ["pip", "install", "-q", str(ROOT), *oldest], ["pytest", "-q", "-o", "filterwarnings=", *files]
        if subprocess.run([python, "-m", *install], cwd=ROOT, env=environment, check=False).returncode:
            sys.stdout.write("the oldest versions cannot be installed from this package index; nothing was tested\n")
            sys.exit(1)
        sys.exit(subprocess.run([python, "-m", *test], cwd=ROOT, env=environment, check=False).returncode)


if __name__ == "__main__":
    main()
