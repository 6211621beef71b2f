"""What every declaration is made of."""

from hypothesis import given
from hypothesis import strategies as st

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
