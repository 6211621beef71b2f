from __future__ import annotations

from collections import Counter

import pytest

from ssmtui.simulator.world import Ping, Unmanaged, World
from ssmtui.simulator.world.generate import accounts, regions, sizes, user_initiated
from ssmtui.simulator.world.names import HOSTILE_NAMES, SHARE


@pytest.fixture(scope="module")
def fleet() -> World:
    return World.generate()


def test_accounts_have_ids_of_their_own_that_stay() -> None:
    three, many = accounts(3), accounts(30)
    assert [account.name for account in three] == ["dev", "staging", "prod"]
    assert many[:3] == three
    assert len({account.id for account in many}) == 30
    assert all(len(account.id) == 12 and account.id.isdigit() for account in many)
    assert {account.env for account in three} == {"dev", "staging", "prod"}
    assert three[2].alias == "shop-prod"


def test_regions_are_taken_in_order() -> None:
    assert regions(3) == ["eu-west-1", "us-east-1", "ap-southeast-2"]
    with pytest.raises(ValueError, match="17 Regions"):
        regions(18)


@pytest.mark.parametrize("nodes", [0, 1, 7, 2000, 100_000])
def test_sizes_are_skewed_and_add_up(nodes: int) -> None:
    shares = sizes(nodes, accounts(3), regions(3))
    assert sum(shares) == nodes
    assert max(shares) == shares[6]  # prod in the first Region
    assert nodes < 100 or min(shares) < max(shares) / 10


def test_the_default_fleet_has_a_bit_of_everything(fleet: World) -> None:
    nodes = list(fleet.nodes.values())
    assert len(nodes) == 2000
    platforms = Counter(node.platform.name.rsplit(" 20", 1)[0] for node in nodes)
    assert platforms.keys() == {
        "Amazon Linux", "Ubuntu", "Red Hat Enterprise Linux", "SLES", "Debian GNU/Linux",
        "Raspbian GNU/Linux", "Microsoft Windows Server", "macOS",
    }  # fmt: skip
    assert {node.state for node in nodes} == {"", "running", "stopped", "terminated"}
    assert {node.ping for node in nodes} == set(Ping)
    reasons = {node.unmanaged for node in nodes if node.unmanaged}
    assert reasons == set(Unmanaged) - {Unmanaged.BOOTING, Unmanaged.DEREGISTERED}
    assert {"AWS::IoT::Thing", "Microsoft.Compute/virtualMachines"} <= {
        node.source_type for node in nodes
    }
    assert {"2", "3"} == {node.agent_version[0] for node in nodes if node.agent_version}
    assert {"Success", "Failed", "Pending", ""} == {node.outcome.status for node in nodes}
    assert any(node.asg for node in nodes)
    assert any(not node.tags.get("Env") for node in nodes)


def test_its_shares_are_believable(fleet: World) -> None:
    nodes = list(fleet.nodes.values())

    def share(test: object) -> float:
        return sum(map(test, nodes)) / len(nodes)  # type: ignore[call-overload]

    assert 0.06 < share(lambda node: node.hybrid) < 0.10
    assert 0.03 < share(lambda node: node.state == "stopped") < 0.09
    assert 0.02 < share(lambda node: not node.managed) < 0.06
    lost = share(lambda node: node.reachable and node.ping is Ping.LOST)
    assert 0.01 < lost < 0.05


def test_an_unmanaged_instance_has_nothing_from_an_agent(fleet: World) -> None:
    unmanaged = [node for node in fleet.nodes.values() if not node.managed]
    assert all(not node.agent_version and not node.registered for node in unmanaged)
    for node in unmanaged:
        assert bool(node.profile) is (node.unmanaged is not Unmanaged.NO_PROFILE)


def test_lost_nodes_have_been_silent_for_long_enough(fleet: World) -> None:
    for node in fleet.nodes.values():
        if node.reachable and node.ping is not Ping.ONLINE:
            assert fleet.now - node.silent_since >= 600 or node.silent_since == node.registered


@pytest.mark.parametrize("seed", range(5))
def test_every_hostile_name_is_there_from_200_nodes_on(seed: int) -> None:
    names = Counter(n.shown_name for n in World.generate(nodes=200, seed=seed).nodes.values())
    for hostile in HOSTILE_NAMES:
        assert hostile.text is None or names[hostile.text], hostile.kind
    texts = {hostile.text for hostile in HOSTILE_NAMES}
    assert any(count > 1 for name, count in names.items() if name not in texts)


def test_hostile_names_are_few(fleet: World) -> None:
    texts = {hostile.text for hostile in HOSTILE_NAMES}
    count = sum(node.shown_name in texts for node in fleet.nodes.values())
    assert count < 2000 * SHARE + len(HOSTILE_NAMES) + 15


def test_names_that_xml_cannot_say_are_of_hybrid_nodes(fleet: World) -> None:
    for node in fleet.nodes.values():
        if any(ord(char) < 32 and char not in "\t\n" for char in node.shown_name):
            assert node.hybrid


def test_the_reason_of_a_stop_names_its_time() -> None:
    assert user_initiated(0.0) == "User initiated (1970-01-01 00:00:00 GMT)"
