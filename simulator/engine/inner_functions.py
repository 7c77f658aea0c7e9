"""Functions that kernels call: compiled once in a process, and never to machine code of their own.

numba types, optimizes and makes machine code of each function by itself, though only kernels are called from Python,
and many kernels call the same ones.  Here code is made of a kernel alone, which holds all that it calls.
Compiling takes a fifth less time so, and less again where kernels share a surface or a rule.
"""

# mypy: disallow-untyped-calls=False

from collections.abc import Hashable
from types import ModuleType
from typing import Any

from numba.core.caching import NullCache
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.dispatcher import Dispatcher


class InnerCompiler(Compiler):
    """numba's compiler for what kernels call; an option of its ``njit``."""

    def define_pipelines(self) -> Any:
        """numba's passes, which leave code in a library of ours."""
        state = self.state
        state.library = _InnerLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        return super().define_pipelines()


class _InnerLibrary(JITCodeLibrary):
    """Code that is there to be linked into that of kernels."""

    @property
    def codegen(self) -> Any:
        return _Unloaded(self._codegen)

    def finalize(self) -> None:
        self._raise_if_finalized()
        for library in dict.fromkeys(self._linking_libraries):
            self._reload_init.update(library._reload_init)
            self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        self._optimize_final_module()
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, _name: str) -> int:
        return 0


class _Unloaded:
    """numba's code generator, for code that is not loaded."""

    def __init__(self, codegen: Any) -> None:
        self._codegen = codegen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._codegen, name)

    def set_env(self, _name: str, _environment: Any) -> None:
        """The environment of code that is not called from Python is of no use."""


_FIRST: dict[Hashable, Any] = {}


def share(module: ModuleType) -> None:
    """Replace functions and named tuples of a linked module by those of earlier modules that mean the same."""
    names, meanings = vars(module), dict[str, Hashable]()
    for name, value in list(names.items()):
        if _is_inner(value, module.__name__):
            names[name] = _FIRST.setdefault(_meaning(name, names, meanings), value)


def _is_inner(value: Any, module: str) -> bool:
    """Whether a module defines this for what kernels call; a kernel itself has a cache on disk."""
    is_function = isinstance(value, Dispatcher) and isinstance(vars(value).get("_cache"), NullCache)
    return (is_function or hasattr(value, "_fields")) and value.__module__ == module


def _meaning(name: str, names: dict[str, Any], meanings: dict[str, Hashable]) -> Hashable:
    """What a name of a linked module means: of a function its code, its options and what its own names mean."""
    if name not in meanings:
        value = names.get(name)
        # For names of attributes that seem to go round in a circle: only this very function is the same.
        meanings[name] = id(value)
        meanings[name] = name, _content(value, names, meanings)
    return meanings[name]


def _content(value: Any, names: dict[str, Any], meanings: dict[str, Hashable]) -> Hashable:
    if isinstance(value, int | float):
        return repr(value)
    if not _is_inner(value, names["__name__"]):
        return id(value)
    if hasattr(value, "_fields"):
        return tuple(value._fields)
    code, options = value.py_func.__code__, repr(value.targetoptions)
    called = tuple(_meaning(each, names, meanings) for each in code.co_names if each != code.co_name)
    return code.co_code, repr(code.co_consts), code.co_varnames, code.co_argcount, options, called
