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

# References to where a secret is kept ($NAME, {{ssm:name}}, <placeholder>) are none.
_NO_REFERENCE: Final = r"""(?! [$<"'\s] | \{\{ )"""
# The words of one command up to the option in question, with lines that go on behind a backslash.
_WORDS: Final = r"(?: [^\n|;&\\] | &(?!&) | \\. ){0,300}?"
# Names of programs, also behind a path such as /usr/bin/: in /var/lib/mysql it is none.
_PROGRAM: Final = r"(?: (?<! [\w./-] ) | (?<= bin/ ) )"
_SCHEME: Final = r"(?: bearer | basic | token | apikey ) [\ \t]{1,4}"

# Compiled when they are first needed: the first frame has no scripts.
_compiled = cache(re.compile)
# What stands behind a word that promises a secret or behind an option that takes one, or is one by
# its form. Every named group is masked. Repetitions are bounded, or possessive and begun only where
# none of them is under way, so that the time is linear in the text.
_SECRET: Final = rf"""(?isx)
    (?: {_WORD} ) [\w-]{{0,40}} ["']? \s{{0,4}} [=:] \s{{0,4}} ["']? (?: {_SCHEME} )?+
        {_NO_REFERENCE} (?P<value> [^\s"']{{4,}} )
    | -- (?: {_WORD} ) [\w-]{{0,40}} \s{{1,4}} ["']? (?! - ) {_NO_REFERENCE}
        (?P<option> [^\s"']{{4,}} )
    | authorization ["']? \s{{0,4}} [=:] \s{{0,4}} ["']? {_NO_REFERENCE}
        (?: {_SCHEME} {_NO_REFERENCE} (?P<authorization> [^\s"']{{4,}} )
          | (?= [^\s"']{{0,40}} \d ) (?! aws4- ) (?P<bare> [^\s"']{{8,}} ) )
    | \b bearer [\ \t]{{1,4}} (?= [\w.~+/-]{{0,80}} \d ) (?P<bearer> [\w.~+/=-]{{16,}} )
    | :// [^/\s:@]{{0,80}} : {_NO_REFERENCE} (?P<password> [^/\s"'?]{{1,200}} ) @
    | {_PROGRAM} (?: mysql (?: dump | admin | import | show | check )?
          | mariadb (?: -dump | -admin )? ) (?= \s ) {_WORDS} \s (?-i: -p ) ["']? {_NO_REFERENCE}
        (?! (?: rint0? | rune | ath | erm ) \b | \d{{1,5}} : \d )  # find's options, Docker's ports
        (?P<mysql> [^\s"';|&]{{1,}} )
    | {_PROGRAM} curl (?= \s ) {_WORDS}
        \s (?: --(?: proxy- )?user [\s=] | - [a-z]{{0,8}} u \s | -u ) \s{{0,4}} ["']?
        (?: \$\{{ [^}}\s]{{1,80}} \}} | [^\s:"'{{}}] ){{1,80}}+ : {_NO_REFERENCE}
        (?P<curl> [^\s"']{{1,}} )
    | {_PROGRAM} sshpass \s{{1,4}} (?: -v \s{{1,4}} )? (?-i: -p ) \s{{0,4}} ["']? {_NO_REFERENCE}
        (?P<sshpass> [^\s"']{{1,}} )
    | (?<! [a-z0-9] ) (?-i: (?P<key> (?: AKIA | ASIA ) [0-9A-Z]{{16}} ) (?! [0-9A-Za-z] )
        (?: [\s"',:;=]{{1,6}} (?: [A-Za-z_]{{1,30}} [\s"',:;=]{{1,6}} ){{0,2}}
            (?! [0-9a-f]{{40}} ) (?P<beside> [A-Za-z0-9/+]{{40}} ) (?! [A-Za-z0-9/+] ) )? )
    | secret_?access_?key ["']? \s{{1,4}} ["']? (?P<secret_key> [a-z0-9/+]{{40}} ) (?! [a-z0-9/+] )
    | -----BEGIN\ [A-Z\ ]{{0,30}}PRIVATE\ KEY(?:\ BLOCK)?-----
        (?P<block> .*? ) (?: -----END | \Z )
    | \b (?P<token> (?: gh[opsur] | glpat | xox[abeoprs] ) [_-] [\w-]{{10,}}
        | github_pat_ \w{{10,}} )
    | (?<! [\w-] ) (?P<jwt> (?-i: eyJ ) [\w-]{{8,}}+ \. (?-i: eyJ ) [\w-]{{4,}}+
        (?: \. [\w-]*+ )? )
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
        whole, base, shown, at = match.group(), match.start(), [], 0
        for start, end in sorted(span for span in match.regs[1:] if span[0] >= 0):
            shown += [whole[at : start - base], MASK]
            at = end - base
        return "".join((*shown, whole[at:]))

    return _compiled(_SECRET).sub(hide, text)
