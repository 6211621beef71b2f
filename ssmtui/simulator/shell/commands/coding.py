"""Programs that encode and digest: base64, md5sum, sha256sum, od, xxd, cksum."""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Callable
from zlib import crc32

from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.tree import FileProblem
from ssmtui.simulator.shell.options import Options, natural, size


async def base64(call: Invocation) -> int:
    options = Options(call.args, "di", "w", {"decode": "d", "wrap": "w"})
    name = options.rest[0] if options.rest else "-"
    if "d" in options:
        return await _decode(call, name)
    width = natural(options.value("w", "76"))
    source = call.source(name)
    rest, line = b"", b""
    while data := await source.read():
        await call.turns.take()
        rest += data
        whole = len(rest) // 3 * 3
        line += binascii.b2a_base64(rest[:whole], newline=False)
        rest = rest[whole:]
        if not width:
            await call.write(line)
            line = b""
        full = len(line) // width * width if width else 0
        if full:
            await call.write(
                b"".join(line[at : at + width] + b"\n" for at in range(0, full, width))
            )
            line = line[full:]
    line += binascii.b2a_base64(rest, newline=False)
    while line:
        await call.write(line[: width or None] + (b"\n" if width else b""))
        line = line[width:] if width else b""
    return 0


async def _decode(call: Invocation, name: str) -> int:
    source = call.source(name)
    rest = b""
    while data := await source.read():
        rest += b"".join(data.split())
        whole = len(rest) // 4 * 4
        await call.write(_decoded(rest[:whole]))
        rest = rest[whole:]
    if rest:
        raise Complaint("invalid input")
    return 0


def _decoded(data: bytes) -> bytes:
    try:
        return binascii.a2b_base64(data, strict_mode=True) if data else b""
    except binascii.Error:
        raise Complaint("invalid input") from None


def _summer(algorithm: str) -> Program:
    async def run(call: Invocation) -> int:
        options = Options(call.args, "cbt", long={"check": "c"})
        status = 0
        for name in options.rest or ["-"]:
            try:
                if "c" in options:
                    status = max(status, await _check(call, name, algorithm))
                else:
                    await call.line(f"{await _digest(call, name, algorithm)}  {name}")
            except FileProblem as problem:
                await call.complain(f"{name}: {problem.reason}")
                status = 1
        return status

    return run


async def _digest(call: Invocation, name: str, algorithm: str) -> str:
    digest = hashlib.new(algorithm, usedforsecurity=False)
    source = call.source(name)
    while data := await source.read():
        await call.turns.take()
        digest.update(data)
    return digest.hexdigest()


async def _check(call: Invocation, name: str, algorithm: str) -> int:
    status = 0
    async for text in call.texts(name):
        wanted, _, path = text.partition(" ")
        path = path.lstrip(" *")
        good = await _digest(call, path, algorithm) == wanted
        await call.line(f"{path}: {'OK' if good else 'FAILED'}")
        status = status or int(not good)
    return status


async def cksum(call: Invocation) -> int:
    for name in call.args or ["-"]:
        data = await call.whole(name)
        await call.line(f"{crc32(data)} {len(data)} {name}".removesuffix(" -"))
    return 0


async def xxd(call: Invocation) -> int:
    options = Options(call.args, "pr", "l")
    limit = size(options.value("l")) if "l" in options else None
    data = (await call.whole(options.rest[0] if options.rest else "-"))[:limit]
    if "p" in options:
        await call.lines([data[at : at + 30].hex() for at in range(0, len(data), 30)])
        return 0
    await call.lines(_dump(data, lambda at: f"{at:08x}: ", 39))
    return 0


async def od(call: Invocation) -> int:
    options = Options(call.args, "cvbx", "AtN")
    limit = size(options.value("N")) if "N" in options else None
    data = (await call.whole(options.rest[0] if options.rest else "-"))[:limit]
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        cells = [_character(byte) if "c" in options else f"{byte:02x}" for byte in row]
        width = 4 if "c" in options else 3
        await call.line(f"{at:07o}" + "".join(cell.rjust(width) for cell in cells))
    await call.line(f"{len(data):07o}")
    return 0


async def hexdump(call: Invocation) -> int:
    options = Options(call.args, "Cv", "n")
    data = await call.whole(options.rest[0] if options.rest else "-")
    await call.lines(_dump(data, lambda at: f"{at:08x}  ", 47))
    await call.line(f"{len(data):08x}")
    return 0


def _dump(data: bytes, place: Callable[[int], str], width: int) -> list[str]:
    rows = []
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        step = 2 if width == 39 else 1
        cells = " ".join(row[i : i + step].hex() for i in range(0, len(row), step))
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        rows.append(f"{place(at)}{cells:<{width}}  {shown if step == 2 else f'|{shown}|'}")
    return rows


def _character(byte: int) -> str:
    special = {0: "\\0", 10: "\\n", 13: "\\r", 9: "\\t"}
    return special.get(byte) or (chr(byte) if 32 <= byte < 127 else f"{byte:03o}")


PROGRAMS: dict[str, Program] = {
    "base64": base64, "md5sum": _summer("md5"), "sha1sum": _summer("sha1"),
    "sha256sum": _summer("sha256"), "sha512sum": _summer("sha512"), "shasum": _summer("sha1"),
    "cksum": cksum, "xxd": xxd, "od": od, "hexdump": hexdump,
}  # fmt: skip
