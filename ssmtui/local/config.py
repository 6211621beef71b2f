"""config.toml: what it may say, and where it is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import msgspec

from ssmtui.core.near import did_you_mean
from ssmtui.core.problem import ProblemError, input_problem
from ssmtui.core.text import plain

ModeName = Literal["look", "connect", "change"]
Clipboard = Literal["auto", "osc52", "system", "off"]

_UNKNOWN_FIELD = re.compile(r"Object contains unknown field `(.*?)`", re.DOTALL)
_MISSING_FIELD = re.compile(r"Object missing required field `(.*?)`", re.DOTALL)
_PLACE = re.compile(r" - at `(?:key in )?\$\.?(.*?)`$", re.DOTALL)
_TYPE = re.compile(r"`(.*?)`")
_WORDS = {
    "str": "a string",
    "bool": "true or false",
    "int": "a number",
    "float": "a number",
    "array": "an array",
    "object": "a table",
    "date": "a date",
    "time": "a time",
    "datetime": "a time",
}
_IN_A_TABLE = re.compile(r"(\w+)\[\.\.\.\](.*)", re.DOTALL)
_BARE = re.compile(r"[A-Za-z0-9_-]+")

# Where the file says what has these names, as the beginning of a sentence:
# place("keys", "run") is "config.toml line 7: ", or "" where it does not say it.
Place = Callable[..., str]


class Context(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of one context, a profile or an account: `[contexts.shop-prod]`."""

    name: str = ""  # what it is called on the screen, "" for its own name
    production: bool = False  # starts in connect mode, and confirmations ask for more
    mode: ModeName | None = None


class Freeze(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When nothing is to be run where: `[freezes.year-end]`. Named contexts and the filter narrow
    it; without either it holds everywhere."""

    calendars: list[str]  # change calendars, by name or ARN; frozen unless all of them are OPEN
    contexts: list[str] = []  # profiles or account ids
    filter: str = ""  # of nodes, as typed behind /


class Copying(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How files are copied: `[copy]`."""

    bucket: str | None = None  # s3://BUCKET/PREFIX, for large files
    threshold: Annotated[int, msgspec.Meta(ge=0)] = 32 * 1024 * 1024  # bytes: these are large


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
    freezes: dict[str, Freeze] = {}  # by a name of one's own
    copy: Copying = Copying()
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


def place(path: Path, *names: str) -> str:
    """A Place of the file as it is now; "" also for one that cannot be read (any more)."""
    from ssmtui.local import toml_lines  # here, because most have no such file and start faster

    try:
        line = toml_lines.line_of(path.read_text(encoding="utf-8-sig"), names)
    except (OSError, UnicodeDecodeError):
        return ""
    return f"{path.name} line {line}: " if line else ""


def nowhere(*_names: str) -> str:
    """The Place of what no file has said."""
    return ""


def dotted(*names: str) -> str:
    """The names of a key as TOML writes them: `contexts."a b".mode`."""
    return ".".join(name if _BARE.fullmatch(name) else f'"{name}"' for name in names)


def _read(path: Path, text: str) -> Config:
    from ssmtui.local import toml_lines

    try:
        tables = toml_lines.read(text)
    except toml_lines.TomlError as error:
        raise _wrong(path, error.line, error.what, "It has to be TOML") from None
    try:
        return msgspec.convert(tables, Config)
    except msgspec.ValidationError:
        # Every key may be left out, so the file is right up to the first wrong statement.
        line, tables = toml_lines.statement_where(text, lambda tables: bool(_fault(tables, Config)))
        raise _wrong(path, line, *_explain(_fault(tables, Config), tables)) from None


def _fault(value: Any, kind: Any) -> str:
    """msgspec's words for what is wrong with a value of that type, "" for nothing."""
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        return str(error)
    return ""


def _explain(message: str, tables: dict[str, Any]) -> tuple[str, str]:
    """msgspec's words as a sentence, with the names that come near an unknown one."""
    found = _PLACE.search(message)
    where = _named(found[1], tables) if found else ""
    if unknown := _UNKNOWN_FIELD.match(message):
        names = _fields(_TABLES[where.partition(".")[0]])
        remedy = did_you_mean(unknown[1], names, otherwise=f"Known keys are {', '.join(names)}")
        return f"there is no key “{unknown[1]}”{f' in {where}' if where else ''}", remedy
    if missing := _MISSING_FIELD.match(message):
        return f"{where} has no {missing[1]}", f"Write {missing[1]} = ..."
    if message.startswith("Invalid enum value"):
        choices = get_args(Clipboard if where == "clipboard" else ModeName)
        return f"{where} is not one of {', '.join(choices)}", ""
    said = _TYPE.sub(_toml_word, _PLACE.sub("", message))
    said = said.replace("Expected ", "has to be ").replace(", got ", ", not ")
    return f"{where} {said}", ""


_TABLES: dict[str, type[msgspec.Struct]] = {
    "": Config,
    "contexts": Context,
    "copy": Copying,
    "freezes": Freeze,
}


def _toml_word(type_names: re.Match[str]) -> str:
    """msgspec's `str | array` as TOML calls them."""
    names = type_names[1].split(" | ")
    return " or ".join(_WORDS.get(name, name) for name in names if name != "null")


def _named(where: str, tables: dict[str, Any]) -> str:
    """msgspec's `contexts[...].mode` with the name that the file gives: `contexts.prod.mode`."""
    match = _IN_A_TABLE.fullmatch(where)
    if match is None:
        return where
    field, rest = match.groups()
    kind = get_args(_types()[field])[1]
    name = next(name for name, value in tables[field].items() if _fault(value, kind))
    return f"{dotted(field, name)}{rest}"


def _types() -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(Config)}


def _fields(struct: type[msgspec.Struct]) -> list[str]:
    return [field.name for field in msgspec.structs.fields(struct)]


def _wrong(path: Path, line: int, what: str, remedy: str = "") -> ProblemError:
    return input_problem(
        plain(f"{path.name} line {line}: {what}"), plain(remedy or f"It is {path}")
    )
