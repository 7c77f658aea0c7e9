"""What people write who come from another program, and how a scenario file says it."""

import re
import tomllib
from collections.abc import Callable, Collection
from typing import Any

KINDS = {
    "momentum": 'kind = "sgd", momentum = 0.9',
    "heavy_ball": 'kind = "sgd", momentum = 0.9',
    "sgdm": 'kind = "sgd", momentum = 0.9',
    "nesterov": 'kind = "sgd", momentum = 0.9, nesterov = true',
    "nag": 'kind = "sgd", momentum = 0.9, nesterov = true',
    "gd": 'kind = "sgd", batch = "full"',
    "bgd": 'kind = "sgd", batch = "full"',
    "gradient_descent": 'kind = "sgd", batch = "full"',
    "mini_batch": 'kind = "sgd", batch = 8',
    "lbfgs": 'kind = "bfgs"',
    "amsgrad": 'kind = "adam", amsgrad = true',
    "formula": 'kind = "expression"',
    "function": 'kind = "expression"',
    "bowl": 'kind = "quadratic_bowl"',
    "sphere": 'kind = "quadratic_bowl"',
    "quadratic": 'kind = "quadratic_bowl"',
    **dict.fromkeys(("gaussian", "normal", "random"), 'start = "cloud"'),
    "fixed": 'start = "point"',
    "uniform": 'start = "grid"',
}
"""Kinds, of optimizers, surfaces and starts."""
KEYS = {
    **dict.fromkeys(("steps", "iterations", "iters", "num_steps", "n_steps", "max_iter", "niter"), "updates"),
    **dict.fromkeys(("alpha", "eta", "learning_rate", "step_size", "stepsize", "rate"), "lr"),
    **dict.fromkeys(("beta1", "beta2", "beta_1", "beta_2", "b1", "b2"), "betas = [0.9, 0.999]"),
    **dict.fromkeys(("epsilon",), "eps"),
    **dict.fromkeys(("mu", "beta", "gamma"), "momentum"),
    **dict.fromkeys(("l2", "wd", "decay", "lambda"), "weight_decay"),
    **dict.fromkeys(("name", "type", "optimizer", "method", "algorithm"), "kind"),
    **dict.fromkeys(("batch_size", "batchsize", "minibatch", "bs"), "batch"),
    **dict.fromkeys(("n_particles", "num_particles", "count"), "particles"),
    **dict.fromkeys(("init", "initial", "x0", "theta0", "position"), "at"),
    **dict.fromkeys(("function", "objective", "formula", "f"), "loss"),
    **dict.fromkeys(("samples", "num_examples", "n_examples", "size"), "examples"),
    **dict.fromkeys(("num_epochs", "n_epochs", "max_epochs"), "epochs"),
}
VALUES = {
    **{("batch", word): '"full"' for word in ("all", "whole", "full_batch", "full batch", "none", "gd")},
    **{("precision", word): '"float64"' for word in ("double", "float", "fp64", "f64", "64")},
    **{("precision", word): '"float32"' for word in ("single", "fp32", "f32", "32")},
}
_NUMBER = r"[-+]?\d+"
NUMBER = re.compile(r"\s*0*([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*[A-Za-z]*\s*$")
"""A number as text, perhaps with a unit."""
PERCENT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*%\s*")
WIDE = str.maketrans("\uff1d\uff0c\uff1a\uff08\uff09\uff3b\uff3d\u3001", "=,:()[],")
"""Full-width marks, as an input method for Chinese writes them."""
SLIPS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile("[\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u2019]"), '"'),
    (re.compile(r"(?<=\s)(//|%|--).*$"), lambda found: "# " + found[0].lstrip("/%- ")),
    (re.compile(r"=="), "="),
    (re.compile(r"^(\s*[\w.]+)\s*:\s+"), r"\1 = "),
    (re.compile(r"([{,]\s*\w+)\s*:\s*"), r"\1 = "),
    (re.compile(r"\s*[;,]\s*$"), ""),
    (re.compile(r"^(\s*[\w.]+)[ \t]+([-+.\d\"\[{][^=]*)$"), r"\1 = \2"),
    (re.compile(r"^(\s*)([\w.]+\s*=\s*(?:None|null|nil))\s*$"), r"\1# \2"),
    (re.compile(r"\b(?:True|yes|on)\b(?=\s*(?:#|$))"), "true"),
    (re.compile(r"\b(?:False|no|off)\b(?=\s*(?:#|$))"), "false"),
    (re.compile(r"\(([^()]*)\)"), r"[\1]"),
    (re.compile(r"=\s*([1-9]\d{0,2}(?:,\d{3})+)\s*(#.*)?$"), lambda found: "= " + found[1].replace(",", "")),
    (re.compile(rf"=\s*({_NUMBER}),(\d+)\s*(#.*)?$"), r"= \1.\2"),
    (re.compile(r"=\s*(\d{1,9})\s*/\s*([1-9]\d{0,8})\s*(?=#|$)"), lambda found: f"= {int(found[1]) / int(found[2])!r}"),
    (re.compile(r"(=\s*\d+(?:\.\d+)?)\s*\*\s*10\s*(?:\^|\*\*)\s*([-+]?\d{1,3})\s*(?=#|$)"), r"\1e\2"),
    (re.compile(r"=\s*10?\s*(?:\^|\*\*)\s*([-+]?\d{1,3})\s*(?=#|$)"), r"= 1e\1"),
    (re.compile(r"=\s*(\d{1,9}(?:\.\d{1,9})?)\s*%\s*(?=#|$)"), lambda found: f"= {float(found[1]) / 100:g}"),
    (re.compile(r"(?<![\w.])\.(\d)"), r"0.\1"),
    (re.compile(r"(\d)\.(?!\w)"), r"\1.0"),
    (re.compile(r'=\s*"([^"#]*)$'), r'= "\1"'),
    (re.compile(r"=\s*([A-Za-z][\w-]*)\s*(#.*)?$"), r'= "\1"'),
)
"""What is no TOML, and what is meant."""


def meant_kind(key: str, given: object) -> str:
    """How a kind of optimizer, surface or start from elsewhere is written; empty if nothing is known of it."""
    meant = KINDS.get(_plain(given), "")
    return meant if meant.startswith(f"{key} =") else ""


def meant_table(kind: str) -> dict[str, Any]:
    """The keys of a group that a name of an optimizer means, from elsewhere or not."""
    meant = meant_kind("kind", kind)
    found: dict[str, Any] = tomllib.loads(f"group = {{ {meant} }}")["group"] if meant else {"kind": kind}
    return found


def meant_key(given: str, fields: Collection[str]) -> str:
    """The key among ``fields`` that a key from elsewhere means; empty if there is none."""
    meant = KEYS.get(_plain(given), "")
    return meant if meant.partition(" ")[0] in fields else ""


def meant_value(of: object, given: object, allowed: str) -> str:
    """The value of a key that a text means, where ``allowed`` says what the key takes; empty if nothing is known."""
    if isinstance(given, int | float) and not isinstance(given, bool):
        whole = isinstance(given, float) and given.is_integer() and abs(given) < 1e15 and "a whole number" in allowed
        return VALUES.get((str(of), str(given)), "") or (str(int(given)) if whole else "")
    if not isinstance(given, str):
        return ""
    if "number" in allowed and (percent := PERCENT.fullmatch(given[:40])):
        return f"{float(percent[1]) / 100:g}"
    number = NUMBER.match(given[:40]) if "number" in allowed else None
    return VALUES.get((str(of), given[:40].lower()), "") or (number[1] if number else "")


def meant_line(text: str) -> str:
    """A line of TOML that may have been meant by one that is none; empty if no slip is known that explains it."""
    if _is_toml(text):
        return ""  # what is wrong is another line
    text = text.translate(WIDE)
    if _is_toml(text):
        return text.strip()
    for pattern, instead in SLIPS:
        text = pattern.sub(instead, text)
        if _is_toml(text):
            return text.strip()
    return ""


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _plain(given: object) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", str(given)[:40].strip())
    return words.lower().replace("-", "_").replace(" ", "_")
