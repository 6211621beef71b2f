from __future__ import annotations

from typing import Any

from ssmtui.simulator.commands import RequestError


def test_a_document_without_a_timeout_of_its_own_has_an_hour(desk: Any) -> None:
    command = desk.send(desk.nodes(), document="ops-collect-facts", parameters={})
    assert command.request.execution_timeout == 3600


def test_a_refusal_has_a_code_and_a_sentence() -> None:
    error = RequestError("InvalidDocument", "There is none.")
    assert (error.code, str(error)) == ("InvalidDocument", "There is none.")
