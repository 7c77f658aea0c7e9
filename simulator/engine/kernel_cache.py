"""numba's njit with a cache of our own: machine code is saved in the kernel folder, one file for each signature.

numba's cache takes its place from the environment or from a file in the working folder, and unpickles what lies there;
a file that is damaged or cannot be written ends the run.
"""

# mypy: disallow-untyped-calls=False

import linecache
import pickle
import re
import sys
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import numba
from numba.core.compiler import CompileResult
from numba.core.runtime.nrt import rtsys
from numba.core.serialize import dumps

from errsurf.engine.cache_folder import is_saved, load, save
from errsurf.system.compiling import begun, ended

# What numba's settings change in the code, apart from the processor.
_SETTINGS = ("OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "DISABLE_INTEL_SVML", "BOUNDSCHECK", "DEBUGINFO_DEFAULT")


class KernelCache:
    """Where a dispatcher of numba looks for machine code before it compiles its function, and leaves it afterwards."""

    package, dumps, cache_path = numba, staticmethod(dumps), None

    def __init__(self, function: Callable[..., Any], source: str) -> None:
        self.start = _start(function.__module__, function.__qualname__)
        line = function.__code__.co_firstlineno
        self.version = self.package.__version__, sha256(source.encode()).hexdigest(), line

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled function of a signature; None if it is not saved."""
        self.prepare(target_context)
        key = self._key(sig, target_context.codegen())
        found = self._load(target_context, key)
        if found is None:
            begun(self.start)
        return found

    def _load(self, target_context: Any, key: tuple[Any, ...]) -> Any:
        if (data := load(self._name(key))) is None:
            return None
        try:
            saved, reduced = pickle.loads(data)
            return self.rebuild(target_context, reduced) if saved == key else None
        except Exception:
            # It is whole, but of another state of numba or errsurf: unpickling may raise anything then.
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Save the compiled function of a signature."""
        ended(self.start)
        if self.can_save(data):
            key = self._key(sig, data.codegen)
            save(self._name(key), self.dumps((key, self.reduce(data))))

    def prepare(self, target_context: Any) -> None:
        """Start what machine code calls; loading numba's implementations as well would take as long as all else."""
        rtsys.initialize(target_context)

    def flush(self) -> None:
        """Nothing is held back."""

    def can_save(self, compiled: Any) -> bool:
        """Whether the code holds no addresses of this process."""
        return not compiled.library.has_dynamic_globals

    def reduce(self, compiled: Any) -> Any:
        """What is pickled of a compiled function."""
        return compiled._reduce()

    def rebuild(self, target_context: Any, reduced: Any) -> Any:
        """The compiled function of what was pickled."""
        return CompileResult._rebuild(target_context, *reduced)

    def _key(self, sig: Any, codegen: Any) -> tuple[Any, ...]:
        settings = tuple(str(getattr(numba.config, name, "")) for name in _SETTINGS)
        return self.version, settings, codegen.magic_tuple(), sig

    def _name(self, key: tuple[Any, ...]) -> str:
        return f"{self.start}{sha256(repr(key).encode()).hexdigest()[:16]}.kernel"


def cached_njit(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """numba's njit with these options, and with a KernelCache."""
    return lambda function: with_cache(numba.njit(**options)(function), KernelCache)


def with_cache(dispatcher: Any, cache: type[KernelCache]) -> Any:
    """Give a dispatcher of numba a cache; with NUMBA_DISABLE_JIT it is a plain function, and needs none."""
    if hasattr(dispatcher, "_cache") and (source := _source(dispatcher.py_func)):
        dispatcher._cache = cache(dispatcher.py_func, source)
    return dispatcher


def _source(function: Callable[..., Any]) -> str:
    """The text of the file with a function and all that it calls; "" if there is none, or if it says not all."""
    if function.__closure__:
        return ""
    file = function.__code__.co_filename
    linecache.checkcache(file)
    return "".join(linecache.getlines(file, function.__globals__))


def is_cached(module: str, function: str) -> bool:
    """Whether machine code of a module's function is saved."""
    return is_saved(_start(module, function))


def _start(module: str, function: str) -> str:
    """How names of files with a function's machine code begin."""
    return re.sub(r"[^\w.-]", "_", f"{module}.{function}-{sys.implementation.cache_tag}-numba-{numba.__version__}-")
