"""The keys of this run: the actions' own, as the configuration has changed them.

Without Textual until something is bound: every verb checks the keys of the configuration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ssmtui.core.actions import Action, Danger
from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.core.text import plain
from ssmtui.local.config import Place, nowhere
from ssmtui.resources.base import Resource
from ssmtui.ui.actions import CONTEXTS, all_actions, unknown_action
from ssmtui.ui.key_names import key_name, key_text

if TYPE_CHECKING:
    from textual.binding import BindingType

# Textual ignores an empty keymap entry; no keyboard sends this name.
_NO_KEY = "unbound"


class KeyMap:
    """Every action of the program with the keys it has in this run.

    `overrides` is the configuration's `keys`: action id -> a key or a list of keys ("f5", "ctrl+x",
    "?"), [] takes them away. What is wrong with them is collected as `problems` and left out;
    `place` says where it stands.
    """

    def __init__(
        self,
        resources: Sequence[Resource[Any]],
        overrides: Mapping[str, str | Sequence[str]] | None = None,
        place: Place = nowhere,
    ) -> None:
        self._actions = {action.id: action for action in all_actions(resources)}
        self.problems: list[Problem] = []
        self._place = place
        self.overrides = self._checked(overrides or {})

    @property
    def actions(self) -> tuple[Action, ...]:
        return tuple(self._actions.values())

    def action(self, action_id: str) -> Action | None:
        return self._actions.get(action_id)

    def of(self, context: str) -> list[Action]:
        """The actions of one context, in the order of their declaration."""
        return [action for action in self._actions.values() if action.context == context]

    def keys(self, action: Action) -> tuple[str, ...]:
        """The Textual names of an action's keys."""
        return self.overrides.get(action.id, action.keys)

    def textual(self) -> dict[str, str]:
        """The overrides as Textual's own keymap: binding id -> keys."""
        return {name: ",".join(keys) or _NO_KEY for name, keys in self.overrides.items()}

    def _checked(self, overrides: Mapping[str, str | Sequence[str]]) -> dict[str, tuple[str, ...]]:
        checked = {}
        for action_id, wanted in overrides.items():
            keys = (wanted,) if isinstance(wanted, str) else tuple(wanted)
            if action_id not in self._actions:
                self.problems.append(unknown_action(action_id, self._actions, self._place))
                continue
            names = [key_name(key) for key in keys]
            wrong = [key for key, name in zip(keys, names, strict=True) if name is None]
            if wrong:
                self._refuse(action_id, f"{', '.join(map(repr, wrong))} is not a key")
                continue
            checked[action_id] = tuple(name for name in names if name is not None)
        return self._without_conflicts(checked)

    def _without_conflicts(
        self, overrides: dict[str, tuple[str, ...]]
    ) -> dict[str, tuple[str, ...]]:
        """The overrides without those that give a key which means something else already."""
        while (clash := self._clash(overrides)) is not None:
            key, first, second = clash
            # The one that was written last gives way; its own keys may be in the way of others.
            both = {first, second}
            refused = next(name for name in reversed(overrides) if name in both)
            other = first if refused == second else second
            self._refuse(refused, f"{key_text(key)} is the key of {other} already")
            del overrides[refused]
        return overrides

    def _clash(self, overrides: Mapping[str, tuple[str, ...]]) -> tuple[str, str, str] | None:
        """A key with two meanings in one place, one of them by an override: it and both ids."""
        own = {action.context for action in self._actions.values()} - CONTEXTS.keys()
        for place in (
            ("text",),
            ("log",),
            *(("app", "table", name) for name in sorted(own) or [""]),
            ("app", "board"),
            ("app", "table", "results"),
        ):
            meanings: dict[str, str] = {}
            for action in self._actions.values():
                if action.context not in place:
                    continue
                for key in overrides.get(action.id, action.keys):
                    other = meanings.setdefault(key, action.id)
                    if other != action.id and {other, action.id} & overrides.keys():
                        return key, other, action.id
        return None

    def _refuse(self, action_id: str, what: str) -> None:
        where = f"{self._place('keys', action_id)}keys.{action_id}"
        remedy = "docs/keys.md lists the actions and their keys"
        self.problems.append(Problem(ProblemKind.INPUT, plain(f"{where}: {what}"), remedy))


def bindings(actions: Iterable[Action]) -> list[BindingType]:
    """Textual's bindings of some actions: `action_<id>` of the widget they are bound on."""
    from textual.binding import Binding

    return [
        Binding(
            ",".join(action.keys),
            _textual_action(action),
            action.label,
            show=action.footer > 0,
            id=action.id,
        )
        for action in actions
        if action.keys
    ]


def _textual_action(action: Action) -> str:
    name, parameters = method(action)
    return f"{name}({', '.join(map(repr, parameters))})" if parameters else name


def method(action: Action) -> tuple[str, tuple[int, ...]]:
    """The Textual action behind an action of ours: its name and parameters."""
    if action.id.startswith("pane-"):
        return "pane", (int(action.id.removeprefix("pane-")),)
    return action.id.replace("-", "_"), ()


def allowed(danger: Danger, mode: str) -> bool:
    """Whether a mode ("look", "connect", "change") lets an action of that danger be offered."""
    if danger is Danger.NONE:
        return True
    if danger is Danger.SESSION:
        return mode in ("connect", "change")
    return mode == "change"


def keys_markdown(resources: Sequence[Resource[Any]]) -> str:
    """docs/keys.md: every action with its keys, `:` command and remapping id."""
    keymap = KeyMap(resources)
    contexts = {
        **CONTEXTS,
        **{resource.name: f"On {resource.title.lower()}" for resource in resources},
    }
    lines = [
        "# Keys",
        "",
        "Made from the code by `make docs`. Every action is also a `:` command of the same name,",
        "and its keys can be changed in `config.toml`:",
        "",
        "```toml",
        "[keys]",
        'describe = ["d", "f3"]',
        "```",
    ]
    for context, title in contexts.items():
        actions = keymap.of(context)
        if not actions:
            continue
        lines += ["", f"## {title}", "", "| keys | action | what it does |", "|---|---|---|"]
        for action in actions:
            keys = " ".join(f"`{key_text(key)}`" for key in action.keys) or "–"
            argument = f" {action.argument}" if action.argument else ""
            lines.append(f"| {keys} | `:{action.id}{argument}` | {action.title} |")
    return "\n".join(lines) + "\n"
