"""Rules for values that bounds cannot say, with the words a person reads when one is broken."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Rule:
    """Metadata of an annotated type: ``holds(value)`` decides, ``allowed`` says what would do."""

    allowed: str
    holds: Callable[[Any], bool]
    pattern: str | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """Check the rule after pydantic's own checks."""
        from pydantic_core import PydanticCustomError, core_schema

        def checked(value: Any) -> Any:
            if not self.holds(value):
                raise PydanticCustomError("rule", "rule", {"allowed": self.allowed})
            return value

        return core_schema.no_info_after_validator_function(checked, handler(source))

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> Any:
        """Tell editors the pattern."""
        schema = handler(core)
        return schema if self.pattern is None else schema | {"pattern": f"^{self.pattern}$"}


def matching(pattern: str, allowed: str) -> Rule:
    """The rule that a whole string matches a regular expression."""
    expression = re.compile(pattern)
    return Rule(allowed, lambda text: expression.fullmatch(text) is not None, pattern)
