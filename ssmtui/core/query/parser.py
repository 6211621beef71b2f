"""From the text of a filter to its terms."""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection, Sequence
from difflib import get_close_matches

from ssmtui.core.columns import Column, Kind
from ssmtui.core.query.errors import QueryError
from ssmtui.core.query.query import Query
from ssmtui.core.query.scanner import QUOTED, Scanner, unquote
from ssmtui.core.query.terms import AllOf, AnyOf, Compare, Literal, Not, Pattern, Term, Test
from ssmtui.core.query.values import ORDERS, Item, Key, TestAt, equal_to_any, ordered

# Deeper nesting than anybody reads, and far from Python's own limit.
_DEEPEST = 40

_SIGNS = re.compile(r"[\\^$.|?*+()\[\]{}]")
_ESCAPE = re.compile(r"\\.", re.DOTALL)
# Escapes that can stand for a capital letter: \x41, \u0041, \N{...}, \101.
_CODED = re.compile(r"\\[xuUN0-9]")
_COMPARISON = re.compile(
    rf"(?P<prefix>tag:|col:)?(?:(?P<quoted>{QUOTED})|(?P<bare>[^\s\"'()\[\]{{}}|!=<>~\\^$*?]+))"
    r"(?P<op>==|!=|<=|>=|=|~|<|>)",
    re.DOTALL,
)


def parse(text: str, columns: Sequence[Column], tag_keys: Collection[str] = frozenset()) -> Query:
    """The query that the text asks for, over rows with these columns.

    `tag_keys` are the tag keys known to exist: a plain key that is a column and also one of them
    is listed in `Query.ambiguous`. Raises QueryError.
    """
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
        if touching and isinstance(left, Compare) and isinstance(right, Literal | Pattern):
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
        return Pattern(re.compile("^" + "".join(parts), re.MULTILINE), word.lower() == word)

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
            item = Item((value,) if value else (), start)
            term = self.compare_tag(key, start, [item])
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
        start, op = self.at, match["op"]
        name = match["bare"] if match["bare"] is not None else unquote(match["quoted"])
        self.at = match.end()
        key, tag = self.resolve(match["prefix"], name, start)
        if op == "~":
            return self.compare_regex(key, tag)
        items = self.items()
        if op in ORDERS:
            if len(items) > 1:
                raise QueryError(f"{op} takes one value", items[1].position - 1)
            if not items[0].pieces:
                raise QueryError(f"nothing follows this {op}", match.start("op"))
            if items[0].is_glob:
                raise QueryError(f"* means nothing after {op}", items[0].position)
            return self.compare(key, tag, ordered(key, op, items[0]), absent=False)
        nothing = any(not item.pieces for item in items)
        term = self.compare(key, tag, equal_to_any(key, items), absent=nothing)
        return Not(term) if op == "!=" else term

    def compare(self, key: Key, tag: str | None, test_at: TestAt, *, absent: bool) -> Term:
        column = self.tags_column() if tag is not None else self.by_id[key.name.lower()].id
        self.columns.add(column)
        return Compare(column, tag, test_at, absent)

    def compare_tag(self, name: str, position: int, items: list[Item]) -> Term:
        key, tag = self.resolve("tag:", name, position)
        nothing = any(not item.pieces for item in items)
        return self.compare(key, tag, equal_to_any(key, items), absent=nothing)

    def compare_regex(self, key: Key, tag: str | None) -> Term:
        if key.kind not in (Kind.TEXT, Kind.STATUS, Kind.VERSION, Kind.TAGS):
            raise QueryError(f"{key.name} has no text for ~", key.position, "Use = != < <= > or >=")
        source, position = self.pattern(stop_at_bar=False)
        if not source:
            raise QueryError("nothing follows this ~", self.at - 1)
        regex, folded = _compiled(source, position)
        if folded and not regex.flags & re.IGNORECASE:
            regex = re.compile(regex.pattern, regex.flags | re.IGNORECASE)
        search = regex.search

        def text(value: str) -> bool:
            return search(value) is not None

        def pairs(value: dict[str, str]) -> bool:
            return any(search(f"{name}={value[name]}") for name in value)

        test: Test = pairs if key.kind is Kind.TAGS else text
        return self.compare(key, tag, lambda _now: test, absent=False)

    def resolve(self, prefix: str | None, name: str, position: int) -> tuple[Key, str | None]:
        """The column or the tag that a key means; with neither prefix a column comes first."""
        column = self.by_id.get(name.lower()) if prefix != "tag:" else None
        if column is not None:
            if prefix is None and name.lower() in self.tag_keys:
                self.ambiguous[name] = None
            return Key(column.id, column.kind, position), None
        near = get_close_matches(name.lower(), self.by_id, n=1, cutoff=0.7)
        if prefix == "col:" or not self.has_tags:
            remedy = f"Write {near[0]}" if near else f"There are {', '.join(self.by_id)}"
            raise QueryError(f"there is no column {name}", position, remedy)
        if not name:
            raise QueryError("a tag's key is missing", position)
        if prefix is None and near and name.lower() not in self.tag_keys:
            self.hints[f"{name} is taken as a tag; the column is called {near[0]}"] = None
        self.tags.add(name)
        return Key(f"tag:{name}" if prefix else name, Kind.TEXT, position), name

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
        return Pattern(*_compiled(source, position))


def _compiled(source: str, position: int) -> tuple[re.Pattern[str], bool]:
    """The regular expression, and whether it is for the lower-cased text: it has no capital."""
    folded = (bare := _ESCAPE.sub("", source)).lower() == bare
    coded = _CODED.search(source) is not None
    flags = re.MULTILINE | (re.IGNORECASE if folded and coded else 0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "possible nested set": theirs to write
            return re.compile(source, flags), folded and not coded
    except re.error as error:
        remedy = "Write name=*web* for a glob" if source.startswith("*") else ""
        at = position + (error.pos or 0)
        raise QueryError(f"“{source}” is no regular expression: {error.msg}", at, remedy) from None
    except (OverflowError, RecursionError):
        raise QueryError("the regular expression is too large", position) from None


def _split_label(part: str) -> tuple[str, str, str]:
    for op in ("!=", "==", "="):
        key, found, value = part.partition(op)
        if found:
            return key, op, value
    return "", "", ""
