"""Bash's grammar: from tokens to commands, one complete command at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ssmtui.simulator.shell.bash.scanner import NAME, Scanner, Token
from ssmtui.simulator.shell.bash.syntax import (
    Assignment,
    Calculation,
    Case,
    Command,
    Condition,
    CountingFor,
    For,
    Function,
    Group,
    If,
    Incomplete,
    Item,
    Loop,
    Pipeline,
    Program,
    Redirect,
    ShellSyntaxError,
    Simple,
    Subshell,
    Text,
    Word,
)

_REDIRECTIONS = (">", ">>", "<", ">&", "<&", "&>", "&>>", "<<", "<<-", "<<<", "<>", ">|")
_RESERVED = frozenset(
    ("then", "else", "elif", "fi", "do", "done", "esac", "in", "}", "]]")  # cannot begin a command
)


def parse(text: str) -> Iterator[tuple[Program, int]]:
    """Complete commands, each with the line it begins in, as they are reached: like bash, what
    stands before a mistake runs. Raises ShellSyntaxError, and Incomplete if the text just ends.
    """
    parser = _Parser(Scanner(text, _nested))
    while True:
        parser.skip_newlines()
        token = parser.scanner.peek()
        if token.kind == "end":
            return
        program = parser.line()
        yield program, token.line


def parse_all(text: str) -> Program:
    """The whole of a text."""
    return [item for program, _ in parse(text) for item in program]


def _nested(scanner: Scanner) -> Program:
    parser = _Parser(scanner)
    program = parser.program(")")
    scanner.next()
    return program


class _Parser:
    def __init__(self, scanner: Scanner) -> None:
        self.scanner = scanner

    # Lists.

    def line(self) -> Program:
        """Everything up to the end of a line."""
        program = [self._item()]
        while self.scanner.peek().kind not in ("newline", "end"):
            if not self._separated(program[-1]):
                raise self._unexpected()
            if self.scanner.peek().kind in ("newline", "end"):
                break
            program.append(self._item())
        if self.scanner.peek().kind == "newline":
            self.scanner.next()  # reads the here-documents of the line
        return program

    def program(self, *ends: str) -> Program:
        """Commands up to one of these words or operators, which is left to be read."""
        program: Program = []
        while True:
            self.skip_newlines()
            if self._at(*ends):
                return program
            if self.scanner.peek().kind == "end":
                raise Incomplete("syntax error: unexpected end of file")
            program.append(self._item())
            separated = self._separated(program[-1])
            if self.scanner.peek().kind == "newline" or separated:
                continue
            if self._at(*ends) and self.scanner.peek().kind == "op":
                return program
            if self.scanner.peek().kind == "end":
                raise Incomplete("syntax error: unexpected end of file")
            raise self._unexpected()

    def skip_newlines(self) -> None:
        while self.scanner.peek().kind == "newline":
            self.scanner.next()

    def _separated(self, item: Item) -> bool:
        """Whether a ";" or "&" stands here; an "&" sends the item to the background."""
        if not self.scanner.peek().is_op(";", "&"):
            return False
        item.background = self.scanner.next().text == "&"
        return True

    def _item(self) -> Item:
        start = self.scanner.peek().start
        pipelines = [self._pipeline()]
        operators: list[str] = []
        while self.scanner.peek().is_op("&&", "||"):
            operators.append(self.scanner.next().text)
            self.skip_newlines()
            pipelines.append(self._pipeline())
        end = self.scanner.peek().start
        return Item(pipelines, operators, self.scanner.text[start:end].strip())

    def _pipeline(self) -> Pipeline:
        negated = False
        while self._at("!"):
            self.scanner.next()
            negated = not negated
        commands = [self._command()]
        while self.scanner.peek().is_op("|"):
            self.scanner.next()
            both = self.scanner.peek()
            if both.is_op("&"):  # |& sends stderr too
                self.scanner.next()
                commands[-1].redirects.append(Redirect(2, ">&", (Text("1"),)))
            self.skip_newlines()
            commands.append(self._command())
        return Pipeline(commands, negated)

    # Commands.

    def _command(self) -> Command:
        self.scanner.deeper()
        try:
            return self._any_command()
        finally:
            self.scanner.depth -= 1

    def _any_command(self) -> Command:
        token = self.scanner.peek()
        if token.is_op("("):
            return self._bracketed(token)
        if token.kind == "word":
            compound = self._compounds().get(token.text)
            if compound is not None:
                self.scanner.next()
                command = compound()
                command.redirects += self._redirects()
                return command
            if token.text in _RESERVED:
                raise self._unexpected()
        return self._simple()

    def _compounds(self) -> dict[str, Callable[[], Command]]:
        return {
            "if": self._if,
            "while": lambda: self._loop(until=False),
            "until": lambda: self._loop(until=True),
            "for": self._for,
            "case": self._case,
            "{": self._group,
            "[[": self._condition,
            "function": self._function,
        }

    def _bracketed(self, token: Token) -> Command:
        """`(( ... ))` or `( ... )`."""
        scanner = self.scanner
        if scanner.text.startswith("((", token.start):
            inner = scanner.balanced(token.start + 2)
            if inner is not None:
                self._jump(token.start + len(inner) + 4)
                return Calculation(scanner.text_word(inner), self._redirects())
        scanner.next()
        body = self._body(")")
        scanner.next()
        return Subshell(body, self._redirects())

    def _jump(self, to: int) -> None:
        token = self.scanner.peek()
        self.scanner.line += self.scanner.text.count("\n", token.start, to)
        self.scanner.rewind(Token("op", "", start=to))

    def _body(self, *ends: str) -> Program:
        """A program that is not empty."""
        program = self.program(*ends)
        if not program:
            raise self._unexpected()
        return program

    def _group(self) -> Command:
        body = self._body("}")
        self.scanner.next()
        return Group(body)

    def _if(self) -> Command:
        branches = []
        while True:
            condition = self._body("then")
            self.scanner.next()
            branches.append((condition, self._body("elif", "else", "fi")))
            word = self.scanner.next().text
            if word == "elif":
                continue
            otherwise = None
            if word == "else":
                otherwise = self._body("fi")
                self.scanner.next()
            return If(branches, otherwise)

    def _loop(self, *, until: bool) -> Command:
        condition = self._body("do")
        self.scanner.next()
        return Loop(condition, self._done(), until)

    def _done(self) -> Program:
        body = self._body("done")
        self.scanner.next()
        return body

    def _for(self) -> Command:
        token = self.scanner.peek()
        if token.is_op("(") and self.scanner.text.startswith("((", token.start):
            return self._counting_for(token)
        name = self._name()
        self.skip_newlines()
        words: list[Word] | None = None
        if self._at("in"):
            self.scanner.next()
            words = self._words()
        self._end_of_head()
        self._expect("do")
        return For(name, words, self._done())

    def _counting_for(self, token: Token) -> Command:
        inner = self.scanner.balanced(token.start + 2)
        parts = (inner or "").split(";")
        if inner is None or len(parts) != 3:
            raise ShellSyntaxError("syntax error: arithmetic expression required")
        self._jump(token.start + len(inner) + 4)
        self._end_of_head()
        self._expect("do")
        start, condition, step = (self.scanner.text_word(part) for part in parts)
        return CountingFor(start, condition, step, self._done())

    def _end_of_head(self) -> None:
        if self.scanner.peek().is_op(";"):
            self.scanner.next()
        self.skip_newlines()

    def _words(self) -> list[Word]:
        words = []
        while self.scanner.peek().kind in ("word", "number"):
            words.append(self._any_word())
        return words

    def _case(self) -> Command:
        if self.scanner.peek().kind not in ("word", "number"):
            raise self._unexpected()
        word = self._any_word()
        self.skip_newlines()
        self._expect("in")
        clauses = []
        self.skip_newlines()
        while not self._at("esac"):
            clauses.append(self._clause())
            self.skip_newlines()
        self.scanner.next()
        return Case(word, clauses)

    def _clause(self) -> tuple[list[Word], Program]:
        if self.scanner.peek().is_op("("):
            self.scanner.next()
        patterns = []
        while True:
            if self.scanner.peek().kind not in ("word", "number"):
                raise self._unexpected()
            patterns.append(self._any_word())
            token = self.scanner.next()
            if token.is_op(")"):
                break
            if not token.is_op("|"):
                raise self._unexpected(token)
        body = self.program(";;", ";&", ";;&", "esac")
        if not self._at("esac"):
            self.scanner.next()
        return patterns, body

    def _function(self) -> Command:
        name = self._name()
        if self.scanner.peek().is_op("("):
            self.scanner.next()
            self._expect(")")
        return self._function_body(name)

    def _function_body(self, name: str) -> Command:
        self.skip_newlines()
        body = self._command()
        if isinstance(body, Simple):
            raise self._unexpected()
        return Function(name, body)

    def _condition(self) -> Command:
        words: list[Word] = []
        while not self._at("]]"):
            token = self.scanner.next()
            if token.kind == "end":
                raise Incomplete("unexpected EOF while looking for `]]'")
            if token.kind == "newline":
                continue
            words.append(token.word if token.kind == "word" else (Text(token.text),))
            if token.text == "=~":
                words.append(self._regular_expression())
        self.scanner.next()
        return Condition(words)

    def _regular_expression(self) -> Word:
        """The word after =~, in which brackets and bars are no operators."""
        parts: Word = ()
        while True:
            token = self.scanner.peek()
            if token.kind in ("newline", "end") or token.text in ("&&", "||", "]]"):
                return parts
            gap = parts and self.scanner.text[token.start - 1] in " \t"
            if gap and not token.is_op(")", "|"):
                return parts
            parts += token.word or (Text(token.text),)
            self.scanner.next()

    # Simple commands.

    def _simple(self) -> Command:
        command = Simple([], [], [], self.scanner.peek().line)
        while True:
            token = self.scanner.peek()
            if self._redirection_ahead(token):
                command.redirects.append(self._redirect())
            elif token.kind == "word" and not command.words and (made := _assignment(token)):
                self.scanner.next()
                command.assignments.append(made)
            elif token.kind == "word":
                self.scanner.next()
                command.words.append(token.word)
            elif token.is_op("(") and len(command.words) == 1 and not command.assignments:
                return self._definition(command)
            else:
                break
        if not (command.words or command.assignments or command.redirects):
            raise self._unexpected()
        return command

    def _definition(self, command: Simple) -> Command:
        """`name () { ... }`."""
        self.scanner.next()
        word = command.words[0]
        name = word[0].text if len(word) == 1 and isinstance(word[0], Text) else ""
        if not self.scanner.peek().is_op(")") or not name:
            raise self._unexpected()
        self.scanner.next()
        return self._function_body(name)

    def _redirects(self) -> list[Redirect]:
        found = []
        while self._redirection_ahead(self.scanner.peek()):
            found.append(self._redirect())
        return found

    def _redirection_ahead(self, token: Token) -> bool:
        return token.kind == "number" or token.is_op(*_REDIRECTIONS)

    def _redirect(self) -> Redirect:
        token = self.scanner.next()
        fd = None
        if token.kind == "number":
            fd = int(token.text)
            token = self.scanner.next()
        target = self.scanner.peek()
        if target.kind not in ("word", "number"):
            raise self._unexpected()
        self.scanner.next()
        word = target.word or (Text(target.text),)
        if token.text not in ("<<", "<<-"):
            return Redirect(fd, token.text, word)
        return self._here_document(fd, token.text, word)

    def _here_document(self, fd: int | None, op: str, delimiter: Word) -> Redirect:
        redirect = Redirect(fd, "<<", ())

        def fill(body: Word) -> None:
            redirect.word = body

        self.scanner.here_document(delimiter, op == "<<-", fill)
        return redirect

    # Tokens.

    def _any_word(self) -> Word:
        token = self.scanner.next()
        return token.word or (Text(token.text),)

    def _name(self) -> str:
        token = self.scanner.next()
        if token.kind != "word":
            raise self._unexpected(token)
        return token.text

    def _at(self, *texts: str) -> bool:
        token = self.scanner.peek()
        return token.kind in ("word", "op") and token.text in texts

    def _expect(self, text: str) -> None:
        if not self._at(text):
            raise self._unexpected()
        self.scanner.next()

    def _unexpected(self, token: Token | None = None) -> ShellSyntaxError:
        token = token or self.scanner.peek()
        if token.kind == "end":
            return Incomplete("syntax error: unexpected end of file")
        return ShellSyntaxError(f"syntax error near unexpected token `{token.text}'")


def _assignment(token: Token) -> Assignment | None:
    """`name=word` or `name+=word`."""
    name, equals, _ = token.text.partition("=")
    append = name.endswith("+")
    name = name.removesuffix("+")
    if not equals or not name or name[0].isdigit() or not set(name) <= NAME:
        return None
    first = token.word[0]
    if not isinstance(first, Text) or first.quoted:
        return None
    rest = first.text[len(name) + 1 + append :]
    value = ((Text(rest),) if rest else ()) + token.word[1:]
    return Assignment(name, value, append)
