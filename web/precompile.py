"""Second processes that help to compile the modules of rules that are stored nowhere."""

import pickle
import sys
from collections.abc import Sequence

from errsurf.engine.rule import Rule
from errsurf.optimizers import optimizer
from errsurf.records import listing
from errsurf.system.child_process import helper
from errsurf.system.processors import threads
from errsurf.web.rule_parts import rule_part, rule_source
from errsurf.web.store import is_stored

FEWEST = 4
"""Modules for which a second process is worth its start."""


def compile_rules(names: Sequence[str], precision: str, scratch: int) -> None:
    """Compile the modules of these optimizers without wrappers that are missing, a share on each processor.

    Nothing depends on the second processes: what they have not made is made later.
    """
    missing = [name for name in names if not _is_stored(name, precision, scratch)]
    count = min(threads(), len(missing) // FEWEST)
    if count < 2 or getattr(sys, "frozen", False):
        return
    shares = [missing[k::count] for k in range(count)]
    added = pickle.dumps(listing.added())
    helpers = [
        helper("errsurf.web.precompile", added + pickle.dumps((share, precision, scratch))) for share in shares[1:]
    ]
    try:
        _compile(shares[0], precision, scratch)
        for each in helpers:
            each.wait()
    finally:
        for each in helpers:
            each.kill()
            each.wait()


def _is_stored(name: str, precision: str, scratch: int) -> bool:
    return is_stored(*rule_source(Rule(optimizer(name)), precision, scratch))


def _compile(names: Sequence[str], precision: str, scratch: int) -> None:
    for name in names:
        rule_part(Rule(optimizer(name)), precision, scratch)


def main() -> None:
    """Compile the share that comes through standard input."""
    listing.join(pickle.load(sys.stdin.buffer))
    _compile(*pickle.load(sys.stdin.buffer))


if __name__ == "__main__":
    main()
