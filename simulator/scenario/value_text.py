"""Values of a scenario as a message shows them."""

from typing import Any

from errsurf.system.text import printable

_MAX_LETTERS, _MAX_DEPTH, _MAX_ITEMS = 60, 3, 8


def value_text(value: Any, depth: int = 0) -> str:
    """A value as a TOML file has it, in one line, shortened."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, (list, tuple)):
        inside = [value_text(part, depth + 1) for part in value[:_MAX_ITEMS]] if depth < _MAX_DEPTH else []
        return f"[{', '.join([*inside, '...'] if len(value) > len(inside) else inside)}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > 128:
        return "a number of more than 38 digits"
    return printable(f'"{value[:_MAX_LETTERS]}"' if isinstance(value, str) else str(value), _MAX_LETTERS)
