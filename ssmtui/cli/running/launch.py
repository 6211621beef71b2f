"""From a wish to the end of a rollout: what `ssmtui run` does in all."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import msgspec

from ssmtui.aws.mode import Mode
from ssmtui.aws.scope import Scope
from ssmtui.cli.backend import (
    Connection,
    connected,
    load_config,
    paths_of,
    resolve_or_fail,
    start_log,
)
from ssmtui.cli.finding import NotFoundError
from ssmtui.cli.options import Options
from ssmtui.cli.run import ANSWER_IS_NO, put, say
from ssmtui.cli.running.aim import MOST_NAMED, Aim, aimed, no_longer_meant, without
from ssmtui.cli.running.asking import Sketch, agreed, dry_run
from ssmtui.cli.running.ending import attach_line, last_words
from ssmtui.cli.running.showing import show_as
from ssmtui.cli.running.watching import Watch
from ssmtui.cli.running.wish import Wish, is_terminal
from ssmtui.cli.signals import told_to_end
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind, input_problem
from ssmtui.core.query import Query, parse
from ssmtui.core.text import plain
from ssmtui.local.config import Config
from ssmtui.local.paths import Paths
from ssmtui.resources.documents.document import Document
from ssmtui.resources.documents.reading import read_document
from ssmtui.resources.nodes import nodes
from ssmtui.rollouts.conduct import Rollout
from ssmtui.rollouts.fitting import fitted
from ssmtui.rollouts.freezes import override_reason
from ssmtui.rollouts.outputs import fetch, wanted
from ssmtui.rollouts.plan import plan
from ssmtui.rollouts.preview import preview
from ssmtui.rollouts.record import Records
from ssmtui.rollouts.targets import Frozen, Target

# After so long a look at the question the nodes are read again.
FRESH_SECONDS: Final = 60.0


class _Asked(NamedTuple):
    """What was asked for, and where it is kept."""

    options: Options
    wish: Wish
    query: Query | None
    config: Config
    paths: Paths


async def run_command(options: Options, wish: Wish) -> int:
    """The verb itself; returns its exit code. Raises ProblemError for bad input."""
    # What is wrong with the words is said before anything is asked of AWS.
    wish.check()
    if not (is_terminal() or wish.yes or wish.dry_run):
        raise input_problem("Nobody can be asked off a terminal", "Agree with --yes, or --dry-run")
    if wish.gate_by_hand and not (is_terminal() or wish.dry_run):
        raise input_problem(
            "A gate by hand asks for a key between the waves, and this is no terminal",
            "Run it on one, or let --gate, --gate-successes or --soak open the next wave",
        )
    query = None if wish.on is None else parse(wish.on, nodes().columns)
    paths = paths_of(options)
    config = load_config(paths)
    start_log(options, paths)
    with told_to_end() as told:
        try:
            async with connected(options, config, paths) as connection:
                return await _run(connection, _Asked(options, wish, query, config, paths))
        except NotFoundError as error:
            return error.code
        except asyncio.CancelledError:
            if told:
                return 128 + told[0]
            raise


async def attach_to(options: Options, rollout_id: str, wish: Wish) -> int:
    """Take a rollout up again, whatever ended the program that ran it; returns the exit code."""
    paths = paths_of(options)
    config = load_config(paths)
    records = Records(paths.rollouts)
    keys = await asyncio.to_thread(_scopes_of, records, rollout_id)
    if not (options.regions or options.all_regions):
        regions = tuple(dict.fromkeys(key.region for key in keys))
        options = msgspec.structs.replace(options, regions=regions)
    start_log(options, paths)
    with told_to_end() as told:
        try:
            async with connected(options, config, paths) as connection:
                scopes, problems = await resolve_or_fail(connection)
                ours = [scope for scope in scopes if scope.key in keys]
                if absent := [str(key) for key in keys if key not in {s.key for s in ours}]:
                    raise _not_open(rollout_id, absent, problems)
                rollout = await Rollout.attach(
                    records, rollout_id, ours, renew=lambda profile: connection.renew([profile])
                )
                say(f"rollout {rollout.id}: {plain(rollout.plan.title)}")
                if options.mode == Mode.CHANGE:
                    _arm(ours)
                for scope in ours:
                    if not scope.mode.allows(Mode.CHANGE):
                        say(f"{scope.place} is only watched, unless it is opened by --mode change")
                return await _watched(rollout, ours, wish, options)
        except asyncio.CancelledError:
            if told:
                return 128 + told[0]
            raise


async def _run(connection: Connection, asked: _Asked) -> int:
    """From the nodes that are meant to the end of the rollout."""
    wish = asked.wish
    reason = "" if wish.override_freeze is None else override_reason(wish.override_freeze)
    aim = await aimed(connection, asked.config, wish, asked.query)
    name = wish.document_for(aim.targets)
    document = await _read_document(aim.scopes, name, wish.version)
    spec = wish.rollout(aim.targets, name, reason)
    command = fitted(spec.command, document)
    unsupported = _unsupported(aim, document)
    aim = without(aim, (node.key for node in unsupported))
    command = msgspec.structs.replace(command, targets=aim.targets)
    made = plan(msgspec.structs.replace(spec, command=command))
    seen = await preview(command, aim.scopes, document)
    sketch = Sketch(made, seen, aim, unsupported)
    if wish.dry_run:
        put(f"{line}\n" for line in dry_run(sketch, made, aim.scopes))
        return 0
    _require_change(aim.scopes, asked)
    for line in sketch.lines:
        say(line)
    if not (wish.yes or await _agreed(aim, asked.query)):
        say("nothing was sent")
        return ANSWER_IS_NO
    _arm(aim.scopes)
    records = Records(asked.paths.rollouts)
    await asyncio.to_thread(records.prune, time.time())
    rollout = await Rollout.begin(
        records,
        made,
        aim.scopes,
        left_out=sum(map(len, aim.frozen_out.values())),
        renew=lambda profile: connection.renew([profile]),
    )
    say(f"rollout {rollout.id}")
    return await _watched(rollout, aim.scopes, wish, asked.options)


async def _agreed(aim: Aim, query: Query | None) -> bool:
    """Whether it may be sent: who thought about it for long is held to what is true now."""
    clock = aim.scopes[0].clock
    asked_at = clock.now()
    if not await agreed(aim.scopes):
        return False
    if query is None or clock.now() - asked_at < FRESH_SECONDS:
        return True
    changed = await no_longer_meant(aim, query)
    for row in changed[:MOST_NAMED]:
        say(f"{plain(row.label)} ({row.id}) does not match any more")
    if len(changed) > MOST_NAMED:
        say(f"and {len(changed) - MOST_NAMED:,} more")
    return not changed


async def _watched(rollout: Rollout, scopes: Sequence[Scope], wish: Wish, options: Options) -> int:
    """Watch a rollout to its end and show what came of it; the exit code."""
    show = show_as(
        wish.output,
        rollout.command_id,
        labels=[node.label for node in rollout.plan.names.values()],
        near=wish.near,
        late=wish.full,
        ascii_only=options.ascii,
    )
    watch = Watch(
        rollout,
        show,
        terminal=is_terminal(),
        clock=scopes[0].clock,
        go_on=wish.yes,
        wait=wish.wait,
    )
    try:
        code = await watch.run()
        if wish.full:
            asked = [(each, rollout.command_id(each)) for each in wanted(rollout.results)]
            by_key = {scope.key: scope for scope in scopes}
            fetched = await fetch(by_key, rollout.plan.spec.command, asked)
            rollout.replace(each.result for each in fetched)
            for problem in dict.fromkeys(each.problem for each in fetched if each.problem):
                say(problem.sentence)
    except asyncio.CancelledError:
        if not rollout.state.over:
            say(f"left running; take it up again with: {attach_line(rollout.id)}")
        raise
    finally:
        await rollout.leave()
    put(show.rest(list(rollout.results.values())))
    for words in last_words(rollout.state):
        say(words)
    return code


async def _read_document(scopes: Sequence[Scope], name: str, version: str) -> Document:
    """The document as each account and Region has it: AWS's own are everywhere the same.

    ProblemError: one of them has none, or it cannot be read.
    """
    asked = scopes[:1] if name.startswith("AWS") else scopes
    return (await asyncio.gather(*(read_document(scope, name, version) for scope in asked)))[0]


def _unsupported(aim: Aim, document: Document) -> list[Target]:
    """The nodes on whose platform it does not run: one of them would spoil the call of all."""
    if not isinstance(aim.targets, Frozen):
        return []
    return [
        node for node in aim.targets.nodes if node.platform and not document.runs_on(node.platform)
    ]


def _require_change(scopes: Sequence[Scope], asked: _Asked) -> None:
    """ProblemError where nothing may be sent, which is said before anybody is asked.

    What starts in a lower mode, as production does, is opened by what is typed at the question;
    where nobody is asked, by `--mode change`.
    """
    for scope in scopes:
        if scope.mode.allows(Mode.CHANGE):
            continue
        what = f"Nothing can be run in {scope.place} in {scope.mode} mode"
        if not scope.can_arm:
            remedy = "Start it without --read-only and --mode"
        elif asked.wish.yes and asked.options.mode != Mode.CHANGE:
            remedy = "Where --yes answers the question, --mode change has to open it"
        else:
            continue
        raise ProblemError(Problem(ProblemKind.MODE, what, remedy, scope=scope.key))


def _arm(scopes: Iterable[Scope]) -> None:
    """Open what starts in a lower mode, for as long as this program runs."""
    for scope in scopes:
        if not scope.mode.allows(Mode.CHANGE) and scope.can_arm:
            scope.arm(math.inf)


def _scopes_of(records: Records, rollout_id: str) -> tuple[ScopeKey, ...]:
    record = records.open(rollout_id)
    try:
        return record.plan.spec.command.targets.scopes
    finally:
        record.close()


def _not_open(rollout_id: str, absent: Sequence[str], problems: Sequence[Problem]) -> ProblemError:
    said = f" ({problems[0].what})" if problems else ""
    return input_problem(
        f"Rollout {plain(rollout_id)} goes on in {', '.join(absent)}, which is not open{said}",
        "Name its --profile and --region",
    )
