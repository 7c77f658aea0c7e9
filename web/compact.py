"""Scripts without what only readers need: comments, spaces, and the long names of functions of ``np``."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import count

TOKEN = re.compile(
    r"""(?P<skipped>/\*.*?\*/|//[^\n]*|\s+)
    |"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`
    |[\w$]+(?:\.\d+)?(?:e[+-]\d+)?
    |.""",
    re.VERBOSE | re.DOTALL,
)
PATTERN = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/*\\\n])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n])*/\w*")
BEFORE_A_PATTERN = "(,=!&|?:;{}["


def compact(script: str) -> str:
    """The same script on one line.

    It has to end its statements with semicolons, and to have no template in a template; regular expressions stand
    behind a sign.
    """
    return "".join(_kept(script)) + "\n"


def _kept(script: str) -> Iterator[str]:
    at, last, apart = 0, ";", False
    while at < len(script):
        pattern = PATTERN.match(script, at) if last in BEFORE_A_PATTERN else None
        token = pattern or TOKEN.match(script, at)
        assert token
        at = token.end()
        if not pattern and token["skipped"] is not None:
            apart = True
            continue
        text = token[0]
        if apart and ((_is_word(last) and _is_word(text[0])) or (last == text[0] and last in "+-")):
            yield " "
        yield text
        last, apart = text[-1], False


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter in "_$"


def short_names(script: str, module: str = "np") -> str:
    """The script with a short name for each member of a module that it calls; they are defined before it."""
    member = re.compile(rf"\b{module}\.(\w+)")
    used = Counter(member.findall(script))
    names = {name: f"${_base36(k)}" for k, (name, _) in zip(count(), used.most_common(), strict=False)}
    defined = ", ".join(f"{name}: {short}" for name, short in names.items())
    return f"const {{ {defined} }} = {module};\n" + member.sub(lambda found: names[found[1]], script)


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return (_base36(number // 36) if number >= 36 else "") + digits[number % 36]
