"""Modules are taken from the archive of the package, then from the cache, and are made where they are in neither."""

from functools import partial

import pytest

from errsurf.engine.rule import Rule
from errsurf.optimizers import optimizer, optimizer_names
from errsurf.surfaces import surface_names
from errsurf.web import archive, modules, retarget, store
from errsurf.web.rule_parts import rule_part
from errsurf.web.sources import Make
from helpers.web_cases import case


def _refused(_make: Make) -> bytes:
    raise AssertionError("nothing may be compiled")


def test_an_archive_is_what_was_packed() -> None:
    kept = {"one": b"\0asm one", "none": b"", "two": bytes(range(256)) * 9}
    assert store.opened(store.packed(kept)) == kept


def test_a_module_of_the_archive_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = Rule(optimizer("sgd"))
    part = rule_part(rule, "float32")
    monkeypatch.setattr(retarget, "module_code", _refused)
    monkeypatch.setattr(store, "load", lambda _name: None)
    monkeypatch.setattr(store, "archived", lambda: {part.module.key: b"from the archive"})
    assert rule_part(rule, "float32").module.code == b"from the archive"
    # Whatever has gradient options, wrappers or another layout has other sources, except for the options.
    assert rule_part(rule._replace(clip="norm"), "float32").module.code == b"from the archive"
    for stale in (partial(rule_part, rule, "float64"), partial(rule_part, rule, "float32", 60)):
        with pytest.raises(AssertionError, match="nothing may be compiled"):
            stale()


def test_a_module_made_in_another_way_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    part = rule_part(Rule(optimizer("sgd")), "float32")
    monkeypatch.setattr(store, "_makers", lambda: "other text")
    monkeypatch.setattr(store, "archived", lambda: {part.module.key: b"stale"})
    monkeypatch.setattr(store, "load", lambda _name: None)
    monkeypatch.setattr(retarget, "module_code", _refused)
    with pytest.raises(AssertionError, match="nothing may be compiled"):
        rule_part(Rule(optimizer("sgd")), "float32")


def test_the_archive_holds_what_pages_ask_for(monkeypatch: pytest.MonkeyPatch) -> None:
    class Anything(dict[str, bytes]):
        def get(self, _key: str, _default: object = None) -> bytes:  # type: ignore[override]
            return b"code"

    monkeypatch.setattr(store, "archived", Anything)
    others = set(surface_names()) | set(optimizer_names())
    held = {
        maker().key for maker in archive.makers() if not set(maker.args) & (others - {"wells", "sine_fit", "newton"})
    }
    for kind, drawn in (("wells", {"examples": 30, "tilt": 0.4}), ("sine_fit", {"examples": 400})):
        for precision in archive.PRECISIONS:
            made = case(kind, ["newton"], precision, surface=drawn)
            parts = modules.page_modules(made.data, precision, {"newton": made.groups[0][0].rule}, {"matched"})
            asked = {part.module.key for group in parts.values() for part in group.values()}
            assert len(asked) == 9
            assert asked <= held
