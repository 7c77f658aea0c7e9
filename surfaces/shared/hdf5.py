"""Reads a loss plane from an HDF5 file, as a process: what the library does with a bad file harms nothing else.

It writes an .npz file with `x`, `y` and `loss` (H, W), or JSON with the problem.  The names are those of
https://github.com/tomgoldstein/loss-landscape, which counts nodes with y changing slowest, whatever the array's shape.
"""

import json
import sys
from contextlib import suppress
from typing import Any

import numpy as np

MEMORY, MAX_NUMBERS = 2**31, 2**26
AXES = (("xcoordinates", "x"), ("ycoordinates", "y"))
USUAL = ("train_loss", "loss")
NOT_YET = -1.0


def main() -> None:
    """Answer the question on stdin."""
    asked = json.loads(sys.stdin.buffer.read())
    _limit_memory()
    try:
        x, y, loss = read_plane(asked["path"], asked["name"])
    except ValueError as error:
        sys.stdout.write(json.dumps({"problem": str(error)}))
    except Exception as error:
        sys.stdout.write(json.dumps({"problem": f"not a complete HDF5 file ({str(error)[:200]})"}))
    else:
        np.savez(sys.stdout.buffer, x=x, y=y, loss=loss)


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def read_plane(path: str, name: str) -> tuple[Any, Any, Any]:
    """x (W,), y (H,) and the losses (H, W); raises ValueError, in words, and whatever the library raises."""
    import h5py

    with h5py.File(path, "r") as file:
        x, y = (_numbers(file, next((name for name in names if name in file), names[0])) for names in AXES)
        loss = _numbers(file, name if name in file or name != "loss" else USUAL[0])
    if x.ndim != 1 or y.ndim != 1 or loss.ndim != 2 or loss.size != x.size * y.size:
        raise ValueError(f"its losses have shape {loss.shape}, for {x.size} x and {y.size} y; a plane is needed")
    if missing := int(np.count_nonzero(loss == NOT_YET)):
        raise ValueError(
            f"{missing:,} of {loss.size:,} losses are -1, not measured yet; plot_surface.py goes on with them"
        )
    return x, y, loss.reshape(y.size, x.size)


def _numbers(file: Any, name: str) -> Any:
    """The numbers of a dataset that lies in this file as a whole."""
    import h5py

    if name not in file:
        raise ValueError(f"no dataset `{name}`; the file has {', '.join(list(file)[:20])[:300] or 'none'}")
    if not isinstance(file.get(name, getlink=True), h5py.HardLink):
        raise ValueError(f"`{name}` is a link")
    found = file[name]
    if not isinstance(found, h5py.Dataset) or found.dtype.kind not in "fiu":
        raise ValueError(f"`{name}` holds no real numbers")
    if found.external or found.is_virtual:
        raise ValueError(f"`{name}` lies in other files")
    if found.size is None or found.size > MAX_NUMBERS:
        raise ValueError(f"`{name}` holds more than {MAX_NUMBERS:,} numbers")
    return found[()].astype(np.float64)


if __name__ == "__main__":
    main()
