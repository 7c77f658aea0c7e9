"""What made a picture, as the text that its file carries."""

from typing import TYPE_CHECKING

from errsurf.scenario import carried_text

if TYPE_CHECKING:
    from errsurf.run.result import Result


def origin(result: "Result") -> str:
    """Version of errsurf and the scenario with every value, seed included, as ASCII text that is TOML itself.

    ``errsurf run FILE`` finds it in any file that holds it as it is, however its format wraps it, as long as it
    changes nothing but ``\\`` into ``\\\\`` and line ends into ``\\n``, as strings of PDF do.
    """
    return carried_text(result.scenario)
