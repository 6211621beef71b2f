from __future__ import annotations

import pytest

from ssmtui.ui.spans import Span, SpanKind
from ssmtui.ui.widgets.text_view import TextView


@pytest.mark.parametrize("kind", SpanKind)
def test_every_kind_has_a_look_of_its_own(kind):
    look = f"text--{kind}"
    assert look in TextView.COMPONENT_CLASSES
    assert f".{look} " in TextView.DEFAULT_CSS


def test_without_an_end_it_is_the_whole_line():
    assert Span(3, SpanKind.ADDED) == (3, "added", 0, None)
