"""The grammar: what is a term, how terms join, and what is said of a wrong filter."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.core.columns import UNKNOWN, Column
from ssmtui.core.query import QueryError, parse

Ask = Callable[..., bool | None]

WEB = {"name": "web-1", "ping": "lost", "role": "node", "tags": {"Env": "prod", "Patch Group": "a"}}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", True),
        ("   ", True),
        # words are looked for in what is shown
        ("web", True),
        ("lost", True),
        ("Lost", False),
        ("LOST", True),
        ("nowhere", False),
        ("^web", True),
        ("^web-1$", True),
        ("^eb", False),
        ("w.b-[0-9]", True),
        (r"web-\d", True),
        (r"\S+-\D", False),
        (r"\x57eb", True),
        ("web|api", True),
        ("api|web", True),
        ("web(-|_)1", True),
        ("we[)|]b", False),
        ("/web", True),
        ("!/web", False),
        ('"web-1"', True),
        ("'prod patch'", True),
        ('"web-1 lost"', False),
        ("node.*prod", False),  # a word does not run from one cell into the next
        # all, either, not
        ("web lost", True),
        ("web online", False),
        ("web | online", True),
        ("online | web", True),
        ("online | api", False),
        ("!web", False),
        ("!!web", True),
        ("!online lost", True),
        ("!(web online)", True),
        ("!(web lost)", False),
        ("(web | api) lost", True),
        ("(web)|(api)", True),
        ("nowhere web | api", False),  # nowhere and (web or api)
        ("((web))", True),
        # keys
        ("name=web-1", True),
        ("NAME=web-1", True),
        ("Env=prod", True),
        ("env=prod", False),
        ("env!=prod", True),
        ("tag:Env=prod", True),
        ("col:name=web-1", True),
        ("tag:name=web-1", False),
        ('"Patch Group"=a', True),
        ('tag:"Patch Group"=a,b', True),
        ("Env=prod|Env=dev", True),
        ("Env=dev|!web|(lost)", True),
        ("aws:autoscaling:groupName!=x", True),
        ("Env~^PR", False),
        ("Env~^pr", True),
        # k9s's
        ("-f wb1", True),
        ("-f WB1", False),
        ("-f 1bw", False),
        ('-f "w 1"', False),
        ("!-f wb1", False),
        ("-l Env=prod", True),
        ("-l Env==prod,Team!=data", True),
        ("-l Env!=prod", False),
        ("-fast", False),
        ("(-f wb1)", True),
    ],
)
def test_meaning(ask: Ask, text: str, answer: bool) -> None:
    assert ask(text, **WEB) is answer


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("(", 0, "this ( is not closed"),
        ("(web", 0, "this ( is not closed"),
        ("web)", 3, "this ) closes nothing"),
        ("name=(", 5, "this ( is not closed"),
        ("ping=lost (name=web( x)", 19, "this ( is not closed"),
        ("-l Env=(prod", 7, "this ( is not closed"),
        ("()", 0, "nothing between these ( )"),
        ("!", 0, "a term is missing"),
        ("! web", 1, "a term is missing"),
        ("(!)", 2, "a term is missing"),
        ("| web", 0, "nothing stands before this |"),
        ("web |", 4, "nothing follows this |"),
        ("web || api", 4, "nothing follows this |"),
        ("=3", 0, "Write key=value without spaces"),
        ("seen > 30m", 5, "Write key>value without spaces"),
        ('"web', 0, "this quote is not closed"),
        ('name="web', 5, "this quote is not closed"),
        ('"web"b', 4, "a space is missing after this quote"),
        ('""', 1, "nothing between these quotes"),
        ('-f ""', 3, "nothing between these quotes"),
        ("(web)-1", 4, 'quote it: "(web|api)-01"'),
        ("web[", 3, "is no regular expression"),
        ("*web*", 0, "Write name=*web* for a glob"),
        ("name~(", 5, "is no regular expression"),
        ("a{99999999999}", 0, "too large"),
        ("@", 0, "@ wants a profile"),
        ("@a,,b", 0, "@ wants a profile"),
        ("!@prod", 1, "Write @prod apart from"),
        ("web | @prod", 6, "Write @prod apart from"),
        ("(@prod)", 1, "Write @prod apart from"),
        ("-f", 0, "-f wants a word"),
        ("-l", 0, "-l wants key=value"),
        ("-l Env", 3, "-l wants tags as key=value"),
        ("-l Env=a,=b", 9, "-l wants tags as key=value"),
        ("Env=a|b", 5, "with commas (Env=a,b)"),
        ("!Env=a|b", 6, "with commas (Env=a,b)"),
        ("col:pnig=lost", 0, "there is no column pnig, at character 1. Did you mean ping."),
        ("col:zzz=lost", 0, "There are name, ping"),
        ('tag:""=x', 0, "a tag's key is missing"),
        ("(" * 100, 40, "too many ("),
    ],
)
def test_wrong_filters(columns: tuple[Column, ...], text: str, position: int, words: str) -> None:
    with pytest.raises(QueryError) as error:
        parse(text, columns)
    assert words in str(error.value)
    assert error.value.position == position


@pytest.mark.parametrize("text", ["[[a]", "name~[[a]", "[a&&b]", "name~[a&&b]"])
def test_python_s_warnings_do_not_reach_the_terminal(
    columns: tuple[Column, ...], text: str
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert parse(text, columns).simple


def test_a_resource_without_tags_knows_its_columns_only(columns: tuple[Column, ...]) -> None:
    with pytest.raises(QueryError, match=r"no column nam, at character 6\. Did you mean name"):
        parse("web (nam=x)", columns[:2])


def test_scopes_are_collected(columns: tuple[Column, ...]) -> None:
    query = parse('@prod web @dev,eu-west-1 @"my profile" @prod', columns)
    assert query.scopes == ("prod", "dev", "eu-west-1", "my profile")
    assert query.term == parse("web", columns).term


def test_a_query_knows_what_it_reads(columns: tuple[Column, ...]) -> None:
    query = parse("  ping=lost !(Env=prod | seen>3m) ", columns)
    assert query.text == "ping=lost !(Env=prod | seen>3m)"
    assert query.columns == {"ping", "tags", "seen"}
    assert query.tags == {"Env"}
    assert not query.words
    assert parse("ping=lost web", columns).words
    assert parse("-f web", columns).words


def test_keys_that_are_a_column_and_a_tag_are_told(columns: tuple[Column, ...]) -> None:
    known = {"Role", "Env"}
    assert parse("Role=web role=x Env=prod", columns, known).ambiguous == ("Role", "role")
    assert parse("col:role=web tag:Role=x", columns, known).ambiguous == ()
    assert parse("Role=web", columns).ambiguous == ()


def test_a_column_comes_before_a_tag_of_that_name(ask: Ask) -> None:
    assert ask("role=web", role="web", tags={"role": "api"}) is True


@pytest.mark.parametrize(
    ("text", "role", "tags", "answer"),
    [
        ("Role=web", "node", {"Role": "web"}, True),
        ("Role=node", "node", {"Role": "web"}, False),
        ("Role!=node", "node", {"Role": "web"}, True),
        ("Role~^w", "node", {"Role": "web"}, True),
        ("Role<o", "node", {"Role": "web"}, False),
        ("Role=node", "node", {"role": "web"}, True),
        ("Role=node", "node", {}, True),
        ("Role=node", "node", None, True),
        ("Role=node", "node", UNKNOWN, None),
        ("role=node", "node", UNKNOWN, True),
        ("col:Role=node", "node", UNKNOWN, True),
    ],
)
def test_a_key_in_other_letters_than_the_column_s_may_be_a_tag(
    ask: Ask, text: str, role: str, tags: object, answer: bool | None
) -> None:
    assert ask(text, role=role, tags=tags) is answer


def test_a_tag_that_looks_like_a_column_gets_a_hint(columns: tuple[Column, ...]) -> None:
    assert parse("pnig=lost", columns).hints == (
        "pnig is taken as a tag; the column is called ping",
    )
    assert parse("pnig=lost", columns, {"pnig"}).hints == ()
    assert parse("tag:pnig=lost Team=x", columns).hints == ()


# Made of the language's own signs, so that most examples go deep into the parser.
SIGNS = st.text(st.sampled_from("""()[]{}!|@=<>~,*"'\\ -flabNEname:.+?^$/0159mdGé\n"""))


@given(st.text() | SIGNS)
def test_any_text_is_a_query_or_a_query_error(columns: tuple[Column, ...], text: str) -> None:
    try:
        query = parse(text, columns)
    except QueryError as error:
        position, sentence = error.position, str(error)
    else:
        position, sentence = 0, ""
        query.match(_blank(columns), "text", now=0.0)
    assert 0 <= position <= len(text)
    assert "\n" not in sentence


def _blank(columns: tuple[Column, ...]) -> object:
    from types import SimpleNamespace

    return SimpleNamespace(**{column.id: None for column in columns})
