"""Names that somebody really could have given, and that a careless program does not survive."""

from __future__ import annotations

from dataclasses import dataclass

from ssmtui.simulator.world.catalogue import Weighted


@dataclass(frozen=True, slots=True)
class HostileName:
    """A kind of hostile name. `text` None stands for the name of another node.

    EC2 answers in XML 1.0, which has no place for most C0 controls, not even escaped: a name with
    them (`hybrid`) can only be that of a machine activated by hand, whose name travels as JSON.
    """

    kind: str
    text: str | None
    hybrid: bool = False


HOSTILE_NAMES = (
    HostileName("escape sequence", "\x1b[2J\x1b[31mred-alert\x1b[0m", hybrid=True),
    HostileName("terminal title", "\x1b]0;pwned\x07store-0001", hybrid=True),
    HostileName("clipboard", "\x1b]52;c;cm0gLXJmIH4=\x07store-0002", hybrid=True),
    HostileName("backspace and return", "good\b\b\b\bevil\roverwritten\x00", hybrid=True),
    HostileName("C1 controls", "\u009b31mred\u009b0m\u009d0;title\u009c"),
    HostileName("closing markup", "a[/]b"),
    HostileName("markup with an action", "[@click=app.quit]x[/]"),
    HostileName("markup with a style", "[bold red on white]web[/bold red on white] [link=x]"),
    HostileName("bidi override", "web-\u202e10-doop\u202c\u2066prod\u2069"),
    HostileName("zero width", "web\u200b-\u200d0001\ufeff"),
    HostileName("emoji", "\U0001f469\u200d\U0001f4bb deploy \U0001f3f4\u200d\u2620\ufe0f"),
    HostileName("CJK", "サーバー本番環境-東京-01"),
    HostileName("combining marks", "w\u0335\u0321e\u0308\u0323b\u20dd-Z\u0351\u036ba\u0327lgo"),
    HostileName("255 characters", "long-" + "x" * 249 + "!"),
    HostileName("empty", ""),
    HostileName("spaces", "   web   "),
    HostileName("two lines", "web-0001\nweb-0002\tfine"),
    HostileName("formula", "=HYPERLINK(\"http://127.0.0.1/?x=\"&A1,\"web\")"),
    HostileName("shell", "$(reboot); `id` | rm -rf ~ 'x\" &"),
    HostileName("XML and JSON", "<b>&amp;\"}]</b>"),
    HostileName("looks like a filter", "Env=prod !web | (x"),
    HostileName("duplicate", None),
)  # fmt: skip

EC2_HOSTILE = Weighted(*((name, 1.0) for name in HOSTILE_NAMES if not name.hybrid))
HYBRID_HOSTILE = Weighted(*((name, 1.0) for name in HOSTILE_NAMES))

# The share of hostile names in a large fleet, and the size from which every kind is there.
SHARE = 0.015
ALL_KINDS_FROM = 200
