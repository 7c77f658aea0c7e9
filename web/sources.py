"""What a module is made of: its exports, and the slots of the blocks of memory that they take their arguments from."""

from typing import Any, NamedTuple

from numba.core import types


class Export(NamedTuple):
    """A function of a module: the kernel, and name and type of each of its arguments.

    ``direct`` arguments are parameters of the export, in this order, before the address of the block of the others.
    The slots ``whole`` are numbers of lanes, multiples of VECTOR.
    """

    name: str
    kernel: Any
    arguments: tuple[tuple[str, Any], ...]
    direct: tuple[str, ...] = ()
    whole: tuple[str, ...] = ("width",)

    @property
    def slots(self) -> tuple[str, ...]:
        """The names of a block's slots: an array has one for its address and one for each axis."""
        found = []
        for name, kind in self.arguments:
            if name not in self.direct:
                found += argument_slots(name, kind)
        return tuple(found)


class Make(NamedTuple):
    """How a module is made: its exports, the functions that it may call, and those of its own that stay apart.

    A ``small`` one packs only loops without a remainder over arrays that cannot overlap; others get a loop for each
    case.
    """

    exports: tuple[Export, ...]
    imports: tuple[str, ...] = ()
    outlined: tuple[str, ...] = ()
    small: bool = True


class Module(NamedTuple):
    """A module: what it is kept under, its bytes, and the names of the slots of each export's block."""

    key: str
    code: bytes
    exports: dict[str, tuple[str, ...]]


def argument_slots(name: str, kind: Any) -> list[str]:
    """The names of an argument's slots."""
    if isinstance(kind, types.UniTuple):
        return [f"{name}.{k}" for k in range(kind.count)]
    return [name, *(f"{name}.{axis}" for axis in range(getattr(kind, "ndim", 0)))]
