"""Outputs to fold."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.core.folding import Outcome, Output
from ssmtui.core.keys import RowKey


def node(number: int) -> RowKey:
    return RowKey("111122223333", "eu-west-1", f"i-{number:017x}")


@pytest.fixture(name="output")
def _output():
    """Makes the output of a node: `output(1, "text", stderr="...")`."""

    def make(number: int, stdout: str = "", **more: Any) -> Output:
        values = {"name": f"web-{number}", "outcome": Outcome.OK, "status": "Success"} | more
        return Output(node=node(number), stdout=stdout, **({"exit_code": 0} | values))

    return make
