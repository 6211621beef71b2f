"""The text of a script as operators and words; what stands between quotes is read here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ssmtui.simulator.shell.bash.syntax import (
    Arithmetic,
    Incomplete,
    Parameter,
    Part,
    Program,
    ShellSyntaxError,
    Substitution,
    Text,
    Word,
)

OPERATORS = (
    "&>>", "<<<", "<<-", ";;&", "&&", "||", ";;", ";&", ">>", "<<", ">&", "<&", "<>", ">|", "&>",
    ";", "&", "|", "<", ">", "(", ")",
)  # fmt: skip
_PARAMETER_OPERATORS: tuple[str, ...] = (
    ":-", ":=", ":+", ":?", "##", "%%", "//", "^^", ",,", *"-=+?#%/:^,",
)  # fmt: skip
_META = frozenset(" \t\n;&|<>()")
_SPECIAL = frozenset("?$!#@*-0123456789")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
NAME = _LETTERS | frozenset("0123456789")
DEEPEST = 24  # nested constructs in one script
LONGEST = 1 << 20

_ESCAPES = {
    "n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b",
    "E": "\x1b", "\\": "\\", "'": "'", '"': '"', "?": "?",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is op, word, number (before a redirection), newline or end."""

    kind: str
    text: str
    word: Word = ()
    start: int = 0
    line: int = 1

    def is_op(self, *operators: str) -> bool:
        return self.kind == "op" and self.text in operators


@dataclass(slots=True)
class _HereDocument:
    delimiter: str
    quoted: bool
    strip_tabs: bool
    fill: Callable[[Word], None]


class Scanner:
    """One text, read once from the left. `nested(scanner)` parses up to the ")" of `$(`."""

    def __init__(self, text: str, nested: Callable[[Scanner], Program]) -> None:
        if len(text) > LONGEST:
            raise ShellSyntaxError("script too long")
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.line = 1
        self.depth = 0
        self._nested = nested
        self._peeked: Token | None = None
        self._pending: list[_HereDocument] = []

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ShellSyntaxError("maximum nesting level exceeded")

    # Tokens.

    def peek(self) -> Token:
        if self._peeked is None:
            self._peeked = self._scan()
        return self._peeked

    def next(self) -> Token:
        token = self.peek()
        self._peeked = None
        return token

    def rewind(self, token: Token) -> None:
        """Read on from the start of a token that is the one peeked at."""
        self.at, self._peeked = token.start, None

    def here_document(
        self, delimiter: Word, strip_tabs: bool, fill: Callable[[Word], None]
    ) -> None:
        """One whose body begins after this line."""
        text = "".join(part.text for part in delimiter if isinstance(part, Text))
        quoted = any(part.quoted for part in delimiter)
        self._pending.append(_HereDocument(text, quoted, strip_tabs, fill))

    def _scan(self) -> Token:
        text = self.text
        while self.at < len(text):
            if text[self.at] in " \t":
                self.at += 1
            elif text.startswith("\\\n", self.at):
                self.at += 2
                self.line += 1
            elif text[self.at] == "#":
                end = text.find("\n", self.at)
                self.at = len(text) if end < 0 else end
            else:
                break
        start, line = self.at, self.line
        if start >= len(text):
            self._end_of_text()
            return Token("end", "newline", start=start, line=line)
        if text[start] == "\n":
            self.at += 1
            self.line += 1
            self._read_here_documents()
            return Token("newline", "newline", start=start, line=line)
        for operator in OPERATORS:
            if text.startswith(operator, start):
                self.at += len(operator)
                return Token("op", operator, start=start, line=line)
        word = self._word()
        raw = text[start : self.at]
        if (
            raw.isascii()
            and raw.isdigit()
            and len(raw) < 4
            and text[self.at : self.at + 1]
            in (
                "<",
                ">",
            )
        ):
            return Token("number", raw, start=start, line=line)
        return Token("word", raw, word, start, line)

    def _end_of_text(self) -> None:
        for waiting in self._pending:  # bash takes what there is, with a warning
            waiting.fill(())
        self._pending.clear()

    # Here-documents.

    def _read_here_documents(self) -> None:
        pending, self._pending = self._pending, []
        for document in pending:
            document.fill(self._here_body(document))

    def _here_body(self, document: _HereDocument) -> Word:
        lines = []
        while True:
            if self.at >= len(self.text):
                raise Incomplete("here-document is not delimited")
            end = self.text.find("\n", self.at)
            end = len(self.text) if end < 0 else end
            line = self.text[self.at : end]
            self.at = min(end + 1, len(self.text))
            self.line += 1
            if document.strip_tabs:
                line = line.lstrip("\t")
            if line == document.delimiter:
                break
            lines.append(line + "\n")
        body = "".join(lines)
        return (Text(body, quoted=True),) if document.quoted else self._text_word(body)

    def _text_word(self, body: str) -> Word:
        """A text in which only $, ` and \\ mean something."""
        inner = Scanner(body, self._nested)
        inner.depth = self.depth
        inner.deeper()
        return tuple(inner._double_quoted(end=""))

    # Words.

    def _word(self) -> Word:
        parts: list[Part] = []
        plain: list[str] = []

        def flush() -> None:
            if plain:
                parts.append(Text("".join(plain)))
                plain.clear()

        while self.at < len(self.text):
            char = self.text[self.at]
            if char in _META:
                break
            if char not in "\\'\"`$":
                plain.append(char)
                self.at += 1
                continue
            part = self._special_part(char)
            if part is None:
                plain.append("$")
                continue
            flush()
            parts += part
        flush()
        return tuple(parts)

    def _special_part(self, char: str) -> list[Part] | None:
        """What begins with a quote, a backslash or a dollar; None for a "$" that is just one."""
        self.at += 1
        if char == "\\":
            escaped = self._take()
            return [] if escaped == "\n" else [Text(escaped or "\\", quoted=True)]
        if char == "'":
            return [Text(self._until("'"), quoted=True)]
        if char == '"':
            return [Text("", quoted=True), *self._double_quoted()]
        if char == "`":
            return [self._backquoted(quoted=False)]
        if self.text.startswith("'", self.at):
            self.at += 1
            return [Text(self._ansi_quoted(), quoted=True)]
        if self.text.startswith('"', self.at):
            self.at += 1
            return [Text("", quoted=True), *self._double_quoted()]
        part = self._dollar(quoted=False)
        return None if part is None else [part]

    def _take(self) -> str:
        char = self.text[self.at : self.at + 1]
        self.at += 1
        if char == "\n":
            self.line += 1
        return char

    def _until(self, end: str) -> str:
        found = self.text.find(end, self.at)
        if found < 0:
            raise Incomplete(f"unexpected EOF while looking for matching `{end}'")
        text = self.text[self.at : found]
        self.at = found + len(end)
        self.line += text.count("\n")
        return text

    def _double_quoted(self, end: str = '"') -> list[Part]:
        parts: list[Part] = []
        plain: list[str] = []
        while True:
            if self.at >= len(self.text):
                if end:
                    raise Incomplete(f"unexpected EOF while looking for matching `{end}'")
                break
            char = self._take()
            if char == end:
                break
            if char == "\\":
                plain.append(self._escaped_in_quotes(end))
            elif char in "$`":
                part = self._backquoted(True) if char == "`" else self._dollar(quoted=True)
                if part is None:
                    plain.append("$")
                else:
                    parts += [Text("".join(plain), quoted=True), part]
                    plain.clear()
            else:
                plain.append(char)
        parts.append(Text("".join(plain), quoted=True))
        return parts

    def _escaped_in_quotes(self, end: str) -> str:
        char = self._take()
        if char == "\n":
            return ""
        return char if char and char in f"$`\\{end}" else "\\" + char

    def _ansi_quoted(self) -> str:
        made: list[str] = []
        while True:
            char = self._take()
            if not char:
                raise Incomplete("unexpected EOF while looking for matching `''")
            if char == "'":
                return "".join(made)
            if char != "\\":
                made.append(char)
                continue
            piece, used = ansi_escape(self.text[self.at : self.at + 10])
            made.append(piece)
            self.at += used

    def _backquoted(self, quoted: bool) -> Part:
        inner: list[str] = []
        while True:
            char = self._take()
            if not char:
                raise Incomplete("unexpected EOF while looking for matching ``'")
            if char == "`":
                break
            if char == "\\" and self.text[self.at : self.at + 1] in ("`", "\\", "$"):
                char = self._take()
            inner.append(char)
        scanner = Scanner("".join(inner) + ")", self._nested)
        scanner.depth = self.depth
        scanner.deeper()
        return Substitution(self._nested(scanner), quoted)

    # Dollars.

    def _dollar(self, *, quoted: bool) -> Part | None:
        text = self.text
        if text.startswith("((", self.at) and (part := self._arithmetic(quoted)) is not None:
            return part
        char = text[self.at : self.at + 1]
        if char == "(":
            self.at += 1
            self.deeper()
            program = self._nested(self)
            self.depth -= 1
            return Substitution(program, quoted)
        if char == "{":
            self.at += 1
            return self._braced(quoted)
        if char and char in _SPECIAL:
            self.at += 1
            return Parameter(char, quoted)
        name = self._name()
        return Parameter(name, quoted) if name else None

    def _arithmetic(self, quoted: bool) -> Part | None:
        """`$((...))`; None if the brackets close differently: then it is a subshell in `$(`."""
        inner = self.balanced(self.at + 2)
        if inner is None:
            return None
        self.at += len(inner) + 4
        self.line += inner.count("\n")
        return Arithmetic(self._text_word(inner), quoted)

    def balanced(self, start: int) -> str | None:
        """The text from there up to the "))" that closes it."""
        depth = 0
        for at in range(start, len(self.text)):
            char = self.text[at]
            if char == "(":
                depth += 1
            elif char == ")":
                if depth == 0:
                    return self.text[start:at] if self.text.startswith("))", at) else None
                depth -= 1
        return None

    def text_word(self, body: str) -> Word:
        return self._text_word(body)

    def _name(self) -> str:
        start = self.at
        if self.text[start : start + 1] in _LETTERS:
            while self.at < len(self.text) and self.text[self.at] in NAME:
                self.at += 1
        return self.text[start : self.at]

    def _braced(self, quoted: bool) -> Part:
        start = self.at
        length = self.text.startswith("#", self.at) and not self.text.startswith("#}", self.at)
        self.at += length
        name = self._name()
        if not name:
            name = self.text[self.at : self.at + 1]
            if name not in _SPECIAL:
                raise self._bad_substitution(start)
            self.at += 1
            while name.isdigit() and self.text[self.at : self.at + 1].isdigit():
                name += self._take()
        op = self._operator()
        self.deeper()
        word = self._braced_word(op, quoted)
        second: Word = ()
        if op in ("/", "//", ":") and self.text.startswith("/" if op[0] == "/" else ":", self.at):
            self.at += 1
            second = self._braced_word("", quoted)
        self.depth -= 1
        if self.at >= len(self.text):
            raise Incomplete("unexpected EOF while looking for matching `}'")
        if self._take() != "}" or (length and op) or (word and not op):
            raise self._bad_substitution(start)
        return Parameter(name, quoted, op, word, second, length)

    def _operator(self) -> str:
        for op in _PARAMETER_OPERATORS:
            if self.text.startswith(op, self.at):
                self.at += len(op)
                return op
        return ""

    def _braced_word(self, op: str, quoted: bool) -> Word:
        """Up to the "}", or what separates a pattern from its replacement."""
        stops = {"/": "}/", "//": "}/", ":": "}:"}.get(op, "}")
        parts: list[Part] = []
        while self.at < len(self.text) and self.text[self.at] not in stops:
            char = self.text[self.at]
            if char not in "\\'\"`$" or (quoted and char == "'"):
                parts.append(Text(self._take(), quoted))
                continue
            part = self._special_part(char)
            parts += [Text("$", quoted)] if part is None else part
        return tuple(parts)

    def _bad_substitution(self, start: int) -> ShellSyntaxError:
        end = self.text.find("}", start)
        return ShellSyntaxError(f"${{{self.text[start : end + 1]}: bad substitution")


def ansi_escape(text: str) -> tuple[str, int]:
    """The escape of $'...', echo -e and printf that begins after a backslash: what it stands for,
    and how many characters it takes.
    """
    first = text[:1]
    if first in _ESCAPES:
        return _ESCAPES[first], 1
    for letter, base, most in (("x", 16, 2), ("u", 16, 4), ("U", 16, 8)):
        if first == letter:
            digits = _digits(text[1 : 1 + most], base)
            code = int(digits, 16) if digits else 0
            return (chr(code) if digits and code < 0x110000 else "\\" + letter), 1 + len(digits)
    octal = _digits(text[:3], 8)
    if octal:
        return chr(int(octal, 8) & 0xFF), len(octal)
    return "\\" + first, len(first)


def _digits(text: str, base: int) -> str:
    allowed = "0123456789abcdefABCDEF" if base == 16 else "01234567"
    count = 0
    while count < len(text) and text[count] in allowed:
        count += 1
    return text[:count]
