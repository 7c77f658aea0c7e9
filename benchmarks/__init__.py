"""Timings of the engine: against the machine, against its peers, and as runs grow.  docs/performance.md shows them."""
