"""Studies of published laws, each one sweep of `docs/studies/` and what is worked out from its table."""

from research.studies import batch_size, escape

STUDIES = {"escape": escape, "batch_size": batch_size}
"""By the names of their sweeps."""
