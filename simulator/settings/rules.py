"""Rules for values that bounds cannot say, with the words a person reads when one is broken."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Rule:
    """Metadata of an annotated type: ``holds(value)`` decides, ``allowed`` says what would do.

    ``schema`` is what JSON Schema can say of it.
    """

    allowed: str
    holds: Callable[[Any], bool]
    problem: str = "not possible"
    schema: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """Check the rule after pydantic's own checks."""
        from pydantic_core import PydanticCustomError, core_schema

        def checked(value: Any) -> Any:
            if not self.holds(value):
                raise PydanticCustomError("rule", "rule", {"problem": self.problem, "allowed": self.allowed})
            return value

        return core_schema.no_info_after_validator_function(checked, handler(source))

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> Any:
        """Tell editors what they can check; narrower bounds of the key itself stay."""
        return {**self.schema, **handler(core)}


@dataclass(frozen=True)
class OneOf:
    """Metadata of a text that is one of some names.  They are asked for when they are needed: records may be added."""

    names: Callable[[], tuple[str, ...]]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """As a Literal of these names."""
        from pydantic_core import core_schema

        return core_schema.literal_schema(list(self.names()))


def matching(pattern: str, allowed: str) -> Rule:
    """The rule that a whole string matches a regular expression."""
    expression = re.compile(pattern)
    return Rule(allowed, lambda text: expression.fullmatch(text) is not None, schema={"pattern": f"^{pattern}$"})
