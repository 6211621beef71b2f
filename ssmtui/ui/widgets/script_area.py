"""A text area that colours scripts, by a few rules of its own: no grammar has to be installed."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

from rich.text import Text
from textual.widgets import TextArea

# In the order in which they are tried at each place of a line.
_SHELL: Final = re.compile(
    r"(?P<comment>(?:^|(?<=\s))#.*)"
    r"|(?P<string>'[^']*'?|\"(?:\\.|[^\"\\])*\"?)"
    r"|(?P<variable>\$(?:\w+|\{[^}]*\}?|[@*#?$!-]))"
    r"|(?P<keyword>(?<![\w./-])(?:if|then|elif|else|fi|for|while|until|do|done|case|esac|in|"
    r"function|return|exit|set|export|local|trap|sudo)(?![\w./-]))"
    r"|(?P<number>(?<![\w./-])\d+(?![\w./-]))"
)
_POWERSHELL: Final = re.compile(
    r"(?P<comment>#.*)"
    r"|(?P<string>'[^']*'?|\"(?:`.|[^\"`])*\"?)"
    r"|(?P<variable>\$(?:[\w:]+|\{[^}]*\}?|[?^$_]))"
    r"|(?P<keyword>(?<![\w./-])(?:if|elseif|else|foreach|for|while|do|until|switch|function|param|"
    r"return|exit|throw|try|catch|finally|begin|process|end)(?![\w./-])"
    r"|(?<![\w-])[A-Z][a-z]+-[A-Za-z]+)"
    r"|(?P<number>(?<![\w./-])\d+(?![\w./-]))",
    re.IGNORECASE,
)
_RULES: Final = {"shell": _SHELL, "powershell": _POWERSHELL}
_STYLES: Final = ("comment", "string", "variable", "keyword", "number")
# A longer line is not coloured: it is data.
_LONGEST: Final = 1000


class ScriptArea(TextArea):
    """Several lines; with `code` ("shell", "powershell") coloured as such."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *TextArea.COMPONENT_CLASSES,
        *(f"script--{name}" for name in _STYLES),
    }
    DEFAULT_CSS = """
    ScriptArea > .script--comment { color: $muted; }
    ScriptArea > .script--string { color: $status-good; }
    ScriptArea > .script--variable { color: $status-warn; }
    ScriptArea > .script--keyword { color: $accent; text-style: bold; }
    ScriptArea > .script--number { color: $status-busy; }
    """

    def __init__(self, text: str = "", *, code: str = "", **given: Any) -> None:
        super().__init__(text, **given)
        self._rules = _RULES.get(code)

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        if self._rules is None or len(line.plain) > _LONGEST:
            return line
        for name, start, end in spans(self._rules, line.plain):
            style = self.get_component_rich_style(f"script--{name}", partial=True)
            line.stylize(style, start, end)
        return line


def spans(rules: re.Pattern[str], line: str) -> list[tuple[str, int, int]]:
    """The parts of a line that have a colour: (what it is, start, end)."""
    return [(str(m.lastgroup), m.start(), m.end()) for m in rules.finditer(line)]
