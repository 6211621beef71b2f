from __future__ import annotations

from ssmtui.simulator.world.names import HOSTILE_NAMES


def test_every_kind_is_named_once() -> None:
    kinds = [name.kind for name in HOSTILE_NAMES]
    assert len(kinds) == len(set(kinds))


def test_names_fit_their_member_and_travel_as_utf8() -> None:
    for name in HOSTILE_NAMES:
        text = name.text or ""
        assert len(text) <= 255
        assert text.encode().decode() == text
    assert max(len(name.text or "") for name in HOSTILE_NAMES) == 255


def test_controls_without_a_place_in_xml_are_for_hybrid_nodes() -> None:
    for name in HOSTILE_NAMES:
        controls = any(ord(char) < 32 and char not in "\t\n" for char in name.text or "")
        assert controls is name.hybrid
