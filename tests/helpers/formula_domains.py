"""Formulas that are not defined everywhere, or whose slopes are not, and places on all sides of their edges."""

import numpy as np

PARTIAL = (
    "log(y)+1/(2*y^2)+x^2/2",
    "x*log(x)+y^2",
    "sqrt(x)*sqrt(x)+y",
    "(x^0.5)^2+y",
    "0*log(x)+y",
    "log(x)-log(x)+y",
    "log(x)^0*y",
    "log(x)/log(x)+y",
    "sqrt(x)/sqrt(x)+y",
    "x^2/x+y",
    "(x-x)/y+x",
    "x^-2*x^2+y",
    "log(exp(x))+exp(log(y))",
    "exp(log(x)) - x + y",
    "(x^2)^0.5+y",
    "sqrt(x^2+y^2)",
    "abs(x)^0.3+y",
    "x^1.5*y^0.5",
    "x^1.3+y^-0.7",
    "x^y",
    "sign(log(x))*y",
    "tanh(log(x))*y",
    "max(log(x),y)",
    "min(x, sqrt(y))",
    "where(x>0,log(x),x*x)+y",
    "where(x>1,log(x-2),0)*y+x^2",
    "log(-y)+x",
)
_EDGES = np.array([-1.7, -1.0, -0.3, 0.4, 0.9, 1.3, 2.5])
PLACES = np.stack(np.meshgrid(_EDGES, _EDGES + 0.01), axis=-1).reshape(-1, 2)
