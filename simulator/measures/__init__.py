"""Numbers of a run: statistics of its groups at a moment, each with its interval."""
