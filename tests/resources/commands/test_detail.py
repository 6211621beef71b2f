"""What `d` and `y` show of a command, and that neither shows a secret."""

from __future__ import annotations

import msgspec
import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.core.secret import MASK
from ssmtui.resources.commands import commands
from ssmtui.resources.commands.detail import GROUPS
from ssmtui.resources.commands.listing import CommandListing
from ssmtui.resources.commands.row import COLUMNS

SECRET = {"commands": ["export DB_PASSWORD=hunter2222", "true"], "executionTimeout": ["60"]}


@pytest.fixture
async def shown(open_fleet, reader, service):
    """A command with a secret in its script, its scope, and its row."""
    async with open_fleet(nodes=60) as fleet:
        there = service(fleet)
        sent = await there.send(
            fleet.scopes[0], Parameters=SECRET, OutputS3BucketName="shop-logs-1"
        )
        there.pass_time(30)
        await reader.read(CommandListing(fleet.scopes))
        yield fleet.scopes[0], reader.rows[sent]


def test_no_column_is_left_out() -> None:
    # Parameters are read whole, in a section of their own.
    grouped = {name for _, names in GROUPS for name in names} | {"parameters"}
    assert grouped == {column.id for column in COLUMNS}


async def test_everything_is_read_anew_and_parameters_are_masked(shown) -> None:
    scope, row = shown
    sections = await commands().detail(scope, row, scope_now(row))
    by_title = {section.title: dict(section.pairs) for section in sections}
    assert by_title["Parameters"]["commands"] == f"export DB_PASSWORD={MASK}\ntrue"
    assert by_title["Parameters"]["executionTimeout"] == "60"
    assert by_title["Command"]["status"] == "success"
    assert by_title["Sent"]["who"].startswith("unknown")
    assert by_title["Nodes"]["node"].split("\n") == list(row.node)
    assert by_title["Output"]["output"] == "s3://shop-logs-1"
    assert by_title["Sent"]["when"].endswith("Z")


async def test_what_is_known_of_the_row_alone_is_kept(shown) -> None:
    scope, row = shown
    named = msgspec.structs.replace(row, name="fix", on="web-[1-2]", who="jane", sender="arn")
    sections = await commands().detail(scope, named, scope_now(row))
    by_title = {section.title: dict(section.pairs) for section in sections}
    assert by_title["Command"]["name"] == "fix"
    assert by_title["Targets"]["on"] == "web-[1-2]"
    assert (by_title["Sent"]["who"], by_title["Sent"]["arn"]) == ("jane", "arn")


async def test_the_services_answer_is_masked_too(shown) -> None:
    scope, row = shown
    answer = await commands().raw(scope, row)
    assert "hunter" not in str(answer)
    fact = answer["ssm:ListCommands"]
    assert fact["CommandId"] == row.id
    assert fact["Parameters"]["executionTimeout"] == ["60"]
    assert fact["RequestedDateTime"].endswith("Z")


async def test_one_that_is_forgotten_is_a_problem(shown) -> None:
    scope, row = shown
    gone = msgspec.structs.replace(row, id="0b1c2d3e-0000-4000-8000-000000000001")
    with pytest.raises(ProblemError):
        await commands().detail(scope, gone, scope_now(row))


def scope_now(row) -> float:
    return row.requested + 60
