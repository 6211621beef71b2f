"""Guessing where a text holds a password, a token or a key: to warn of it, and to mask it.

Scripts stay readable in ListCommands for 30 days, and many hold what they should not.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_WORD: Final = (
    "pass(?:word|wd|phrase)?|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|credentials?"
)

# Compiled when they are first needed: the first frame has no scripts.
_compiled = cache(re.compile)
# What stands behind a word that promises a secret, or is one by its form. References to where one
# is kept ($NAME, {{ssm:name}}, <placeholder>) are none. Repetitions are bounded, so that the time
# is linear in the text.
_SECRET: Final = rf"""(?isx)
    (?: {_WORD} ) [\w-]{{0,40}} ["']? \s{{0,4}} [=:] \s{{0,4}} ["']?
        (?! \$ | \{{\{{ | < | ["'] | \s ) (?P<value> [^\s"']{{4,}} )
    | -- (?: {_WORD} ) [\w-]{{0,40}} \s{{1,4}} ["']?
        (?! [$<"'-] | \{{\{{ ) (?P<option> [^\s"']{{4,}} )
    | :// [^/\s:@]{{1,80}} : (?P<password> [^/\s@$]{{3,200}} ) @
    | (?P<key> (?: AKIA | ASIA ) [0-9A-Z]{{16}} )
    | -----BEGIN\ [A-Z\ ]{{0,30}}PRIVATE\ KEY----- (?P<block> .*? ) (?: -----END | \Z )
    | \b (?P<token> (?: ghp | gho | ghs | glpat | xox[abp] ) [_-] [\w-]{{10,}} )
    """
_NAME: Final = f"(?i){_WORD}"


def looks_secret(text: str) -> bool:
    """Whether a text seems to hold a secret; a guess."""
    return _compiled(_SECRET).search(text) is not None


def is_secret_name(name: str) -> bool:
    """Whether what is called that is a secret by its name: "DbPassword"."""
    return _compiled(_NAME).search(name) is not None


def masked(text: str) -> str:
    """The text with everything masked that looks like a secret."""
    from ssmtui.core.secret import MASK  # which brings hashing along

    def hide(match: re.Match[str]) -> str:
        kind = match.lastgroup
        if kind is None:
            return MASK
        start, end = (place - match.start() for place in match.span(kind))
        whole = match.group()
        return whole[:start] + MASK + whole[end:]

    return _compiled(_SECRET).sub(hide, text)
