"""What the service tells of commands becomes values, odd answers too."""

from __future__ import annotations

from typing import Any

import msgspec

from ssmtui.aws.scope import Priority
from ssmtui.resources.invocations.outputs import Output
from ssmtui.rollouts.commands import (
    Invocation,
    command_facts,
    commands_since,
    find_commands,
    invocation,
    one_command,
)

PLUGIN = {
    "Name": "aws:runShellScript",
    "Status": "Success",
    "ResponseCode": 0,
    "ResponseStartDateTime": 10.0,
    "ResponseFinishDateTime": 12.5,
    "Output": "out\n----------ERROR-------\nerr",
}


class Scope:
    """A scope that answers with pages."""

    def __init__(self, *pages: Any) -> None:
        self._pages = pages
        self.asked: list[Any] = []
        self.closed = False

    async def pages(self, service: str, operation: str, params: Any, **_: Any) -> Any:
        self.asked.append(params)
        try:
            for page in self._pages:
                yield page
        finally:
            self.closed = True

    async def read(self, service: str, operation: str, params: Any, **_: Any) -> Any:
        self.asked.append(params)
        return self._pages[0]


def test_a_command_is_over_when_its_counts_say_so_too() -> None:
    fact = {"CommandId": "c", "Status": "Success", "TargetCount": 3, "CompletedCount": 2}
    assert not command_facts(fact).over
    assert command_facts(fact | {"CompletedCount": 3}).over
    assert not command_facts(fact | {"Status": "Cancelling", "CompletedCount": 3}).over
    assert command_facts({"Status": "Failed"}).over


def test_a_marker_is_the_beginning_of_the_comment() -> None:
    for comment in ("ssmtui 7f3a91c2-0012", "ssmtui 7f3a91c2-0012 openssl fix"):
        assert command_facts({"Comment": comment}).marker == "ssmtui 7f3a91c2-0012"
    assert command_facts({}).marker == ""


def test_an_invocation_has_its_steps_and_times() -> None:
    waiting = {"Name": "second", "Status": "Pending", "ResponseCode": -1}
    row = invocation(
        {
            "CommandId": "c",
            "InstanceId": "i-1",
            "InstanceName": "web",
            "Status": "InProgress",
            "CommandPlugins": [PLUGIN, waiting],
        }
    )
    assert (row.started, row.ended) == (10.0, 12.5)
    assert row.steps == ("aws:runShellScript", "second")
    [output] = row.outputs
    assert (output.stdout, output.stderr) == ("out", "err")


def test_the_step_that_decides_is_the_last_that_has_a_code() -> None:
    plugins = [PLUGIN, PLUGIN | {"Name": "two"}, PLUGIN | {"ResponseCode": -1}]
    assert invocation({"CommandPlugins": plugins, "Status": "Success"}).step.step == "two"
    assert invocation({"CommandPlugins": [PLUGIN | {"ResponseCode": -1}]}).step.code is None
    assert invocation({}).step is None


def test_the_step_that_decides_is_the_one_that_failed() -> None:
    skipped = PLUGIN | {"Name": "c", "Output": "Step execution skipped due to preconditions"}
    failed = PLUGIN | {"Name": "b", "Status": "Failed", "ResponseCode": 156}
    plugins = [PLUGIN | {"Name": "a"}, failed, skipped]
    row = invocation({"CommandPlugins": plugins, "Status": "Failed"})
    assert (row.step.step, row.step.code) == ("b", 156)
    # The steps' texts begin with it, and end with what was skipped.
    assert row.texts[0].startswith("== b ==\nout\n== a ==\nout\n== c ==\nStep execution skipped")
    assert row.texts[1] == "== b ==\nerr\n== a ==\nerr"


async def test_commands_are_found_by_their_markers_and_no_further_page_is_asked_for() -> None:
    scope: Any = Scope(
        {"Commands": [{"CommandId": "c-1", "Comment": "ssmtui aa-0001 x"}]},
        {"Commands": [{"CommandId": "c-2", "Comment": "ssmtui aa-0000"}, {"CommandId": "c-3"}]},
        {"Commands": [{"CommandId": "c-4"}]},
    )
    markers = {"ssmtui aa-0000", "ssmtui aa-0001"}
    found = await find_commands(scope, markers, 1e9, priority=Priority.FOREGROUND)
    assert {marker: facts.id for marker, facts in found.items()} == {
        "ssmtui aa-0000": "c-2",
        "ssmtui aa-0001": "c-1",
    }
    # A quarter of an hour before, as clocks differ by so much at most.
    assert scope.asked[0]["Filters"] == [{"key": "InvokedAfter", "value": "2001-09-09T01:31:40Z"}]


async def test_all_pages_are_gone_through() -> None:
    scope: Any = Scope({"Commands": []}, {}, {"Commands": [{"CommandId": "c"}]})
    listed = commands_since(scope, 1e9, priority=Priority.FOREGROUND)
    assert [facts.id async for facts in listed] == ["c"]
    assert scope.closed


async def test_a_command_that_is_not_listed_yet_is_none() -> None:
    scope: Any = Scope({"Commands": []})
    assert await one_command(scope, "c", priority=Priority.FOREGROUND) is None


def test_steps_are_joined_with_their_names_where_several_have_said_something() -> None:
    two = Invocation(
        command_id="c",
        node="i",
        outputs=(
            Output("one", "a", "", False, False, 0),
            Output("two", "", "", False, False, 0),
            Output("three", "b", "c", False, False, 1),
        ),
    )
    assert two.texts == ("== one ==\na\n== three ==\nb", "== three ==\nc")
    assert (two.step or two.outputs[0]).code == 1
    assert msgspec.structs.replace(two, outputs=two.outputs[:2]).texts == ("a", "")
    assert msgspec.structs.replace(two, outputs=()).texts == ("", "")
