from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("true && echo yes || echo no; false && echo yes || echo no", "yes\nno\n"),
        ("! false; echo $?", "0\n"),
        ("echo a | tr a b | cat; false | true; echo $?", "b\n0\n"),
        ("set -o pipefail; false | true; echo $?", "1\n"),
        ("x=1; (x=2; echo $x); echo $x", "2\n1\n"),
        ("x=1; echo y | read x; echo $x", "1\n"),
        ("f() { echo $1 $#; return 3; }; f a b; echo $?", "a 2\n3\n"),
        ("f() { local x=in; echo $x; }; x=out; f; echo $x", "in\nout\n"),
        ("A=b env | grep ^A=; echo $A", "A=b\n\n"),
        ("set -e; if false; then :; fi; false || true; echo on; false; echo never", "on\n"),
        ("trap 'echo bye' EXIT; echo hi; exit 0", "hi\nbye\n"),
        ("echo one; exec_missing 2>/dev/null; echo $?", "one\n127\n"),
        (
            'cat < /etc/hostname > /tmp/h; cmp=$(cat /tmp/h); [ "$cmp" = $(hostname) ] && echo same',
            "same\n",
        ),
        ("{ echo a; echo b; } > /tmp/g; wc -l < /tmp/g", "2\n"),
        ("yes | head -n 2; echo ${?}", "y\ny\n0\n"),
        ("bash -c 'echo $0 $1' name arg; sh -c 'exit 4'; echo $?", "name arg\n4\n"),
        (
            "echo 'echo from $1' > /tmp/s; chmod +x /tmp/s; /tmp/s file; bash /tmp/s again",
            "from file\nfrom again\n",
        ),
    ],
)
async def test_scripts(bench: Any, script: str, printed: str) -> None:
    assert (await bench.run(script)).stdout == printed


async def test_tracing(bench: Any) -> None:
    assert (await bench.run("set -x; echo a")).stderr == "+ echo a\n"


async def test_messages_name_the_script_and_the_line(bench: Any) -> None:
    result = await bench.run("true\n\nnope", name="/tmp/x.sh")
    assert result.stderr == "/tmp/x.sh: line 3: nope: command not found\n"


async def test_a_syntax_error_comes_after_what_stands_before_it(bench: Any) -> None:
    result = await bench.run("echo first\nif then\n")
    assert result.stdout == "first\n"
    assert "syntax error near unexpected token `then'" in result.stderr
    assert result.exit_code == 2


async def test_stages_of_a_pipeline_run_at_once(bench: Any) -> None:
    assert await bench.during(bench.out("(sleep 2; echo a) | (sleep 2; cat)"), 2) == "a\n"


async def test_a_killed_program_says_so_by_its_status(bench: Any) -> None:
    script = "sleep 100 & sleep 1; kill -9 $!; wait $!; echo $?"
    assert await bench.during(bench.out(script), 1) == "137\n"


async def test_an_assignment_sees_the_status_before_it(bench: Any) -> None:
    script = (
        "false; s=$?; echo $s $?; s=$(exit 3); echo $?; a=$(exit 4) b=$?; echo $b $?; "
        "(exit 5); s=1; echo $?; false; s=$(true); echo $?"
    )
    assert await bench.out(script) == "1 0\n3\n4 4\n0\n0\n"
