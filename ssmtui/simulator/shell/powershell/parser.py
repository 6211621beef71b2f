"""Reads PowerShell: the part of the language that small administrative scripts use."""

from __future__ import annotations

from ssmtui.simulator.shell.powershell.syntax import (
    Argument,
    Assign,
    Binary,
    Block,
    Expression,
    ForEach,
    Function,
    If,
    Incomplete,
    Index,
    Interpolated,
    Invoke,
    Items,
    Jump,
    Literal,
    Member,
    Nested,
    ParseError,
    Pipeline,
    Redirect,
    Script,
    Statement,
    Static,
    Table,
    Try,
    Unary,
    Variable,
    While,
)

LONGEST = 1 << 20
_DEEPEST = 24

_OPERATORS = (
    ("-and", "-or", "-xor"),
    ("-eq", "-ne", "-gt", "-ge", "-lt", "-le", "-like", "-notlike", "-match", "-notmatch",
     "-contains", "-notcontains", "-in", "-notin", "-replace", "-split", "-join", "-is", "-isnot",
     "-ceq", "-cne", "-ieq", "-ine", "-imatch", "-cmatch", "-f", "-as"),
    ("+", "-"),
    ("*", "/", "%"),
    ("..",),
)  # fmt: skip
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_NAME = _LETTERS | frozenset("0123456789")
_ENDS_WORD = frozenset(" \t\r\n;|(){},&<>\"'`")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v",
            "e": "\x1b"}  # fmt: skip
_UNITS = {"kb": 10, "mb": 20, "gb": 30, "tb": 40}


def parse(text: str) -> Script:
    """ParseError, or Incomplete if the text just ends."""
    if len(text) > LONGEST:
        raise ParseError("The script is too long.")
    return _Parser(text).script("")


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._at = 0
        self._depth = 0

    # Statements.

    def script(self, end: str) -> Script:
        """Statements up to a closing character, which is taken too."""
        self._deeper()
        found: list[Statement] = []
        while True:
            self._skip(lines=True, more=";")
            if self._at >= len(self._text):
                if end:
                    raise Incomplete(f"Missing closing '{end}' in statement block.")
                break
            if end and self._text.startswith(end, self._at):
                self._at += len(end)
                break
            found.append(self._statement())
            self._skip()
            following = self._peek()
            if following and following not in ";\n" and not (end and following == end):
                raise self._unexpected()
        self._depth -= 1
        return tuple(found)

    def _statement(self) -> Statement:
        start = self._at
        word = self._word_ahead().lower()
        keyword = {
            "if": self._if, "while": self._while, "foreach": self._foreach, "try": self._try,
            "function": self._function,
        }.get(word)  # fmt: skip
        if keyword is not None and not (word == "foreach" and not self._bracket_after(word)):
            self._at += len(word)
            return keyword()
        if word in ("exit", "return", "throw", "break", "continue"):
            self._at += len(word)
            self._skip()
            value: Script = ()
            if self._peek() and self._peek() not in ";\n}|":
                value = (self._pipeline(),)
            return Jump(word, value)
        if self._peek() == "$" and (assigned := self._assignment()) is not None:
            return assigned
        self._at = start
        return self._pipeline()

    def _bracket_after(self, word: str) -> bool:
        return self._text[self._at + len(word) :].lstrip(" \t\n").startswith("(")

    def _assignment(self) -> Statement | None:
        target = self._postfix(self._primary())
        self._skip()
        for operator in ("+=", "-=", "*=", "="):
            if self._text.startswith(operator, self._at) and isinstance(
                target, Variable | Member | Index
            ):
                self._at += len(operator)
                self._skip(lines=True)
                self._deeper()
                value = self._statement()
                self._depth -= 1
                return Assign(target, operator, value)
        if self._text[self._at : self._at + 2] in ("++", "--") and isinstance(target, Variable):
            operator = self._text[self._at] + "="
            self._at += 2
            return Assign(target, operator, Pipeline((Literal(1),)))
        return None

    def _if(self) -> Statement:
        branches = [(self._bracketed(), self._braced())]
        otherwise = None
        while True:
            before = self._at
            self._skip(lines=True)
            word = self._word_ahead().lower()
            if word == "elseif":
                self._at += len(word)
                branches.append((self._bracketed(), self._braced()))
            elif word == "else":
                self._at += len(word)
                otherwise = self._braced()
                break
            else:
                self._at = before
                break
        return If(tuple(branches), otherwise)

    def _while(self) -> Statement:
        return While(self._bracketed(), self._braced())

    def _foreach(self) -> Statement:
        self._open("(")
        self._skip(lines=True)
        variable = self._primary()
        self._skip(lines=True)
        if not isinstance(variable, Variable) or self._word_ahead().lower() != "in":
            raise ParseError("Missing 'in' after variable in foreach loop.")
        self._at += 2
        return ForEach(variable.name, self.script(")"), self._braced())

    def _try(self) -> Statement:
        body = self._braced()
        catch = last = None
        while True:
            before = self._at
            self._skip(lines=True)
            word = self._word_ahead().lower()
            if word == "catch":
                self._at += len(word)
                self._skip(lines=True)
                while self._peek() == "[":  # the types it is for: we have one
                    self._at = self._text.find("]", self._at) + 1 or len(self._text)
                    self._skip(lines=True)
                catch = self._braced()
            elif word == "finally":
                self._at += len(word)
                last = self._braced()
            else:
                self._at = before
                return Try(body, catch, last)

    def _function(self) -> Statement:
        self._skip()
        name = self._bare_word()
        parameters: list[str] = []
        self._skip(lines=True)
        if self._peek() == "(":
            self._at += 1
            end = self._text.find(")", self._at)
            if end < 0:
                raise Incomplete("Missing ')' in function parameter list.")
            words = self._text[self._at : end].split(",")
            parameters = [word.rpartition("$")[2].strip() for word in words if "$" in word]
            self._at = end + 1
        return Function(name.casefold(), tuple(parameters), self._braced())

    def _bracketed(self) -> Script:
        self._open("(")
        return self.script(")")

    def _braced(self) -> Script:
        self._open("{")
        return self.script("}")

    def _open(self, bracket: str) -> None:
        self._skip(lines=True)
        if not self._peek():
            raise Incomplete(f"Missing '{bracket}'.")
        if self._peek() != bracket:
            raise self._unexpected()
        self._at += 1

    # Pipelines and commands.

    def _pipeline(self) -> Pipeline:
        start = self._at
        stages = [self._stage()]
        while True:
            self._skip()
            if self._peek() != "|":
                break
            self._at += 1
            self._skip(lines=True)
            if self._at >= len(self._text):
                raise Incomplete("An empty pipe element is not allowed.")
            stages.append(self._stage())
        return Pipeline(tuple(stages), self._text[start : self._at].strip())

    def _stage(self) -> Invoke | Expression:
        char = self._peek()
        if char in ("&", ".") and self._text[self._at + 1 : self._at + 2] in (" ", '"', "'", "$"):
            self._at += 1
            self._skip()
            return self._invoke(self._argument_value())
        if char and (char in "$@(\"'[{" or char.isdigit() or self._sign_ahead()):
            return self._expression(0)
        if char in ("-", "!"):
            return self._expression(0)
        if not char or char in ";|)}":
            raise self._unexpected() if char else Incomplete("Missing expression.")
        return self._invoke(Literal(self._bare_word()))

    def _sign_ahead(self) -> bool:
        return self._peek() in "+-" and self._text[self._at + 1 : self._at + 2].isdigit()

    def _invoke(self, name: Expression) -> Invoke:
        start = self._at
        arguments: list[Argument] = []
        redirects: list[Redirect] = []
        while True:
            self._skip()
            char = self._peek()
            if not char or char in ";\n|)}":
                break
            redirect = self._redirect()
            if redirect is not None:
                redirects.append(redirect)
            elif char == "&":
                raise self._unexpected()
            elif char == "-" and self._text[self._at + 1 : self._at + 2] in _LETTERS:
                arguments.append(self._parameter())
            else:
                arguments.append(Argument("", self._argument_list()))
        label = name.value if isinstance(name, Literal) else "&"
        text = f"{label} {self._text[start : self._at].strip()}".strip()
        return Invoke(name, tuple(arguments), tuple(redirects), text)

    def _parameter(self) -> Argument:
        self._at += 1
        start = self._at
        while self._peek() and self._peek() in _NAME:
            self._at += 1
        name = self._text[start : self._at].lower()
        if self._peek() == ":":
            self._at += 1
            self._skip()
            return Argument(name, self._argument_list())
        self._skip()
        return Argument(name, None)

    def _redirect(self) -> Redirect | None:
        for prefix in ("2>>", "2>&1", "2>", "*>>", "*>", "1>", ">>", ">"):
            if not self._text.startswith(prefix, self._at):
                continue
            self._at += len(prefix)
            stream = prefix[0] if prefix[0] in "12*" else "1"
            if prefix == "2>&1":
                return Redirect(stream, None)
            self._skip()
            return Redirect(stream, self._argument_value(), append=">>" in prefix)
        return None

    def _argument_list(self) -> Expression:
        """One argument, which may be several with commas between."""
        items = [self._argument_value()]
        while True:
            before = self._at
            self._skip()
            if self._peek() != ",":
                self._at = before
                break
            self._at += 1
            self._skip(lines=True)
            items.append(self._argument_value())
        return items[0] if len(items) == 1 else Items(tuple(items))

    def _argument_value(self) -> Expression:
        char = self._peek()
        if char and char in "\"'$@({":
            return self._postfix(self._primary())
        word = self._bare_word()
        if _is_number(word):
            return Literal(_number(word))
        return self._interpolate(word) if "$" in word else Literal(word)

    def _bare_word(self) -> str:
        start = self._at
        made = []
        while self._peek() and self._peek() not in _ENDS_WORD:
            made.append(self._peek())
            self._at += 1
        if self._peek() == "`":
            self._at += 1
            made.append(self._take())
            if self._peek() and self._peek() not in _ENDS_WORD:
                self._deeper()
                made.append(self._bare_word())
                self._depth -= 1
        if self._at == start:
            raise self._unexpected() if self._peek() else Incomplete("Missing argument.")
        return "".join(made)

    # Expressions.

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
            joined = (operator[-1] in _NAME and following in _NAME) or (
                operator in ("+", "-") and following in _LETTERS  # -eq is no minus
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
                and self._text[self._at + 1 : self._at + 2] in _LETTERS
                and (self._text[self._at + 1 : self._at + 2])
            ):
                self._at += 1
                found = Member(found, *self._member())
            elif self._peek() == "[" and not isinstance(found, Literal):
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
        while self._peek() and self._peek() in _NAME:
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
        if not _is_number(word):
            raise ParseError(f"Bad numeric constant: {word[:100]}.")
        return _number(word)

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
            entries.append((key, Nested((self._pipeline(),))))
            self._depth -= 1

    def _table_key(self) -> str:
        start = self._at
        while self._peek() and self._peek() in _NAME:
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
        while self._peek() and self._peek() in _NAME:
            self._at += 1
        following = self._text[self._at + 1 : self._at + 2]
        if self._peek() == ":" and following and following in _NAME:
            self._at += 1
            while self._peek() and self._peek() in _NAME:
                self._at += 1
        name = self._text[start : self._at]
        return Variable(name.casefold()) if name else Literal("$")

    # Texts.

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
        inner = _Parser(text.replace('"', '""') + '"')
        inner._depth = self._depth
        return inner._double_quoted()

    # Characters.

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        char = self._peek()
        self._at += len(char)
        return char

    def _word_ahead(self) -> str:
        end = self._at
        while end < len(self._text) and self._text[end] in _LETTERS:
            end += 1
        return "" if self._text[end : end + 1] in ("-", ".") else self._text[self._at : end]

    def _skip(self, *, lines: bool = False, more: str = "") -> None:
        """Blanks, comments and continued lines."""
        while self._at < len(self._text):
            char = self._text[self._at]
            if char in " \t\r" or (lines and char == "\n") or (more and char in more):
                self._at += 1
            elif char == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            elif self._text.startswith("`\n", self._at):
                self._at += 2
            elif self._text.startswith("<#", self._at):
                end = self._text.find("#>", self._at)
                if end < 0:
                    raise Incomplete("The terminator '#>' is missing from the comment.")
                self._at = end + 2
            else:
                return

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST * 5:
            raise ParseError("The script is nested too deeply.")

    def _unexpected(self) -> ParseError:
        token = self._peek() or "end of file"
        return ParseError(f"Unexpected token '{token}' in expression or statement.")


def _is_number(word: str) -> bool:
    digits = word.lstrip("+-").lower()
    if len(word) - len(digits) > 1 or not digits.isascii() or len(digits) > 40:
        return False
    if digits[:2] == "0x":
        return bool(digits[2:]) and set(digits[2:]) <= set("0123456789abcdef")
    if digits[-2:] in _UNITS:
        digits = digits[:-2]
    whole, _, part = digits.partition(".")
    return (whole + part).isdigit() and bool(whole)


def _number(word: str) -> int | float:
    digits = word.lower()
    if "0x" in digits:
        return int(digits, 16)
    shift = _UNITS.get(digits[-2:], 0)
    digits = digits[:-2] if shift else digits
    if "." in digits:
        return float(digits) * (1 << shift)
    return int(digits) << shift
