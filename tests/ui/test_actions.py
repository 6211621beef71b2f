"""The table of actions, without Textual."""

from __future__ import annotations

from ssmtui.local.config import nowhere
from ssmtui.resources.memory import Memory
from ssmtui.resources.registry import resources
from ssmtui.ui.actions import CONTEXTS, PANES, all_actions, pane_actions, unknown_action


def test_every_id_is_one_action(fleet, tmp_path) -> None:
    from ssmtui.local import paths

    known = resources(Memory(paths.default()))
    ids = [action.id for action in all_actions(known)]
    assert len(set(ids)) == len(ids)
    own = {action.id for resource in known for action in resource.actions}
    assert own < set(ids)


def test_every_action_has_a_place_in_the_help(fleet) -> None:
    known = [fleet.resource()]
    places = {*CONTEXTS, *(resource.name for resource in known)}
    assert {action.context for action in all_actions(known)} <= places


def test_only_panes_that_work_are_there(fleet) -> None:
    panes = [action for action in all_actions([fleet.resource()]) if action.id.startswith("pane-")]
    assert [(pane.id, pane.label) for pane in panes] == [("pane-1", "Nodes")]
    assert len(pane_actions()) == PANES


def test_an_unknown_action_is_one_sentence_with_the_remedy() -> None:
    problem = unknown_action("descirbe", ["describe", "copy"], nowhere)
    assert problem.sentence == (
        "keys.descirbe: there is no action of that name. Did you mean describe."
    )
    problem = unknown_action("x\x1b", ["describe"], lambda *_: "config.toml line 3: ")
    assert problem.what.startswith("config.toml line 3: keys.")
    assert problem.remedy == "docs/keys.md lists them"
    assert "\x1b" not in problem.what
