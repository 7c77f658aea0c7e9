"""Claims and translations that are wrong: what is said of them, and where."""

from typing import Any

import pytest

from errsurf.errors import Fault, ScenarioError
from errsurf.scenario import json_schema, scenario_from

BASE: dict[str, Any] = {
    "surface": {"kind": "saddle"},
    "run": {"updates": 40, "frames": 20},
    "optimizer": [{"kind": "sgd", "label": "full batch"}, {"kind": "sgd", "label": "batch 1", "batch": 1}],
}
RIGHT = {"says": "It is so.", "statistic": "train_loss", "group": "batch 1", "below": "full batch"}


def faults_of(**tables: Any) -> tuple[Fault, ...]:
    with pytest.raises(ScenarioError) as caught:
        scenario_from(BASE | tables)
    return caught.value.faults


def claim_with(*without: str, **keys: Any) -> dict[str, Any]:
    return {key: value for key, value in (RIGHT | keys).items() if key not in without}


# keys given, keys left out, key of the fault, words of the message
WRONG: list[tuple[dict[str, Any], tuple[str, ...], str, str]] = [
    ({"statistic": "train_los"}, (), "statistic", "not known; did you mean `train_loss`?"),
    ({}, ("statistic",), "statistic", "missing; share_in_basin"),
    ({}, ("says",), "says", "missing"),
    ({"group": "batch1"}, (), "group", "no such group; one of the labels full batch, batch 1; did you mean `batch 1`?"),
    ({"below": "ful batch"}, (), "below", "no such group; did you mean `full batch`?"),
    ({"below": ["full batch", "x"]}, (), "below[2]", "no such group"),
    ({"statistic": "apart", "other": "batch 2"}, (), "other", "no such group; did you mean `batch 1`?"),
    ({}, ("below",), "", "needs one of above, below, equals"),
    ({"above": 0.0}, (), "", "above and below are given"),
    ({"equals": 0.0}, ("below",), "within", "missing, and equals needs it"),
    ({"within": 0.1}, (), "within", "is for equals, not for below; by, beside below"),
    ({"equals": 0.0, "within": 1, "by": 0.1}, ("below",), "by", "is for above and below"),
    ({"by": 0.1, "times": 2}, (), "by", "times is given too"),
    ({"by": -0.1}, (), "by", "out of range; at least 0"),
    ({"times": 2, "below": 1.0}, (), "times", "below is a number, and this needs a group"),
    ({"other_at": 2, "below": 1.0}, (), "other_at", "below is a number"),
    ({"below": "batch 1"}, (), "below", "batch 1 is compared with itself at the same time"),
    ({"statistic": "apart", "other": "batch 1", "below": 1.0}, (), "other", "is the group itself"),
    ({"at": 10, "below": 1.0}, (), "at", "10 updates of batch 1; the last frame before is that of 8; run.frames"),
    ({"other_at": 1}, (), "other_at", "1 updates of full batch; the last frame before is that of 0"),
    ({"statistic": "share_diverged", "take": "mean"}, (), "take", "share_diverged is one number of all particles"),
    ({"take": "mode"}, (), "take", "median; mean; largest; smallest"),
    ({"at": "3 epoches"}, (), "at", 'updates (50), epochs ("2 epochs")'),
    ({"lecture": 27}, (), "lecture", "out of range; from 1 to 26"),
    ({"lecture": [3, 0]}, (), "lecture[2]", "out of range"),
    ({"radius": 1.0}, (), "radius", "unknown key"),
    ({"statistic": "share_near", "point": [0, 0]}, (), "radius", "missing; a number above 0"),
    ({"statistic": "share_passed", "point": [0, 0], "direction": [0, 0]}, (), "direction", "two numbers, not both 0"),
    ({"statistic": "path_length"}, (), "statistic", 'needs every update recorded: run.frames = "all"'),
    ({"statistic": "effective_rate", "axis": "x"}, (), "statistic", 'needs run.record = ["effective_rate"]'),
    ({"statistic": "momentum_sum", "momentum": 0.9}, (), "statistic", 'needs run.record = ["gradient", "movement"]'),
    (
        {"statistic": "correlation", "first": "gap", "second": "sharpness"},
        ("group",),
        "below",
        "correlation is of all groups together; a number",
    ),
]


@pytest.mark.parametrize(("keys", "without", "key", "words"), WRONG)
def test_a_wrong_claim_is_told_where_and_what(keys: Any, without: Any, key: str, words: str) -> None:
    (fault,) = faults_of(claim=[RIGHT, claim_with(*without, **keys)])
    assert fault.key == ".".join(filter(None, ("claim[2]", key)))
    assert all(word in str(fault) for word in words.split("; "))


@pytest.mark.parametrize("keys", [{"statistic": "lr", "above": "a"}, {"statistic": "apart", "other": "a", "above": 0}])
def test_the_only_group_cannot_be_compared_with_itself(keys: dict[str, Any]) -> None:
    (fault,) = faults_of(optimizer=[{"kind": "sgd", "label": "a"}], claim=[{"says": "It is so.", **keys}])
    assert fault.key == "claim[1]"
    assert "compares the only group with itself" in str(fault)


MOMENTS = [(3, "50%"), (20, 8), (20, 12), (20, 40), ("all", "7 epochs"), (2, 0), (2, 50)]


@pytest.mark.parametrize(("frames", "at"), MOMENTS)
def test_a_moment_may_be_where_a_frame_is(frames: int | str, at: int | str) -> None:
    run = {"updates": 40, "frames": frames}
    assert scenario_from(BASE | {"run": run, "claim": [claim_with(at=at, group="full batch", below=1.0)]})


def test_statistics_of_every_update_are_allowed_where_all_are_recorded() -> None:
    path = claim_with(statistic="path_length")
    for frames in ("all", 41):
        assert scenario_from(BASE | {"run": {"updates": 40, "frames": frames}, "claim": [path]}).claim


def test_several_faults_are_told_at_once() -> None:
    found = faults_of(claim=[claim_with(group="batch 2"), claim_with(lecture=0), claim_with(by=1.0, times=2.0)])
    assert {fault.key for fault in found} == {"claim[1].group", "claim[2].lecture", "claim[3].by"}


def test_one_table_with_single_brackets_is_recognized() -> None:
    (fault,) = faults_of(claim=RIGHT)
    assert "write [[claim]] with two brackets" in str(fault)


TRANSLATION = {"lang": "zh", "labels": ["全批量", "批量 1"]}
WRONG_TRANSLATIONS: list[tuple[list[dict[str, Any]], str, str]] = [
    ([{"title": "x"}], "translation[1].lang", "missing"),
    ([{"lang": "Chinese!"}], "translation[1].lang", "the tag of a language"),
    ([TRANSLATION, {"lang": "ZH".lower()}], "translation[2].lang", "is the language of translation[1] too"),
    ([{"lang": "zh", "labels": ["一"]}], "translation[1].labels", "1 text for 2 tables [[optimizer]]"),
    ([{"lang": "zh", "labels": ["一", "一"]}], "translation[1].labels", "two groups cannot have one label"),
    ([{"lang": "zh", "says": ["一"]}], "translation[1].says", "1 text for 0 tables [[claim]]"),
    ([{"lang": "zh", "titel": "一"}], "translation[1].titel", "did you mean `title`?"),
]


@pytest.mark.parametrize(("tables", "key", "words"), WRONG_TRANSLATIONS)
def test_a_wrong_translation_is_told_where_and_what(tables: Any, key: str, words: str) -> None:
    (fault,) = faults_of(translation=tables)
    assert fault.key == key
    assert words in str(fault)


def test_the_schema_for_editors_has_claims_and_translations() -> None:
    schema = json_schema()
    assert {"claim", "translation"} <= set(schema["properties"])
    assert "description" in schema["properties"]["claim"]
    assert schema["$defs"]["claim_of_share_near"]["properties"]["radius"]["exclusiveMinimum"] == 0
