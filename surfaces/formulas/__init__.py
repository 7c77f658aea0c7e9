"""Formulas and columns of a scenario's own: read from texts, checked, and made into functions."""
