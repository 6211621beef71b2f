from __future__ import annotations

import json

import pytest

from ssmtui.simulator.documents.calendars import Calendar
from ssmtui.simulator.documents.library import Library
from ssmtui.simulator.documents.model import EVERYWHERE, Document, Version
from ssmtui.simulator.world import World


@pytest.fixture
def library() -> Library:
    return World.generate(nodes=5, accounts=2, regions=1).part(Library)


ACCOUNT, REGION = "111122223333", "eu-west-1"


def test_documents_of_all_types_in_the_order_of_their_names(library: Library) -> None:
    found = library.all(ACCOUNT, REGION)
    assert [document.name for document in found] == sorted(document.name for document in found)
    kinds = [document.type for document in found]
    assert set(kinds) == {"Command", "Session", "ChangeCalendar"}
    amazons = [document for document in found if document.amazons and document.type == "Command"]
    assert len(amazons) >= 40


def test_a_name_or_an_arn(library: Library) -> None:
    by_name = library.find(ACCOUNT, REGION, "AWS-RunShellScript")
    arn = f"arn:aws:ssm:{REGION}::document/AWS-RunShellScript"
    assert by_name is not None
    assert library.find(ACCOUNT, REGION, arn) is by_name
    assert library.find(ACCOUNT, REGION, "AWS-Nothing") is None


def test_an_accounts_own_are_its_own(library: Library) -> None:
    mine = Document("mine", "Command", EVERYWHERE, [Version(1, "Mine")], ACCOUNT)
    library.add(ACCOUNT, REGION, mine)
    assert library.find(ACCOUNT, REGION, "mine") is mine
    assert library.find(ACCOUNT, "us-east-1", "mine") is None
    deploy = library.find("444455556666", REGION, "shop-deploy-app")
    assert deploy is not None
    assert deploy.owner == "444455556666"


def test_calendars_are_documents_too(library: Library) -> None:
    library.set_calendar(ACCOUNT, REGION, Calendar("frozen", "Nothing goes", False))
    document = library.find(ACCOUNT, REGION, "frozen")
    assert document is not None
    assert document.type == "ChangeCalendar"
    assert "DEFAULT_CLOSED" in document.latest.text("TEXT")
    assert library.calendar(ACCOUNT, REGION, "AWS-RunShellScript") is None


def test_every_content_is_readable(library: Library) -> None:
    accounts = World.generate(nodes=5, accounts=1, regions=1)
    scope = accounts.scopes[0]
    for document in accounts.part(Library).all(scope.account.id, scope.region):
        for version in document.versions:
            if document.format != "TEXT":
                assert json.loads(version.text("JSON"))["description"] == version.description
