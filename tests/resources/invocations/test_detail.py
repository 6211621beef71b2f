"""What `d` and `y` show of an invocation: each step with what it has printed."""

from __future__ import annotations

from ssmtui.resources.invocations import invocations
from ssmtui.resources.invocations.detail import GROUPS
from ssmtui.resources.invocations.row import COLUMNS


def test_no_column_is_left_out() -> None:
    grouped = {name for _, names in GROUPS for name in names}
    assert grouped == {column.id for column in COLUMNS if column.id != "board"}


async def listed(fleet, reader, **only):
    await reader.read(invocations().narrowed(fleet.scopes, only))
    return next(iter(reader.rows.values()))


async def test_outputs_come_before_where_and_when(open_fleet, reader, service):
    async with open_fleet(nodes=60) as fleet:
        there = service(fleet)
        script = ["echo hello", "echo oops >&2", "exit 3"]
        sent = await there.send(fleet.scopes[0], Parameters={"commands": script})
        there.pass_time(60)
        row = await listed(fleet, reader, command=sent)
        assert (row.status, row.code) == ("failed", 3)
        sections = await invocations().detail(fleet.scopes[0], row, row.requested + 60)
        titles = [section.title for section in sections]
        assert titles[0] == "Invocation"
        assert titles[-3:] == ["Node", "Time", "Output"]
        texts = {section.title: section.pairs[0][1] for section in sections}
        step = titles[1]
        assert texts[f"{step}: stdout"] == "hello"
        assert "oops" in texts[f"{step}: stderr"]
        assert dict(sections[1].pairs)["exit"] == "3"


async def test_several_steps_are_read_each_by_its_name(open_fleet, reader, service):
    async with open_fleet(nodes=300) as fleet:
        several = next(
            command
            for command in service(fleet).all().values()
            if len(command.steps) > 1
            and any(len(each.plugins) > 1 for each in command.invocations.values())
        )
        await reader.read(invocations().narrowed(fleet.scopes, {"command": several.id}))
        row = next(row for row in reader.rows.values() if len(row.steps) > 1)
        sections = await invocations().detail(fleet.scopes[0], row, row.requested + 60)
        assert not [section for section in sections if section.problems]
        assert set(row.steps) <= {section.title for section in sections}
        raw = await invocations().raw(fleet.scopes[0], row)
        answers = raw["ssm:GetCommandInvocation"]
        assert [answer["PluginName"] for answer in answers] == list(row.steps)


async def test_what_may_not_be_read_is_said_and_the_row_is_shown(open_fleet, reader, service):
    async with open_fleet(nodes=60) as fleet:
        some = next(iter(service(fleet).all()))
        row = await listed(fleet, reader, command=some)
        fleet.endpoint.faults.add("denied ssm:GetCommandInvocation")
        sections = await invocations().detail(fleet.scopes[0], row, row.requested + 60)
        problems = [problem for section in sections for problem in section.problems]
        assert {problem.operation for problem in problems} == {"ssm:GetCommandInvocation"}
        assert sections[0].title == "Invocation"
