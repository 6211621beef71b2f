"""Integer arithmetic of $((...)): 64 bits, with variables, as bash does it."""

from __future__ import annotations

from collections.abc import Callable

_LONGEST = 4096
_DEEPEST = 20

_LEVELS = (
    ("||",), ("&&",), ("|",), ("^",), ("&",), ("==", "!="), ("<=", ">=", "<", ">"), ("<<", ">>"),
    ("+", "-"), ("*", "/", "%"),
)  # fmt: skip
_ASSIGN = ("=", "+=", "-=", "*=", "/=", "%=")
_SYMBOLS = (
    "**", "++", "--", "+=", "-=", "*=", "/=", "%=", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||",
    *"+-*/%<>=!~&|^()?:,",
)  # fmt: skip


class ArithmeticProblem(Exception):
    """What bash says about the expression."""


def evaluate(text: str, get: Callable[[str], str], put: Callable[[str, str], None]) -> int:
    """The value of an expression over variables; an empty one is 0."""
    if len(text) > _LONGEST:
        raise ArithmeticProblem("expression too long")
    tokens = _tokens(text)
    return _Evaluator(text.strip(), tokens, get, put).value() if tokens else 0


def _tokens(text: str) -> list[str]:
    tokens = []
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
            continue
        if char.isalnum() or char in "_$#":
            end = at + 1
            while end < len(text) and (text[end].isalnum() or text[end] in "_#"):
                end += 1
            tokens.append(text[at:end].removeprefix("$"))
            at = end
            continue
        symbol = next((symbol for symbol in _SYMBOLS if text.startswith(symbol, at)), None)
        if symbol is None:
            raise ArithmeticProblem(
                f'{text.strip()}: syntax error: operand expected (error token is "{text[at:]}")'
            )
        tokens.append(symbol)
        at += len(symbol)
    return tokens


class _Evaluator:
    def __init__(
        self,
        text: str,
        tokens: list[str],
        get: Callable[[str], str],
        put: Callable[[str, str], None],
    ) -> None:
        self._text = text
        self._tokens = tokens
        self._at = 0
        self._get = get
        self._put = put
        self._depth = 0
        self._skipping = 0  # in the branch of ?:, && and || that is not taken

    def value(self) -> int:
        found = self._comma()
        if self._at < len(self._tokens):
            raise self._error("syntax error in expression")
        return found

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, *symbols: str) -> str:
        token = self._peek()
        if token in symbols and token:
            self._at += 1
            return token
        return ""

    def _error(self, what: str) -> ArithmeticProblem:
        token = self._peek() or self._text
        return ArithmeticProblem(f'{self._text}: {what} (error token is "{token}")')

    def _comma(self) -> int:
        found = self._assignment()
        while self._take(","):
            found = self._assignment()
        return found

    def _assignment(self) -> int:
        name = self._peek()
        following = self._tokens[self._at + 1 : self._at + 2]
        if _is_name(name) and following and following[0] in _ASSIGN:
            self._at += 2
            self._deeper()
            found = self._assignment()
            self._depth -= 1
            op = following[0]
            if op != "=":
                found = self._apply(op[0], self._variable(name), found)
            return self._store(name, found)
        return self._ternary()

    def _ternary(self) -> int:
        condition = self._binary(0)
        if not self._take("?"):
            return condition
        self._deeper()
        first = self._unless(not condition, self._assignment)
        if not self._take(":"):
            raise self._error("`:' expected for conditional expression")
        second = self._unless(bool(condition), self._assignment)
        self._depth -= 1
        return first if condition else second

    def _unless(self, skip: bool, read: Callable[[], int]) -> int:
        self._skipping += skip
        found = read()
        self._skipping -= skip
        return found

    def _binary(self, level: int) -> int:
        if level == len(_LEVELS):
            return self._power()
        left = self._binary(level + 1)
        while op := self._take(*_LEVELS[level]):
            decided = (op == "&&" and not left) or (op == "||" and bool(left))
            right = self._unless(decided, lambda: self._binary(level + 1))
            left = self._apply(op, left, right)
        return left

    def _power(self) -> int:
        base = self._unary()
        if not self._take("**"):
            return base
        self._deeper()
        exponent = self._power()
        self._depth -= 1
        if exponent < 0:
            raise self._error("exponent less than 0")
        return _wrap(pow(base, exponent, 1 << 64))

    def _unary(self) -> int:
        self._deeper()
        try:
            return self._prefixed()
        finally:
            self._depth -= 1

    def _prefixed(self) -> int:
        if op := self._take("++", "--"):
            name = self._peek()
            if _is_name(name):
                self._at += 1
                return self._store(name, self._variable(name) + (1 if op == "++" else -1))
            return self._unary()
        if op := self._take("+", "-", "!", "~"):
            operand = self._unary()
            return _wrap({"+": operand, "-": -operand, "!": int(not operand), "~": ~operand}[op])
        if self._take("("):
            found = self._comma()
            if not self._take(")"):
                raise self._error("missing `)'")
            return found
        return self._operand()

    def _operand(self) -> int:
        token = self._peek()
        if _is_name(token):
            self._at += 1
            before = self._variable(token)
            if op := self._take("++", "--"):
                self._store(token, before + (1 if op == "++" else -1))
            return before
        if not token[:1].isdigit():
            raise self._error("syntax error: operand expected")
        self._at += 1
        return self._number(token)

    def _number(self, token: str) -> int:
        base, digits = 10, token
        if "#" in token:
            prefix, _, digits = token.partition("#")
            base = int(prefix) if prefix.isdecimal() and 2 <= int(prefix[:3]) <= 36 else 0
        elif token[:2] in ("0x", "0X"):
            base, digits = 16, token[2:]
        elif token.startswith("0") and len(token) > 1:
            base = 8
        try:
            return _wrap(int(digits, base)) if base else int("")
        except ValueError:
            raise ArithmeticProblem(
                f'{token}: value too great for base (error token is "{token}")'
            ) from None

    def _variable(self, name: str) -> int:
        text = self._get(name).strip()
        sign = -1 if text.startswith("-") else 1
        digits = text.lstrip("+-")
        if digits[:1].isdigit() and digits.isascii() and digits.isalnum():
            return sign * self._number(digits)
        return 0  # bash would evaluate the text as an expression of its own

    def _store(self, name: str, number: int) -> int:
        number = _wrap(number)
        if not self._skipping:
            self._put(name, str(number))
        return number

    def _apply(self, op: str, left: int, right: int) -> int:
        if op in ("/", "%"):
            if right == 0:
                if self._skipping:
                    return 0
                raise ArithmeticProblem(f'{self._text}: division by 0 (error token is "0")')
            quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
            return _wrap(quotient if op == "/" else left - quotient * right)
        return _wrap(_OPERATIONS[op](left, right))

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ArithmeticProblem(f"{self._text}: expression recursion level exceeded")


_OPERATIONS: dict[str, Callable[[int, int], int]] = {
    "||": lambda a, b: int(bool(a) or bool(b)),
    "&&": lambda a, b: int(bool(a) and bool(b)),
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "&": lambda a, b: a & b,
    "==": lambda a, b: int(a == b),
    "!=": lambda a, b: int(a != b),
    "<=": lambda a, b: int(a <= b),
    ">=": lambda a, b: int(a >= b),
    "<": lambda a, b: int(a < b),
    ">": lambda a, b: int(a > b),
    "<<": lambda a, b: a << (b & 63),
    ">>": lambda a, b: a >> (b & 63),
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
}


def _is_name(token: str) -> bool:
    return (
        bool(token)
        and token.isascii()
        and (token[0].isalpha() or token[0] == "_")
        and ("#" not in token)
    )


def _wrap(number: int) -> int:
    """As a signed integer of 64 bits."""
    return ((number + (1 << 63)) & ((1 << 64) - 1)) - (1 << 63)
