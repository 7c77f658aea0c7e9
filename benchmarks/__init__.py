"""How fast the engine is: against the machine, against its peers, and as runs grow.  docs/performance.md says how."""
