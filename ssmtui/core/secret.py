"""A value that cannot be printed, logged, stored or pickled by accident."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, NoReturn, final

MASK: Final = "••••••••"


@final
class Secret:
    """A secret text; only `reveal` gives it out, and every call of that is easy to find.

    Its text forms are a mask of fixed length. It cannot be copied, pickled, hashed or changed, and
    json and msgspec refuse it as a type they do not know.
    """

    __slots__ = ("__value",)
    __value: str

    def __init__(self, value: str) -> None:
        object.__setattr__(self, "_Secret__value", value)

    def reveal(self) -> str:
        """The value itself."""
        return self.__value

    def digest(self) -> str:
        """Equal for equal values, in this process only; fit to be kept in a row, never on disk."""
        import hmac

        return hmac.new(_key(), _octets(self.__value), "sha256").hexdigest()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        from hmac import compare_digest

        return compare_digest(_octets(self.__value), _octets(other.__value))

    __hash__ = None  # type: ignore[assignment]  # a hash would tell whether a guess is right

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError("a secret does not change")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a secret does not change")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret can be neither pickled nor copied")


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@cache
def _key() -> bytes:
    """Digests are for comparing values within one process, and say nothing to another one."""
    from secrets import token_bytes

    return token_bytes(32)
