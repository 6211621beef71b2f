"""The verb: one line of JSON when it is ready, one sentence for what is wrong."""

from __future__ import annotations

import asyncio
import signal
import stat
import subprocess
import sys
from pathlib import Path

import aiohttp
import msgspec
import pytest
from click.testing import CliRunner

from ssmtui.cli.entry import main
from ssmtui.cli.simulator import command

SMALL = ["--nodes", "6", "--accounts", "1", "--regions", "2", "--pace", "0"]
MEMBERS = [
    "endpoint",
    "control",
    "accounts",
    "regions",
    "profiles",
    "config_file",
    "credentials_file",
]


async def started(*arguments):
    """The verb as a process, and its first line."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "ssmtui",
        "simulator",
        *SMALL,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    return process, msgspec.json.decode(await process.stdout.readline())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_serves_until_a_signal_and_exits_with_0(number):
    process, info = await started()
    assert list(info) == MEMBERS
    config_file = Path(info["config_file"])
    assert stat.S_IMODE(config_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(config_file.parent.stat().st_mode) == 0o700
    process.send_signal(number)
    out, err = await process.communicate()
    assert (process.returncode, out, err) == (0, b"", b"")
    assert not config_file.parent.exists()


async def test_it_ends_promptly_with_a_hanging_request():
    process, info = await started("--fault", "hang *", "--latency-ms", "1")
    scope = f"AKIA{info['accounts'][0]}DEMO/20270115/eu-west-1/ssm/aws4_request"
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=x, Signature=0",
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AmazonSSM.DescribeInstanceInformation",
    }
    async with aiohttp.ClientSession() as http:
        request = asyncio.ensure_future(http.post(info["endpoint"], data=b"{}", headers=headers))
        state = {"in_flight": 0}
        while not state["in_flight"]:
            async with http.get(info["control"] + "state") as answer:
                state = await answer.json()
        assert state["faults"][0]["rule"] == "hang *"
        assert state["latency_ms"] == 1
        process.terminate()
        async with asyncio.timeout(20):
            _, err = await process.communicate()
        with pytest.raises(aiohttp.ClientError):
            await request
    assert (process.returncode, err) == (0, b"")


async def test_it_ends_with_its_input_if_asked_to():
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "ssmtui",
        "simulator",
        *SMALL,
        "--exit-with-parent",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    await process.stdout.readline()
    process.stdin.close()
    assert await process.wait() == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--nodes", "many"], "--nodes: "),
        (["--nodes", "-1"], "--nodes: "),
        (["--accounts", "1001"], "--accounts: "),
        (["--port", "65536"], "--port: "),
        (["--pace", "-1"], "--pace: "),
        (["--pace", "nan"], "nan is no number"),
        (["--latency-ms", "inf"], "inf is no number"),
        (["--bogus"], "has no option --bogus"),
        (["extra"], "has no use for extra"),
        (["--nodes", "0", "--fault", "throttle"], "names no operation"),
        (["--nodes", "0", "--fault", "throttle ssm:Nothing*"], "has no operation 'Nothing*'"),
    ],
)
def test_wrong_options_are_one_sentence_and_exit_with_2(monkeypatch, capsys, arguments, words):
    monkeypatch.setattr("sys.argv", ["ssmtui", "simulator", *arguments])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert err.startswith("ssmtui: ")
    assert err.endswith(".\n")
    assert err.count("\n") == 1


def test_help_documents_every_option_and_kind_of_fault():
    from ssmtui.simulator.faults import FaultKind

    text = " ".join(CliRunner().invoke(command, ["--help"]).stdout.split())
    options = ["port", "nodes", "accounts", "regions", "seed", "pace", "latency-ms", "fault"]
    assert all(f"--{option} " in text for option in options)
    assert all(kind in text for kind in FaultKind)
    assert "exit-with-parent" not in text


def test_importing_the_verb_imports_nothing_heavy():
    program = (
        "import sys, ssmtui.cli.simulator\n"
        "print([name for name in sys.modules if name.split('.')[0] in "
        "('aiohttp', 'botocore', 'aiobotocore', 'textual')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"
