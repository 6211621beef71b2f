from __future__ import annotations

from ssmtui.aws.texts import all_shared, shared, shared_tags


def _fresh(text: str) -> str:
    """An equal text that is another object."""
    return "".join(list(text))


def test_equal_texts_become_one_object():
    first, second = _fresh("m6i.large"), _fresh("m6i.large")
    assert first is not second
    assert shared(first) is shared(second)
    assert next(all_shared([_fresh("m6i.large")])) is shared("m6i.large")


def test_nothing_and_the_empty_text_stay_what_they_are():
    assert shared(None) is None
    assert shared("") == ""
    assert list(all_shared([None, "", "x"])) == [None, "", "x"]


def test_tags_share_keys_and_values():
    one = shared_tags([(_fresh("Role"), _fresh("web-node")), (_fresh("empty"), "")])
    two = shared_tags([(_fresh("Role"), _fresh("web-node"))])
    assert one == {"Role": "web-node", "empty": ""}
    assert one["Role"] is two["Role"]
    assert next(iter(one)) is next(iter(two))


def test_names_are_not_kept_for_ever():
    name = _fresh("web-0141-of-this-test")
    assert shared_tags([("Name", name)])["Name"] is name
    assert shared(_fresh("web-0141-of-this-test")) is not name
