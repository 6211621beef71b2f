"""Operators and values by the kind of the column."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from ssmtui.core.query import QueryError

Ask = Callable[..., bool | None]
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Local time is an hour ahead of UTC; 1_800_000_000 is 2027-01-15 09:00 there."""
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "fields", "answer"),
    [
        # text is exact, lists are any of, stars are anything
        ("name=web", {"name": "web"}, True),
        ("name=web", {"name": "Web"}, False),
        ("name==web", {"name": "web"}, True),
        ("name=web", {"name": "web-1"}, False),
        ("name=api,web", {"name": "web"}, True),
        ("name=web*", {"name": "web-1"}, True),
        ("name=*-1", {"name": "web-1"}, True),
        ("name=w*b*1", {"name": "web-b-01"}, True),
        ("name=w*b*b*1", {"name": "web-01"}, False),
        ("name=*", {"name": "web"}, True),
        ("name=*", {"name": None}, False),
        ("name=a*,web", {"name": "web"}, True),
        ("name=a.c", {"name": "abc"}, False),
        ('name="web *"', {"name": "web *"}, True),
        ('name="web *"', {"name": "web 1"}, False),
        ('name="web "*', {"name": "web 1"}, True),
        ('name="a,b"', {"name": "a,b"}, True),
        (r"name=a\*b", {"name": "a*b"}, True),
        (r"name=a\*b", {"name": "axb"}, False),
        (r"name=DOM\user", {"name": "DOM\\user"}, True),
        (r'name="say \"hi\""', {"name": 'say "hi"'}, True),
        ("name='it is'", {"name": "it is"}, True),
        ("name=O'Brien", {"name": "O'Brien"}, True),
        ("name=web(1)", {"name": "web(1)"}, True),
        ("(name=web)", {"name": "web"}, True),
        ("name=x\ny", {"name": "x"}, False),
        ("name=*", {"name": "a\nb"}, True),
        # nothing
        ("role=", {"role": None}, True),
        ("role=", {"role": ""}, True),
        ("role=", {"role": "web"}, False),
        ("role!=", {"role": "web"}, True),
        ("role=,web", {"role": None}, True),
        ("role=,web", {"role": "web"}, True),
        ("crit=", {"crit": None}, True),
        ("crit=", {"crit": 0}, False),
        ("seen=", {"seen": 1.0}, False),
        # not equal
        ("role!=web", {"role": None}, True),
        ("role!=web,api", {"role": "api"}, False),
        # regular expressions
        ("name~^w.b", {"name": "WEB"}, True),
        ("name~^W.b", {"name": "web"}, False),
        (r"name~\S\d", {"name": "WEB1"}, True),
        ("name~web|api", {"name": "api"}, True),
        ("name~(web|api)-[0-9)]", {"name": "api-1"}, True),
        ('name~"a b"', {"name": "a b"}, True),
        ("name~web", {"name": None}, False),
        ("tags~^env=p", {"tags": {"Env": "prod"}}, True),
        ("tags~^env=d", {"tags": {"Env": "prod"}}, False),
        # text has a natural order
        ("name>web-9", {"name": "web-10"}, True),
        ("name<b", {"name": "A"}, True),
        ("name<b", {"name": None}, False),
        # status words are words in any case
        ("ping=LOST", {"ping": "lost"}, True),
        ("ping=inprogress", {"ping": "InProgress"}, True),
        ("ping=IN*", {"ping": "InProgress"}, True),
        ("ping=a,LO*", {"ping": "lost"}, True),
        # versions
        ("agent=3.3.16", {"agent": "3.3.16"}, True),
        ("agent=3.3.016", {"agent": "3.3.16"}, True),
        ("agent=3.*", {"agent": "3.3.16"}, True),
        ("agent<3.10", {"agent": "3.9.1"}, True),
        ("agent>=3.3", {"agent": "3.3"}, True),
        ("agent>3.3", {"agent": "3.3.0"}, True),
        ("agent~^3", {"agent": "3.3"}, True),
        # counts and sizes
        ("crit>3", {"crit": 4}, True),
        ("crit>=3.5", {"crit": 3}, False),
        ("crit=0,3", {"crit": 3}, True),
        ("crit=-1", {"crit": -1}, True),
        ("disk>10MiB", {"disk": 10 * 1024**2}, False),
        ("disk>=10MiB", {"disk": 10 * 1024**2}, True),
        ("disk>=10M", {"disk": 10 * 1024**2 - 1}, False),
        ("disk>=10MB", {"disk": 10_000_000}, True),
        ("disk<1.5k", {"disk": 1535}, True),
        ("disk=512", {"disk": 512}, True),
        ("disk=512B", {"disk": 512}, True),
        ('disk="1 KiB"', {"disk": 1024}, True),
        # flags
        ("latest=yes", {"latest": True}, True),
        ("latest=No", {"latest": False}, True),
        ("latest=true", {"latest": False}, False),
        ("latest!=yes", {"latest": False}, True),
        ("latest=yes", {"latest": None}, False),
    ],
)
def test_values(ask: Ask, text: str, fields: dict[str, object], answer: bool) -> None:
    assert ask(text, **fields) is answer


@pytest.mark.parametrize(
    ("text", "ago", "answer"),
    [
        ("seen>30m", 31 * MINUTE, True),
        ("seen>30m", 30 * MINUTE, False),
        ("seen>=30m", 30 * MINUTE, True),
        ("seen<30m", 29 * MINUTE, True),
        ("seen<30m", 31 * MINUTE, False),
        ("seen<=30m", 30 * MINUTE, True),
        ("seen>90s", 91.0, True),
        ("seen>2h", 3 * HOUR, True),
        ("seen>1d12h", 1.4 * DAY, False),
        ("seen>1w", 8 * DAY, True),
        ("seen>1.5d", 37 * HOUR, True),
        ("seen>1y", 366 * DAY, True),
        ("lost>30m", HOUR, True),
    ],
)
def test_durations_are_ages(ask: Ask, now: float, text: str, ago: float, answer: bool) -> None:
    assert ask(text, seen=now - ago, lost=now - ago) is answer


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("text", "moment", "answer"),
    [
        ("seen>08:00", 1_799_996_401.0, True),
        ("seen>08:00", 1_799_996_400.0, False),
        ("seen>=8:00", 1_799_996_400.0, True),
        ("seen<08:00", 1_799_996_399.0, True),
        ("seen=08:00", 1_799_996_459.0, True),
        ("seen=08:00", 1_799_996_460.0, False),
        ("seen=08:00:10", 1_799_996_410.5, True),
        ("seen=08:00:10", 1_799_996_411.0, False),
        ("seen>2027-01-15", 1_799_967_601.0, True),
        ("seen>=2027-01-15", 1_799_967_600.0, True),
        ("seen<2027-01-15", 1_799_967_599.0, True),
        ("seen=2027-01-15", 1_799_967_600.0 + DAY - 1, True),
        ("seen=2027-01-14,2027-01-15", 1_799_967_600.0 + DAY, False),
        ("seen!=2027-01-15", 1_799_967_599.0, True),
        ("seen>=2027-01-15T08:00", 1_799_996_400.0, True),
        ("seen>=2027-01-15T07:00Z", 1_799_996_400.0, True),
        ("seen<2027-01-15T07:00:00+00:00", 1_799_996_400.0, False),
        ('seen="2027-01-15 08:00"', 1_799_996_459.0, True),
    ],
)
def test_absolute_times_are_local_and_later_is_more(
    ask: Ask, text: str, moment: float, answer: bool
) -> None:
    assert ask(text, seen=moment) is answer


def test_the_day_of_a_date_is_as_long_as_the_clock_says(ask: Ask, berlin: None) -> None:
    """On 2027-03-28 Berlin has 23 hours."""
    midnight = 1_806_188_400.0
    assert ask("seen=2027-03-28", seen=midnight + 23 * HOUR - 1) is True
    assert ask("seen=2027-03-28", seen=midnight + 23 * HOUR) is False


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("seen>30", 5, "a duration (30m)"),
        ("seen>2027-02-30", 5, "not “2027-02-30”"),
        ("seen>9999-12-31", 5, "a date"),
        ("seen>25:00", 5, "a time of today"),
        ("seen=30m", 5, "Write seen>30m"),
        ("seen!=30m", 6, "Write seen>30m"),
        ("seen~3", 0, "seen has no text for ~"),
        ("crit>many", 5, "crit wants a number, not “many”"),
        ("crit=1_000", 5, "a number"),
        ("crit=inf", 5, "a number"),
        ("disk>10Mib/s", 5, "a size (10MiB)"),
        ("latest=maybe", 7, "yes or no"),
        ("latest>no", 0, "has no order"),
        ("ping>lost", 0, "has no order"),
        ("tags=Env", 0, "Write tag:KEY=VALUE"),
        ("tags>Env", 0, "has no order"),
        ("crit>1,2", 6, "> takes one value"),
        ("crit>", 4, "nothing follows this >"),
        ("name>a*", 5, "* means nothing after >"),
        ("name~", 4, "nothing follows this ~"),
    ],
)
def test_wrong_values(ask: Ask, text: str, position: int, words: str) -> None:
    with pytest.raises(QueryError) as error:
        ask(text)
    assert words in str(error.value)
    assert error.value.position == position


def test_a_glob_with_many_stars_does_not_run_away(ask: Ask) -> None:
    """A backtracking match of this would take longer than anybody lives."""
    assert ask("name=" + "*a" * 60 + "*b", name="a" * 3000) is False


@pytest.mark.parametrize("expression", ["agent<abc", "agent>=latest"])
def test_a_version_is_not_compared_with_a_word(ask: Ask, expression: str) -> None:
    with pytest.raises(QueryError, match="agent wants a version such as"):
        ask(expression)


@pytest.mark.parametrize(
    ("expression", "nodes", "answer"),
    [
        ("nodes=i-1", ("i-2", "i-1"), True),
        ("nodes=i-3,i-2", ("i-2", "i-1"), True),
        ("nodes=i-1", ("i-12",), False),
        ("nodes=i-*", ("mi-1", "i-1"), True),
        ("nodes~2$", ("i-12",), True),
        ("nodes~3", ("i-12",), False),
        ("nodes!=i-1", ("i-2",), True),
        ("nodes!=i-1", ("i-2", "i-1"), False),
        ("nodes=", (), True),
        ("nodes=", None, True),
        ("nodes=", ("i-1",), False),
        ("nodes=i-1", None, False),
    ],
)
def test_of_a_list_of_names_any_one_fits(
    ask: Ask, expression: str, nodes: tuple[str, ...] | None, answer: bool
) -> None:
    assert ask(expression, nodes=nodes) is answer


def test_whether_an_unknown_list_holds_a_name_is_unknown(ask: Ask) -> None:
    assert ask("nodes=i-1") is None


def test_names_have_no_order(ask: Ask) -> None:
    with pytest.raises(QueryError, match="nodes is a list of names and has no order"):
        ask("nodes>i-1", nodes=("i-1",))
