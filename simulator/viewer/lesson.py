"""The lesson bar: the scenario's claim, and large sliders for the steered group's lr, momentum and batch."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from errsurf.drawing.boxes import Box
from errsurf.drawing.layout.style import Style
from errsurf.drawing.lettering.text import line_height, text_width
from errsurf.viewer.elements import Element, Slider, Told
from errsurf.viewer.places import Places
from errsurf.viewer.steering import KNOBS, lr_mark
from errsurf.viewer.view_state import ViewState
from errsurf.words import said

if TYPE_CHECKING:
    from errsurf.scenario.claims import Claim

STEERED = ("lr", "momentum", "batch")
_HEADS = {"": "Claim", "holds": "Holds", "does not hold": "Does not hold", "not decided": "Not decided"}
_CHANGED = "Changed, not checked"


def claim_text(claims: Sequence["Claim"]) -> str:
    """The longest text that the claims' place has to hold; empty without claims."""
    heads = [_head(head, 0, len(claims)) for head in (*_HEADS.values(), _CHANGED)]
    texts = [f"{head} {claim.says}" for claim in claims for head in heads]
    return max(texts, key=len, default="")


def lesson(state: ViewState, at: Places) -> list[Element]:
    """The claim, and the sliders."""
    told: list[Element] = [_claim(state, at)] if state.claims else []
    return told + [slider(state, name, box, at.style) for name, box in zip(STEERED, at.knobs, strict=True)]


def slider(state: ViewState, name: str, box: Box, style: Style) -> Slider:
    """The slider of a value: its name and a text field at the left above the bar."""
    knob = KNOBS[name]
    turned = state.dragged[1] if state.dragged is not None and state.dragged[0] == name else None
    value = knob.value(state) if turned is None else turned
    line = box.top + line_height(style.number) + 2
    bar = box._replace(top=line + 2)
    left = box.left + text_width(knob.label, style.number) + style.number.size
    field = Box(left, box.top, left + text_width("0.00001234", style.number), line)
    typed = state.typed.text if state.typed is not None and state.typed.name == name else None
    if value is None:
        return Slider(name, box, knob.label, knob.tip, 0.0, "none", bar, field, shut=True)
    share, text = knob.share(state, value), knob.text(state, value)
    mark = lr_mark(state) if name == "lr" else None
    return Slider(name, box, knob.label, knob.tip, share, text, bar, field, typed, state.over_name == name, mark=mark)


def _claim(state: ViewState, at: Places) -> Told:
    """The first claim, or the first that does not hold; all are in the tip."""
    claims, changed = state.claims, not state.live.steered.claim
    verdicts = [""] * len(claims) if changed or not state.verdicts else list(state.verdicts)
    worst = next((k for k, verdict in enumerate(verdicts) if verdict not in ("", "holds")), 0)
    head = _head(_CHANGED if changed else _HEADS[verdicts[worst]], worst, len(claims))
    language = at.style.number.language
    heads = [said(_HEADS[verdict], language) for verdict in verdicts]
    tip = "\n".join(f"{head}: {claim.says}" for head, claim in zip(heads, claims, strict=True))
    return Told(
        "claim", at.claim, said(head, language), claims[worst].says, tip, bad=verdicts[worst] == "does not hold"
    )


def _head(word: str, k: int, count: int) -> str:
    return f"{word}:" if count == 1 else f"{word} ({k + 1} of {count}):"
