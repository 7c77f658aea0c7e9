"""JSON of numbers and tables, as commands print it and result folders keep it."""

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any

import numpy as np


def json_text(value: Any) -> str:
    """The value as JSON; null stands for NaN and for infinities, which JSON does not have."""
    return json.dumps(_plain(value), indent=2, allow_nan=False)


def _plain(value: Any) -> Any:
    """Tables, lists and numbers as JSON has them."""
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not isfinite(value) else value
