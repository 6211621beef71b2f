from __future__ import annotations

from ssmtui.core.wire.errors import Fault, WireError


def test_an_error_has_its_reason_and_its_words() -> None:
    error = WireError(Fault.DIGEST, "message 3 was damaged")

    assert error.fault is Fault.DIGEST
    assert str(error) == "message 3 was damaged"
