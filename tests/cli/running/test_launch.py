"""`ssmtui run` from the words to the exit code, against a served fleet."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter

import pytest

from ssmtui.cli.running import launch, watching
from tests.cli.running.conftest import PACE


def test_identical_outputs_are_one_block(shop):
    nodes = shop.nodes()[:4]
    result = shop.run("--nodes", ",".join(node.id for node in nodes), "--", "echo", "same")
    assert result.exit_code == 0, result.stderr
    [head, *text] = result.stdout.splitlines()
    assert head.startswith("── ")
    assert head.endswith("── 4 nodes, exit code 0")
    assert text == ["same"]
    assert "nodes     4: " in result.stderr
    assert "4 nodes: ok 4" in result.stderr
    assert shop.reached == Counter(node.id for node in nodes)


def test_failures_come_first_and_are_the_exit_code(shop):
    first, *_ = nodes = shop.nodes()[:5]
    host = first.computer_name.partition(".")[0]
    script = f'[ "$(hostname)" = {host} ] && echo bad >&2 && exit 7; echo fine'
    result = shop.run(
        "--nodes", ",".join(node.id for node in nodes), "--max-errors", "5", "--", script
    )
    assert result.exit_code == 1, result.stderr
    heads = re.findall(r"^── (?:.*) ── (.*)$", result.stdout, re.M)
    assert heads == ["1 node, failed, exit code 7", "4 nodes, exit code 0"]
    assert "── stderr\nbad\nfailed to run commands" in result.stdout


def test_an_expression_says_whom(shop):
    result = shop.run(
        "--on", "platform=windows ping=online", "--max-concurrency", "100%", "--", "echo hi"
    )
    assert "runs      AWS-RunPowerShellScript" in result.stderr
    assert set(shop.reached) >= {node.id for node in shop.nodes("Windows")}


def test_json_holds_everything_of_every_node(shop):
    ids = shop.ids(2)
    result = shop.run("--nodes", ids, "-o", "json", "--", "echo out; echo err >&2; exit 3")
    assert result.exit_code == 1
    rows = json.loads(result.stdout)
    failed = [row for row in rows if row["result"] == "failed"]
    assert failed[0]["exit_code"] == 3
    assert failed[0]["stdout"] == "out\n"
    assert failed[0]["stderr"].startswith("err\n")
    assert {row["id"] for row in rows} == set(ids.split(","))
    assert failed[0]["command_id"] == shop.commands[-1].id


@pytest.mark.parametrize("form", ["lines", "jsonl"])
def test_nodes_are_written_one_by_one(shop, form):
    result = shop.run("--nodes", shop.ids(3), "-o", form, "--", "echo one")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert len(lines) == 3
    assert all("one" in line for line in lines)
    if form == "jsonl":
        assert {json.loads(line)["result"] for line in lines} == {"ok"}


def test_what_was_cut_is_said_and_fetched_on_request(shop):
    script = "seq 100001 100500"
    heads = shop.run("--nodes", shop.ids(2), "--", script)
    assert "2 nodes, exit code 0, same first 2,500 characters" in heads.stdout
    assert "100500" not in heads.stdout
    whole = shop.run("--nodes", shop.ids(2), "--full", "--", script)
    assert whole.stdout.rstrip().endswith("100500")
    assert "2 nodes, exit code 0\n" in whole.stdout


def test_a_dry_run_sends_nothing(shop):
    result = shop.verb(
        "run", "--nodes", shop.ids(5), "--canary", "1", "--gate", "true", "--dry-run", "--", "ls"
    )
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    plan = [line for line in lines if line.startswith("# ")]
    calls = [line for line in lines if line.startswith("aws ssm send-command")]
    assert len(plan) + len(calls) == len(lines)
    assert any("wave 1 canary: 1 node in 1 call; then 1 of 1 succeed" in line for line in plan)
    assert len(calls) == 2
    assert shop.commands == []
    assert shop.verb("rollouts").stdout.count("\n") == 1


def test_off_a_terminal_it_has_to_be_agreed_to_beforehand(shop):
    result = shop.verb("run", "--nodes", shop.ids(1), "--", "ls")
    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert shop.endpoint.calls["ssm:SendCommand"] == 0


def test_a_document_with_its_parameters(shop):
    result = shop.run(
        "--nodes",
        shop.ids(2),
        "--document",
        "AWS-UpdateSSMAgent",
        "--parameter",
        "allowDowngrade=true",
    )
    assert shop.commands[0].document_name == "AWS-UpdateSSMAgent"
    assert shop.commands[0].parameters["allowDowngrade"] == ("true",)
    assert result.exit_code in (0, 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--document", "AWS-UpdateSSMAgent", "--parameter", "allowDowngrade=maybe"], "is one of"),
        (["--document", "AWS-UpdateSSMAgent", "--parameter", "colour=red"], "no parameter colour"),
        (["--document", "AWS-UpdateSSMAgent", "--execution-timeout", "5"], "no execution timeout"),
        (["--document", "Nobody-Has-This"], "Nobody-Has-This"),
        (["--document", "AWS-ConfigureDocker", "--parameter", "action=Fly"], "action is one of"),
        (["--document-version", "77", "--", "ls"], "77"),
        (["--execution-timeout", "x", "--", "ls"], "--execution-timeout"),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence_and_sends_nothing(shop, words, said):
    result = shop.run("--nodes", shop.ids(2), *words)
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert shop.commands == []


def test_a_document_that_runs_on_none_of_the_platforms(shop):
    windows = shop.ids(2, "Windows")
    result = shop.run("--nodes", windows, "--document", "AWS-RunShellScript", "--", "ls")
    assert result.exit_code == 2
    assert (
        "AWS-RunShellScript runs on Linux, MacOS only, and the nodes are windows" in result.stderr
    )
    assert shop.commands == []


def test_a_document_leaves_out_the_platforms_on_which_it_does_not_run(shop):
    linux, windows = shop.ids(2), shop.ids(1, "Windows")
    both = shop.run("--nodes", f"{linux},{windows}", "--", "echo hi")
    assert both.exit_code == 2
    assert "1 of 3 nodes have Windows" in both.stderr
    assert shop.commands == []
    named = shop.run(
        "--nodes", f"{linux},{windows}", "--document", "AWS-RunShellScript", "--", "echo hi"
    )
    assert named.exit_code == 0, named.stderr
    assert "left out  1 node with windows" in named.stderr
    assert set(shop.reached) == set(linux.split(","))


def test_tags_are_resolved_by_the_service(shop):
    values = Counter(node.tags.get("Role", "") for node in shop.nodes())
    role = values.most_common(1)[0][0]
    result = shop.run(
        "--targets", f"tag:Role={role}", "--max-concurrency", "100%", "--max-errors", "100%",
        "--wait", "400", "-o", "jsonl", "--", "echo hi",
    )  # fmt: skip
    assert "The service resolves these targets" in result.stderr
    assert shop.commands[0].request.targets[0].key == "tag:Role"
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {row["id"] for row in rows} == set(shop.reached)


def test_tags_that_nobody_has_are_no_success(shop):
    result = shop.run("--targets", "tag:Role=nobody", "--", "echo hi")
    assert result.exit_code == 1
    assert "no node was found to run on" in result.stderr
    assert result.stdout == ""


def test_the_time_to_wait(shop):
    result = shop.run("--nodes", shop.ids(2), "--wait", "5", "--", "sleep 1000")
    assert result.exit_code == 124
    assert "── 2 nodes, running" in result.stdout
    assert "goes on at the service" in result.stderr
    assert re.search(r"ssmtui run --attach [0-9a-f]{8}", result.stderr)


def test_it_is_taken_up_again(shop):
    left = shop.run("--nodes", shop.ids(2), "--wait", "5", "--", "sleep 100; echo done")
    [rollout_id] = re.findall(r"--attach ([0-9a-f]{8})", left.stderr)
    again = shop.verb("run", "--attach", rollout_id)
    assert again.exit_code == 0, again.stderr
    assert "2 nodes, exit code 0\ndone" in again.stdout
    assert len(shop.commands) == 1
    assert "done" in shop.verb("rollouts").stdout


def test_production_is_not_changed_unless_it_is_opened(shop):
    account = shop.scope.account.id
    shop.configure(f"[contexts.{account}]\nproduction = true\n")
    closed = shop.run("--nodes", shop.ids(1), "--", "ls")
    assert closed.exit_code == 2
    assert "--mode change has to open it" in closed.stderr
    assert shop.commands == []
    opened = shop.run("--nodes", shop.ids(1), "--mode", "change", "--", "ls")
    assert opened.exit_code == 0, opened.stderr
    assert "production" in opened.stderr


def test_a_gate_that_stays_shut_ends_it_where_nobody_can_open_it(shop):
    nodes = shop.nodes()[:4]
    result = shop.run(
        "--nodes", ",".join(node.id for node in nodes), "--canary", "1", "--gate", "false",
        "--", "echo hi",
    )  # fmt: skip
    assert result.exit_code == 1
    assert "the check failed on 1 nodes" in result.stderr
    assert "--attach" in result.stderr
    assert len(shop.reached) == 1


def test_waves_pass_their_gates(shop):
    result = shop.run(
        "--nodes", shop.ids(6), "--canary", "1", "--waves", "50%,100%", "--gate", "true",
        "--soak", "0.1", "--", "echo hi",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert "6 nodes, exit code 0" in result.stdout
    assert "wave 3 to 100%: 3 nodes" in result.stderr


def test_a_gate_by_hand_waits_for_a_key_between_the_waves(shop, monkeypatch):
    asked = []

    async def typed(_):
        asked.append(len(shop.reached))
        return "g"

    monkeypatch.setattr(launch, "is_terminal", lambda: True)
    monkeypatch.setattr(watching, "read_line", typed)
    result = shop.run(
        "--nodes", shop.ids(4), "--canary", "1", "--waves", "50%", "--gate-by-hand",
        "--", "echo hi",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert asked == [1, 2]
    assert "Wave 1 is good (1 of 1 succeeded). Go on by hand" in result.stderr
    assert "4 nodes, exit code 0" in result.stdout


def test_a_gate_by_hand_needs_a_terminal(shop):
    words = ("--nodes", shop.ids(2), "--canary", "1", "--gate-by-hand")
    result = shop.run(*words, "--", "ls")
    assert result.exit_code == 2
    assert "asks for a key between the waves, and this is no terminal" in result.stderr
    assert "--gate-successes" in result.stderr
    assert shop.commands == []
    planned = shop.verb("run", *words, "--dry-run", "--", "ls")
    assert planned.exit_code == 0
    assert "1 of 1 succeed, by hand" in planned.stdout


def test_how_many_have_to_succeed_is_said(shop):
    first, *_ = nodes = shop.nodes()[:5]
    host = first.computer_name.partition(".")[0]
    words = (
        "--nodes", ",".join(node.id for node in nodes), "--canary", "4", "--max-errors", "1",
    )  # fmt: skip
    script = f'[ "$(hostname)" != {host} ]'
    shut = shop.run(*words, "--gate-successes", "100%", "--", script)
    assert shut.exit_code == 1
    assert "3 of 4 succeeded, and 4 are needed" in shut.stderr
    opened = shop.run(*words, "--gate-successes", "3", "--", script)
    assert "4 ok" in opened.stderr or "ok 4" in opened.stderr


def test_a_resource_group_is_resolved_by_the_service(shop):
    result = shop.run("--targets", "resource-groups:Name=api-fleet", "--", "hostname")
    [command] = shop.commands
    [target] = command.request.targets
    assert (target.key, target.values) == ("resource-groups:Name", ("api-fleet",))
    assert "api-fleet" in result.stderr
    assert {shop.world.nodes[id_].tags["Role"] for id_ in shop.reached} == {"api"}


def test_what_has_ended_is_shown_again(shop):
    first = shop.run("--nodes", shop.ids(2), "--", "echo one; exit 3")
    [rollout_id] = re.findall(r"ssmtui: rollout ([0-9a-f]{8})", first.stderr)
    again = shop.verb("run", "--attach", rollout_id[:4])
    assert (again.exit_code, again.stdout) == (first.exit_code, first.stdout) == (1, again.stdout)
    assert len(shop.commands) == 1
    assert shop.verb("forget", "rollouts", rollout_id).exit_code == 0
    assert shop.verb("run", "--attach", rollout_id).exit_code == 2


def test_a_rollout_of_a_place_that_is_not_open(shop):
    first = shop.run("--nodes", shop.ids(1), "--", "true")
    [rollout_id] = re.findall(r"ssmtui: rollout ([0-9a-f]{8})", first.stderr)
    [plan] = (shop.folder / "state" / "rollouts").glob("*.json")
    plan.write_text(plan.read_text().replace(shop.scope.account.id, "999988887777"))
    result = shop.verb("run", "--attach", rollout_id)
    assert result.exit_code == 2
    assert "999988887777" in result.stderr
    assert "Name its --profile" in result.stderr


def test_where_outputs_and_news_go(shop):
    account, region = shop.scope.account.id, shop.scope.region
    result = shop.run(
        "--nodes", shop.ids(1), "--output-s3", "outputs/some/where", "--output-logs", "/ops/runs",
        "--sns", f"arn:aws:sns:{region}:{account}:ops", "--sns-role",
        f"arn:aws:iam::{account}:role/notify", "--sns-events", "Failed,TimedOut", "--sns-per-node",
        "--comment", "tidy up", "--delivery-timeout", "90", "--execution-timeout", "60",
        "--document-version", "$LATEST", "--", "true",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    [command] = shop.commands
    request = command.request
    assert (request.s3_bucket, request.s3_prefix) == ("outputs", "some/where")
    assert request.log_group == "/ops/runs"
    assert request.notification["NotificationEvents"] == ["Failed", "TimedOut"]
    assert request.notification["NotificationType"] == "Invocation"
    assert request.comment.endswith(" tidy up")
    assert request.delivery_timeout == 90.0
    assert request.parameters["executionTimeout"] == ("60",)
    assert request.version_asked == "$LATEST"


def test_an_alarm_that_nobody_knows_stops_it(shop):
    result = shop.run("--nodes", shop.ids(2), "--alarm", "no-such-alarm", "--", "hostname")
    assert result.exit_code == 1
    assert "cancelled 2" in result.stderr


class Thinker:
    """Says yes after a while in which a node gets another tag; `seconds` are simulated ones."""

    def __init__(self, monkeypatch, node, seconds):
        self._node, self._seconds = node, seconds
        monkeypatch.setattr(launch, "agreed", self._agreed)
        monkeypatch.setattr(launch, "is_terminal", lambda: True)

    async def _agreed(self, scopes):
        self._node.tags["Role"] = "retired"
        await scopes[0].clock.sleep(self._seconds)
        return True


def test_who_thinks_for_long_is_held_to_what_is_true_then(shop, monkeypatch):
    node = next(node for node in shop.nodes() if node.id.startswith("i-"))
    shop.set_pace(1)
    role = node.tags["Role"]
    words = ("run", "--on", f"id={node.id} Role={role}", "--", "hostname")
    Thinker(monkeypatch, node, launch.FRESH_SECONDS + 1)
    result = shop.verb(*words)
    assert result.exit_code == 1
    assert f"({node.id}) does not match any more" in result.stderr
    assert "nothing was sent" in result.stderr
    assert shop.commands == []
    node.tags["Role"] = role
    shop.set_pace(PACE)
    Thinker(monkeypatch, node, 1)
    assert shop.verb(*words).exit_code == 0
    assert set(shop.reached) == {node.id}


# Faults


@pytest.mark.parametrize("fault", ["reply-lost", "truncate"])
def test_replies_that_are_lost_after_the_effect(shop, fault):
    shop.fault(f"{fault} ssm:SendCommand count=1")
    nodes = shop.nodes()[:3]
    result = shop.run("--nodes", ",".join(node.id for node in nodes), "--", "hostname")
    assert result.exit_code == 0, result.stderr
    assert shop.reached == Counter(node.id for node in nodes)
    assert shop.endpoint.calls["ssm:SendCommand"] == 1


def test_what_stays_unknown_is_partial_and_never_sent_again(shop):
    shop.fault("abort ssm:SendCommand count=1")
    result = shop.run("--nodes", shop.ids(2), "--", "hostname")
    assert result.exit_code == 3
    assert "── 2 nodes, unknown" in result.stdout
    assert "2 nodes is unknown" in result.stderr
    assert shop.endpoint.calls["ssm:SendCommand"] == 1


def test_throttled_half_way_through_the_calls(shop):
    shop.fault("throttle ssm:SendCommand after=1 count=12")
    nodes = shop.nodes()[:6]
    result = shop.run(
        "--nodes", ",".join(node.id for node in nodes), "--canary", "2", "--", "hostname"
    )
    assert result.exit_code == 0, result.stderr
    assert shop.reached == Counter(node.id for node in nodes)


def test_a_refusal_of_everything_is_bad_input(shop):
    shop.fault("denied ssm:SendCommand")
    result = shop.run("--nodes", shop.ids(2), "--", "hostname")
    assert result.exit_code == 2
    assert "ssm:SendCommand" in result.stderr
    assert shop.commands == []


def test_credentials_that_expire_meanwhile(shop):
    # The rest of a canary is sent after they have; nobody is there to log in.
    shop.fault("expired ssm:SendCommand after=1")
    nodes = shop.nodes()[:3]
    result = shop.run(
        "--nodes", ",".join(node.id for node in nodes), "--canary", "1",
        "--", "hostname",
    )  # fmt: skip
    assert result.exit_code == 2, (result.stdout, result.stderr)
    assert "expired" in result.stderr
    [rollout_id] = re.findall(r"--attach ([0-9a-f]{8})", result.stderr)
    shop.endpoint.faults.clear()
    again = shop.run("--attach", rollout_id)
    assert again.exit_code == 0, again.stderr
    assert shop.reached == Counter(node.id for node in nodes)


def test_a_partial_list_is_refused_unless_what_is_missing_is_accepted(shop):
    shop.fault("denied ec2:DescribeInstances")
    refused = shop.run("--on", "Role=web", "--", "hostname")
    assert refused.exit_code == 3
    assert "--accept-missing" in refused.stderr
    assert shop.commands == []
    accepted = shop.run(
        "--on", "platform=linux ping=online", "--accept-missing", shop.scope.region,
        "--max-errors", "100%", "--max-concurrency", "100%", "--wait", "300", "--", "hostname",
    )  # fmt: skip
    assert "the lists were not whole, which was accepted" in accepted.stderr
    assert shop.reached


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        (r"printf '\033[2J\033]0;title\007'", "␛[2J␛]0;title␇\n"),
        ("echo Yf/+Yg== | base64 -d", "a\ufffd\ufffdb\n"),
        ("true", ""),
    ],
)
def test_hostile_outputs(shop, script, shown):
    result = shop.run("--nodes", shop.ids(2), "--", script)
    assert result.exit_code == 0, result.stderr
    head, _, text = result.stdout.partition("\n")
    assert head.endswith("2 nodes, exit code 0")
    assert text == shown


def test_a_line_of_a_megabyte(shop):
    script = r"head -c 1000000 /dev/zero | tr '\0' x"
    heads = shop.run("--nodes", shop.ids(2), "--", script)
    assert "same first 2,500 characters" in heads.stdout
    assert len(heads.stdout) < 3_000
    whole = shop.run("--nodes", shop.ids(2), "--full", "--", script)
    assert "same first 24,000 characters" in whole.stdout


# Signals, in a process of its own


def _program(*words):
    return subprocess.Popen(
        [sys.executable, "-m", "ssmtui", "run", *words],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _half_done(shop, soak):
    """A program that has had the canary's answer, and sends no more for a long time."""
    nodes = shop.nodes()[:5]
    program = _program(
        "--nodes", ",".join(node.id for node in nodes), "--canary", "1", "--soak", soak, "--yes",
        "-o", "jsonl", "--", "echo hi",
    )  # fmt: skip
    first = json.loads(program.stdout.readline())
    assert first["result"] == "ok"
    return nodes, program


def test_killed_half_way_it_is_taken_up_again_and_nothing_is_sent_twice(shop):
    nodes, program = _half_done(shop, "2")
    program.kill()
    _, said = program.communicate(timeout=30)
    [rollout_id] = re.findall(r"ssmtui: rollout ([0-9a-f]{8})", said.decode())
    assert rollout_id in shop.verb("rollouts").stdout
    careful = shop.verb("run", "--attach", rollout_id)
    assert careful.exit_code == 1
    assert "4 nodes are left" in careful.stderr
    assert sum(shop.reached.values()) == 1
    again = shop.run("--attach", rollout_id)
    assert again.exit_code == 0, again.stderr
    assert "5 nodes, exit code 0" in again.stdout
    assert shop.reached == Counter(node.id for node in nodes)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_signals_leave_it_running(shop, number, code):
    _, program = _half_done(shop, "3000")
    program.send_signal(number)
    _, said = program.communicate(timeout=30)
    assert program.returncode == code, said
    assert b"take it up again with: ssmtui run --attach" in said
    assert b"Traceback" not in said
