from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("x='a  b'; echo $x; echo \"$x\"", "a b\na  b\n"),
        ("echo ${nothing:-default} ${nothing-d} ${nothing:+no}end", "default d end\n"),
        ("x=; echo ${x:-d}. ${x-d}.", "d. .\n"),
        ("echo ${x:=kept}; echo $x", "kept\nkept\n"),
        ("x=hello; echo ${#x} ${x:1:3} ${x: -2} ${x:1:-1}", "5 ell lo ell\n"),
        (
            "f=/a/b.tar.gz; echo ${f##*/} ${f%.*} ${f%%.*} ${f#/}",
            "b.tar.gz /a/b.tar /a/b a/b.tar.gz\n",
        ),
        ("x=aXbX; echo ${x/X/-} ${x//X/-} ${x//X}", "a-bX a-b- ab\n"),
        ("x=abC; echo ${x^} ${x^^} ${x,,}", "AbC ABC abc\n"),
        (
            'set -- \'a b\' c; for i in "$@"; do echo [$i]; done; echo $# "$*"',
            "[a b]\n[c]\n2 a b c\n",
        ),
        ("set -- 1 2 3 4 5 6 7 8 9 ten; echo ${10} $1", "ten 1\n"),
        ("echo $(echo a; echo b) \"$(printf 'c\\n\\n')\"", "a b c\n"),
        ("echo `echo \\`echo deep\\``", "deep\n"),
        ('echo $((2 * 21)) "$((1<2))"', "42 1\n"),
        ("echo ~ ~/x '~'", "/root /root/x ~\n"),
        ("cd /etc; echo host*; echo nomatch*; echo 'host*'", "hostname hosts\nnomatch*\nhost*\n"),
        ("echo /etc/s*/sshd_conf??", "/etc/ssh/sshd_config\n"),
        ('IFS=:; x=a:b::c; for i in $x; do echo "<$i>"; done', "<a>\n<b>\n<>\n<c>\n"),
        ('echo "$nothing" | wc -c; echo $nothing | wc -c', "1\n1\n"),
        ("x=1; y=x; echo ${x}1 \"${x}\" '$x' \\$x", "11 1 $x $x\n"),
        ("local_=1; echo \"a'b\" 'a\"b' $'t\\tab'", "a'b a\"b t\tab\n"),
        ("export A='1 2'; B=$A; declare C=$A; echo \"$B|$C\"", "1 2|1 2\n"),
        ("echo {a,b}$((1+1)) x{1..3}", "a2 b2 x1 x2 x3\n"),
    ],
)
async def test_words(bench: Any, script: str, printed: str) -> None:
    assert await bench.out(script) == printed


@pytest.mark.parametrize(
    ("script", "problem", "status"),
    [
        ("echo ${x:?is needed}; echo never", "x: is needed", 1),
        ("set -u; echo $x; echo never", "x: unbound variable", 127),
        ("echo $((1/0)); echo after", "division by 0", 0),
    ],
)
async def test_what_cannot_be_expanded(bench: Any, script: str, problem: str, status: int) -> None:
    result = await bench.run(script)
    assert problem in result.stderr
    assert "never" not in result.stdout
    assert result.exit_code == status


async def test_special_parameters(bench: Any) -> None:
    script = "false; echo $?; true & wait $!; echo $(( $$ > 0 )) $0; echo $RANDOM > /dev/null"
    assert await bench.out(script) == "1\n1 _script.sh\n"


async def test_random_numbers_are_the_same_every_time(bench: Any) -> None:
    assert len((await bench.out("echo $RANDOM $RANDOM")).split()) == 2
