from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.commands.output import CUT, STDERR_LIMIT, STDOUT_LIMIT
from ssmtui.simulator.commands.statuses import Detail


def test_the_exit_code_of_the_last_line_counts(desk: Any) -> None:
    (node,) = desk.nodes()
    assert desk.on(node, "false", "true").detail is Detail.SUCCESS
    failed = desk.on(node, "echo out", "echo err >&2", "exit 7")
    assert (failed.detail, failed.plugins[0].code) == (Detail.FAILED, 7)
    assert failed.plugins[0].stdout.text == "out\n"
    assert failed.plugins[0].stderr.text == "err\nfailed to run commands: exit status 7\n"


def test_messages_name_the_agents_own_file(desk: Any) -> None:
    (node,) = desk.nodes()
    invocation = desk.on(node, "true", "ech hello")
    error = invocation.plugins[0].stderr.text
    assert f"/{node.id}/document/orchestration/{invocation.command.id}/" in error
    assert "_script.sh: line 2: ech: command not found" in error
    assert invocation.plugins[0].code == 127


def test_output_is_empty_until_the_script_has_ended(desk: Any) -> None:
    (node,) = desk.nodes()
    command = desk.after(desk.send([node], "echo early", "sleep 30"), 10)
    (result,) = command.invocations[node.id].plugins
    assert (result.detail, result.code, result.stdout.text) == (Detail.IN_PROGRESS, -1, "")
    desk.after(command, 60)
    assert (result.code, result.stdout.text) == (0, "early\n")
    assert 30 <= result.finished - result.started < 40


def test_a_working_directory_is_where_it_runs(desk: Any) -> None:
    (node,) = desk.nodes()
    parameters = {"commands": ["pwd"], "workingDirectory": ["/var/log"]}
    command = desk.after(desk.send([node], parameters=parameters))
    assert command.invocations[node.id].plugins[0].stdout.text == "/var/log\n"


def test_code_194_reboots_and_runs_it_again(desk: Any) -> None:
    (node,) = desk.nodes()
    machine = desk.machine(node)
    invocation = desk.on(
        node,
        "if [ -e /root/done ]; then echo again; exit 0; fi",
        "touch /root/done; echo first; exit 194",
        seconds=30,
    )
    assert (machine.reboots, invocation.detail) == (1, Detail.IN_PROGRESS)
    desk.world.clock.advance(120)
    assert machine.reboots == 1
    assert (invocation.detail, invocation.plugins[0].code) == (Detail.SUCCESS, 0)
    assert invocation.plugins[0].stdout.text == "first\nagain\n"


def test_code_3010_is_what_windows_reboots_for(desk: Any) -> None:
    (node,) = desk.nodes(platform="Windows")
    machine = desk.machine(node)
    command = desk.send([node], "exit 3010", document="AWS-RunPowerShellScript")
    desk.after(command, 20)
    assert machine.reboots == 1
    assert command.invocations[node.id].detail is Detail.IN_PROGRESS


def test_a_machine_that_goes_down_under_a_script_fails_it(desk: Any) -> None:
    (node,) = desk.nodes()
    invocation = desk.on(node, "reboot", "sleep 5", seconds=300)
    assert invocation.detail is Detail.FAILED
    assert "went down" in invocation.plugins[0].stderr.text


def test_an_agent_that_is_cut_off_reports_when_it_is_back(desk: Any) -> None:
    (node,) = desk.nodes()
    command = desk.after(desk.send([node], "sleep 20"), 10)
    desk.world.silence(node.id)
    desk.after(command, 120)
    assert command.invocations[node.id].detail is Detail.IN_PROGRESS
    desk.world.restore(node.id)
    desk.after(command, 30)
    assert command.invocations[node.id].detail is Detail.SUCCESS


def test_an_endless_loop_is_stopped_in_the_end(desk: Any) -> None:
    (node,) = desk.nodes()
    parameters = {"commands": ["while true; do :; done"], "executionTimeout": ["1800"]}
    command = desk.after(desk.send([node], parameters=parameters), 2000)
    assert command.invocations[node.id].detail is Detail.EXECUTION_TIMED_OUT


@pytest.mark.parametrize("excess", [0, 1])
def test_streams_are_cut_at_their_limits(desk: Any, excess: int) -> None:
    (node,) = desk.nodes()
    out, err = STDOUT_LIMIT + excess, STDERR_LIMIT + excess
    invocation = desk.on(
        node, f"head -c {out} /dev/zero | tr '\\0' x", f"head -c {err} /dev/zero | tr '\\0' y >&2"
    )
    (result,) = invocation.plugins
    assert len(result.stdout.text) == STDOUT_LIMIT
    assert result.stdout.text.endswith(CUT if excess else "x")
    assert len(result.stderr.text) == STDERR_LIMIT
    assert result.stderr.text.endswith(CUT if excess else "y")


def test_hostile_output_is_kept_as_text(desk: Any) -> None:
    (node,) = desk.nodes()
    escapes = desk.on(node, "hostile title invalid").plugins[0].stdout.text
    assert "\x1b]0;owned" in escapes
    assert "\ufffd" in escapes
    line = desk.on(node, "hostile line").plugins[0].stdout.text
    assert (len(line), line[-len(CUT) :]) == (STDOUT_LIMIT, CUT)
    assert desk.on(node, "true").plugins[0].stdout.text == ""


def test_steps_run_one_after_the_other_whatever_their_codes(desk: Any) -> None:
    (node,) = desk.nodes()
    invocation = desk.run(node, "ops-collect-facts", Paths=["/nowhere"])
    assert [result.name for result in invocation.plugins] == ["system", "disks", "folders"]
    assert [result.detail for result in invocation.plugins] == ["Success", "Success", "Failed"]
    assert invocation.detail is Detail.FAILED
    starts = [result.started for result in invocation.plugins]
    assert starts == sorted(starts)


def test_steps_for_other_platforms_are_skipped(desk: Any) -> None:
    (node,) = desk.nodes()
    windows, linux, macos = desk.run(node, "AWS-RunPatchBaseline", Operation=["Scan"]).plugins
    assert "skipped" in windows.stdout.text
    assert "Missing patches" in linux.stdout.text
    assert "skipped" in macos.stdout.text


def test_nodes_take_their_own_time_and_always_the_same(desk: Any) -> None:
    nodes = desk.nodes(20)
    command = desk.after(desk.send(nodes, "true", MaxConcurrency="1"), 300)
    took = {
        round(each.plugins[0].finished - each.plugins[0].started, 6)
        for each in command.invocations.values()
    }
    assert len(took) > 15
