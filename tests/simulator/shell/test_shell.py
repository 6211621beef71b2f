from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ssmtui.simulator.shell as package
from ssmtui.core.tasks import spawn
from ssmtui.simulator.shell import Collector, Shell
from ssmtui.simulator.shell.bash.builtins import BUILTINS
from ssmtui.simulator.shell.commands import PROGRAMS
from ssmtui.simulator.shell.powershell.session import CMDLETS

FORBIDDEN = [
    "os",
    "subprocess",
    "pathlib",
    "socket",
    "shutil",
    "tempfile",
    "glob",
    "io",
    "pty",
    "signal",
    "ctypes",
    "time",
]


def sources() -> dict[str, str]:
    folder = Path(package.__file__).parent
    return {str(path): path.read_text() for path in folder.rglob("*.py")}


def test_no_module_can_reach_the_host() -> None:
    modules = "|".join(FORBIDDEN)
    reaching = re.compile(
        rf"^\s*(?:import|from)\s+(?:{modules})\b|\bcreate_subprocess|(?<![\w.])(?:open|eval|exec)\("
        r"|__import__|importlib|urlopen",
        re.MULTILINE,
    )
    assert len(sources()) > 60
    assert {
        path: found for path, text in sources().items() if (found := reaching.findall(text))
    } == {}


async def test_a_script_prints_and_exits(bench: Any) -> None:
    result = await bench.run("echo out; echo err >&2; exit 5")
    assert (result.stdout, result.stderr, result.exit_code) == ("out\n", "err\n", 5)


async def test_unknown_commands_are_said_and_exit_127(bench: Any) -> None:
    result = await bench.run("xyz")
    assert result.stderr == "_script.sh: line 1: xyz: command not found\n"
    assert result.exit_code == 127


async def test_what_one_shell_does_another_finds(bench: Any) -> None:
    await bench.run("echo kept > /tmp/x")
    assert await bench.out("cat /tmp/x") == "kept\n"


async def test_a_script_that_lasts_too_long_is_stopped(bench: Any) -> None:
    running = bench.run("echo started; sleep 60; echo never", time_limit=30.0)
    result = await bench.during(running, 31)
    assert result.stdout == "started\n"
    assert result.timed_out
    assert result.exit_code == 143


async def test_an_endless_loop_gives_way_and_can_be_stopped(bench: Any) -> None:
    result = await bench.during(bench.run("while true; do :; done", time_limit=5.0), 6)
    assert result.timed_out


async def test_output_that_nobody_reads_ends_a_script(bench: Any) -> None:
    sink = Collector(limit=10)
    ended = await Shell(bench.machine()).run_script("yes", stdout=sink, stderr=Collector())
    assert sink.data == b"y\n" * 5
    assert ended.exit_code == 141


async def test_output_waits_for_whoever_takes_it(bench: Any) -> None:
    gate = asyncio.Event()
    taken: list[int] = []

    class Slow:
        async def write(self, data: bytes) -> None:
            taken.append(len(data))
            await gate.wait()

    running = Shell(bench.machine()).run_script("seq 1 1000000", stdout=Slow(), stderr=Slow())
    task = spawn(running, "test")
    for _ in range(500):
        await asyncio.sleep(0)
    assert len(taken) == 1  # nothing was made that had nowhere to go
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_stdin_can_be_given(bench: Any) -> None:
    class Typed:
        def __init__(self) -> None:
            self.pieces = [b"one\n", b"two\n"]

        async def read(self) -> bytes:
            return self.pieces.pop(0) if self.pieces else b""

    assert await bench.out("grep -c .", stdin=Typed()) == "2\n"


async def test_a_reboot_ends_scripts_and_silences_the_node(bench: Any) -> None:
    node = bench.node()
    result = await bench.run("echo going; reboot; echo never")
    assert result.stdout == "going\n"
    assert result.exit_code == 137
    assert node.silent_since
    bench.clock.advance(60)
    assert not node.silent_since
    assert (await bench.out("uptime -p")) == "up 1 minute\n"


async def test_a_killed_shell_ends(bench: Any) -> None:
    result = await bench.run("echo before; kill -9 $$; echo never")
    assert result.stdout == "before\n"
    assert result.exit_code == 137


async def test_nothing_goes_on_after_a_script(bench: Any) -> None:
    machine = bench.machine()
    before = {process.pid for process in machine.processes}
    await bench.run("sleep 1000 & nohup tail -f /var/log/app.log & yes | head -1")
    assert {process.pid for process in machine.processes} == before


# At a terminal.


async def test_a_prompt_an_echo_and_an_answer(session: Any) -> None:
    one = await session()
    assert re.fullmatch(r"\[ssm-user@ip-[\d-]+ ~\]\$ ", one.text)
    shown = await one.type("echo $((6*7))\r")
    assert shown.startswith("echo $((6*7))\r\n42\r\n[ssm-user@")


@pytest.mark.parametrize("enter", ["\r", "\n", "\r\n"])
async def test_every_enter_is_one(session: Any, enter: str) -> None:
    one = await session()
    shown = await one.type(f"echo a{enter}")
    assert shown.count("\r\na\r\n") == 1
    assert shown.count("$ ") == 1


async def test_control_c_ends_a_command(session: Any) -> None:
    one = await session()
    await one.type("sleep 1000\r")
    assert (await one.type(b"\x03")).startswith("^C\r\n[ssm-user@")
    assert "\r\n130\r\n" in await one.type("echo $?\r")


async def test_control_c_ends_a_flood_that_nobody_reads(session: Any) -> None:
    one = await session()
    one.blocked = asyncio.Event()
    await one.type("yes\r")
    await one.type(b"\x03")
    one.blocked.set()
    one.blocked = None
    shown = await one.type("echo $?\r")
    assert "^C\r\n" in shown
    assert shown.endswith("$ ")
    assert len(one.shown) < 200_000


async def test_control_d_ends_the_shell_with_its_last_status(session: Any) -> None:
    one = await session()
    await one.type("false\r")
    await one.type(b"\x04")
    assert await one.task == 1


async def test_exit_ends_the_shell(session: Any) -> None:
    one = await session()
    await one.type("exit 7\r")
    assert await one.task == 7


async def test_a_nested_shell_as_root(session: Any) -> None:
    one = await session()
    assert "[root@" in await one.type("sudo -i\r")
    assert "\r\nroot\r\n" in await one.type("whoami\r")
    assert "[ssm-user@" in await one.type("exit\r")


async def test_the_size_of_the_terminal(session: Any) -> None:
    one = await session()
    one.shell.resize(132, 43)
    assert "\r\n43 132 132\r\n" in await one.type("echo $(stty size) $COLUMNS\r")


async def test_a_log_is_followed_on_simulated_time(bench: Any, session: Any) -> None:
    one = await session()
    before = (await one.type("tail -n 1 -f /var/log/app.log\r")).count("\n")
    assert before == 2
    bench.clock.advance(60)
    assert (await one.type("")).count("\r\n") > 5


async def test_programs_read_what_is_typed(session: Any) -> None:
    one = await session()
    await one.type("cat\r")
    assert await one.type("hello\r") == "hello\r\nhello\r\n"
    assert (await one.type(b"\x04")).startswith("[ssm-user@")


async def test_what_is_typed_ahead_is_not_lost(session: Any) -> None:
    one = await session()
    shown = await one.type("cat\rfor cat\r\x04echo for the shell\r")
    assert "\r\nfor cat\r\n" in shown
    assert "\r\nfor the shell\r\n" in shown


async def test_lines_of_one_command_have_their_own_prompt(session: Any) -> None:
    one = await session()
    assert (await one.type("for i in 1 2\r")).endswith("\r\n> ")
    assert "\r\n1\r\n2\r\n" in await one.type("do echo $i; done\r")


async def test_one_command_at_a_terminal(session: Any) -> None:
    one = await session(command="tty; exit 3")
    assert await one.task == 3
    assert one.text == "/dev/pts/0\r\n"


async def test_a_command_that_is_interrupted(session: Any) -> None:
    one = await session(command="sleep 100")
    await one.type(b"\x03")
    assert await one.task == 130


async def test_a_session_ends_when_its_output_cannot_be_delivered(bench: Any) -> None:
    async def read() -> bytes:
        await asyncio.Event().wait()
        return b""

    async def write(data: bytes) -> None:
        raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError):
        await Shell(bench.machine()).run(read, write)


async def test_a_session_that_is_cancelled_leaves_nothing(bench: Any, session: Any) -> None:
    one = await session()
    await one.type("sleep 100 | cat &\r")
    one.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await one.task
    assert not [process for process in bench.machine().processes if process.tty == "pts/0"]


async def test_powershell_at_its_prompt(session: Any) -> None:
    one = await session("Windows")
    assert one.text == "PS C:\\Windows\\system32> "
    assert "\r\nhi\r\n" in await one.type("Write-Output hi\r")
    assert (await one.type("if ($true) {\r")).endswith("\r\n>> ")
    assert "\r\nin\r\n" in await one.type('"in" }\r')
    await one.type("exit 4\r")
    assert await one.task == 4


# Whatever is thrown at it.

WORDS = [
    *PROGRAMS,
    *BUILTINS,
    "|",
    ";",
    "&&",
    "||",
    "&",
    "(",
    ")",
    "{ ",
    "; }",
    "if ",
    "; then ",
    "; fi",
    "while ",
    "; do ",
    "; done",
    "for i in ",
    "case x in ",
    "esac",
    "$x",
    "${x:-",
    "}",
    "$(",
    "`",
    "$((",
    "))",
    "'",
    '"',
    "\\",
    "\n",
    "<<EOF\n",
    "EOF\n",
    "> /tmp/a",
    "< /etc/passwd",
    "2>&1",
    "-n",
    "-c",
    "/etc",
    "/etc/passwd",
    "/dev/zero",
    "1",
    "*",
    "[a-z]",
    "s/a/b/g",
    "{a,b}",
    "[[ ",
    " ]]",
    "=~",
    "x=1",
    "!",
    "f(){ ",
    "%s",
    "-exec",
    "{}",
    "é",
    "\x00",
    "\ud800",
]
CMDLET_WORDS = [
    *(cmdlet.name for cmdlet in CMDLETS.values()),
    "|",
    ";",
    "(",
    ")",
    "{",
    "}",
    "$x",
    "$_",
    "$($",
    "@(",
    "@{",
    '"',
    "'",
    "`",
    "\n",
    "if (",
    ") {",
    "foreach ($i in ",
    "while (",
    "try {",
    "} catch {",
    "function f {",
    "1..3",
    "-eq",
    "-f",
    "+",
    "-",
    ".Length",
    "[int]",
    "-Name",
    "1",
    "$x = ",
    "C:\\Windows",
    "*",
    "exit",
    "throw",
    "return",
    "-replace",
    "'a(b'",
    "# ",
    "<#",
    "&",
]


async def bounded(bench: Any, text: str, kind: str) -> None:
    """The script ends, or can be ended; either way nothing of it is left."""
    task = spawn(bench.run(text, kind, limit=65_536), "fuzzed")
    for _ in range(300):
        if task.done():
            break
        await asyncio.sleep(0)
    if not task.done():
        task.cancel()
        await asyncio.wait({task})
    if not task.cancelled():
        assert 0 <= task.result().exit_code <= 0xFFFFFFFF


def fuzz(words: list[str]) -> st.SearchStrategy[str]:
    scripts = st.lists(st.sampled_from(words), max_size=10)
    joined = st.tuples(scripts, st.sampled_from([" ", ""])).map(lambda pair: pair[1].join(pair[0]))
    return st.one_of(joined, st.text(st.characters(), max_size=60))


BENCH = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(text=fuzz(WORDS))
@BENCH
def test_any_text_is_bounded_in_bash(bench: Any, text: str) -> None:
    asyncio.run(bounded(bench, text, "Amazon Linux"))


@given(text=fuzz(CMDLET_WORDS))
@BENCH
def test_any_text_is_bounded_in_powershell(bench: Any, text: str) -> None:
    asyncio.run(bounded(bench, text, "Windows"))


@given(data=st.lists(st.binary(max_size=20), max_size=6))
@BENCH
def test_any_bytes_may_be_typed(bench: Any, data: list[bytes]) -> None:
    async def typed() -> None:
        pieces = [*data, b"\x03\x03\rexit\r", b""]

        async def read() -> bytes:
            await asyncio.sleep(0)
            return pieces.pop(0) if pieces else b""

        async def write(shown: bytes) -> None:
            assert shown

        task = spawn(Shell(bench.machine()).run(read, write), "typed")
        for _ in range(500):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        if not task.cancelled():
            task.result()

    asyncio.run(typed())
