"""`ssmtui cp` from and to the toy machines of a served fleet."""

from __future__ import annotations

import hashlib
import re

import pytest

from ssmtui.cli import cp as module
from ssmtui.simulator.agent.sessions import Sessions, connected
from ssmtui.simulator.shell import Machines
from ssmtui.simulator.world.buckets import Buckets

HOSTS = "/etc/hosts"


class Shop:
    def __init__(self, served):
        self.endpoint = served.endpoint
        self.world = self.endpoint.world
        self.node = self.nodes(windows=False)[0]
        self.bucket = self.world.part(Buckets).usual(self.node.account, self.node.region)

    def nodes(self, *, windows):
        return [
            node
            for node in self.world.nodes.values()
            if connected(node) and node.platform.windows == windows
        ]

    def holds(self, path, node=None):
        tree = self.world.part(Machines).of((node or self.node).id).tree
        return b"".join(tree.file(path).read()) if tree.exists(path) else None

    @property
    def sessions(self):
        return list(self.world.part(Sessions))


@pytest.fixture
def shop(served, tmp_path, monkeypatch):
    monkeypatch.setenv("SSMTUI_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("SSMTUI_CONFIG_DIR", str(tmp_path / "config"))
    made = Shop(served)
    yield made
    assert [session for session in made.sessions if session.active] == []
    assert [*made.bucket.objects()] == []


@pytest.fixture
def here(tmp_path):
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


def test_a_file_comes_into_a_directory_under_its_own_name(shop, ssmtui, here):
    result = ssmtui("cp", f"{shop.node.id}:{HOSTS}", str(here), "--reason", "INC-1")
    assert result.exit_code == 0, result.stderr
    content = (here / "hosts").read_bytes()
    assert b"127.0.0.1" in content
    assert f"sha256 {hashlib.sha256(content).hexdigest()}" in result.stderr
    assert result.stdout == ""
    assert [path.name for path in here.iterdir()] == ["hosts"]
    assert {session.reason for session in shop.sessions} == {"INC-1"}


def test_or_under_another_name(shop, ssmtui, here):
    result = ssmtui("cp", f"{shop.node.id}:{HOSTS}", str(here / "mine"))
    assert result.exit_code == 0, result.stderr
    assert [path.name for path in here.iterdir()] == ["mine"]


def test_a_file_goes_to_a_node(shop, ssmtui, here):
    (here / "app.conf").write_text("key=value\n")
    result = ssmtui("cp", str(here / "app.conf"), f"{shop.node.id}:/tmp")
    assert result.exit_code == 0, result.stderr
    assert shop.holds("/tmp/app.conf") == b"key=value\n"
    again = ssmtui("cp", str(here / "app.conf"), f"{shop.node.id}:/tmp")
    assert again.exit_code == 2
    assert re.search(r"/tmp/app.conf on \S+ exists. Overwrite it with --force", again.stderr)


def test_a_file_goes_to_windows(shop, ssmtui, here):
    node = shop.world.launch(shop.node.account, shop.node.region, "app")
    assert node.platform.windows
    (here / "app.conf").write_text("key=value\n")
    result = ssmtui("cp", str(here / "app.conf"), f"{node.id}:C:\\Temp\\app.conf")
    assert result.exit_code == 0, result.stderr
    assert shop.holds("/C:/Temp/app.conf", node) == b"key=value\n"
    back = ssmtui("cp", f"{node.id}:C:\\Temp\\app.conf", str(here / "back"))
    assert back.exit_code == 0, back.stderr
    assert (here / "back").read_text() == "key=value\n"


def test_a_directory_goes_and_comes_back(shop, ssmtui, here):
    (here / "site" / "css").mkdir(parents=True)
    (here / "site" / "css" / "a.css").write_text("a {}")
    refused = ssmtui("cp", str(here / "site"), f"{shop.node.id}:/tmp")
    assert refused.exit_code == 2
    assert "is a directory. Copy it with --recursive" in refused.stderr
    result = ssmtui("cp", "-r", str(here / "site"), f"{shop.node.id}:/tmp")
    assert result.exit_code == 0, result.stderr
    assert shop.holds("/tmp/site/css/a.css") == b"a {}"
    result = ssmtui("cp", "-r", f"{shop.node.id}:/tmp/site", str(here / "back"))
    assert result.exit_code == 0, result.stderr
    assert (here / "back" / "css" / "a.css").read_text() == "a {}"


def test_large_files_go_through_s3_if_asked_or_configured(shop, ssmtui, here, tmp_path):
    (here / "big").write_bytes(bytes(100_000))
    to = f"{shop.node.id}:/tmp/big"
    result = ssmtui("cp", str(here / "big"), to, "--via", f"s3://{shop.bucket.name}/copies")
    assert result.exit_code == 0, result.stderr
    assert f"through s3://{shop.bucket.name}/copies/" in result.stderr
    assert shop.holds("/tmp/big") == bytes(100_000)
    (tmp_path / "config").mkdir(exist_ok=True)
    config = f'[copy]\nbucket = "s3://{shop.bucket.name}"\nthreshold = 50_000\n'
    (tmp_path / "config" / "config.toml").write_text(config)
    (here / "small").write_bytes(bytes(1000))
    small = ssmtui("cp", str(here / "small"), f"{shop.node.id}:/tmp/small")
    assert "through s3" not in small.stderr
    big = ssmtui("cp", str(here / "big"), to, "--force")
    assert f"through s3://{shop.bucket.name}/" in big.stderr
    asked = ssmtui("cp", str(here / "big"), to, "--force", "--via", "session")
    assert "through s3" not in asked.stderr


def test_s3_is_named_where_a_file_is_large(shop, ssmtui, here, tmp_path):
    (tmp_path / "config").mkdir(exist_ok=True)
    (tmp_path / "config" / "config.toml").write_text("[copy]\nthreshold = 1_000\n")
    (here / "big").write_bytes(bytes(2_000))
    result = ssmtui("cp", str(here / "big"), f"{shop.node.id}:/tmp/big")
    assert result.exit_code == 0, result.stderr
    assert (
        "files of 1000 B and more go faster through S3: --via s3://BUCKET/PREFIX" in result.stderr
    )


def test_a_file_goes_to_several_nodes(shop, ssmtui, here):
    (here / "app.conf").write_text("key=value\n")
    nodes = shop.nodes(windows=False)[:2]
    expression = "|".join(f"id={node.id}" for node in nodes)
    result = ssmtui("cp", str(here / "app.conf"), "/tmp/app.conf", "--on", expression)
    assert result.exit_code == 0, result.stderr
    assert "2 of 2 nodes have it" in result.stderr
    assert [shop.holds("/tmp/app.conf", node) for node in nodes] == [b"key=value\n"] * 2


def test_what_failed_on_one_node_is_said_and_the_others_have_it(shop, ssmtui, here):
    (here / "app.conf").write_text("new")
    nodes = shop.nodes(windows=False)[:2]
    machine = shop.world.part(Machines).of(nodes[0].id)
    machine.tree.create("/tmp/app.conf")
    expression = "|".join(f"id={node.id}" for node in nodes)
    result = ssmtui("cp", str(here / "app.conf"), ":/tmp/app.conf", "--on", expression)
    assert result.exit_code == 1
    assert f"/tmp/app.conf on {nodes[0].id} exists" in result.stderr
    assert "1 of 2 nodes have it" in result.stderr
    assert shop.holds("/tmp/app.conf", nodes[1]) == b"new"


def test_off_a_terminal_only_force_overwrites(shop, ssmtui, here):
    (here / "hosts").write_text("mine")
    result = ssmtui("cp", f"{shop.node.id}:{HOSTS}", str(here))
    assert result.exit_code == 2
    assert "Overwrite it with --force" in result.stderr
    assert (here / "hosts").read_text() == "mine"
    assert shop.sessions == []
    assert ssmtui("cp", f"{shop.node.id}:{HOSTS}", str(here), "--force").exit_code == 0
    assert (here / "hosts").read_text() != "mine"


def test_without_any_way_in_it_ends_with_the_reason(shop, ssmtui, here):
    result = ssmtui("cp", f"{shop.node.id}:{HOSTS}", str(here), "--profile", "nope")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("ssmtui: There is no profile nope. There are default, dev.")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("typed", "agreed"), [("y", True), ("YES", True), ("", False), ("n", False)]
)
async def test_on_a_terminal_only_a_yes_overwrites(monkeypatch, capsys, typed, agreed):
    async def read_line(fileno):
        return typed

    monkeypatch.setattr("ssmtui.sessions.outlet.read_line", read_line)
    assert await module._agreed("x") is agreed
    assert "Overwrite x? y/N:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("hosts", "."), "NODE:PATH"),
        ((":/etc/hosts", "."), "NODE:PATH"),
        (("web:", "."), "NODE:PATH"),
        (("web:/x", "db:/x"), "NODE:PATH"),
        (("./a:b", "."), "NODE:PATH"),
        (("web:/x", "/y", "--on", "Role=web"), "copies go to nodes"),
        (("web:/etc/hosts", "no/such/folder"), "There is no directory"),
        (("no-such-file", "web:/tmp"), "There is no file no-such-file"),
        (("web:/etc/hosts", ".", "--via", "s3://Not_A_Bucket"), "is no place in S3"),
    ],
)
def test_wrong_words_are_one_sentence_and_reach_nobody(shop, ssmtui, words, said):
    calls = sum(shop.endpoint.calls.values())
    result = ssmtui("cp", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert sum(shop.endpoint.calls.values()) == calls


def test_what_is_not_there_is_said(shop, ssmtui, here):
    result = ssmtui("cp", f"{shop.node.id}:/no/such", str(here))
    assert result.exit_code == 2
    assert "There is no file /no/such" in result.stderr
    assert list(here.iterdir()) == []


def test_nobody_by_that_name(shop, ssmtui, here):
    result = ssmtui("cp", f"no-such-node:{HOSTS}", str(here))
    assert result.exit_code == 1
    assert "there is no node called no-such-node" in result.stderr
