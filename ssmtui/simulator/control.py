"""The control path: what a test, a bench or a curious user may do to the simulated world.

It is on the endpoint's own port under /_ssmtui/, takes and gives JSON only, and needs no secret, as
it is on loopback. What a browser's page may send there is refused: another Host than loopback, any
Origin, or a body that is not declared as JSON.

    GET    state             time, pace, requests in flight, faults, calls, mistakes
    GET    faults            the rules in force, with what they have seen and hit
    POST   faults            {"rule": "throttle ssm:*"}: add a rule
    DELETE faults            end all rules; DELETE faults/3 ends one
    POST   latency           {"ms": 100}: the latency of every request
    POST   advance           {"seconds": 3600}: move time on, and fire what falls due
    POST   pace              {"pace": 60}: simulated seconds a real second; 0 stands still
    POST   idle              {"timeout": 10}: wait until no request is in flight, nothing is due
    GET    calls             requests by operation; DELETE calls counts from 0 again
    GET    events?since=N    what has happened in the world, from the Nth event on
    GET    sessions          the sessions that were asked for, ended ones too
    POST   sessions/ID/cut   {"times": 2}, {"for_good": true}: cut its connection, and the next
    POST   nodes/ID/lose     let a node be lost; or restore, stop, start, terminate, deregister
    POST   alarms            {"account": ID, "region": NAME, "name": "queue-depth", "state":
                             "ALARM"}: let an alarm fire; or OK, INSUFFICIENT_DATA
    POST   command-limit     {"account": ID, "region": NAME, "pending": 100}: how many invocations
                             may be pending there; null: any number
    POST   session-settings  {"account": ID, "region": NAME, "idle_minutes": 5}: also max_minutes,
                             kms_key, advanced_tier, document_must_be_named, sessions_per_node

An error is {"error": "a sentence."} with status 400, 403, 404, 405, 500 or 504.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar
from urllib.parse import parse_qs

import msgspec

from ssmtui.simulator.agent.control import Cut, SessionControl, Setting
from ssmtui.simulator.commands import Refusals
from ssmtui.simulator.engine import Engine
from ssmtui.simulator.faults import ActiveRule, FaultError
from ssmtui.simulator.protocols import Answer, Incoming
from ssmtui.simulator.world.alarms import Alarms

if TYPE_CHECKING:
    from ssmtui.simulator.agent.agent import Agent

log = logging.getLogger(__name__)

PREFIX = "/_ssmtui/"

_LOOPBACK = ("127.0.0.1", "localhost")


class ControlError(Exception):
    """A request that cannot be met: a sentence without its full stop, and the HTTP status."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


class _NewRule(msgspec.Struct, forbid_unknown_fields=True):
    rule: str


class _Latency(msgspec.Struct, forbid_unknown_fields=True):
    ms: float


class _Advance(msgspec.Struct, forbid_unknown_fields=True):
    seconds: float


class _Pace(msgspec.Struct, forbid_unknown_fields=True):
    pace: float


class _Idle(msgspec.Struct, forbid_unknown_fields=True):
    timeout: float = 10.0


class _AlarmState(msgspec.Struct, forbid_unknown_fields=True):
    account: str
    region: str
    name: str
    state: Literal["OK", "ALARM", "INSUFFICIENT_DATA"]


class _CommandLimit(msgspec.Struct, forbid_unknown_fields=True):
    account: str
    region: str
    pending: Annotated[int, msgspec.Meta(ge=0)] | None


S = TypeVar("S", bound=msgspec.Struct)


class Control:
    """Answers the requests of the control path. `agent` gives a session's, if it has one."""

    def __init__(
        self, engine: Engine, agent: Callable[[str], Agent | None] = lambda session_id: None
    ) -> None:
        self._engine = engine
        self._sessions = SessionControl(engine.world, agent)
        self._routes: dict[tuple[str, str], Callable[[Incoming], Awaitable[Any]]] = {
            ("GET", "state"): self._state,
            ("GET", "faults"): self._list_faults,
            ("POST", "faults"): self._add_fault,
            ("DELETE", "faults"): self._clear_faults,
            ("POST", "latency"): self._set_latency,
            ("POST", "advance"): self._advance,
            ("POST", "pace"): self._set_pace,
            ("POST", "idle"): self._wait_idle,
            ("GET", "calls"): self._list_calls,
            ("DELETE", "calls"): self._reset_calls,
            ("GET", "events"): self._list_events,
            ("POST", "alarms"): self._set_alarm,
            ("POST", "command-limit"): self._limit_commands,
            ("GET", "sessions"): self._list_sessions,
            ("POST", "session-settings"): self._set_sessions,
        }

    async def answer(self, request: Incoming) -> Answer:
        """Answer a request below PREFIX."""
        try:
            _refuse_browsers(request)
            self._engine.world.clock.catch_up()
            return _json(200, await self._route(request))
        except ControlError as error:
            return _json(error.status, {"error": f"{error}."})
        except Exception as error:  # an action of the world, fired here, that is wrong
            log.exception("%s %s failed", request.method, request.path)
            self._engine.mistakes.append(error)
            return _json(500, {"error": f"{type(error).__name__}: {error}."})

    async def _route(self, request: Incoming) -> Any:
        path = request.path.removeprefix(PREFIX)
        if (request.method, path) in self._routes:
            return await self._routes[request.method, path](request)
        name, slash, number = path.partition("/")
        if slash and name == "faults" and request.method == "DELETE":
            return self._remove_fault(number)
        match path.split("/"):
            case ["sessions", session_id, "cut"] if request.method == "POST":
                return _checked(self._sessions.cut, session_id, _read(request, Cut))
            case ["nodes", node_id, happening] if request.method == "POST":
                return _checked(self._sessions.happen, node_id, happening)
        paths = sorted({known for _, known in self._routes})
        if path in paths:
            allowed = " or ".join(method for method, known in self._routes if known == path)
            raise ControlError(f"{path} takes {allowed}, not {request.method}", 405)
        raise ControlError(f"there is no {path!r} here: use one of {', '.join(paths)}", 404)

    async def _state(self, request: Incoming) -> Any:
        engine = self._engine
        clock = engine.world.clock
        return {
            "now": clock.now,
            "pace": clock.pace,
            "next_due": clock.next_due,
            "in_flight": engine.in_flight,
            "latency_ms": engine.faults.latency_ms,
            "faults": [_rule(active) for active in engine.faults.active],
            "accounts": [account.id for account in engine.world.accounts],
            "regions": list(engine.world.regions),
            "calls": dict(engine.calls),
            "events": len(engine.world.events),
            "mistakes": [f"{type(error).__name__}: {error}" for error in engine.mistakes],
        }

    async def _list_faults(self, request: Incoming) -> Any:
        return {"faults": [_rule(active) for active in self._engine.faults.active]}

    async def _add_fault(self, request: Incoming) -> Any:
        wish = _read(request, _NewRule)
        try:
            return _rule(self._engine.faults.add(wish.rule))
        except FaultError as error:
            raise ControlError(str(error)) from None

    async def _clear_faults(self, request: Incoming) -> Any:
        return {"cleared": self._engine.faults.clear()}

    def _remove_fault(self, number: str) -> Any:
        if not number.isdecimal() or not self._engine.faults.remove(int(number)):
            raise ControlError(f"no fault has the number {number!r}: GET faults lists them", 404)
        return {"cleared": 1}

    async def _set_latency(self, request: Incoming) -> Any:
        wish = _read(request, _Latency)
        if not wish.ms >= 0:
            raise ControlError("a latency is 0 ms or more")
        self._engine.faults.latency_ms = wish.ms
        return {"latency_ms": wish.ms}

    async def _advance(self, request: Incoming) -> Any:
        clock = self._engine.world.clock
        try:
            fired = clock.advance(_read(request, _Advance).seconds)
        except ValueError as error:
            raise ControlError(str(error)) from None
        return {"now": clock.now, "fired": fired}

    async def _set_pace(self, request: Incoming) -> Any:
        clock = self._engine.world.clock
        try:
            clock.set_pace(_read(request, _Pace).pace)
        except ValueError as error:
            raise ControlError(str(error)) from None
        return {"now": clock.now, "pace": clock.pace}

    async def _wait_idle(self, request: Incoming) -> Any:
        timeout = _read(request, _Idle).timeout
        try:
            async with asyncio.timeout(timeout):
                await self._engine.idle()
        except TimeoutError:
            count = self._engine.in_flight
            raise ControlError(
                f"still {count} requests in flight after {timeout:g} s", 504
            ) from None
        return {"now": self._engine.world.clock.now}

    async def _list_calls(self, request: Incoming) -> Any:
        return {"calls": dict(self._engine.calls)}

    async def _reset_calls(self, request: Incoming) -> Any:
        self._engine.calls.clear()
        return {"calls": {}}

    async def _list_events(self, request: Incoming) -> Any:
        since = parse_qs(request.query).get("since", ["0"])[0]
        if not since.isdecimal():
            raise ControlError(f"since={since} is no number of an event: write 0 or more")
        events = self._engine.world.events
        return {
            "events": [event._asdict() for event in events[int(since) :]],
            "next": len(events),
        }

    async def _set_alarm(self, request: Incoming) -> Any:
        wish = _read(request, _AlarmState)
        engine = self._engine
        alarms = engine.world.part(Alarms)
        self._check_scope(wish.account, wish.region)
        if alarms.find(wish.account, wish.region, wish.name) is None:
            names = ", ".join(alarm.name for alarm in alarms.all(wish.account, wish.region))
            raise ControlError(f"there is no alarm {wish.name!r}: use one of {names}", 404)
        alarms.set_state(wish.account, wish.region, wish.name, wish.state)
        return msgspec.to_builtins(wish)

    async def _limit_commands(self, request: Incoming) -> Any:
        wish = _read(request, _CommandLimit)
        self._check_scope(wish.account, wish.region)
        refusals = self._engine.world.part(Refusals)
        refusals.limit(wish.account, wish.region, wish.pending)
        return msgspec.to_builtins(wish)

    def _check_scope(self, account: str, region: str) -> None:
        world = self._engine.world
        if account not in {each.id for each in world.accounts}:
            raise ControlError(f"account={account} is not simulated: GET state lists them")
        if region not in world.regions:
            raise ControlError(f"region={region} is not simulated: GET state lists them")

    async def _list_sessions(self, request: Incoming) -> Any:
        return {"sessions": self._sessions.listed()}

    async def _set_sessions(self, request: Incoming) -> Any:
        return _checked(self._sessions.set, _read(request, Setting))


def _checked(action: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return action(*arguments)
    except LookupError as error:
        raise ControlError(str(error.args[0]), 404) from None
    except ValueError as error:
        raise ControlError(str(error)) from None


def _refuse_browsers(request: Incoming) -> None:
    """A page in a browser on this machine can send requests here, too, and must not be heard."""
    host = request.headers.get("host", "").rsplit(":", 1)[0]
    if host not in _LOOPBACK:
        raise ControlError("the control path answers to 127.0.0.1 and localhost only", 403)
    if "origin" in request.headers or request.headers.get("sec-fetch-site", "none") != "none":
        raise ControlError("the control path does not answer to web pages", 403)
    if request.body and request.content_type != "application/json":
        raise ControlError("the body must be sent as application/json")


def _read(request: Incoming, wanted: type[S]) -> S:
    try:
        return msgspec.json.decode(request.body or b"{}", type=wanted)
    except msgspec.DecodeError as error:
        raise ControlError(f"the body is not what is wanted: {error}") from None


def _rule(active: ActiveRule) -> dict[str, Any]:
    return {"id": active.id, "rule": active.rule.text, "seen": active.seen, "hits": active.hits}


def _json(status: int, value: Any) -> Answer:
    return Answer(status, {"Content-Type": "application/json"}, msgspec.json.encode(value))
