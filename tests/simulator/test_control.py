"""The control path: JSON over loopback, deaf to web pages."""

from __future__ import annotations

import asyncio
from collections import namedtuple

import pytest

from ssmtui.simulator.commands import Command, Refusals
from ssmtui.simulator.server import running
from ssmtui.simulator.world import World
from ssmtui.simulator.world.alarms import Alarms

Event = namedtuple("Event", "at id kind")


@pytest.fixture
def ask(endpoint, http):
    """Ask the control path: the status and the JSON."""

    async def send(method, path, body=None, **options):
        async with http.request(method, endpoint.control + path, json=body, **options) as answer:
            assert answer.content_type == "application/json"
            return answer.status, await answer.json()

    return send


async def test_state_tells_what_is_going_on(endpoint, ask):
    endpoint.faults.add("hang ssm:*")
    status, state = await ask("GET", "state")
    assert status == 200
    assert state == {
        "now": endpoint.clock.now,
        "pace": 0.0,
        "next_due": None,
        "in_flight": 0,
        "latency_ms": 0.0,
        "faults": [{"id": 1, "rule": "hang ssm:*", "seen": 0, "hits": 0}],
        "accounts": ["111122223333", "444455556666"],
        "regions": ["eu-west-1", "us-east-1"],
        "calls": {},
        "events": 0,
        "mistakes": [],
    }


async def test_faults_are_added_listed_and_ended(endpoint, ask, client):
    assert (await ask("POST", "faults", {"rule": "denied ssm:Put*"}))[1]["id"] == 1
    await ask("POST", "faults", {"rule": "abort sts:*"})
    async with client("ssm") as ssm:
        with pytest.raises(ssm.exceptions.ClientError, match="AccessDenied"):
            await ssm.put_parameter(Name="/a", Value="x")
    _, listed = await ask("GET", "faults")
    assert [(rule["rule"], rule["hits"]) for rule in listed["faults"]] == [
        ("denied ssm:Put*", 1),
        ("abort sts:*", 0),
    ]
    assert await ask("DELETE", "faults/1") == (200, {"cleared": 1})
    assert (await ask("DELETE", "faults/1"))[0] == 404
    assert await ask("DELETE", "faults") == (200, {"cleared": 1})
    assert not endpoint.faults.active


async def test_time_is_moved_and_what_falls_due_fires(endpoint, ask):
    fired = []
    endpoint.clock.after(10, lambda: fired.append(1))
    before = endpoint.clock.now
    assert await ask("POST", "advance", {"seconds": 3600}) == (
        200,
        {"now": before + 3600, "fired": 1},
    )
    assert fired == [1]


async def test_pace_and_latency_are_set(endpoint, ask):
    assert (await ask("POST", "pace", {"pace": 60}))[1]["pace"] == 60
    assert endpoint.clock.pace == 60
    assert await ask("POST", "latency", {"ms": 100}) == (200, {"latency_ms": 100})
    assert endpoint.faults.latency_ms == 100


async def test_calls_are_counted_and_reset(endpoint, ask, client):
    async with client("sts") as sts:
        await sts.get_caller_identity()
    assert await ask("GET", "calls") == (200, {"calls": {"sts:GetCallerIdentity": 1}})
    assert await ask("DELETE", "calls") == (200, {"calls": {}})
    assert not endpoint.calls


async def test_events_are_told_from_any_one_on(endpoint, ask):
    endpoint.world.events += [Event(1.0, "i-1", "lost"), Event(2.0, "i-1", "returned")]
    _, told = await ask("GET", "events?since=1")
    assert told == {"events": [{"at": 2.0, "id": "i-1", "kind": "returned"}], "next": 2}
    assert len((await ask("GET", "events"))[1]["events"]) == 2


async def test_idle_waits_for_what_is_in_flight(endpoint, ask):
    flight = endpoint.engine.flight()
    flight.__enter__()
    waiting = asyncio.ensure_future(ask("POST", "idle", {}))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not waiting.done()
    flight.__exit__(None, None, None)
    assert (await waiting)[0] == 200


async def test_idle_gives_up_in_time(endpoint, ask):
    with endpoint.engine.flight():
        status, answer = await ask("POST", "idle", {"timeout": 0.01})
    assert status == 504
    assert answer == {"error": "still 1 requests in flight after 0.01 s."}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        ("GET", "nothing", None, 404, "use one of advance, alarms,"),
        ("GET", "advance", None, 405, "advance takes POST, not GET"),
        ("PUT", "faults", {}, 405, "GET or POST or DELETE"),
        ("POST", "faults", {"rule": "slow *"}, 400, "'slow' is no kind of fault"),
        ("POST", "faults", {}, 400, "missing required field `rule`"),
        ("POST", "faults", {"rule": "hang *", "x": 1}, 400, "unknown field `x`"),
        ("POST", "advance", {"seconds": -1}, 400, "does not run backwards"),
        ("POST", "advance", {"seconds": 1e12}, 400, "a year (31622400 seconds) at most"),
        ("POST", "advance", {"seconds": "soon"}, 400, "Expected `float`"),
        ("POST", "pace", {"pace": -1}, 400, "does not run backwards"),
        ("POST", "latency", {"ms": -1}, 400, "0 ms or more"),
        ("DELETE", "faults/x", None, 404, "no fault has the number 'x'"),
        ("GET", "events?since=x", None, 400, "since=x"),
    ],
)
async def test_errors_are_sentences(ask, method, path, body, status, words):
    found, answer = await ask(method, path, body)
    assert found == status
    assert words in answer["error"]
    assert answer["error"].endswith(".")


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_web_pages_are_not_heard(endpoint, ask, headers):
    status, answer = await ask("POST", "faults", {"rule": "hang *"}, headers=headers)
    assert status == 403
    assert answer["error"].startswith("the control path")
    assert not endpoint.faults.active


async def test_a_body_that_is_not_declared_as_json_is_refused(endpoint, http):
    body, headers = b'{"rule": "hang *"}', {"Content-Type": "text/plain"}
    async with http.post(endpoint.control + "faults", data=body, headers=headers) as answer:
        assert answer.status == 400
        assert "application/json" in (await answer.json())["error"]
    assert not endpoint.faults.active


async def test_a_mistake_of_the_world_is_said(endpoint, ask, caplog):
    def fail():
        raise KeyError("a mistake")

    endpoint.clock.after(5, fail)
    with caplog.at_level("CRITICAL"):
        status, answer = await ask("POST", "advance", {"seconds": 10})
    assert status == 500
    assert answer["error"] == "KeyError: 'a mistake'."
    assert (await ask("GET", "state"))[1]["mistakes"] == ["KeyError: 'a mistake'"]


async def test_an_alarm_is_made_to_fire(http):
    world = World.generate(nodes=5, accounts=1, regions=1)
    where = {"account": world.accounts[0].id, "region": world.regions[0]}
    async with running(world) as served:

        async def ask(**wish):
            address = f"{served.control}alarms"
            async with http.post(address, json={**where, **wish}) as answer:
                return answer.status, await answer.json()

        wish = {"name": "queue-depth", "state": "ALARM"}
        assert await ask(**wish) == (200, {**where, **wish})
        assert world.part(Alarms).find(**where, name="queue-depth").state == "ALARM"
        status, error = await ask(name="none", state="OK")
        assert (status, "queue-depth" in error["error"]) == (404, True)
        assert (await ask(name="queue-depth", state="LOUD"))[0] == 400
        assert (await ask(name="queue-depth", state="OK", account="9" * 12))[0] == 400


async def test_what_may_be_pending_is_limited(http):
    world = World.generate(nodes=20, accounts=1, regions=1)
    where = {"account": world.accounts[0].id, "region": world.regions[0]}
    command = Command("c-1", *where.values(), request=None, owner="", requested=world.now)
    async with running(world) as served:

        async def ask(**wish):
            address = f"{served.control}command-limit"
            async with http.post(address, json={**where, **wish}) as answer:
                return answer.status, await answer.json()

        assert await ask(pending=1) == (200, {**where, "pending": 1})
        refusals = world.part(Refusals)
        assert refusals.of_command(command, pending=2) == "LimitExceeded"
        assert (await ask(pending=None))[0] == 200
        assert refusals.of_command(command, pending=2) is None
        assert (await ask(pending=-1))[0] == 400
        assert (await ask(pending=1, region="mars-north-1"))[0] == 400
