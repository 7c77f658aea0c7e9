"""Which functions are compiled at the moment, for those who tell a user what takes time."""

_names: set[str] = set()


def begun(name: str) -> None:
    """A function begins to be compiled."""
    _names.add(name)


def ended(name: str) -> None:
    """It is compiled."""
    _names.discard(name)


def compiling() -> bool:
    """Whether a function is compiled at the moment."""
    return bool(_names)
