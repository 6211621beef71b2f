"""The journal as a resource."""

import time

import pytest

from ssmtui.core.query import parse
from ssmtui.local.journal import Journal, Transition
from ssmtui.resources.base import Finished, Rows
from ssmtui.resources.changes import COLUMNS, Change, changes

NOW = time.time()


@pytest.fixture
def journal(tmp_path):
    opened = Journal(tmp_path / "journal.sqlite3")
    yield opened
    opened.close()


def line(scope, at, kind, name="web"):
    return Transition(
        at=at, account=scope.account, region=scope.region, id=f"i-{name}", name=name, kind=kind
    )


async def read(resource, scopes):
    rows, ended = [], []
    async for event in resource.listing(scopes).refresh():
        if isinstance(event, Rows):
            rows += event.rows
        if isinstance(event, Finished):
            ended.append(event.scope)
    return rows, ended


async def test_lines_of_the_scopes_in_force(journal, open_fleet):
    async with open_fleet(nodes=10, regions=2) as fleet:
        here, there = fleet.scopes
        journal.record([line(here.key, NOW - 7200, "lost"), line(there.key, NOW - 60, "returned")])
        rows, ended = await read(changes(journal), [here])
        assert [(row.change, row.name) for row in rows] == [("lost", "web")]
        assert ended == [here.key]
        rows, _ = await read(changes(journal), fleet.scopes)
        assert len({row.key for row in rows}) == 2


async def test_a_node_that_is_gone_still_answers_the_filter(journal, open_fleet):
    async with open_fleet(nodes=10) as fleet:
        (scope,) = fleet.scopes
        journal.record(
            [
                line(scope.key, NOW - 7200, "lost", "gone"),
                line(scope.key, NOW - 60, "terminated", "gone"),
            ]
        )
        rows, _ = await read(changes(journal), [scope])
        lost = parse("lost>30m", COLUMNS)
        assert [row.change for row in rows if lost.match(row, now=NOW)] == ["lost"]
        since = parse("at<1h", COLUMNS)
        assert [row.change for row in rows if since.match(row, now=NOW)] == ["terminated"]
        resource = changes(journal)
        (section,) = await resource.detail(scope, rows[0], NOW)
        assert ("name", "gone") in section.pairs
        raw = await resource.raw(scope, rows[0])
        assert raw["change"] == "lost"


def test_columns_are_fields():
    assert {column.id for column in COLUMNS} == set(Change.__struct_fields__) - {"serial"}


async def test_a_journal_that_cannot_be_read_is_trouble_of_every_scope(tmp_path, open_fleet):
    (tmp_path / "journal.sqlite3").mkdir()
    async with open_fleet(nodes=10, regions=2) as fleet:
        listing = changes(Journal(tmp_path / "journal.sqlite3")).listing(fleet.scopes)
        events = [event async for event in listing.refresh()]
    assert [event.scope for event in events] == [scope.key for scope in fleet.scopes]
    assert all("cannot be used" in event.problem.what for event in events)
