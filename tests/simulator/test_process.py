"""The simulator as a child: it gets ready, is reached, and never outlives its parent."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from ssmtui.core.problem import ProblemError, ProblemKind
from ssmtui.core.tasks import spawn
from ssmtui.simulator.process import SimulatorProcess, scrubbed

SMALL = ["--nodes", "6", "--accounts", "2", "--regions", "1", "--pace", "0"]


async def gone(pid):
    """Wait until there is no such process."""
    async with asyncio.timeout(20):
        while Path(f"/proc/{pid}").exists() if sys.platform == "linux" else _alive(pid):
            await asyncio.sleep(0.01)


def _alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_child_is_ready_in_the_block_and_gone_after_it(http):
    process = SimulatorProcess(SMALL)
    async with process as info:
        assert info.profiles == ["dev", "staging"]
        assert len(info.accounts) == 2
        assert info.regions == ["eu-west-1"]
        pid = process.pid
        async with http.get(info.control + "state") as answer:
            assert (await answer.json())["accounts"] == info.accounts
        assert Path(info.config_file).is_file()
    await gone(pid)
    assert process.pid is None
    assert not Path(info.config_file).exists()
    assert not Path(info.credentials_file).parent.exists()


async def test_a_child_ends_when_the_block_fails():
    process, pids = SimulatorProcess(SMALL), []

    async def fail_inside():
        async with process:
            pids.append(process.pid)
            raise KeyError("the caller's own")

    with pytest.raises(KeyError, match="own"):
        await fail_inside()
    await gone(pids[0])


async def test_a_child_ends_when_its_parent_is_killed(tmp_path):
    program = tmp_path / "parent.py"
    program.write_text(
        "import asyncio\n"
        "from ssmtui.simulator.process import SimulatorProcess\n"
        "async def main():\n"
        f"    process = SimulatorProcess({SMALL!r})\n"
        "    async with process as info:\n"
        "        print(process.pid, info.config_file, flush=True)\n"
        "        await asyncio.sleep(3600)\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, str(program), stdout=asyncio.subprocess.PIPE
    )
    pid, config_file = (await parent.stdout.readline()).decode().split()
    assert Path(config_file).is_file()
    parent.send_signal(signal.SIGKILL)
    await parent.wait()
    await gone(int(pid))
    assert not Path(config_file).exists()


async def test_a_child_is_gone_though_its_end_is_cancelled():
    process = SimulatorProcess(SMALL)
    info = await process.__aenter__()
    pid = process.pid
    ending = spawn(process.__aexit__(None, None, None), "the end")
    await asyncio.sleep(0)
    ending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ending
    assert process.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert info.profiles == ["dev", "staging"]


async def test_wrong_arguments_are_the_childs_own_sentence():
    with pytest.raises(ProblemError) as problem:
        async with SimulatorProcess(["--fault", "slow *"]):
            pass
    assert problem.value.problem.kind is ProblemKind.ENDPOINT
    assert problem.value.problem.what.startswith(
        "The simulator did not start: 'slow' is no kind of fault: use one of latency"
    )


async def test_a_child_that_is_not_ready_in_time_is_ended():
    process = SimulatorProcess(SMALL, timeout=0)
    with pytest.raises(ProblemError, match="not ready after 0 s"):
        async with process:
            pass
    assert process.pid is None


def test_the_child_inherits_no_aws_or_proxy_setting():
    environment = {
        "PATH": "/bin",
        "AWS_PROFILE": "prod",
        "AWS_ENDPOINT_URL": "https://example.org",
        "HTTPS_PROXY": "http://proxy",
        "no_proxy": "x",
        "LANG": "C",
    }
    assert scrubbed(environment) == {"PATH": "/bin", "LANG": "C"}
