"""WebAssembly's binary format: whole numbers, sections, and the one relocatable object that LLVM makes.

The object's sections are nearly those of a module.  Linking it keeps types, imports, functions and code, adds the
exports, and drops what is for linkers.  Modules share a memory, so that none may have data of its own.

WebAssembly core specification, chapter 5; "WebAssembly Object File Linking", github.com/WebAssembly/tool-conventions.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from errsurf.errors import RecordError

MAGIC = b"\0asm\1\0\0\0"
CUSTOM, IMPORT, EXPORT, CODE, DATA_COUNT, DATA = 0, 2, 7, 10, 12, 11
FUNCTION_SYMBOL, UNDEFINED, EXPLICIT_NAME = 0, 0x10, 0x40
SYMBOL_TABLE = 8
OF_DATA = {3: "an address", 4: "an address", 5: "an address", 1: "a table", 2: "a table", 12: "a table"}


class Import(NamedTuple):
    """What a module imports: its name, and its kind (0 a function, 1 a table, 2 the memory, 3 a global)."""

    name: str
    kind: int


class Reader:
    """Reads numbers and names from bytes."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def byte(self) -> int:
        """The next byte."""
        self.at += 1
        return self.data[self.at - 1]

    def number(self) -> int:
        """An unsigned number in LEB128; a signed one is passed over alike."""
        result = shift = 0
        while True:
            part = self.byte()
            result |= (part & 127) << shift
            shift += 7
            if part < 128:
                return result

    def bytes(self) -> bytes:
        """A number of bytes, and as many bytes."""
        count = self.number()
        self.at += count
        return self.data[self.at - count : self.at]

    def name(self) -> str:
        """A name."""
        return self.bytes().decode()

    @property
    def left(self) -> bool:
        """Whether there is more."""
        return self.at < len(self.data)


def number(value: int) -> bytes:
    """An unsigned number in LEB128."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def counted(data: bytes) -> bytes:
    """Bytes after their number."""
    return number(len(data)) + data


def sections(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The kind and the content of each section of a module or object."""
    reader = Reader(data[len(MAGIC) :])
    while reader.left:
        kind = reader.byte()
        yield kind, reader.bytes()


def linked(compiled: bytes, exports: Collection[str]) -> bytes:
    """The module of a relocatable object, with these of its functions as exports.

    Raises RecordError if the object holds data or tables, which modules that share a memory must not.
    """
    parts = list(sections(compiled))
    places = _functions(parts)
    out = MAGIC
    for kind, content in parts:
        if kind == DATA and Reader(content).number():
            raise RecordError("a kernel for the browser holds data of its own")
        if kind in (CUSTOM, DATA_COUNT, DATA):
            _check_relocations(kind, content)
            continue
        if kind == CODE:
            entries = b"".join(counted(name.encode()) + b"\0" + number(places[name]) for name in exports)
            out += bytes([EXPORT]) + counted(number(len(exports)) + entries)
        out += bytes([kind]) + counted(content)
    return out


def imports(module: bytes) -> tuple[Import, ...]:
    """What a module or object imports."""
    content = next((content for kind, content in sections(module) if kind == IMPORT), b"\0")
    reader = Reader(content)
    return tuple(_import(reader) for _ in range(reader.number()))


def _import(reader: Reader) -> Import:
    reader.name()
    name, kind = reader.name(), reader.byte()
    if kind in (1, 3):
        reader.byte()
    if kind in (1, 2):
        for _ in range(1 + (reader.byte() & 1)):
            reader.number()
    elif kind == 0:
        reader.number()
    else:
        reader.byte()
    return Import(name, kind)


def _functions(parts: list[tuple[int, bytes]]) -> dict[str, int]:
    """The index of each function that the symbol table of an object defines."""
    found: dict[str, int] = {}
    for content in (content for kind, content in parts if kind == CUSTOM):
        reader = Reader(content)
        if reader.name() != "linking":
            continue
        reader.number()
        while reader.left:
            kind, table = reader.byte(), Reader(reader.bytes())
            if kind == SYMBOL_TABLE:
                found.update(symbol for _ in range(table.number()) if (symbol := _symbol(table)))
    return found


def _symbol(reader: Reader) -> tuple[str, int] | None:
    """Name and index of the next symbol if it is a function that the object defines."""
    kind, flags = reader.byte(), reader.number()
    if kind == 1:
        reader.name()
        for _ in range(0 if flags & UNDEFINED else 3):
            reader.number()
        return None
    index = reader.number()
    if kind != 3 and (not flags & UNDEFINED or flags & EXPLICIT_NAME):
        name = reader.name()
        return (name, index) if kind == FUNCTION_SYMBOL and not flags & UNDEFINED else None
    return None


def _check_relocations(kind: int, content: bytes) -> None:
    """Raise RecordError if code refers to data or to a table of functions."""
    reader = Reader(content if kind == CUSTOM else b"\0")
    if not reader.name().startswith("reloc."):
        return
    reader.number()
    for _ in range(reader.number()):
        relocation = reader.byte()
        if relocation in OF_DATA:
            raise RecordError(f"a kernel for the browser refers to {OF_DATA[relocation]}")
        reader.number(), reader.number()
