from __future__ import annotations

from ssmtui.ui.places import KEPT, Place, Places

A, B, C = Place("a"), Place("b", "x"), Place("c")


def walked() -> Places:
    places = Places(A)
    places.go(B)
    places.go(C)
    return places


def test_back_and_forward() -> None:
    places = walked()
    assert places.step(1) is None
    assert places.step(-1) == B
    assert places.step(-1) == A
    assert places.step(-1) is None
    assert places.step(1) == B
    assert places.here == B


def test_going_on_forgets_what_lay_ahead() -> None:
    places = walked()
    places.step(-1)
    places.go(A)
    assert places.step(1) is None
    assert places.step(-1) == B


def test_going_where_one_is_changes_nothing() -> None:
    places = walked()
    places.go(C)
    assert places.step(-1) == B


def test_the_last_view_and_back() -> None:
    places = walked()
    assert places.swap() == B
    assert places.swap() == C
    assert places.swap() == B


def test_refining_is_no_new_place() -> None:
    places = walked()
    places.refine(Place("c", "filter"))
    assert places.here == Place("c", "filter")
    assert places.step(-1) == B


def test_crumbs_name_each_view_once_and_the_last_three() -> None:
    places = Places(Place("a"))
    for name in ("a", "b", "c", "d"):
        places.go(Place(name, "f"))
    assert places.crumbs(lambda place: place.resource.upper()) == ["B", "C", "D"]


def test_it_is_bounded() -> None:
    places = Places(A)
    for number in range(KEPT + 10):
        places.go(Place(str(number)))
    steps = 0
    while places.step(-1) is not None:
        steps += 1
    assert steps == KEPT - 1


def test_another_filter_keeps_what_a_link_has_given() -> None:
    places = Places(A)
    places.go(Place("nodes", "id=i-1", given="id=i-1"))
    places.refine(Place("nodes", "id=i-1 web"))
    assert places.here == Place("nodes", "id=i-1 web", given="id=i-1")
