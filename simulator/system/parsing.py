"""Python's parser, for one thread at a time."""

import ast
from threading import Lock

_ONE_AT_A_TIME = Lock()


# Python 3.11 counts depth for all threads together: "AST constructor recursion depth mismatch" (gh-106905).
def parsed(source: str) -> ast.Module:
    """The tree of a source; raises SyntaxError."""
    with _ONE_AT_A_TIME:
        return ast.parse(source)
