"""Results on standard output, safe to show and to read by machines."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from ssmtui.cli.running.showing import record, show_as
from ssmtui.core.keys import RowKey
from ssmtui.rollouts.state import Bucket, Result


def result(number: int, text: str = "fine\n", **fields: Any) -> Result:
    fields.setdefault("bucket", Bucket.OK)
    fields.setdefault("status", "Success")
    fields.setdefault("exit_code", 0)
    return Result(
        key=RowKey("111122223333", "eu-west-1", f"i-{number:017x}"),
        name=f"web-{number:03d}",
        call=0,
        wave=0,
        stdout=text,
        **fields,
    )


def shown(form: str, *results: Result, **how: Any) -> str:
    show = show_as(form, lambda _: "c0ffee", labels=[each.label for each in results], **how)
    pieces = [*show.ended([each for each in results if each.over]), *show.rest(results)]
    return "".join(pieces)


FAILED = result(
    9, "", bucket=Bucket.FAILED, status="Failed", exit_code=100, stderr="E: no lock\x1b[2J"
)


def test_folded() -> None:
    text = shown("folded", result(1), result(2), FAILED, result(4), result(7, "other"))
    assert text == (
        "── web-009 ── 1 node, failed, exit code 100\n"
        "── stderr\n"
        "E: no lock␛[2J\n"
        "\n"
        "── web-[001-002,004] ── 3 nodes, exit code 0\n"
        "fine\n"
        "\n"
        "── web-007 ── 1 node, exit code 0\n"
        "other\n"
    )


def test_folded_says_what_is_cut_and_who_has_not_ended() -> None:
    cut = result(1, "x" * 2_500, stdout_cut=True)
    open_ = result(2, "", bucket=Bucket.RUNNING, exit_code=None)
    lost = result(3, "", bucket=Bucket.NO_ANSWER, status="Undeliverable", exit_code=None)
    text = shown("folded", cut, open_, lost, ascii_only=True)
    assert "-- web-003 -- 1 node, no answer (Undeliverable)\n" in text
    assert "-- web-001 -- 1 node, exit code 0, same first 2,500 characters\n" in text
    assert text.endswith("-- web-002 -- 1 node, running\n")


def test_near_identical_ones_are_folded_on_request() -> None:
    some = [result(n, f"up for {n} days\n") for n in range(3)]
    assert shown("folded", *some).count("──") == 6
    near = shown("folded", *some, near=True)
    assert "3 nodes, exit code 0, 1 line differs by node: a duration" in near


def test_lines() -> None:
    long_name = msgspec.structs.replace(result(1), name="n" * 60)
    silent = result(2, "")
    cut = result(3, "x", stdout_cut=True)
    text = shown("lines", long_name, silent, FAILED, cut)
    assert text.splitlines() == [
        f"{'n' * 60}  fine",
        f"{'web-002':40}  (exit code 0)",
        f"{'web-009':40}  stderr: E: no lock␛[2J",
        f"{'web-009':40}  (failed, exit code 100)",
        f"{'web-003':40}  x",
        f"{'web-003':40}  (there is more: --full fetches it)",
    ]


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_json_is_safe_and_whole(form: str) -> None:
    open_ = result(2, "", bucket=Bucket.RUNNING, status="", exit_code=None)
    text = shown(form, FAILED, open_)
    assert text.replace("\n", "").isprintable()
    rows = json.loads(text) if form == "json" else [json.loads(line) for line in text.splitlines()]
    assert [row["result"] for row in rows] == ["failed", "running"]
    assert rows[0]["stderr"] == "E: no lock\x1b[2J"
    assert rows[1]["exit_code"] is None
    assert rows[1]["status"] is None


def test_no_results_are_still_json() -> None:
    assert json.loads(shown("json")) == []
    assert shown("jsonl") == ""
    assert shown("folded") == ""


@pytest.mark.parametrize("form", ["lines", "jsonl"])
def test_late_is_all_at_the_end(form: str) -> None:
    show = show_as(form, lambda _: "", late=True)
    assert list(show.ended([result(1)])) == []
    assert "fine" in "".join(show.rest([result(1)]))


def test_a_record() -> None:
    assert record(result(1, started=0.0, ended=1.5), "") == {
        "account": "111122223333",
        "region": "eu-west-1",
        "id": f"i-{1:017x}",
        "name": "web-001",
        "result": "ok",
        "status": "Success",
        "exit_code": 0,
        "stdout": "fine\n",
        "stderr": "",
        "cut": False,
        "started": "1970-01-01T00:00:00Z",
        "ended": "1970-01-01T00:00:01Z",
        "wave": 1,
        "command_id": None,
    }


def test_nodes_that_were_cancelled_before_and_while_they_ran_are_told_apart() -> None:
    how: dict[str, Any] = {"bucket": Bucket.CANCELLED, "status": "Cancelled"}
    before, running = result(1, "", exit_code=None, **how), result(2, "", exit_code=137, **how)
    heads = [line for line in shown("folded", before, running).splitlines() if line]
    assert sorted(heads) == [
        "── web-001 ── 1 node, cancelled",
        "── web-002 ── 1 node, cancelled, exit code 137",
    ]


def test_a_failure_with_exit_code_0_is_still_called_one() -> None:
    failed = result(1, "", bucket=Bucket.FAILED, status="Failed")
    assert "1 node, failed, exit code 0" in shown("folded", failed)
    assert shown("lines", failed) == "web-001  (failed, exit code 0)\n"
