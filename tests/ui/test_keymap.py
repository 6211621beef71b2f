from __future__ import annotations

from collections import Counter

import pytest

from ssmtui.core.actions import Danger
from ssmtui.ui.actions import APP_ACTIONS, pane_actions
from ssmtui.ui.key_names import key_name
from ssmtui.ui.keymap import (
    KeyMap,
    allowed,
    bindings,
    keys_markdown,
    method,
)


def test_no_key_means_two_things_in_one_place(fleet) -> None:
    keymap = KeyMap([fleet.resource()])
    # A table's keys are live together with the resource's and the program's own.
    for contexts in (("app",), ("text",), ("table", "nodes")):
        keys = Counter(
            key for context in contexts for action in keymap.of(context) for key in action.keys
        )
        assert [key for key, count in keys.items() if count > 1] == []


def test_ids_are_unique_and_every_key_is_one_to_textual(fleet) -> None:
    keymap = KeyMap([fleet.resource()])
    for action in keymap.actions:
        for key in action.keys:
            assert key_name(key) == key


def test_only_panes_that_work_have_keys(fleet) -> None:
    ids = [action.id for action in KeyMap([fleet.resource()]).actions]
    assert [name for name in ids if name.startswith("pane-")] == ["pane-1"]


def test_overrides_by_id(fleet) -> None:
    keymap = KeyMap([fleet.resource()], {"describe": ["f3", "ctrl+x"], "help": "F1", "copy": []})
    assert keymap.problems == []
    assert keymap.keys(keymap.action("describe")) == ("f3", "ctrl+x")
    assert keymap.keys(keymap.action("help")) == ("f1",)
    assert keymap.keys(keymap.action("copy")) == ()
    assert keymap.textual()["describe"] == "f3,ctrl+x"


@pytest.mark.parametrize("wrong", [{"describ": "d"}, {"describe": "hyper+d"}, {"describe": "foo"}])
def test_a_wrong_override_is_one_notice_and_changes_nothing(fleet, wrong) -> None:
    keymap = KeyMap([fleet.resource()], wrong)
    assert len(keymap.problems) == 1
    assert next(iter(wrong)) in keymap.problems[0].what
    assert keymap.keys(keymap.action("describe")) == ("d",)


def test_a_wrong_override_says_where_it_stands(fleet) -> None:
    def place(*names: str) -> str:
        return f"config.toml line 7 ({'.'.join(names)}): "

    keymap = KeyMap([fleet.resource()], {"describ": "d", "copy": "hyper+d"}, place)
    assert [problem.sentence for problem in keymap.problems] == [
        (
            "config.toml line 7 (keys.describ): keys.describ: there is no action of that name. "
            "Did you mean describe."
        ),
        (
            "config.toml line 7 (keys.copy): keys.copy: 'hyper+d' is not a key. "
            "docs/keys.md lists the actions and their keys."
        ),
    ]


@pytest.mark.parametrize(
    ("wanted", "refused", "other"),
    [
        ({"describe": ["d", "f3"], "why": ["d"]}, "why", "describe"),
        ({"why": "d"}, "why", "describe"),
        ({"help": "d"}, "help", "describe"),
        ({"search": "w"}, "search", "wrap"),
    ],
)
def test_a_key_that_means_something_else_is_refused(fleet, wanted, refused, other) -> None:
    keymap = KeyMap([fleet.resource()], wanted)
    assert [problem.what.split(":")[0] for problem in keymap.problems] == [f"keys.{refused}"]
    assert f"the key of {other}" in keymap.problems[0].what
    assert keymap.keys(keymap.action(refused)) == keymap.action(refused).keys


def test_keys_may_change_places(fleet) -> None:
    keymap = KeyMap([fleet.resource()], {"describe": "w", "why": "d"})
    assert keymap.problems == []


def test_modes_decide_what_is_offered() -> None:
    offered = {
        mode: [d for d in Danger if allowed(d, mode)] for mode in ("look", "connect", "change")
    }
    assert offered["look"] == [Danger.NONE]
    assert offered["connect"] == [Danger.NONE, Danger.SESSION]
    assert offered["change"] == list(Danger)


def test_bindings_carry_the_id_to_remap_by() -> None:
    made = bindings((*APP_ACTIONS, *pane_actions()))
    assert {binding.id for binding in made} >= {"command", "help", "pane-3"}
    assert all(binding.action for binding in made)
    assert method(pane_actions()[2]) == ("pane", (3,))


def test_markdown_has_every_action_once(fleet) -> None:
    resource = fleet.resource()
    text = keys_markdown([resource])
    for action in KeyMap([resource]).actions:
        argument = f" {action.argument}" if action.argument else ""
        assert text.count(f"| `:{action.id}{argument}` |") == 1
