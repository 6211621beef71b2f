"""Reads PowerShell: the part of the language that small administrative scripts use."""

from __future__ import annotations

from ssmtui.simulator.shell.powershell.expressions import ExpressionParser
from ssmtui.simulator.shell.powershell.reader import LETTERS, LONGEST, NAME, is_number, number_of
from ssmtui.simulator.shell.powershell.syntax import (
    Argument,
    Assign,
    Expression,
    ForEach,
    Function,
    If,
    Incomplete,
    Index,
    Invoke,
    Items,
    Jump,
    Literal,
    Member,
    ParseError,
    Pipeline,
    Redirect,
    Script,
    Statement,
    Try,
    Variable,
    While,
)


def parse(text: str) -> Script:
    """ParseError, or Incomplete if the text just ends."""
    if len(text) > LONGEST:
        raise ParseError("The script is too long.")
    return _Parser(text).script("")


class _Parser(ExpressionParser):
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
                value = (self.pipeline(),)
            return Jump(word, value)
        if self._peek() == "$" and (assigned := self._assignment()) is not None:
            return assigned
        self._at = start
        return self.pipeline()

    def _bracket_after(self, word: str) -> bool:
        return self._text[self._at + len(word) :].lstrip(" \t\n").startswith("(")

    def _assignment(self) -> Statement | None:
        start = self._at
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
                return Assign(target, operator, value, self._text[start : self._at].strip())
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

    def pipeline(self) -> Pipeline:
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
        if char and (char in "$@(\"'[{-!" or char.isdigit() or self._sign_ahead()):
            return self._redirected(self._expression(0))
        if not char or char in ";|)}":
            raise self._unexpected() if char else Incomplete("Missing expression.")
        return self._invoke(Literal(self._bare_word()))

    def _redirected(self, expression: Expression) -> Invoke | Expression:
        """An expression whose value goes into a file is one that is written there."""
        start = self._at
        self._skip()
        if self._peek() != ">":
            self._at = start
            return expression
        redirect = self._redirect()
        redirects = (redirect,) if redirect is not None else ()
        return Invoke(
            Literal("Write-Output"), (Argument("inputobject", expression),), redirects, ""
        )

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
            elif char == "-" and self._text[self._at + 1 : self._at + 2] in LETTERS:
                arguments.append(self._parameter())
            else:
                arguments.append(Argument("", self._argument_list()))
        label = name.value if isinstance(name, Literal) else "&"
        text = f"{label} {self._text[start : self._at].strip()}".strip()
        return Invoke(name, tuple(arguments), tuple(redirects), text)

    def _parameter(self) -> Argument:
        self._at += 1
        start = self._at
        while self._peek() and self._peek() in NAME:
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
        if is_number(word):
            return Literal(number_of(word))
        return self._interpolate(word) if "$" in word else Literal(word)
