"""From the text of a filter to its terms."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from ssmtui.core.columns import Column, Kind
from ssmtui.core.expressions import Expression, has_capital
from ssmtui.core.near import did_you_mean, near
from ssmtui.core.query.errors import QueryError
from ssmtui.core.query.query import Query
from ssmtui.core.query.scanner import QUOTED, Scanner, unquote
from ssmtui.core.query.terms import (
    AllOf,
    AnyOf,
    Compare,
    Literal,
    Not,
    Pattern,
    TagOrColumn,
    Term,
)
from ssmtui.core.query.values import ORDERS, Item, Key, equal_to_any, found_by, ordered

# Deeper nesting than anybody reads, and far from Python's own limit.
_DEEPEST = 40

_SIGNS = re.compile(r"[\\^$.|?*+()\[\]{}]")
# Escapes that can stand for a capital letter: \x41, \u0041, \N{...}, \101.
_CODED = re.compile(r"\\[xuUN0-9]")
_COMPARISON = re.compile(
    rf"(?P<prefix>tag:|col:)?(?:(?P<quoted>{QUOTED})|(?P<bare>[^\s\"'()\[\]{{}}|!=<>~\\^$*?]+))"
    r"(?P<op>==|!=|<=|>=|=|~|<|>)",
    re.DOTALL,
)


def parse(text: str, columns: Sequence[Column], tag_keys: Collection[str] = frozenset()) -> Query:
    """See `ssmtui.core.query.parse`."""
    return _Parser(text, columns, tag_keys).query()


class _Parser(Scanner):
    """Recursive descent over the text."""

    def __init__(self, text: str, columns: Sequence[Column], tag_keys: Collection[str]) -> None:
        super().__init__(text)
        self.depth = 0
        self.by_id = {column.id.lower(): column for column in columns}
        self.has_tags = any(column.kind is Kind.TAGS for column in columns)
        self.tag_keys = {key.lower() for key in tag_keys}
        self.scopes: list[str] = []
        self.words = False
        self.columns: set[str] = set()
        self.tags: set[str] = set()
        self.ambiguous: dict[str, None] = {}
        self.hints: dict[str, None] = {}
        self.expressions: list[Expression] = []

    def query(self) -> Query:
        term = self.expression()
        if self.at < len(self.text):
            raise QueryError("this ) closes nothing", self.at)
        return Query(
            text=self.text.strip(),
            term=term,
            scopes=tuple(dict.fromkeys(self.scopes)),
            words=self.words,
            columns=frozenset(self.columns),
            tags=frozenset(self.tags),
            ambiguous=tuple(self.ambiguous),
            hints=tuple(self.hints),
            expressions=tuple(self.expressions),
        )

    # -- the grammar

    def expression(self) -> Term:
        terms: list[Term] = []
        while self.skip_space() not in ("", ")"):
            if self.peek() == "@" and self.depth == 0:
                self.scope()
            else:
                terms.append(self.alternatives())
        return terms[0] if len(terms) == 1 else AllOf(tuple(terms))

    def alternatives(self) -> Term:
        terms = [self.term()]
        while self.skip_space() == "|":
            bar = self.at
            self.at += 1
            if self.skip_space() in ("", ")", "|"):
                raise QueryError("nothing follows this |", bar)
            terms.append(self.term())
            self.check_bar(bar, terms[-2], terms[-1])
        return terms[0] if len(terms) == 1 else AnyOf(tuple(terms))

    def check_bar(self, bar: int, left: Term, right: Term) -> None:
        """`Env=a|b` means a list nearly always: ask rather than search for the word b."""
        touching = not self.text[bar - 1].isspace() and not self.text[bar + 1].isspace()
        left = left.term if isinstance(left, Not) else left
        compared = isinstance(left, Compare | TagOrColumn)
        if touching and compared and isinstance(right, Literal | Pattern):
            raise QueryError(
                "after a comparison this | is not clear",
                bar,
                "Write a list of values with commas (Env=a,b), or put spaces round the |",
            )

    def term(self) -> Term:
        denied = False
        while self.peek() == "!":
            denied = not denied
            self.at += 1
        term = self.positive()
        return Not(term) if denied else term

    def positive(self) -> Term:
        start, character = self.at, self.peek()
        if character in ("", ")") or character.isspace():
            raise QueryError("a term is missing", min(start, max(len(self.text) - 1, 0)))
        if character == "@":
            raise QueryError(
                "a scope narrows the whole filter",
                start,
                f"Write {self.bare_text()} apart from ! | and ( )",
            )
        if character == "|":
            raise QueryError("nothing stands before this |", start)
        if character == "(":
            return self.group()
        if self.text.startswith(("-f", "-l"), start) and self.ends_at(start + 2):
            return self.flag()
        if match := _COMPARISON.match(self.text, start):
            return self.comparison(match)
        if character in "=<>~":
            raise QueryError(
                f"nothing stands before this {character}",
                start,
                f"Write key{character}value without spaces",
            )
        return self.word()

    def group(self) -> Term:
        start = self.at
        self.depth += 1
        if self.depth > _DEEPEST:
            raise QueryError("too many ( inside each other", start)
        self.at += 1
        if self.skip_space() == ")":
            raise QueryError("there is nothing between these ( )", start)
        term = self.expression()
        if self.peek() != ")":
            raise QueryError("this ( is not closed", start)
        self.at += 1
        self.depth -= 1
        if not self.ends_at(self.at) and self.peek() not in ")|":
            raise QueryError(
                "a space is missing after this )",
                self.at - 1,
                'To use ( ) inside a regular expression, quote it: "(web|api)-01"',
            )
        return term

    def flag(self) -> Term:
        """k9s's `-f word` (fuzzy) and `-l key=value,key!=value` (labels, here tags)."""
        flag, start = self.text[self.at : self.at + 2], self.at
        self.at += 2
        if self.skip_space() in ("", ")", "|"):
            wanted = "a word" if flag == "-f" else "key=value"
            raise QueryError(f"{flag} wants {wanted} behind it", start)
        return self.fuzzy() if flag == "-f" else self.labels()

    def fuzzy(self) -> Term:
        self.words = True
        start = self.at
        word = self.quoted(raw=False) if self.peek() in "\"'" else self.bare_text()
        self.at_end_of_quoted()
        if not word:
            raise QueryError("there is nothing between these quotes", start)
        # Anchored at the start of a cell, each letter is taken where it first occurs: linear.
        parts = (f"[^{re.escape(letter)}\n]*+{re.escape(letter)}" for letter in word)
        letters = Expression("^" + "".join(parts), re.MULTILINE, linear=True)
        return Pattern(letters, word.lower() == word)

    def labels(self) -> Term:
        start = self.at
        selector = self.bare_text()
        terms: list[Term] = []
        for part in selector.split(","):
            key, op, value = _split_label(part)
            if not key:
                raise QueryError(
                    "-l wants tags as key=value", start, "For example -l Env=prod,Team!=data"
                )
            if "(" in part:
                raise self.unclosed(start + part.index("("))
            tag = self.tag_key("tag:", key, start)
            item = Item((value,) if value else (), start)
            term = Compare(tag.column, key, equal_to_any(tag, [item]), not value)
            terms.append(Not(term) if op == "!=" else term)
            start += len(part) + 1
        return terms[0] if len(terms) == 1 else AllOf(tuple(terms))

    def scope(self) -> None:
        start = self.at
        self.at += 1
        names = self.quoted(raw=False) if self.peek() in ('"', "'") else self.bare_text()
        self.at_end_of_quoted()
        for name in names.split(","):
            if not name:
                raise QueryError("@ wants a profile, an account or a Region behind it", start)
            self.scopes.append(name)

    # -- comparisons

    def comparison(self, match: re.Match[str]) -> Term:
        op = match["op"]
        name = match["bare"] if match["bare"] is not None else unquote(match["quoted"])
        keys = self.resolve(match["prefix"], name, self.at)
        self.at = match.end()
        if op == "~":
            build = self.regex()
        elif op in ORDERS:
            build = self.order(op, match.start("op"))
        else:
            build = self.equality()
        first, *tag = [build(key) for key in keys]
        term = TagOrColumn(tag[0], first) if tag else first
        return Not(term) if op == "!=" else term

    def equality(self) -> Callable[[Key], Compare]:
        items = self.items()
        nothing = any(not item.pieces for item in items)
        exact = items[0].text if len(items) == 1 and not items[0].is_glob else None
        return lambda key: Compare(
            key.column, key.tag, equal_to_any(key, items), nothing, None if nothing else exact
        )

    def order(self, op: str, position: int) -> Callable[[Key], Compare]:
        first, *more = self.items()
        if more:
            raise QueryError(f"{op} takes one value", more[0].position - 1)
        if not first.pieces:
            raise QueryError(f"nothing follows this {op}", position)
        if first.is_glob:
            raise QueryError(f"* means nothing after {op}", first.position)
        return lambda key: Compare(key.column, key.tag, ordered(key, op, first), False)

    def regex(self) -> Callable[[Key], Compare]:
        source, position = self.pattern(stop_at_bar=False)
        if not source:
            raise QueryError("nothing follows this ~", self.at - 1)
        regex = self.compiled(source, position, 0 if has_capital(source) else re.IGNORECASE)
        return lambda key: Compare(key.column, key.tag, found_by(key, regex), False)

    def resolve(self, prefix: str | None, name: str, position: int) -> list[Key]:
        """What a key means: a column, else a tag.

        Column ids are found in any case, tags in their own. So a plain key in other letters than
        the id (`Role`, and the column is `role`) may also be a tag: then it is the second key.
        """
        column = self.by_id.get(name.lower()) if prefix != "tag:" else None
        if column is None:
            return [self.tag_key(prefix, name, position)]
        self.columns.add(column.id)
        keys = [Key(column.id, column.kind, position, column.id)]
        if prefix is None and name.lower() in self.tag_keys:
            self.ambiguous[name] = None
        if prefix is None and name != column.id and self.has_tags:
            keys.append(self.tag_key("tag:", name, position))
        return keys

    def tag_key(self, prefix: str | None, name: str, position: int) -> Key:
        if prefix == "col:" or not self.has_tags:
            remedy = did_you_mean(name, self.by_id, otherwise=f"There are {', '.join(self.by_id)}")
            raise QueryError(f"there is no column {name}", position, remedy)
        if not name:
            raise QueryError("a tag's key is missing", position)
        # Most tags are tags: only one that comes very near is worth a word.
        alike = near(name, self.by_id, likeness=0.7)
        if prefix is None and alike and name.lower() not in self.tag_keys:
            self.hints[f"{name} is taken as a tag; the column is called {alike[0]}"] = None
        self.tags.add(name)
        column = self.tags_column()
        self.columns.add(column)
        return Key(f"tag:{name}" if prefix else name, Kind.TEXT, position, column, name)

    def tags_column(self) -> str:
        return next(column.id for column in self.by_id.values() if column.kind is Kind.TAGS)

    def word(self) -> Term:
        self.words = True
        source, position = self.pattern(stop_at_bar=True)
        # k9s's own prompt puts a slash before the word.
        if source.startswith("/") and source.count("/") == 1 and len(source) > 1:
            source, position = source[1:], position + 1
        if not source:
            raise QueryError("there is nothing between these quotes", self.at - 1)
        if not _SIGNS.search(source):
            return Literal(source, exact=source.lower() != source)
        if has_capital(source):
            return Pattern(self.compiled(source, position, re.MULTILINE), folded=False)
        if _CODED.search(source):
            regex = self.compiled(source, position, re.MULTILINE | re.IGNORECASE)
            return Pattern(regex, folded=False)
        # Much faster than to ignore case: the text is there in lower case.
        return Pattern(self.compiled(source, position, re.MULTILINE), folded=True)

    def compiled(self, source: str, position: int, flags: int) -> Expression:
        try:
            expression = Expression(source, flags)
        except re.error as error:
            remedy = "Write name=*web* for a glob" if source.startswith("*") else ""
            at = position + (error.pos or 0)
            what = f"“{source}” is no regular expression: {error.msg}"
            raise QueryError(what, at, remedy) from None
        except (OverflowError, RecursionError):
            raise QueryError("the regular expression is too large", position) from None
        self.expressions.append(expression)
        return expression


def _split_label(part: str) -> tuple[str, str, str]:
    for op in ("!=", "==", "="):
        key, found, value = part.partition(op)
        if found:
            return key, op, value
    return "", "", ""
