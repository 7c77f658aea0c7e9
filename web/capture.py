"""numba's own code of a function, for whatever machine, before it is optimized for this one."""

# mypy: disallow-untyped-calls=False

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from unittest.mock import patch

from numba.core.codegen import CPUCodeLibrary
from numba.core.compiler_lock import global_compiler_lock
from numba.core.cpu import CPUContext


class Captured(NamedTuple):
    """LLVM's text of a function and of all that it calls, and the function's name in it."""

    text: str
    name: str


def captured(dispatcher: Any, signature: tuple[Any, ...]) -> Captured:
    """The code of one signature of a function that was compiled in no other way, nor were those that it calls."""
    with unoptimized():
        dispatcher.compile(signature)
        compiled = dispatcher.overloads[signature]
        compiled.library._ensure_finalized()
    return Captured(compiled.library.get_llvm_str(), compiled.fndesc.llvm_func_name)


@contextmanager
def unoptimized() -> Iterator[None]:
    """While this lasts, numba neither optimizes what it compiles nor makes machine code of it.

    This depends on the inside of numba; tests/test_web_capture.py says so where numba changes.
    """
    hooks: dict[str, Any] = {
        "_optimize_functions": _nothing,
        "_optimize_final_module": _nothing,
        "_finalize_final_module": _finished,
    }
    with global_compiler_lock, patch.multiple(CPUCodeLibrary, **hooks), patch.object(CPUContext, *NOT_CALLED):
        yield


def _not_called(*_: Any) -> Any:
    """What stands in place of a function of machine code: some builtin one, another each time."""
    return [].copy


NOT_CALLED = "get_executable", _not_called


def _nothing(_library: Any, *_: Any) -> None:
    """Leave a library as it is."""


def _finished(library: Any) -> None:
    """Mark a library as one that others may link."""
    library._finalized = True
