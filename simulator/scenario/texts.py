"""The texts of a scenario that people read, replaced by those of another language and back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from errsurf.scenario.claims import Claim
from errsurf.scenario.scenario import Scenario
from errsurf.scenario.translations import Texts, Translation


def translated_into(scenario: Scenario, translation: Translation) -> Scenario:
    """The scenario with the texts that a translation gives, its own for the others.

    Claims, measures and the picture name the groups by the labels that these have then.
    """
    own = scenario.own_texts or own_texts(scenario)
    given = {key: getattr(translation, key) for key in Texts._fields}
    texts = own._replace(**{key: text for key, text in given.items() if text is not None})
    return replace(_with(scenario, texts), own_texts=own)


def retitled(scenario: Scenario, title: str) -> Scenario:
    """The scenario shown with another title; its own is what a file gets."""
    return replace(scenario, title=title, own_texts=scenario.own_texts or own_texts(scenario))


def as_written(scenario: Scenario) -> Scenario:
    """The scenario with its own texts, as its file has them."""
    return scenario if scenario.own_texts is None else replace(_with(scenario, scenario.own_texts), own_texts=None)


def own_texts(scenario: Scenario) -> Texts:
    """All that people read of a scenario as it is."""
    labels = tuple(group.label for group in scenario.optimizer)
    return Texts(
        scenario.title, scenario.about, scenario.picture.caption, labels, tuple(claim.says for claim in scenario.claim)
    )


def _with(scenario: Scenario, texts: Texts) -> Scenario:
    picture = scenario.picture
    labels = dict(zip((group.label for group in scenario.optimizer), texts.labels, strict=True))
    named: dict[str, Any] = {"caption": texts.caption, "follow": labels.get(str(picture.follow), picture.follow)}
    if picture.groups is not None:
        named["groups"] = tuple(labels.get(str(group), group) for group in picture.groups)
    return replace(
        scenario,
        title=texts.title,
        about=texts.about,
        optimizer=tuple(group._replace(label=labels[group.label]) for group in scenario.optimizer),
        picture=picture._replace(**named),
        claim=tuple(_claim(claim, text, labels) for claim, text in zip(scenario.claim, texts.says, strict=True)),
        measure=tuple(each._replace(settings=_settings(each.settings, labels)) for each in scenario.measure),
    )


def _claim(claim: Claim, says: str, labels: Mapping[str, str]) -> Claim:
    return claim._replace(
        says=says,
        groups=tuple(labels.get(label, label) for label in claim.groups),
        others=tuple(labels.get(other, other) if isinstance(other, str) else other for other in claim.others),
        settings=_settings(claim.settings, labels),
    )


def _settings(settings: Any, labels: Mapping[str, str]) -> Any:
    """Settings of a statistic, some of which compare with a group."""
    return (
        settings._replace(other=labels.get(settings.other, settings.other)) if hasattr(settings, "other") else settings
    )
