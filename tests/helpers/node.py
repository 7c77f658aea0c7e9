"""Scripts run by node: what they find comes back as JSON, with NaN and infinities."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

NODE = shutil.which("node")
BEFORE = """
const told = JSON.parse(require("fs").readFileSync(0, "utf8"), (_, v) => (v && v.number ? Number(v.number) : v));
const said = (v) => (Object.is(v, -0) ? { number: "-0" } : Number.isFinite(v) ? v : { number: String(v) });
const plain = (_, v) => v instanceof np.Nd ? v.tolist() : ArrayBuffer.isView(v) ? Array.from(v)
  : typeof v === "number" ? said(v) : v;
const tell = (found) => process.stdout.write(JSON.stringify(found, plain) ?? "null");
"""
WORDS = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf", "-0": "-0.0"}


def run_node(scripts: str, body: str, told: Any, folder: Path) -> Any:
    """What the body of a function returns after these scripts; it knows ``told``."""
    return _run(f"{scripts}{BEFORE}tell((() => {{ {body} }})());", told, folder)


def run_node_later(scripts: str, more: str, expression: str, told: Any, folder: Path) -> Any:
    """The value of an expression that may await others; ``more`` are definitions that know ``told``."""
    return _run(f"{scripts}{BEFORE}{more}\n(async () => tell({expression}))();", told, folder)


def _run(text: str, told: Any, folder: Path) -> Any:
    assert NODE
    file = folder / "script.js"
    file.write_text(text, encoding="utf-8")
    done = subprocess.run([NODE, str(file)], input=json.dumps(as_json(told)), encoding="utf-8", capture_output=True)
    assert not done.stderr, done.stderr[-3000:]
    return json.loads(done.stdout, object_hook=lambda v: float(WORDS[v["number"]]) if v.keys() == {"number"} else v)


def as_json(value: Any) -> Any:
    """Named tuples as objects, arrays as lists, and numbers that JSON does not know in words."""
    if hasattr(value, "_asdict"):
        return {key: as_json(each) for key, each in value._asdict().items()}
    if isinstance(value, dict):
        return {key: as_json(each) for key, each in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return as_json(value.tolist())
    if isinstance(value, tuple | list):
        return [as_json(each) for each in value]
    if isinstance(value, float) and not np.isfinite(value):
        return {"number": str(value).replace("inf", "Infinity").replace("nan", "NaN")}
    return value


def same_bits(found: Any, expected: Any) -> bool:
    """Whether two arrays have equal shapes and numbers, NaN and the sign of 0 included."""
    found, expected = np.asarray(found, np.float64), np.asarray(expected, np.float64)
    numbers = np.array_equal(found, expected, equal_nan=True)
    return bool(numbers and np.array_equal(np.signbit(found[found == 0]), np.signbit(expected[expected == 0])))
