"""Packages that only some functions need, and that extras install."""

from importlib import import_module
from typing import Any

from errsurf.errors import UserError


def check_extra(package: str, extra: str = "data") -> Any:
    """A package of an extra; raises UserError if it is not installed."""
    try:
        return import_module(package)
    except ImportError:
        raise UserError(f"{package} is not installed; install it with `pip install 'errsurf[{extra}]'`") from None
