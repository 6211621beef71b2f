from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("touch a b; ls; touch -c c; mkdir -p x/y/z; ls x", "a\nb\ny\n"),
        ("mkdir -m 700 p; stat -c %a p", "700\n"),
        (
            "echo 1 > a; cp a b; mkdir d; cp a b d; cp -r d e; ls d e; cat e/b",
            "d:\na\nb\n\ne:\na\nb\n1\n",
        ),
        ("echo 1 > a; mv a b; mkdir d; mv b d/; ls d; mv d e; ls e; rm -rf e; ls", "b\nb\n"),
        ("touch a; rm -v a; rm -f nope; echo $?", "removed 'a'\n0\n"),
        ("mkdir d; rmdir d; ls", ""),
        ("echo x > a; ln -s a l; cat l; ln -sf /etc/hostname l; readlink l", "x\n/etc/hostname\n"),
        (
            "touch a; chmod 755 a; stat -c %a a; chmod u-x,g+w,o= a; stat -c %a a; chmod a+x a; stat -c %A a",
            "755\n670\n-rwxrwx--x\n",
        ),
        ("mkdir -p d/e; chmod -R 700 d; stat -c %a d/e", "700\n"),
        ("touch a; chown ssm-user:wheel a; stat -c %U:%G a", "ssm-user:wheel\n"),
        ("dd if=/dev/zero of=z bs=1K count=3 status=none; wc -c < z", "3072\n"),
        ("echo abcdef | dd bs=1 skip=2 count=3 2>/dev/null", "cde"),
        ("echo abcdef > t; truncate -s 3 t; cat t; truncate -s 1K t; wc -c < t", "abc1024\n"),
        (
            "f=$(mktemp); echo $f | cut -c1-9; [ -f $f ] && echo there; d=$(mktemp -d); [ -d $d ] && echo folder",
            "/tmp/tmp.\nthere\nfolder\n",
        ),
        ("echo x > s; install -m 600 s t; stat -c %a t; install -d u/v; ls u; sync", "600\nv\n"),
    ],
)
async def test_changes(bench: Any, script: str, printed: str) -> None:
    assert await bench.out(f"mkdir /tmp/w; cd /tmp/w; {script}") == printed


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("mkdir /etc", "cannot create directory '/etc': File exists"),
        ("mkdir /a/b", "No such file"),
        ("rm /etc", "Is a directory"),
        ("rm -rf /", "dangerous"),
        ("rm /nope", "cannot remove '/nope'"),
        ("rmdir /etc", "Directory not empty"),
        ("cp a", "missing destination"),
        ("cp /nope /tmp", "cannot copy '/nope'"),
        ("cp /etc /tmp/x", "-r not specified"),
        ("cp -r /etc /etc/x", "into itself"),
        ("cp /etc/hosts /etc/hosts", "same file"),
        ("mv /nope /tmp", "cannot move"),
        ("chmod 999 /etc/hosts", "invalid mode"),
        ("chmod u+q /etc/hosts", "invalid mode"),
        ("chown nobody2 /etc/hosts", "invalid user"),
        ("dd x=1", "unrecognized operand"),
        ("truncate f", "must specify"),
        ("mktemp x", "too few X's"),
        ("touch /nope/x", "cannot touch"),
        ("ln", "missing file operand"),
        ("chmod 755 /nope", "cannot access"),
    ],
)
async def test_problems(bench: Any, script: str, message: str) -> None:
    result = await bench.run(script)
    assert message in result.stderr
    assert result.exit_code == 1


@pytest.mark.parametrize(
    "script",
    [
        "rm /etc/hosts",
        "touch /etc/hosts",
        "chmod 777 /etc/hosts",
        "chown root /etc/hosts",
        "mv /etc/hosts /tmp",
        "mkdir /etc/x",
    ],
)
async def test_what_is_root_s_is_left_alone(bench: Any, script: str) -> None:
    result = await bench.run(script, user="ssm-user")
    assert "ermission" in result.stderr or "Operation not permitted" in result.stderr
    assert "localhost" in await bench.out("cat /etc/hosts")


async def test_dd_reports(bench: Any) -> None:
    result = await bench.run("dd if=/dev/zero of=/dev/null bs=1M count=2")
    assert "2+0 records in" in result.stderr
    assert "2097152 bytes copied" in result.stderr
