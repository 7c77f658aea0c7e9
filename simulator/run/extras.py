"""Packages that only some functions need, and that are installed by the extra ``data``."""

from importlib import import_module
from typing import Any

from errsurf.errors import UserError


def check_extra(package: str) -> Any:
    """A package of the extra ``data``; raises UserError if it is not installed."""
    try:
        return import_module(package)
    except ImportError:
        raise UserError(f"{package} is not installed; install it with `pip install 'errsurf[data]'`") from None
