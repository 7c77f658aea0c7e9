"""The folders of this repository as one package: simulator/ is errsurf, the others are packages in it."""

import gzip
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from importlib.util import find_spec
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

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


class SameBytes(sdist):
    """With SOURCE_DATE_EPOCH, the archive has the same bytes wherever and whenever it is made."""

    def make_archive(self, base_name: str, *arguments: object, **options: object) -> str:
        """Write the archive, and again without names of users and times of files."""
        made = super().make_archive(base_name, *arguments, **options)
        if moment := os.environ.get("SOURCE_DATE_EPOCH"):
            repacked(Path(made), int(moment))
        return made


def repacked(archive: Path, moment: int) -> None:
    """Replace a .tar.gz by one with sorted files, all of this moment and of nobody."""
    fresh = archive.with_suffix(".new")
    with (
        tarfile.open(archive) as old,
        fresh.open("wb") as file,
        gzip.GzipFile("", "wb", 9, file, mtime=moment) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as new,
    ):
        for member in sorted(old.getmembers(), key=lambda each: each.name):
            content = old.extractfile(member) if member.isfile() else None
            executable = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            plain = {"mtime": moment, "mode": executable, "uid": 0, "gid": 0, "uname": "", "gname": ""}
            same = member.replace(**plain, deep=False)
            same.pax_headers = {}
            new.addfile(same, content)
    fresh.replace(archive)


def description() -> str:
    """The README with the addresses that its links have on the code host, for pages elsewhere."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    source, text = project["urls"]["Source"], Path("README.md").read_text(encoding="utf-8")
    text = re.sub(r"(!\[[^]]*\]\()(?!https?:)", rf"\1{source}/raw/main/", text)
    return re.sub(r"(\]\()(?!https?:|#)", rf"\1{source}/blob/main/", text)


inside = [f"{package}.{name}" for package, folder in FOLDERS.items() for name in find_packages(folder)]
setup(
    package_dir=FOLDERS,
    packages=[*FOLDERS, *inside],
    cmdclass={"build_py": FreshBuild, "sdist": SameBytes},
    long_description=description(),
    long_description_content_type="text/markdown",
)
