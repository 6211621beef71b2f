"""What a rollout aims at: a frozen list of nodes, or what the service finds by tags or a group."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import msgspec

from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain
from ssmtui.resources.nodes.row import Node

# "five keys, and five values for each key" (User Guide, send-commands-multiple); the model allows
# five targets as well, but fifty values.
MOST_KEYS: Final = 5
MOST_VALUES: Final = 50
_GROUP: Final = "resource-groups:Name"
_LONGEST_KEY: Final = 128  # characters of a tag's key, EC2's limit and the model's pattern


class Target(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A node that was chosen, with what planning and the board need of it.

    `groups` are its values of the keys to spread by ("asg", "az", or "tag:Name"), as far as known.
    """

    account: str
    region: str
    id: str
    name: str = ""
    platform: str = ""  # linux, windows, macos; "" is not known
    ping: str = ""  # online, lost, inactive, stopped ...; "" is not known
    groups: dict[str, str] = {}

    @property
    def key(self) -> RowKey:
        return RowKey(self.account, self.region, self.id)

    @property
    def scope(self) -> ScopeKey:
        return ScopeKey(self.account, self.region)

    @property
    def label(self) -> str:
        return self.name or self.id


class Frozen(msgspec.Struct, frozen=True, tag="nodes", dict=True):
    """Exactly these nodes, in this order. ProblemError: there are none, or one comes twice."""

    nodes: tuple[Target, ...]

    def __post_init__(self) -> None:
        if not self.nodes:
            raise input_problem("There are no nodes to run on", "Mark some, or widen the filter")
        twice = [
            key for key, times in Counter(node.key for node in self.nodes).items() if times > 1
        ]
        if twice:
            raise input_problem(f"{plain(twice[0].id)} is named twice", "Name every node once")

    @cached_property  # asked for with every key and frame, of 10,000 nodes
    def scopes(self) -> tuple[ScopeKey, ...]:
        return tuple(dict.fromkeys(node.scope for node in self.nodes))


class TagTargets(msgspec.Struct, frozen=True, tag="tags"):
    """The nodes that have one of the values of every key, as the service finds them when the call
    arrives, in each of the scopes. ProblemError: no key, more than 5, or one without a value."""

    tags: dict[str, tuple[str, ...]]
    scopes: tuple[ScopeKey, ...]

    def __post_init__(self) -> None:
        _require_scopes(self.scopes)
        if not self.tags:
            raise input_problem("No tag is named to run on", "Write it as tag:Env=prod")
        if len(self.tags) > MOST_KEYS:
            raise input_problem(
                f"{len(self.tags)} tag keys are more than the {MOST_KEYS} that Run Command takes",
                "Leave some out, or mark the nodes instead",
            )
        for key, values in self.tags.items():
            if not 1 <= len(key) <= _LONGEST_KEY:
                raise input_problem(f"A tag's key has 1 to {_LONGEST_KEY} characters")
            if not 1 <= len(values) <= MOST_VALUES:
                raise input_problem(
                    f"Tag {plain(key)} has {len(values)} values",
                    f"Give it 1 to {MOST_VALUES}",
                )

    @property
    def request(self) -> list[dict[str, Any]]:
        """SendCommand's Targets."""
        return [{"Key": f"tag:{key}", "Values": list(each)} for key, each in self.tags.items()]


class GroupTarget(msgspec.Struct, frozen=True, tag="group"):
    """The nodes of a resource group, as the service finds them when the call arrives."""

    name: str
    scopes: tuple[ScopeKey, ...]

    def __post_init__(self) -> None:
        _require_scopes(self.scopes)
        if not re.fullmatch(r"[a-zA-Z0-9_.-]{1,300}", self.name):
            raise input_problem(
                f"“{plain(self.name)}” is not the name of a resource group",
                "Use letters, digits and _ . -",
            )

    @property
    def request(self) -> list[dict[str, Any]]:
        """SendCommand's Targets."""
        return [{"Key": _GROUP, "Values": [self.name]}]


class Found(msgspec.Struct, frozen=True, tag="found"):
    """What somebody else's command was sent to, in words: it can be followed, and not sent to."""

    words: str
    scopes: tuple[ScopeKey, ...]

    @property
    def request(self) -> list[dict[str, Any]]:
        """ProblemError: what is not fully known is not sent to."""
        raise input_problem(
            f"It was sent to {plain(self.words)}, which is not asked for here",
            "Mark the nodes in the nodes list, and run it there",
        )


Targets = Frozen | TagTargets | GroupTarget | Found


def frozen(nodes: Iterable[Node], spread_by: Iterable[str] = ()) -> Frozen:
    """Rows of the nodes list as targets. ProblemError as `Frozen`."""
    keys = tuple(spread_by)
    return Frozen(tuple(target_of(node, keys) for node in nodes))


def target_of(node: Node, spread_by: Iterable[str] = ()) -> Target:
    """One row as a target; what is not known of it is left out."""
    groups = {key: value for key in spread_by if (value := _group(node, key))}
    return Target(
        account=node.account,
        region=node.region,
        id=node.id,
        name=_text(node.name),
        platform=_text(node.platform),
        ping=_text(node.ping),
        groups=groups,
    )


def parse_targets(texts: Sequence[str], scopes: Sequence[ScopeKey]) -> TagTargets | GroupTarget:
    """Targets as AWS writes them, which the service resolves in these scopes: `tag:Env=prod,test`,
    of which there may be several, or one `resource-groups:Name=web`. ProblemError."""
    prefix = f"{_GROUP}="
    groups = [text for text in texts if text.startswith("resource-groups:")]
    if not groups:
        return TagTargets(parse_tags(texts), tuple(scopes))
    if len(texts) > 1 or not groups[0].startswith(prefix) or "," in groups[0]:
        raise input_problem(
            f"“{plain(' '.join(texts))}” is more than the name of one resource group",
            f"Name one group and nothing else, as {prefix}web",
        )
    return GroupTarget(groups[0].removeprefix(prefix), tuple(scopes))


def parse_tags(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """`tag:Env=prod,test` texts as the tags of TagTargets. ProblemError for another form."""
    tags: dict[str, tuple[str, ...]] = {}
    for text in texts:
        key, equals, values = text.removeprefix("tag:").partition("=")
        if not (text.startswith("tag:") and key and equals and values):
            raise input_problem(
                f"“{plain(text)}” is no tag target", "Write it as tag:Env=prod,test"
            )
        tags[key] = tags.get(key, ()) + tuple(values.split(","))
    return tags


def _require_scopes(scopes: tuple[ScopeKey, ...]) -> None:
    if not scopes:
        raise input_problem("There is no account and Region to run in", "Choose a context")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _group(node: Node, key: str) -> str:
    match key:
        case "asg":
            return _text(node.asg)
        case "az":
            return _text(node.zone)
    tags = node.tags
    if not isinstance(tags, Mapping):
        return ""
    return tags.get(key.removeprefix("tag:"), "")
