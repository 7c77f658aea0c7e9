"""The folders of this repository as one package: simulator/ is errsurf, the others are packages in it."""

import shutil

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

FOLDERS = {
    "errsurf": "simulator",
    "errsurf.surfaces": "surfaces",
    "errsurf.gpu": "gpu",
    "errsurf.web": "web",
    "errsurf.scenarios": "scenarios",
}


class FreshBuild(build_py):
    """Build into an empty folder: what an older build has left there would become part of the wheel."""

    def run(self) -> None:
        """Build."""
        if not self.editable_mode:
            shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()


inside = [f"{package}.{name}" for package, folder in FOLDERS.items() for name in find_packages(folder)]
setup(package_dir=FOLDERS, packages=[*FOLDERS, *inside], cmdclass={"build_py": FreshBuild})
