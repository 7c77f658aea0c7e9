"""Formulas over arrays whose results are the same bits on every machine.

With ``[run] rounding = "portable"`` rates, starts, constants of rules, and drawn examples come from
such formulas, which pages compute too.  Two things do not: the splines of drawn surfaces with tables (``grid``), which
LAPACK solves, and numbers that files hold, which need none.
"""

from errsurf.portable.rewriting import Definition, Known, definition, meaning, portable, rounded

__all__ = ["Definition", "Known", "definition", "meaning", "portable", "rounded"]
