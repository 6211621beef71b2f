from __future__ import annotations

import pytest

from ssmtui.simulator.commands.statuses import CommandDetail, Detail
from ssmtui.simulator.models import service_model


def words(shape: str) -> list[str]:
    found: list[str] = service_model("ssm").shape_for(shape).metadata["enum"]
    return found


@pytest.mark.parametrize("detail", Detail)
def test_an_invocations_coarse_status_is_a_word_of_the_model(detail: Detail) -> None:
    assert detail.status in words("CommandInvocationStatus")


@pytest.mark.parametrize("detail", CommandDetail)
def test_a_commands_coarse_status_is_a_word_of_the_model(detail: CommandDetail) -> None:
    assert detail.status in words("CommandStatus")


def test_what_counts_as_an_error() -> None:
    assert {detail for detail in Detail if detail.counts_as_error} == {
        Detail.FAILED,
        Detail.EXECUTION_TIMED_OUT,
    }


def test_beside_what_a_command_succeeds_all_the_same() -> None:
    assert {detail for detail in Detail if detail.allows_success} == {
        Detail.UNDELIVERABLE,
        Detail.INVALID_PLATFORM,
        Detail.ACCESS_DENIED,
    }


def test_what_goes_on() -> None:
    going = {Detail.PENDING, Detail.IN_PROGRESS, Detail.DELAYED, Detail.CANCELLING}
    assert {detail for detail in Detail if not detail.final} == going
