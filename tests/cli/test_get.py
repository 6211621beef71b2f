"""`ssmtui get`."""

import csv
import dataclasses
import io
import json
import time

import pytest
import yaml

from ssmtui.cli.get import WIDEST, table
from ssmtui.core.columns import Column, Kind
from ssmtui.local.paths import default
from ssmtui.resources.nodes.row import COLUMNS, Node
from ssmtui.rollouts.plan import plan
from ssmtui.rollouts.record import Records
from ssmtui.rollouts.spec import RolloutSpec
from ssmtui.simulator.agent.sessions import Sessions
from ssmtui.simulator.commands import Commands
from tests.rollouts.conftest import a_command

KEYS = {column.id for column in COLUMNS if not column.hidden}


def everyone(served):
    return {node.id for scope in served.endpoint.world.scopes for node in scope.every_node()}


def test_json_is_the_whole_fleet_by_column_id(served, ssmtui):
    result = ssmtui("get", "nodes", "-o", "json")
    assert result.exit_code == 0, result.stderr
    rows = json.loads(result.stdout)
    assert {row["id"] for row in rows} == everyone(served)
    assert all(set(row) == KEYS for row in rows)
    online = next(row for row in rows if row["ping"] == "online")
    assert online["seen"].endswith("Z")
    assert isinstance(online["tags"], dict)
    assert result.stderr == ""


def test_every_form_has_the_same_rows(served, ssmtui):
    lines = ssmtui("get", "nodes", "-o", "jsonl").stdout.splitlines()
    ids = [json.loads(line)["id"] for line in lines]
    assert set(ids) == everyone(served)
    by_csv = list(csv.DictReader(io.StringIO(ssmtui("get", "node", "-o", "csv").stdout)))
    assert [row["id"] for row in by_csv] == ids
    by_yaml = yaml.safe_load(ssmtui("get", "no", "-o", "yaml").stdout)
    assert [row["id"] for row in by_yaml] == ids


def test_the_table(served, ssmtui):
    lines = ssmtui("get", "nodes").stdout.splitlines()
    assert lines[0].split()[:2] == ["NAME", "PING"]
    assert len(lines) == 1 + len(everyone(served))
    wide = ssmtui("get", "nodes", "-o", "wide").stdout.splitlines()[0].split()
    assert {"ACCT", "REG", "TAGS"} <= set(wide)


def test_filters(served, ssmtui):
    result = ssmtui("get", "nodes", "--filter", "ping=lost", "-o", "json")
    assert {row["ping"] for row in json.loads(result.stdout)} == {"lost"}
    assert result.exit_code == 0
    scoped = ssmtui("get", "nodes", "--filter", "@us-nowhere-1")
    assert scoped.exit_code == 2
    assert "@us-nowhere-1" in scoped.stderr


def test_a_name_that_the_filter_leaves_out_is_there_all_the_same(served, ssmtui):
    rows = json.loads(ssmtui("get", "nodes", "-o", "json").stdout)
    online = next(row["id"] for row in rows if row["ping"] == "online")
    lost = next(row["id"] for row in rows if row["ping"] == "lost")
    asked = ssmtui("get", "nodes", online, lost, "--filter", "ping=lost", "-o", "json")
    assert [row["id"] for row in json.loads(asked.stdout)] == [lost]
    assert asked.exit_code == 1
    assert asked.stderr == (
        f"ssmtui: the filter ping=lost leaves out every node called {online}. "
        "Without it they are listed.\n"
    )
    by_glob = ssmtui("get", "nodes", "i-*", "--filter", "ping=no-such-word")
    assert by_glob.exit_code == 1
    assert "leaves out every node called i-*" in by_glob.stderr
    served.add_faults(["denied ec2:*"])
    ec2 = next(row["id"] for row in rows if row["kind"] == "ec2" and row["ping"] == "online")
    unknown = ssmtui("get", "nodes", ec2, "--filter", "Env!=prod")
    assert unknown.exit_code == 3
    assert "1 nodes could not be judged" in unknown.stderr
    assert "leaves out" not in unknown.stderr


def test_what_the_list_lacks_is_said_and_is_no_failure(served, ssmtui):
    served.add_faults(["denied ssm:DescribeInstanceProperties"])
    result = ssmtui("get", "nodes", "-o", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)
    (line,) = result.stderr.splitlines()
    assert "lacks terminated nodes" in line
    assert line.endswith("Ask for a policy with ssm:DescribeInstanceProperties.")


def test_names_and_globs(served, ssmtui):
    rows = json.loads(ssmtui("get", "nodes", "-o", "json").stdout)
    named = next(row for row in rows if row["name"] and row["name"].isascii())
    by_id = json.loads(ssmtui("get", "nodes", named["id"], "-o", "json").stdout)
    assert [row["id"] for row in by_id] == [named["id"]]
    by_glob = json.loads(ssmtui("get", "nodes", "i-*", "-o", "json").stdout)
    assert {row["id"] for row in by_glob} == {r["id"] for r in rows if r["id"].startswith("i-")}
    absent = ssmtui("get", "nodes", "no-such-node")
    assert absent.exit_code == 1
    assert absent.stderr == (
        "ssmtui: there is no node called no-such-node in what was listed. "
        "List what there is with: ssmtui get nodes --filter 'name~PART'.\n"
    )
    near = ssmtui("get", "nodes", named["name"][:-1] + "_")
    assert "Did you mean " in near.stderr
    other = ssmtui("get", "sessions", "nobody-00")
    assert other.exit_code == 1
    assert other.stderr.endswith("List what there is with: ssmtui get sessions.\n")


def test_a_partial_list_is_said_and_kept(served, ssmtui):
    served.add_faults(["denied ec2:*"])
    result = ssmtui("get", "nodes", "-o", "json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)
    assert "ec2:DescribeInstances" in result.stderr


def changed(ssmtui):
    lines = json.loads(ssmtui("get", "changes", "-o", "json").stdout)
    return sorted((line["change"], line["id"]) for line in lines)


def test_two_lists_tell_what_changed_between_them(served, ssmtui):
    (scope,) = served.endpoint.world.scopes
    stopped, gone, *_ = [node.id for node in scope.instances if node.state == "running"]
    # Whatever is shown, all of it was listed.
    assert ssmtui("get", "nodes", stopped, "--filter", "ping=nothing").exit_code == 1
    assert changed(ssmtui) == []
    served.endpoint.world.stop(stopped)
    served.endpoint.world.terminate(gone)
    assert ssmtui("get", "nodes").exit_code == 0
    assert changed(ssmtui) == [("stopped", stopped), ("terminated", gone)]


def test_since_is_no_name_and_is_answered_with_the_filter_for_it(served, ssmtui):
    remedy = "List those since a time with: ssmtui get changes --filter 'at>=08:00', or 'at<2h'."
    typed = ssmtui("get", "changes", "since", "08:00")
    assert typed.exit_code == 1
    assert f"there is no change called since in what was listed. {remedy}" in typed.stderr
    for others in (("changes", "web-1", "since"), ("sessions", "since")):
        assert "--filter" not in ssmtui("get", *others).stderr
    for test in ("at>=08:00", "at<2h"):  # what the remedy names can be asked for
        assert ssmtui("get", "changes", "--filter", test).exit_code == 0


def test_what_could_not_be_listed_has_not_changed(served, ssmtui):
    assert ssmtui("get", "nodes").exit_code == 0
    (scope,) = served.endpoint.world.scopes
    gone = next(node.id for node in scope.instances if node.state == "running")
    served.endpoint.world.terminate(gone)
    for rule, code in (("denied ec2:*", 3), ("denied ssm:Describe*", 3), ("denied *", 2)):
        served.add_faults([rule])
        assert ssmtui("get", "nodes").exit_code == code
        served.endpoint.faults.clear()
        assert changed(ssmtui) == []
    assert ssmtui("get", "nodes").exit_code == 0
    assert changed(ssmtui) == [("terminated", gone)]


def test_a_list_that_cannot_be_kept_is_an_answer_all_the_same(served, ssmtui):
    default().snapshot.mkdir(parents=True)
    result = ssmtui("get", "nodes", "-o", "json")
    assert {row["id"] for row in json.loads(result.stdout)} == everyone(served)
    assert result.exit_code == 0
    (said,) = result.stderr.splitlines()
    assert f"The snapshot {default().snapshot} cannot be used" in said


def test_what_is_not_known_is_counted_and_no_match(served, ssmtui):
    served.add_faults(["denied ec2:*"])
    result = ssmtui("get", "nodes", "--filter", "Env!=prod kind=ec2", "-o", "json")
    assert json.loads(result.stdout) == []
    assert "could not be judged" in result.stderr
    assert result.exit_code == 3


def test_nothing_at_all_is_exit_2(served, ssmtui):
    served.add_faults(["denied *"])
    for output in ("json", "table"):
        result = ssmtui("get", "nodes", "-o", output)
        assert result.exit_code == 2
        assert result.stdout == ""
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("get", "nodess"), ["nodess", "nodes"]),
        (("get", "nodes", "--filter", "ping="[:-1] + "~("), ["("]),
        (("get", "nodes", "--filter", "ping=online)"), [")"]),
        (("get", "nodes", "--profile", "nobody"), ["nobody"]),
        (("get", "nodes", "--region", "eu-wset-1"), ["eu-wset-1"]),
    ],
)
def test_bad_input_is_one_sentence(served, ssmtui, monkeypatch, arguments, words):
    if "--region" in arguments:
        # Behind an explicit endpoint any name may be a Region; only AWS's own are checked.
        monkeypatch.delenv("AWS_ENDPOINT_URL")
        config = monkeypatch.delenv("AWS_CONFIG_FILE")
        assert config is None
    result = ssmtui(*arguments)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    for word in words:
        assert word in result.stderr


def test_the_state_keeps_no_trace_of_a_filter(served, ssmtui):
    assert ssmtui("get", "changes", "-o", "json").stdout == "[]\n"


def going_on(served):
    world = served.endpoint.world
    return {
        record.id: record
        for scope in world.scopes
        for record in world.part(Sessions).records(scope.account.id, scope.region, active=True)
    }


def test_sessions_by_the_registry(served, ssmtui):
    result = ssmtui("get", "sessions", "-o", "json")
    assert result.exit_code == 0, result.stderr
    rows = json.loads(result.stdout)
    active = going_on(served)
    # What goes on stands first, the latest first.
    first = rows[: len(active)]
    assert {row["id"] for row in first} == set(active)
    starts = [row["started"] for row in first]
    assert starts == sorted(starts, reverse=True)
    assert len(rows) > len(active)
    assert "board" not in rows[0]


def test_sessions_filtered(served, ssmtui):
    result = ssmtui("get", "ss", "--filter", "status=Connected", "-o", "jsonl")
    assert result.exit_code == 0, result.stderr
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {row["id"] for row in rows} == set(going_on(served))


def test_sessions_that_may_not_be_listed_are_one_sentence(served, ssmtui):
    served.add_faults(["denied ssm:DescribeSessions"])
    result = ssmtui("get", "sessions")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "DescribeSessions" in result.stderr
    # Nodes are listed all the same; only what asks for their sessions cannot be answered.
    assert ssmtui("get", "nodes").exit_code == 0
    asked = ssmtui("get", "nodes", "--filter", "sessions>0")
    assert asked.exit_code in (2, 3)
    assert "could not be judged" in asked.stderr


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (
            'theme = "night"\n[keys]\ndescirbe = "f3"\n',
            (
                "config.toml line 3: keys.descirbe: there is no action of that name. "
                "Did you mean describe."
            ),
        ),
        (
            '[columns]\n\nnodes = [\n  "pnig",\n]\n',
            "config.toml line 3: columns.nodes: there is no column pnig. Did you mean ping",
        ),
        (
            "[columns]\nnoods = []\n",
            "config.toml line 2: columns.noods: there is no resource called",
        ),
        ("[contexts.prod]\nmode = 'x'\n", "config.toml line 2: contexts.prod.mode is not one of"),
        (
            'theme = "nihgt"\n',
            "config.toml line 1: theme: there is no theme 'nihgt'. Did you mean night",
        ),
        ('[keys]\ndescribe = "notakey"\n', "config.toml line 2: keys.describe: 'notakey' is not"),
        (
            '[keys]\nyaml = ["d"]\n',
            "config.toml line 2: keys.yaml: d is the key of describe already",
        ),
    ],
)
def test_a_configuration_that_means_nothing_is_bad_input(
    served, ssmtui, tmp_path, monkeypatch, config, words
):
    monkeypatch.setenv("SSMTUI_CONFIG_DIR", str(tmp_path))
    (tmp_path / "config.toml").write_text(config)
    result = ssmtui("get", "nodes")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"ssmtui: {words}")
    assert result.stderr.count("\n") == 1


def test_the_keys_and_columns_of_the_configuration_may_be_right(
    served, ssmtui, tmp_path, monkeypatch
):
    monkeypatch.setenv("SSMTUI_CONFIG_DIR", str(tmp_path))
    (tmp_path / "config.toml").write_text(
        '[keys]\ndescribe = "f3"\npane-1 = []\n[columns]\nnodes = ["ping", "name"]\n'
    )
    result = ssmtui("get", "nodes")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.split()[:2] == ["PING", "NAME"]


def test_table_columns_are_bounded():
    column = Column("name", "NAME", Kind.TEXT, 10, "")
    rows = [Node(account="1", region="r", id="i-1", name="x" * 300)]
    header, line = table(rows, [column], 0)
    assert header == "NAME"
    assert len(line) == WIDEST


@pytest.mark.parametrize("output", ["table", "json"])
def test_a_scope_without_any_list_prints_no_head(served, ssmtui, output):
    served.add_faults(["expired ssm:*", "expired ec2:*", "expired resourcegroupstaggingapi:*"])
    result = ssmtui("get", "nodes", "-o", output)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "expired" in result.stderr


@pytest.mark.parametrize("region", ["nonsense", "sa-east-1", "eu-north-9"])
def test_a_region_that_is_not_there_is_never_an_empty_list(served, ssmtui, region):
    assert region not in served.endpoint.world.regions
    result = ssmtui("get", "nodes", "--region", region)
    assert (result.exit_code, result.stdout) == (2, "")
    assert region in result.stderr


def commands_of(served):
    return {
        command.id: command
        for scope in served.endpoint.world.scopes
        for command in served.endpoint.world.part(Commands).all(scope.account.id, scope.region)
    }


def test_commands_with_nothing_secret_in_them(served, ssmtui):
    result = ssmtui("get", "commands", "-o", "json")
    assert result.exit_code == 0, result.stderr
    rows = json.loads(result.stdout)
    assert {row["id"] for row in rows} == set(commands_of(served))
    assert {row["who"] for row in rows} == {None}
    assert "sender" not in rows[0]
    for row in rows:
        assert row["targets"] == commands_of(served)[row["id"]].target_count
        assert row["requested"].endswith("Z")
    assert "hunter2" not in result.stdout


def test_one_command_by_its_id_is_one_call(served, ssmtui):
    wanted = next(iter(commands_of(served)))
    served.endpoint.calls.clear()
    result = ssmtui("get", "command", wanted, "-o", "jsonl")
    assert result.exit_code == 0, result.stderr
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [wanted]
    assert served.endpoint.calls["ssm:ListCommands"] == 1
    absent = ssmtui("get", "commands", "0b1c2d3e-0000-4000-8000-000000000001")
    assert absent.exit_code == 1
    assert "there is no command called 0b1c2d3e" in absent.stderr


def test_a_nodes_commands_are_asked_of_the_service(served, ssmtui):
    several = max(commands_of(served).values(), key=lambda command: len(command.invocations))
    node = next(iter(several.invocations))
    served.endpoint.calls.clear()
    result = ssmtui("get", "commands", "--filter", f"node={node}", "-o", "json")
    assert result.exit_code == 0, result.stderr
    wanted = {each.id for each in commands_of(served).values() if node in each.invocations}
    assert {row["id"] for row in json.loads(result.stdout)} == wanted
    assert served.endpoint.calls["ssm:ListCommands"] == 1


def test_commands_by_time_and_status(served, ssmtui):
    result = ssmtui("get", "com", "--filter", "requested>5d status=success", "-o", "json")
    assert result.exit_code == 0, result.stderr
    rows = json.loads(result.stdout)
    edge = time.time() - 5 * 86_400
    wanted = {
        each.id
        for each in commands_of(served).values()
        if each.requested < edge and str(each.detail) == "Success"
    }
    assert wanted
    assert {row["id"] for row in rows} == wanted


def test_invocations_of_a_command(served, ssmtui):
    wanted = max(commands_of(served).values(), key=lambda command: len(command.invocations))
    result = ssmtui("get", "invocations", wanted.id, "-o", "json")
    assert result.exit_code == 0, result.stderr
    rows = json.loads(result.stdout)
    assert {row["node"] for row in rows} == set(wanted.invocations)
    assert {row["command"] for row in rows} == {wanted.id}
    failed = ssmtui("get", "invocations", wanted.id, "--filter", "status=nowhere")
    assert failed.exit_code == 1


def test_invocations_of_a_node(served, ssmtui):
    node = next(node for each in commands_of(served).values() for node in each.invocations)
    result = ssmtui("get", "invocations", "--filter", f"node={node}", "-o", "csv")
    assert result.exit_code == 0, result.stderr
    wanted = [each for each in commands_of(served).values() if node in each.invocations]
    assert len(result.stdout.splitlines()) == 1 + len(wanted)


@pytest.mark.parametrize("arguments", [[], ["abc"], ["--filter", "status=failed"]])
def test_invocations_of_everything_are_not_listed(served, ssmtui, arguments):
    result = ssmtui("get", "invocations", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Say command=ID or node=ID" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_own_rollouts_are_called_by_their_names(served, ssmtui, tmp_path):
    planned = plan(RolloutSpec(a_command(3, comment="openssl fix")), "7f3a91c2")
    Records(default().rollouts).create(planned, now=time.time(), identity="ops").close()
    some = next(iter(commands_of(served).values()))
    request = dataclasses.replace(some.request, comment="ssmtui 7f3a91c2-0000")
    some.request = request
    result = ssmtui("get", "commands", some.id, "-o", "json")
    (row,) = json.loads(result.stdout)
    assert (row["name"], row["who"], row["mine"], row["rollout"]) == (
        "openssl fix",
        "ops",
        True,
        "7f3a91c2",
    )
