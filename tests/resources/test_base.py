"""What every declaration is made of."""

from types import SimpleNamespace

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.core.keys import ScopeKey
from ssmtui.core.query import parse
from ssmtui.resources.base import exactly
from ssmtui.resources.nodes import nodes
from ssmtui.resources.nodes.row import COLUMNS, Node


@given(st.text(min_size=1))
def test_exactly_finds_the_value_and_no_other(text):
    query = parse(exactly("id", text), COLUMNS)
    rows = [
        Node(account="1", region="r", id=each)
        for each in (text, text + "x", "x" + text, text.swapcase() + "y")
    ]
    assert query.matches(rows, None, None, now=0.0) == [True, False, False, False]


def test_an_ordinary_id_needs_no_quotes():
    assert exactly("id", "mi-0a1b") == "id=mi-0a1b"
    assert exactly("node", "a*b") == 'node="a*b"'


def test_a_resource_leads_nowhere_unless_it_says_so():
    row = Node(account="1", region="r", id="i-1")
    plain = type(nodes())(
        **{
            name: getattr(nodes(), name)
            for name in nodes().__struct_fields__
            if name not in ("links", "news")
        }
    )
    assert plain.links(row) == ()
    assert plain.news(row, 0.0) == ()


def narrow(**given):
    opened = []
    resource = msgspec.structs.replace(
        nodes(),
        listing=lambda scopes: opened.append({}),
        narrowed=lambda scopes, only: opened.append(only),
        narrowed_by={"id": "i-[0-9]+", "name": ".+"},
        **given,
    )
    return resource, opened


def test_only_what_the_service_takes_narrows_a_resource():
    resource, _ = narrow()
    assert resource.only({"id": "i-1", "name": "web", "ping": "lost"}) == {
        "id": "i-1",
        "name": "web",
    }
    assert resource.only({"id": "i-x"}) == {}
    assert nodes().only({"id": "i-1"}) == {}


def test_a_listing_is_the_narrowest_there_is():
    resource, opened = narrow()
    resource.open((), {"id": "i-1"})
    resource.open((), {})
    assert opened == [{"id": "i-1"}, {}]


async def test_what_has_to_be_narrowed_and_is_not_says_so_for_every_scope():
    resource, opened = narrow(needs_narrowing=True)
    scopes = [SimpleNamespace(key=ScopeKey("1", region)) for region in ("a", "b")]
    events = [event async for event in resource.open(scopes, {}).refresh()]
    assert [(event.scope, event.problem) for event in events] == [
        (scope.key, resource.too_many) for scope in scopes
    ]
    assert opened == []
    assert resource.too_many.remedy == "Say id=ID or name=ID"
