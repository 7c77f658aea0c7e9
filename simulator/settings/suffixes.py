"""Suffixes of files that commands write."""

FIGURES = (".html", ".pdf", ".png", ".svg")
"""Formats that every figure can be written in."""
