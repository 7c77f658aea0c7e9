"""Modules by what they are made of: from the archive of the package, from the cache folder, or made now."""

import json
import lzma
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from types import ModuleType

from errsurf.engine.cache_folder import load, save
from errsurf.web.sources import Make, Module

ARCHIVE = "modules.xz"
MAKERS = ("calls.py", "capture.py", "retarget.py", "sources.py", "wasm.py")


def stored(kernels: ModuleType, make: Make) -> Module:
    """The module of linked sources; made, and kept in the cache folder, if it is nowhere."""
    key = module_key(kernels, make)
    code = archived().get(key) or load(f"{key}.wasm")
    if code is None:
        from errsurf.web.retarget import module_code

        code = module_code(make)
        save(f"{key}.wasm", code)
    return Module(key, code, {each.name: each.slots for each in make.exports})


def is_stored(kernels: ModuleType, make: Make) -> bool:
    """Whether the module is in the archive or in the cache folder."""
    key = module_key(kernels, make)
    return key in archived() or load(f"{key}.wasm") is not None


def module_key(kernels: ModuleType, make: Make) -> str:
    """What a module is found by: hashes of its linked sources, which their name has, and of how it is made."""
    exports = [(each.name, str(each.arguments), each.direct, each.whole) for each in make.exports]
    made = repr((exports, make[1:], _makers()))
    return f"{kernels.__name__.rpartition('_')[2]}-{sha256(made.encode()).hexdigest()[:16]}"


@cache
def archived() -> Mapping[str, bytes]:
    """The modules that came with the package; none in a folder of sources."""
    file = files("errsurf.web") / ARCHIVE
    return opened(file.read_bytes()) if file.is_file() else {}


def packed(modules: Mapping[str, bytes]) -> bytes:
    """An archive of modules by their keys."""
    index = json.dumps({key: len(code) for key, code in modules.items()}).encode()
    return lzma.compress(index + b"\n" + b"".join(modules.values()), preset=9 | lzma.PRESET_EXTREME)


def opened(data: bytes) -> dict[str, bytes]:
    """The modules of an archive by their keys."""
    index, _, codes = lzma.decompress(data).partition(b"\n")
    found, at = {}, 0
    for key, size in json.loads(index).items():
        found[key] = codes[at : at + size]
        at += size
    return found


@cache
def _makers() -> str:
    """A hash of the files that decide how a module is made."""
    texts = b"".join((files("errsurf.web") / name).read_bytes() for name in MAKERS)
    return sha256(texts).hexdigest()
