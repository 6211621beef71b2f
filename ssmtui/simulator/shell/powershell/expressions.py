"""PowerShell's expressions: operators, literals, texts with variables in them."""

from __future__ import annotations

from ssmtui.simulator.shell.powershell.reader import LETTERS, NAME, Reader, is_number, number_of
from ssmtui.simulator.shell.powershell.syntax import (
    Binary,
    Block,
    Expression,
    Incomplete,
    Index,
    Interpolated,
    Items,
    Literal,
    Member,
    Nested,
    ParseError,
    Pipeline,
    Script,
    Static,
    Table,
    Unary,
    Variable,
)

_OPERATORS = (
    ("-and", "-or", "-xor"),
    ("-eq", "-ne", "-gt", "-ge", "-lt", "-le", "-like", "-notlike", "-match", "-notmatch",
     "-contains", "-notcontains", "-in", "-notin", "-replace", "-split", "-join", "-is", "-isnot",
     "-ceq", "-cne", "-ieq", "-ine", "-imatch", "-cmatch", "-f", "-as"),
    ("+", "-"),
    ("*", "/", "%"),
    ("..",),
)  # fmt: skip
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v",
            "e": "\x1b"}  # fmt: skip


class ExpressionParser(Reader):
    """What stands within brackets and braces are statements again: `script` and `pipeline` are
    the statements' parser's.
    """

    def script(self, end: str) -> Script:
        raise NotImplementedError

    def pipeline(self) -> Pipeline:
        raise NotImplementedError

    def _sign_ahead(self) -> bool:
        return self._peek() in "+-" and self._text[self._at + 1 : self._at + 2].isdigit()

    def _expression(self, level: int) -> Expression:
        if level == len(_OPERATORS):
            return self._unary()
        self._deeper()
        left = self._expression(level + 1)
        self._depth -= 1
        if level == len(_OPERATORS) - 1:
            left = self._items(left)
        while True:
            before = self._at
            self._skip()
            operator = self._operator(_OPERATORS[level])
            if not operator:
                self._at = before
                return left
            self._skip(lines=True)
            left = Binary(operator, left, self._expression(level + 1))

    def _items(self, first: Expression) -> Expression:
        items = [first]
        while True:
            before = self._at
            self._skip()
            if self._peek() != ",":
                self._at = before
                break
            self._at += 1
            self._skip(lines=True)
            items.append(self._unary())
        return first if len(items) == 1 else Items(tuple(items))

    def _operator(self, operators: tuple[str, ...]) -> str:
        for operator in operators:
            end = self._at + len(operator)
            found = self._text[self._at : end].lower() == operator
            following = self._text[end : end + 1]
            joined = (operator[-1] in NAME and following in NAME) or (
                operator in ("+", "-") and following in LETTERS  # -eq is no minus
            )
            if found and not (following and joined):
                self._at = end
                return operator
        return ""

    def _unary(self) -> Expression:
        self._deeper()
        self._skip()
        operator = self._operator(("-not", "-join", "-split", "!"))
        if not operator and self._peek() in ("-", "+") and not self._sign_ahead():
            operator = self._take()
        if operator:
            found: Expression = Unary(operator, self._unary())
        else:
            found = self._postfix(self._primary())
        self._depth -= 1
        return found

    def _postfix(self, found: Expression) -> Expression:
        for _ in range(100):
            if (
                self._peek() == "."
                and self._text[self._at + 1 : self._at + 2] in LETTERS
                and (self._text[self._at + 1 : self._at + 2])
            ):
                self._at += 1
                found = Member(found, *self._member())
            elif self._peek() == "[" and _indexable(found):
                self._at += 1
                self._skip(lines=True)
                at = self._expression(0)
                self._skip(lines=True)
                if self._peek() != "]":
                    raise self._unexpected() if self._peek() else Incomplete("Missing ']'.")
                self._at += 1
                found = Index(found, at)
            else:
                return found
        raise ParseError("The expression is too long.")

    def _member(self) -> tuple[str, tuple[Expression, ...] | None]:
        start = self._at
        while self._peek() and self._peek() in NAME:
            self._at += 1
        name = self._text[start : self._at]
        if self._peek() != "(":
            return name, None
        self._at += 1
        arguments: list[Expression] = []
        self._skip(lines=True)
        while self._peek() != ")":
            if not self._peek():
                raise Incomplete("Missing ')' in method call.")
            self._deeper()
            value = self._expression(0)
            self._depth -= 1
            arguments += value.items if isinstance(value, Items) else (value,)
            self._skip(lines=True)
            if self._peek() not in (",", ")"):
                raise self._unexpected() if self._peek() else Incomplete("Missing ')'.")
            self._at += self._peek() == ","
        self._at += 1
        return name, tuple(arguments)

    def _primary(self) -> Expression:
        char = self._peek()
        if char == "$":
            return self._dollar()
        if char == '"':
            self._at += 1
            return self._double_quoted()
        if char == "'":
            self._at += 1
            return Literal(self._single_quoted())
        if char == "(":
            self._at += 1
            return Nested(self.script(")"))
        if char == "@":
            return self._at_sign()
        if char == "{":
            start = self._at
            self._at += 1
            body = self.script("}")
            return Block(body, self._text[start + 1 : self._at - 1].strip())
        if char == "[":
            return self._type()
        if char and (char.isdigit() or self._sign_ahead()):
            return Literal(self._number())
        raise self._unexpected() if char else Incomplete("Missing expression.")

    def _number(self) -> int | float:
        start = self._at
        self._at += self._peek() in "+-"
        while self._peek().isalnum() or (
            self._peek() == "." and self._text[self._at + 1 : self._at + 2].isdigit()
        ):
            self._at += 1
        word = self._text[start : self._at]
        if not is_number(word):
            raise ParseError(f"Bad numeric constant: {word[:100]}.")
        return number_of(word)

    def _type(self) -> Expression:
        """`[type]::member`, or a cast."""
        end = self._text.find("]", self._at)
        if end < 0:
            raise Incomplete("Missing ']' at end of type.")
        kind = self._text[self._at + 1 : end].lower().removeprefix("system.")
        self._at = end + 1
        if self._text.startswith("::", self._at):
            self._at += 2
            return Static(kind, *self._member())
        if self._peek() and self._peek() in "$\"'(@[{+-0123456789":
            return Binary("cast", Literal(kind), self._unary())
        return Literal(f"[{kind}]")

    def _at_sign(self) -> Expression:
        following = self._text[self._at + 1 : self._at + 2]
        if following == "(":
            self._at += 2
            return Nested(self.script(")"), always_list=True)
        if following == "{":
            self._at += 2
            return self._table()
        if following and following in "\"'":
            return self._here_string(following)
        raise self._unexpected()

    def _here_string(self, quote: str) -> Expression:
        start = self._text.find("\n", self._at)
        end = self._text.find(f"\n{quote}@", max(start, 0))
        if start < 0 or end < 0:
            raise Incomplete("The string is missing the terminator.")
        body = self._text[start + 1 : end]
        self._at = end + 3
        return Literal(body) if quote == "'" else self._interpolate(body)

    def _table(self) -> Expression:
        entries: list[tuple[Expression, Expression]] = []
        while True:
            self._skip(lines=True, more=";")
            if not self._peek():
                raise Incomplete("Missing closing '}' in hash literal.")
            if self._peek() == "}":
                self._at += 1
                return Table(tuple(entries))
            quoted = self._peek() in "\"'$("
            key = self._primary() if quoted else Literal(self._table_key())
            self._skip(lines=True)
            if self._peek() != "=":
                raise self._unexpected() if self._peek() else Incomplete("Missing '='.")
            self._at += 1
            self._skip(lines=True)
            self._deeper()
            entries.append((key, Nested((self.pipeline(),))))
            self._depth -= 1

    def _table_key(self) -> str:
        start = self._at
        while self._peek() and self._peek() in NAME:
            self._at += 1
        if start == self._at:
            raise self._unexpected()
        return self._text[start : self._at]

    def _dollar(self) -> Expression:
        self._at += 1
        char = self._peek()
        if char == "(":
            self._at += 1
            return Nested(self.script(")"))
        if char == "{":
            end = self._text.find("}", self._at)
            if end < 0:
                raise Incomplete("Missing closing '}' in variable name.")
            name = self._text[self._at + 1 : end]
            self._at = end + 1
            return Variable(name.casefold())
        if char and char in "?^$":
            self._at += 1
            return Variable(char)
        start = self._at
        while self._peek() and self._peek() in NAME:
            self._at += 1
        following = self._text[self._at + 1 : self._at + 2]
        if self._peek() == ":" and following and following in NAME:
            self._at += 1
            while self._peek() and self._peek() in NAME:
                self._at += 1
        name = self._text[start : self._at]
        return Variable(name.casefold()) if name else Literal("$")

    def _single_quoted(self) -> str:
        made = []
        while True:
            end = self._text.find("'", self._at)
            if end < 0:
                raise Incomplete("The string is missing the terminator: '.")
            made.append(self._text[self._at : end])
            self._at = end + 1
            if self._peek() != "'":
                return "'".join(made)
            self._at += 1

    def _double_quoted(self) -> Expression:
        self._deeper()
        parts: list[Expression] = []
        plain: list[str] = []
        while True:
            char = self._take()
            if not char:
                raise Incomplete('The string is missing the terminator: ".')
            if char == '"':
                if self._peek() != '"':
                    break
                plain.append(self._take())
            elif char == "`":
                escaped = self._take()
                plain.append(_ESCAPES.get(escaped, escaped))
            elif char == "$":
                self._at -= 1
                parts += [Literal("".join(plain)), self._dollar()]
                plain = []
            else:
                plain.append(char)
        self._depth -= 1
        if not parts:
            return Literal("".join(plain))
        return Interpolated((*parts, Literal("".join(plain))))

    def _interpolate(self, text: str) -> Expression:
        """A bare word or a here-string with variables in it."""
        inner = type(self)(text.replace('"', '""') + '"')
        inner._depth = self._depth
        return inner._double_quoted()


def _indexable(found: Expression) -> bool:
    """Whether a "[" behind it asks for an item: not behind a number or a type."""
    if not isinstance(found, Literal):
        return True
    return isinstance(found.value, str) and not found.value.startswith("[")
