"""Studies made with errsurf that take hours; not installed.  ``python -m research.claims_grid`` runs in a checkout."""
