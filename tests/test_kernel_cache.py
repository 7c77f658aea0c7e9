"""Compiled kernels on disk: what is damaged is compiled again, and what cannot be saved stays in memory."""

import importlib
import pickle
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numba
import pytest
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

from errsurf.engine import cache_folder, link
from errsurf.engine.cache_folder import cache_fault, save, why_not_saved
from errsurf.engine.kernel_cache import KernelCache, cached_njit
from errsurf.engine.link import is_compiled, linked

ROOT = Path(__file__).parents[1]
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of its own, and a process to which nothing has happened yet."""
    monkeypatch.setenv("ERRSURF_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache_folder, "_not_saved", [])
    return tmp_path / "cache"


def doubled() -> Any:
    """A kernel as a new process has it: linked anew, and not compiled yet."""
    link._linked.cache_clear()
    return linked("doubled", "float64", ("@kernel\ndef double(x):\n    return 2 * x\n",))


def hits(module: Any) -> int:
    """How many signatures of the kernel came from the cache, after it was called."""
    assert module.double(21.0) == 42.0
    return len(module.double.stats.cache_hits)


def files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_file())


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "truncated": lambda data: data[: len(data) // 3],
    "one bit": flipped,
    "longer": lambda data: data + b"\0",
    "garbage": lambda _: bytes(range(255, 0, -1)) * 9,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_files_are_replaced(cache: Path, damage: Callable[[bytes], bytes]) -> None:
    assert (hits(doubled()), hits(doubled())) == (0, 1)
    for file in files(cache):
        file.write_bytes(damage(file.read_bytes()))
    module = doubled()
    assert not is_compiled(module, "double")
    assert hits(module) == 0
    assert is_compiled(module, "double")
    assert hits(doubled()) == 1
    assert why_not_saved() == ""


def test_what_cannot_be_unpickled_is_replaced(cache: Path) -> None:
    """A file may be whole and refer to a class that has moved."""
    hits(doubled())
    (file,) = (cache / "kernels").glob("*.kernel")
    save(file.name, b"cno.such.module\nname\n.")
    assert (hits(doubled()), hits(doubled())) == (0, 1)


@posix
def test_a_full_disk_keeps_kernels_in_memory(cache: Path) -> None:
    """A limit on the size of files stops the write of machine code as a full disk does, and not that of the text."""
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, limits[1]))
    try:
        assert hits(doubled()) == 0
        assert hits(doubled()) == 0
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert why_not_saved().startswith(f"kernels are not kept: {cache / 'kernels'}: ")
    assert [file for file in files(cache) if file.suffix not in (".py", ".code")] == []
    assert cache_fault() == ""


def a_file(cache: Path) -> None:
    cache.write_text("not a folder", encoding="utf-8")


def below_a_file(cache: Path) -> None:
    cache.mkdir()
    (cache / "kernels").write_text("not a folder")


def folders_for_files(cache: Path) -> None:
    hits(doubled())
    for file in [*files(cache)]:
        file.unlink()
        file.mkdir()


@pytest.mark.parametrize("prepare", [a_file, below_a_file, folders_for_files], ids=lambda f: f.__name__)
def test_a_folder_that_is_none_keeps_kernels_in_memory(cache: Path, prepare: Callable[[Path], None]) -> None:
    prepare(cache)
    module = doubled()
    assert not is_compiled(module, "double")
    assert (hits(module), hits(doubled())) == (0, 0)
    assert re.match(f"kernels are not kept: {re.escape(str(cache))}.*: .*\\w$", why_not_saved())


def test_without_a_home_folder_kernels_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("ERRSURF_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", none)
    assert hits(doubled()) == 0
    assert "set ERRSURF_CACHE" in why_not_saved()
    assert cache_fault() == why_not_saved()


def test_numbas_settings_do_not_move_the_cache(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numba takes them from the environment, and from a file in the working folder."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setattr(numba.config, "CACHE_LOCATOR_CLASSES", "no.such.Locator", raising=False)
    assert (hits(doubled()), hits(doubled())) == (0, 1)
    assert not (tmp_path / "elsewhere").exists()
    assert {file.parent for file in files(cache)} == {cache / "kernels"}


def test_code_of_other_settings_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (hits(doubled()), hits(doubled())) == (0, 1)
    monkeypatch.setattr(numba.config, "LOOP_VECTORIZE", 0)
    assert hits(doubled()) == 0


@pytest.mark.parametrize("name", ["viewer.pixel_loops", "drawing.canvas.kernels", "drawing.relief.kernels"])
def test_all_kernels_are_cached_this_way(name: str) -> None:
    functions = vars(importlib.import_module(f"errsurf.{name}")).values()
    caches = {type(function._cache) for function in functions if isinstance(function, numba.core.dispatcher.Dispatcher)}
    assert caches == {KernelCache}
    sources = [
        file.read_text(encoding="utf-8") for package in ("simulator", "gpu") for file in (ROOT / package).rglob("*.py")
    ]
    assert not [text for text in sources if re.search(r"\bcache\s*=\s*True|enable_caching", text)]


def test_an_edit_of_the_file_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that changes only what a kernel refers to."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    text = (
        "from errsurf.engine.kernel_cache import cached_njit\nBY = {}\n@cached_njit()\ndef f(x):\n    return BY * x\n"
    )
    found = []
    for by in (2, 2, 3):
        (tmp_path / "edited_kernel.py").write_text(text.format(by))
        sys.modules.pop("edited_kernel", None)
        importlib.invalidate_caches()
        f = importlib.import_module("edited_kernel").f
        found.append((f(5), len(f.stats.cache_hits)))
    sys.modules.pop("edited_kernel")
    assert found == [(10, 0), (10, 1), (15, 0)]


def test_signatures_are_apart(cache: Path) -> None:
    for found in (0, 1):
        double = doubled().double
        assert (double(1.5), double(2), double(1j)) == (3.0, 4, 2j)
        assert set(double.stats.cache_hits.values()) <= {1}
        assert len(double.stats.cache_hits) == 3 * found
    assert len([*cache.rglob("*.kernel")]) == 3


def test_a_closure_is_not_cached() -> None:
    """Its file does not tell what it refers to."""

    def times(by: int) -> Any:
        return cached_njit()(lambda x: by * x)

    assert (times(2)(5), times(3)(5)) == (10, 15)


class Asked:
    """A cache that notes what numba asks of it."""

    cache_path = "nowhere"

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any, Any]] = []

    def load_overload(self, sig: Any, target_context: Any) -> None:
        self.calls.append(("load", sig, target_context))

    def save_overload(self, sig: Any, data: Any) -> None:
        self.calls.append(("save", sig, data))


def test_numba_is_as_the_cache_expects() -> None:
    """If this fails, numba changed what simulator/engine/kernel_cache.py relies on; the message says what."""
    dispatcher = numba.njit(lambda x: 2 * x)
    assert hasattr(dispatcher, "_cache"), "a dispatcher does not keep its cache in `_cache`"
    methods = {"cache_path", "load_overload", "save_overload", "flush", "enable", "disable"}
    assert numba.core.caching._Cache.__abstractmethods__ == methods, "a cache has other methods"
    dispatcher._cache = asked = Asked()
    assert dispatcher(21) == 42
    assert [name for name, _, _ in asked.calls] == ["load", "save"], "a dispatcher asks its cache for something else"
    (_, loaded, context), (_, saved, compiled) = asked.calls
    assert loaded == saved, "loading and saving name a signature differently"
    assert context.codegen().magic_tuple() == compiled.codegen.magic_tuple(), "`magic_tuple` differs"
    assert compiled.library.has_dynamic_globals is False, "`has_dynamic_globals` is not what it was"
    context.refresh()
    reduced = pickle.loads(dumps(compiled._reduce()))
    rebuilt = CompileResult._rebuild(context, *reduced)
    assert rebuilt.signature == compiled.signature, "`_reduce` and `_rebuild` do not match"


def test_cuda_kernels_are_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled without a GPU, by telling numba-cuda which one there is."""
    pytest.importorskip("numba_cuda")
    from numba.cuda import codegen, dispatcher

    from errsurf.gpu.intrinsics import kernel
    from errsurf.gpu.kernel_cache import CudaCache

    class Gpu:
        compute_capability = (9, 0)

    monkeypatch.setattr(dispatcher, "get_current_device", lambda: Gpu)
    monkeypatch.setattr(dispatcher._Kernel, "bind", lambda _: None)
    monkeypatch.setattr(codegen.JITCUDACodegen, "magic_tuple", lambda _: ("13.0", (9, 0)))
    monkeypatch.setattr(codegen.CUDACodeLibrary, "_ensure_cc", lambda _, _cc: (9, 0))

    def store(x: Any) -> None:
        x[0] = 3

    found = []
    for _ in range(2):
        stored = kernel(64, 1)(store)
        assert type(stored._cache) is CudaCache
        compiled = stored.compile((numba.int64[:],))
        found.append((len(stored.stats.cache_hits), compiled._codelibrary.get_asm_str(cc=(9, 0))))
    assert [hit for hit, _ in found] == [0, 1]
    assert found[0][1] == found[1][1]
