"""The folders of this repository as one package: simulator/ is errsurf, the others are packages in it."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

FOLDERS = {
    "errsurf": "simulator",
    "errsurf.surfaces": "surfaces",
    "errsurf.gpu": "gpu",
    "errsurf.web": "web",
    "errsurf.scenarios": "scenarios",
}


# What modules for browsers are compiled with.
COMPILER = ("numba", "pydantic", "scipy", "sympy")


class FreshBuild(build_py):
    """Build into an empty folder: what an older build has left there would become part of the wheel."""

    def run(self) -> None:
        """Build."""
        if not self.editable_mode:
            shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()
        if not self.editable_mode:
            self.add_modules()

    def add_modules(self) -> None:
        """Compile the kernels for browsers; without a compiler here, they are compiled where they are needed."""
        if lacking := [name for name in COMPILER if find_spec(name) is None]:
            self.announce(f"no kernels for browsers in the wheel: {', '.join(lacking)} cannot be imported here", 3)
            return
        file = Path(self.build_lib, "errsurf", "web", "modules.xz").absolute()
        path = os.pathsep.join([str(Path(self.build_lib).absolute()), *filter(None, sys.path)])
        command = [sys.executable, "-m", "errsurf.web.archive", str(file)]
        subprocess.run(command, env=os.environ | {"PYTHONPATH": path}, cwd=file.parent, check=True)


inside = [f"{package}.{name}" for package, folder in FOLDERS.items() for name in find_packages(folder)]
setup(package_dir=FOLDERS, packages=[*FOLDERS, *inside], cmdclass={"build_py": FreshBuild})
