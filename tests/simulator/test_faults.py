"""The grammar of fault rules, and what they do to requests."""

from __future__ import annotations

import pytest

from ssmtui.simulator import faults
from ssmtui.simulator.faults import (
    COMMAND,
    INVOCATION,
    OPEN_DATA_CHANNEL,
    OUTPUT_FRAME,
    FaultError,
    FaultKind,
    Faults,
    Verdict,
    parse,
)

OPERATION = "ssm:DescribeInstanceInformation"
ACCOUNT = "111122223333"
REGION = "eu-west-1"


def kinds(rules: Faults, requests: int, operation: str = OPERATION) -> list[FaultKind | None]:
    return [rules.verdict(operation, ACCOUNT, REGION).kind for _ in range(requests)]


def test_every_option_is_read():
    rule = parse(
        "throttle  ssm:Describe* account=111122223333 region=eu-west-1 p=0.3 count=5 after=2 ms=250"
    )
    assert rule.kind is FaultKind.THROTTLE
    assert rule.operation == "ssm:Describe*"
    assert (rule.account, rule.region) == (ACCOUNT, REGION)
    assert (rule.p, rule.count, rule.after, rule.ms) == (0.3, 5, 2, 250)
    assert rule.text.startswith("throttle ssm:Describe* account=")
    assert parse("error * status=503").status == 503


@pytest.mark.parametrize("kind", list(FaultKind))
def test_every_kind_is_read_and_documented(kind):
    options = " ms=5" if kind is FaultKind.LATENCY else ""
    assert parse(f"{kind} *{options}").kind is kind
    assert f"    {kind} " in (faults.__doc__ or "")


@pytest.mark.parametrize(
    ("text", "named", "remedy"),
    [
        ("", "empty", "write one such as"),
        ("slow ssm:*", "'slow'", "use one of latency"),
        ("throttle", "names no operation", "service:Operation"),
        ("throttle p=0.5", "names no operation", "or * for all"),
        ("throttle DescribeInstances", "'DescribeInstances'", "service:Operation"),
        ("throttle * often", "'often'", "use account="),
        ("throttle * probability=1", "'probability=1'", "p="),
        ("throttle * p=1 p=1", "'p'", "give it once"),
        ("throttle * p=0", "p=0", "above 0"),
        ("throttle * p=1.1", "p=1.1", "up to 1"),
        ("throttle * p=nan", "p=nan", "up to 1"),
        ("throttle * p=x", "p=x", "write a number"),
        ("throttle * count=0", "count=0", "from 1 on"),
        ("throttle * after=-1", "after=-1", "from 0 on"),
        ("throttle * ms=1.5", "ms=1.5", "whole number"),
        ("throttle * account=1234", "account=1234", "12 digits"),
        ("error * status=404", "status=404", "500, 502, 503, 504"),
        ("throttle * status=500", "status", "leave it out"),
        ("latency *", "how long", "ms=250"),
    ],
)
def test_a_wrong_rule_names_the_word_and_the_remedy(text, named, remedy):
    with pytest.raises(FaultError) as refused:
        parse(text)
    sentence = str(refused.value)
    assert named in sentence
    assert remedy in sentence
    assert not sentence.endswith(".")


def test_a_rule_hits_its_operations_account_and_region_only():
    rules = Faults()
    rules.add(f"throttle ssm:Describe* account={ACCOUNT} region={REGION}")
    assert rules.verdict(OPERATION, ACCOUNT, REGION).kind is FaultKind.THROTTLE
    assert rules.verdict("ssm:GetParameter", ACCOUNT, REGION).kind is None
    assert rules.verdict(OPERATION, "444455556666", REGION).kind is None
    assert rules.verdict(OPERATION, ACCOUNT, "us-east-1").kind is None


def test_count_and_after_bound_the_hits():
    rules = Faults()
    active = rules.add("abort * count=2 after=1")
    hit = FaultKind.ABORT
    assert kinds(rules, 5) == [None, hit, hit, None, None]
    assert (active.seen, active.hits) == (5, 2)


def test_the_same_seed_throws_the_same_dice():
    def thrown(seed):
        rules = Faults(seed)
        rules.add("throttle * p=0.5")
        return kinds(rules, 200)

    assert thrown(1) == thrown(1)
    assert thrown(1) != thrown(2)
    assert 60 < thrown(1).count(FaultKind.THROTTLE) < 140


def test_a_rules_dice_do_not_depend_on_other_operations():
    def thrown(noise):
        rules = Faults(7)
        rules.add("throttle ssm:DescribeInstanceInformation p=0.5")
        found = []
        for _ in range(50):
            kinds(rules, noise, "ssm:GetParameter")
            found += kinds(rules, 1)
        return found

    assert thrown(0) == thrown(3)


def test_latencies_add_up_and_the_first_fault_decides():
    rules = Faults(latency_ms=10)
    rules.add("latency * ms=100")
    rules.add("error * status=503 ms=5 count=1")
    rules.add("hang *")
    rules.add("latency * ms=1000")
    first, second = (rules.verdict(OPERATION, ACCOUNT, REGION) for _ in range(2))
    assert (first.kind, first.status, first.delay) == (FaultKind.ERROR, 503, 0.115)
    assert (second.kind, second.delay) == (FaultKind.HANG, 0.110)


def test_rules_are_listed_removed_and_cleared():
    rules = Faults()
    first, second = rules.add("hang *"), rules.add("abort *")
    assert [active.id for active in rules.active] == [first.id, second.id]
    assert rules.remove(first.id)
    assert not rules.remove(first.id)
    assert kinds(rules, 1) == [FaultKind.ABORT]
    assert rules.clear() == 1
    assert kinds(rules, 1) == [None]


def test_the_engine_refuses_rules_that_can_never_match(engine):
    for text, named in [
        ("hang * account=999999999999", "account=999999999999"),
        ("hang * region=mars-1", "region=mars-1"),
        ("hang smm:*", "'smm'"),
        ("hang ssm:DescribeInstance", "'DescribeInstance'"),
    ]:
        with pytest.raises(FaultError, match=named):
            engine.faults.add(text)
    assert not engine.faults.active
    engine.faults.add("hang s*:GetC* account=444455556666 region=us-east-1")


@pytest.mark.parametrize("kind", ["drop", "corrupt", "duplicate", "reorder"])
def test_some_kinds_befall_frames_only(kind):
    assert parse(f"{kind} ssmmessages:OutputFrame").about_frames
    assert not parse(f"{kind} *").about_requests
    with pytest.raises(FaultError, match="frames of a data channel only"):
        parse(f"{kind} ssm:StartSession")
    with pytest.raises(FaultError, match="frames of a data channel only"):
        parse(f"{kind} ssmmessages:OpenDataChannel")


@pytest.mark.parametrize("kind", ["denied", "throttle", "hang", "truncate"])
def test_some_kinds_cannot_befall_a_frame(kind):
    with pytest.raises(FaultError, match="cannot befall a frame"):
        parse(f"{kind} ssmmessages:InputFrame")
    assert not parse(f"{kind} ssmmessages:*").about_frames


def test_requests_and_frames_have_their_own_verdicts():
    faults = Faults(latency_ms=10)
    faults.add("drop *")
    faults.add("abort ssmmessages:*")
    faults.add("throttle *")
    where = ("111122223333", "eu-west-1")
    assert faults.frame_verdict(OUTPUT_FRAME, *where) == Verdict(0.0, FaultKind.DROP)
    assert faults.verdict(OPEN_DATA_CHANNEL, *where) == Verdict(0.01, FaultKind.ABORT)
    assert faults.verdict("ssm:StartSession", *where) == Verdict(0.01, FaultKind.THROTTLE)


def test_rules_of_commands_are_about_nothing_else():
    rules = Faults()
    for text in ("throttle *", "denied ssm:*", "denied ssm:Invocation count=1"):
        rules.add(text)
    assert rules.command_verdict(COMMAND, ACCOUNT, REGION) is None
    found = [rules.command_verdict(INVOCATION, ACCOUNT, REGION) for _ in range(2)]
    assert found == [FaultKind.DENIED, None]
    assert [active.seen for active in rules.active] == [0, 0, 2]


@pytest.mark.parametrize(
    ("text", "named", "remedy"),
    [
        ("abort ssm:Command", "abort", "use denied or throttle"),
        ("throttle ssm:Invocation", "throttle", "use denied"),
        ("denied ssm:Command ms=5", "ssm:Command", "leave ms= out"),
    ],
)
def test_what_cannot_befall_a_command_is_said(text, named, remedy):
    with pytest.raises(FaultError, match=named) as refused:
        parse(text)
    assert remedy in str(refused.value)
