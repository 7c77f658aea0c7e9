"""Several values of one setting make a group of each: ``--set optimizer.lr=0.1,0.01``."""

from typing import Any

import pytest

from errsurf import Scenario, ScenarioError, read_scenario, scenario_from

TABLES: dict[str, Any] = {
    "surface": {"kind": "saddle", "examples": 20, "tilt": 0.5},
    "run": {"epochs": 3},
    "swarm": {"particles": 5},
    "optimizer": [
        {"kind": "adam", "lr": 0.05},
        {"label": "b", "kind": "sgd", "lr": 0.02, "batch": 4, "momentum": 0.9, "color": "#ff0000"},
    ],
}
CLAIM = {"says": "b is lower", "statistic": "train_loss", "group": "b", "below": "adam, full batch"}


def scenario(changes: dict[str, Any], **more: Any) -> Scenario:
    return scenario_from(TABLES | more, changes=changes)


def labels(changes: dict[str, Any], **more: Any) -> list[str]:
    return [group.label for group in scenario(changes, **more).optimizer]


def faults(changes: dict[str, Any], **more: Any) -> list[Any]:
    with pytest.raises(ScenarioError) as caught:
        scenario(changes, **more)
    return list(caught.value.faults)


@pytest.mark.parametrize(
    ("key", "given", "made"),
    [
        (
            "optimizer.lr",
            "0.1,0.01",
            ["adam, full batch, lr 0.1", "adam, full batch, lr 0.01", "b, lr 0.1", "b, lr 0.01"],
        ),
        ("optimizer.momentum", "0, 0.5", ["adam, full batch", "b, momentum 0", "b, momentum 0.5"]),
        ("b.batch", "1,full", ["adam, full batch", "b, batch 1", "b, full batch"]),
        (
            "optimizer[1].betas",
            "[0.9, 0.99], [0.5, 0.9]",
            ["adam, full batch, betas 0.9 0.99", "adam, full batch, betas 0.5 0.9", "b"],
        ),
        (
            "optimizer[2].schedule.decay",
            "cosine,constant",
            ["adam, full batch", "b, decay cosine", "b, decay constant"],
        ),
        ("optimizer[1].kind", "adam,sgd", ["adam, full batch", "sgd, full batch", "b"]),
        ("b.lr", "log:1e-3:0.1:3", ["adam, full batch", "b, lr 0.001", "b, lr 0.01", "b, lr 0.1"]),
        ("b.label", "one, two", ["adam, full batch", "one, two"]),
    ],
)
def test_each_value_makes_a_group(key: str, given: str, made: list[str]) -> None:
    assert labels({key: given}) == made


def test_settings_are_those_of_the_values() -> None:
    groups = scenario({"b.lr": "0.1,0.01", "b.momentum": "0,0.5", "optimizer.batch": 2}).optimizer
    found = [(group.batch, group.settings.lr, group.settings.momentum, group.color) for group in groups[1:]]
    assert found == [(2, 0.1, 0, None), (2, 0.1, 0.5, None), (2, 0.01, 0, None), (2, 0.01, 0.5, None)]
    assert groups[0].settings.lr == 0.05


def test_the_last_change_of_a_setting_holds() -> None:
    assert labels({"optimizer.lr": "0.1,0.2", "b.lr": 0.3})[2:] == ["b"]
    assert labels({"b.lr": 0.3, "optimizer.lr": "0.1,0.2"})[2:] == ["b, lr 0.1", "b, lr 0.2"]


def test_claims_are_checked_for_each_value() -> None:
    found = scenario({"optimizer.lr": "0.1,0.01"}, claim=[CLAIM]).claim
    assert [(each.says, each.groups, each.others) for each in found] == [
        ("b is lower (lr 0.1)", ("b, lr 0.1",), ("adam, full batch, lr 0.1",)),
        ("b is lower (lr 0.01)", ("b, lr 0.01",), ("adam, full batch, lr 0.01",)),
    ]
    implied = {key: value for key, value in CLAIM.items() if key != "group"}
    (one, two) = scenario({"adam, full batch.lr": "0.1,0.01"}, claim=[implied]).claim
    assert one.groups == two.groups == ("b",)
    assert (one.others, two.others) == (("adam, full batch, lr 0.1",), ("adam, full batch, lr 0.01",))


def test_what_names_a_group_names_those_in_its_place() -> None:
    changes = {"b.lr": "0.1,0.01"}
    distance = {"statistic": "apart", "other": "b"}
    made = scenario(changes, picture={"groups": ["b", 1], "follow": 2}, measure=[distance])
    assert made.picture.groups == ("b, lr 0.1", "b, lr 0.01", "adam, full batch")
    assert made.picture.follow == "b, lr 0.1"
    assert [each.settings.other for each in made.measure] == ["b, lr 0.1", "b, lr 0.01"]


def test_translations_keep_what_is_not_of_groups() -> None:
    words = {"lang": "zh", "title": "标题", "labels": ["甲", "乙"], "says": ["下降"]}
    (found,) = scenario({"b.lr": "0.1,0.01"}, claim=[CLAIM], translation=[words]).translation
    assert (found.title, found.labels, found.says) == ("标题", None, None)


def test_a_long_label_keeps_its_end() -> None:
    groups = [{"kind": "sgd", "label": "a" * 80, "lr": 0.1}]
    assert labels({"optimizer.lr": "0.1,0.25"}, optimizer=groups) == ["a" * 72 + ", lr 0.1", "a" * 71 + ", lr 0.25"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"optimizer.lr": "0.1,"}, ["optimizer[1].lr: an empty value"]),
        ({"optimizer.lr": "log:0:1:3"}, ["optimizer[1].lr: `log:0:1:3`: allowed: two numbers above 0 as its ends"]),
        ({"b.lr": "0.1,abc"}, ["optimizer[3].lr: wrong type"]),
        ({"optimizer[3].lr": "0.1,0.2"}, ["optimizer[3].lr: leads to no part of a list"]),
        ({"optimizer.bta": "1,2"}, ["optimizer[1].bta: unknown key for adam", "optimizer[2].bta: unknown key for sgd"]),
        ({"optimizer.lr": "lin:0.1:1:3000"}, ["optimizer[1].lr: makes 6,000 groups"]),
        ({"b.lr": "lin:0.1:1:101"}, ["claim: the values make 101 of them; --set claim=[] leaves all claims out"]),
    ],
)
def test_what_is_wrong_with_values_is_said(changes: dict[str, Any], said: list[str]) -> None:
    found = [f"{fault.key}: {fault.problem}" for fault in faults(changes, claim=[CLAIM])]
    assert len(found) == len(said)
    assert all(one.startswith(other) for one, other in zip(found, said, strict=True))


def test_a_list_in_a_file_is_answered_with_the_option() -> None:
    (fault,) = faults({}, optimizer=[{"kind": "sgd", "lr": [0.1, 0.01, 0.001]}])
    assert fault.allowed.endswith("--set optimizer.lr=0.1,0.01,0.001 makes a group of each")


@pytest.mark.parametrize(("given", "meant"), [("0,1", "0.1"), ("0,1,0,05", "0.1,0.05")])
def test_a_decimal_comma_of_a_rate_is_asked_about(given: str, meant: str) -> None:
    with pytest.raises(ScenarioError, match=f"did you mean `{meant}`"):
        read_scenario("saddle_escape", {"optimizer.lr": given})


def test_a_rate_of_0_beside_others_is_one_of_them() -> None:
    scenario = read_scenario("saddle_escape", {"claim": [], "translation": [], "optimizer.lr": "0,0.1"})
    assert [group.settings.lr for group in scenario.optimizer[:2]] == [0.0, 0.1]
