from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.outside import CutError, Outside, Response

KIND = "Windows"


@pytest.fixture
def outside(bench: Any) -> list[tuple[str, str, bytes]]:
    """What was asked of a host that knows one path."""
    asked: list[tuple[str, str, bytes]] = []

    async def serve(method: str, path: str, query: str, headers: Any, body: bytes) -> Response:
        asked.append((method, path, body))
        if path == "/cut":
            raise CutError(b"")
        return Response(200 if path == "/here" else 404, {}, b"content")

    machine = bench.machine(KIND)
    machine.outside = Outside(bench.world)
    machine.outside.open("127.0.0.1:9", serve)
    return asked


async def test_a_file_comes_and_goes(bench: Any, outside: list[Any]) -> None:
    script = (
        "iwr http://127.0.0.1:9/here -UseBasicParsing -OutFile C:\\Temp\\f; gc C:\\Temp\\f; "
        "$null=Invoke-WebRequest -Uri http://127.0.0.1:9/here -Method Put -InFile C:\\Temp\\f; "
        "(Invoke-WebRequest http://127.0.0.1:9/here).StatusCode"
    ).replace("iwr", "Invoke-WebRequest")
    assert await bench.windows(script) == "content\n200\n"
    assert outside[1] == ("PUT", "/here", b"content")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:9/nope", "The remote server returned an error: (404)"),
        ("http://127.0.0.1:9/cut", "connection was closed"),
        ("http://example.com/", "could not be resolved"),
        ("http://[x", "connection was closed"),
    ],
)
async def test_what_fails(bench: Any, outside: list[Any], url: str, words: str) -> None:
    result = await bench.run(f"Invoke-WebRequest '{url}'", KIND)
    assert words in result.stderr
