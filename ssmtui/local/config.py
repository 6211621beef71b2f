"""config.toml: what it may say, and where it is wrong."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec

from ssmtui.core.problem import ProblemError, input_problem
from ssmtui.core.text import plain

ModeName = Literal["look", "connect", "change"]
Clipboard = Literal["auto", "osc52", "system", "off"]

_LINE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")
_UNKNOWN_FIELD = re.compile(r"Object contains unknown field `(.*?)`", re.DOTALL)
_PLACE = re.compile(r" - at `(?:key in )?\$\.?(.*?)`$", re.DOTALL)


class Context(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of one context, a profile or an account: `[contexts.shop-prod]`."""

    name: str = ""  # what it is called on the screen, "" for its own name
    production: bool = False  # starts in connect mode, and confirmations ask for more
    mode: ModeName | None = None


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of config.toml. Every key may be left out."""

    theme: str = ""  # "" chooses by the terminal
    ascii: bool = False
    read_only: bool = False
    refresh_seconds: Annotated[float, msgspec.Meta(ge=1, le=86400)] = 60.0
    keys: dict[str, str | list[str]] = {}  # action id -> its key or keys; [] takes them away
    aliases: dict[str, str] = {}  # a word -> the `:` command it stands for
    columns: dict[str, list[str]] = {}  # resource -> the ids of its columns, in order
    contexts: dict[str, Context] = {}  # by profile, or account id
    regions: list[str] = []  # where --region is not given
    summary: bool = True
    mouse: bool = True
    clipboard: Clipboard = "auto"
    session_reason: bool = False  # ask for a reason before every session

    def keys_of(self, action_id: str) -> tuple[str, ...] | None:
        """The keys that the user chose for an action, or None to leave it its own."""
        chosen = self.keys.get(action_id)
        if chosen is None:
            return None
        return (chosen,) if isinstance(chosen, str) else tuple(chosen)


def load(path: Path) -> Config:
    """Read the file; without one every default holds.

    Raises ProblemError with one sentence that names the file and the line at fault.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Config()
    except OSError as error:
        raise input_problem(f"{path} cannot be read ({error.strerror})") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _wrong(path, line, "it is not UTF-8 text", "Save it as UTF-8") from None
    return _read(path, text)


def _read(path: Path, text: str) -> Config:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = _LINE.search(str(error))
        line = int(match[1]) if match and match[1] else text.count("\n") + 1
        raise _wrong(path, line, _LINE.sub("", str(error)), "It has to be TOML") from None
    try:
        return msgspec.convert(tables, Config)
    except msgspec.ValidationError:
        line, message = _first_fault(text)
        raise _wrong(path, line, *_explain(message)) from None


def _first_fault(text: str) -> tuple[int, str]:
    """The line where the first wrong statement begins, and what is wrong with it.

    TOML's reader keeps no lines. But every key may be left out, so the file up to the end of each
    statement must hold by itself, and the first of these beginnings that does not ends with the
    wrong statement. Inside a statement of several lines the beginning is no TOML at all.
    """
    lines = [f"{line}\n" for line in text.split("\n")]
    begin = 0
    for end in range(1, len(lines) + 1):
        try:
            msgspec.convert(tomllib.loads("".join(lines[:end])), Config)
        except tomllib.TOMLDecodeError:
            continue
        except msgspec.ValidationError as error:
            return _statement(lines, begin, end), str(error)
        begin = end
    raise AssertionError("the whole file was wrong, and none of its beginnings")


def _statement(lines: list[str], begin: int, end: int) -> int:
    """The number of the first line between the two that says something."""
    for number in range(begin, end):
        if lines[number].strip() and not lines[number].lstrip().startswith("#"):
            return number + 1
    return end


def _explain(message: str) -> tuple[str, str]:
    """msgspec's words as a sentence, with the names that come near an unknown one."""
    place = _PLACE.search(message)
    where = place[1] if place else ""
    if unknown := _UNKNOWN_FIELD.match(message):
        names = _fields(Context if where.startswith("contexts") else Config)
        near = get_close_matches(unknown[1], names, n=1)
        remedy = f"Write “{near[0]}”" if near else f"Known keys are {', '.join(names)}"
        inside = f" in {_readable(where)}" if where else ""
        return f"there is no key “{unknown[1]}”{inside}", remedy
    if message.startswith("Invalid enum value"):
        choices = get_args(Clipboard if where == "clipboard" else ModeName)
        return f"{_readable(where)} is not one of {', '.join(choices)}", ""
    said = _PLACE.sub("", message).replace("`", "")
    return f"{_readable(where)}: {said[:1].lower()}{said[1:]}" if where else said, ""


def _readable(where: str) -> str:
    """`contexts[...].mode` as the file writes it: `contexts.….mode`."""
    return where.replace("[...]", ".…")


def _fields(struct: type[msgspec.Struct]) -> list[str]:
    return [field.name for field in msgspec.structs.fields(struct)]


def _wrong(path: Path, line: int, what: str, remedy: str = "") -> ProblemError:
    return input_problem(
        plain(f"{path.name} line {line}: {what}"), plain(remedy or f"It is {path}")
    )
