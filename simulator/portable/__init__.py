"""Formulas over arrays whose results are the same bits on every machine."""

from errsurf.portable.rewriting import Definition, Known, definition, meaning, portable, rounded

__all__ = ["Definition", "Known", "definition", "meaning", "portable", "rounded"]
