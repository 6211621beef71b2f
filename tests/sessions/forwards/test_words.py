from __future__ import annotations

from ssmtui.sessions.forwards.words import refusal, refused, words
from ssmtui.sessions.link import Over

REFUSED = Over(True, "Unable to connect to specified port: dial tcp localhost:81: refused")


def test_a_refusal_is_known_by_its_words() -> None:
    assert refused(REFUSED)
    assert words(REFUSED) == "dial tcp localhost:81: refused"


def test_any_other_end_is_none() -> None:
    idle = Over(True, "Your session timed out due to inactivity")
    assert not refused(idle)
    assert words(idle) == "Your session timed out due to inactivity"
    assert not refused(Over(True, ""))
    assert words(Over(True, "")) == ""


def test_a_refusal_names_who_and_what() -> None:
    assert refusal("web\x1b", 81) == "Nothing accepts connections on port 81 of web␛"
    assert refusal("web", 5432, "db") == "web cannot connect to port 5432 of db"
