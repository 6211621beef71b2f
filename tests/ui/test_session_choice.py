"""Choosing a session document in the explorer, and filling in its parameters."""

from __future__ import annotations

import pytest

from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.resources.documents import reading
from ssmtui.resources.documents.document import Document, DocumentName, Parameter
from ssmtui.sessions import client as client_module
from ssmtui.sessions.terminal import Ended

FOLLOW = Document(
    name="Ops-FollowLog",
    type="Session",
    description="Follow a log file",
    session_type="InteractiveCommands",
    parameters=(
        Parameter(name="logpath", default=("/var/log/messages",), pattern="^/var/log/.+$"),
        Parameter(name="lines", default=("20",), pattern="^[0-9]{1,4}$"),
    ),
)
SHELL = Document(name="SSM-SessionManagerRunShell", type="Session", session_type="Standard_Stream")
OTHERS = (
    Document(name="Ops-Port", type="Session", session_type="Port"),
    Document(name="AWS-RunShellScript", type="Command"),
)
LISTED = [
    DocumentName(name="AWS-StartInteractiveCommand", owner="Amazon"),
    DocumentName(name="AWS-StartSSHSession", owner="Amazon"),
    DocumentName(name="Ops-FollowLog", owner="111111111111"),
    DocumentName(name="SSM-SessionManagerRunShell", owner="111111111111"),
]


class Shop:
    """What the fake service holds, and the sessions that were opened."""

    def __init__(self):
        self.documents = {each.name: each for each in (FOLLOW, SHELL, *OTHERS)}
        self.listed = dict.fromkeys(("dev", "staging", "prod"), LISTED)
        self.problem = None
        self.specs = []

    async def list(self, scope, owner="", *, type_="Command"):
        assert type_ == "Session"
        if self.problem is not None:
            raise ProblemError(self.problem)
        return self.listed[scope.name]

    async def read(self, scope, name, version=""):
        if name not in self.documents:
            raise ProblemError(Problem(ProblemKind.SERVICE, f"There is no document {name}"))
        return self.documents[name]


@pytest.fixture
def documents(monkeypatch):
    shop = Shop()

    class Opened:
        def __init__(self, scope, spec):
            shop.specs.append(spec)

        async def start(self, columns, rows):
            pass

        async def resize(self, columns, rows):
            pass

        async def __aiter__(self):
            yield Ended(0)

        async def end(self):
            pass

        async def close(self):
            pass

    monkeypatch.setattr(reading, "list_documents", shop.list)
    monkeypatch.setattr(reading, "read_document", shop.read)
    monkeypatch.setattr(client_module, "Client", Opened)
    return shop


async def shown(s, words):
    await s.wait_for(lambda: words in s.text)


async def name_document(s, name):
    await s.pilot.press("colon")
    await s.wait_for(lambda: s.app.screen.prompt.has_focus_within)
    await s.pilot.press(*("space" if key == " " else key for key in f"start-session {name}"))
    await s.pilot.press("enter")


async def test_a_document_from_the_list_with_its_parameters(explorer, documents):
    async with explorer.open(size=(80, 24)) as s:
        row = s.app.main.pane.row
        await s.pilot.press("a")
        await shown(s, "Session document")
        assert s.text.index("Ops-FollowLog") < s.text.index("AWS-StartInteractiveCommand")
        assert "AWS-StartSSHSession" not in s.text  # a port's
        await s.pilot.press("enter")
        await shown(s, f"Session on {row.name}")
        assert "Follow a log file" in s.text
        await s.pilot.press("tab", "x")
        await shown(s, "lines does not fit")
        await s.pilot.press("backspace", "0", "ctrl+s")
        await s.wait_for(lambda: documents.specs)
        (spec,) = documents.specs
        assert spec.target == row.key
        assert spec.document == "Ops-FollowLog"
        assert spec.parameters == {"lines": ["200"]}
        assert spec.reason == ""


async def test_a_document_by_its_name_and_a_reason(explorer, documents):
    async with explorer.open(config={"session_reason": True}) as s:
        await name_document(s, "SSM-SessionManagerRunShell")
        await shown(s, "Session on ")
        await s.pilot.press("ctrl+s")
        await shown(s, "Reason has to be given.")
        await s.pilot.press(*"INC-7", "ctrl+s")
        await s.wait_for(lambda: documents.specs)
        assert documents.specs[0].document == "SSM-SessionManagerRunShell"
        assert documents.specs[0].reason == "INC-7"


async def test_what_the_service_would_refuse_is_said_in_the_form(explorer, documents):
    async with explorer.open() as s:
        await name_document(s, "SSM-SessionManagerRunShell")
        await shown(s, "Session on ")
        s.app.screen.query_one("Input").value = "r" * 257
        await s.pilot.press("ctrl+s")
        await shown(s, "A reason is one line of at most 256")
        assert documents.specs == []


async def test_on_marked_nodes_of_several_scopes_what_all_of_them_have(explorer, documents):
    documents.listed["staging"] = LISTED[:-1]
    async with explorer.open() as s:
        fleet, pane = explorer.fleet, s.app.main.pane
        marked = [fleet.rows[scope.key][0].key for scope in fleet.scopes[:2]]
        pane.view.marks.add(marked)
        await s.pilot.press("a")
        await shown(s, "Session document")
        assert "SSM-SessionManagerRunShell" not in s.text
        await s.pilot.press("enter")
        await shown(s, "Session on 2 nodes")
        assert "Open in" not in s.text
        await s.pilot.press("ctrl+s")
        await s.wait_for(lambda: len(documents.specs) == 2)
        assert {spec.target for spec in documents.specs} == set(marked)


async def test_where_documents_may_not_be_listed_one_is_named(explorer, documents):
    documents.problem = Problem(ProblemKind.DENIED, "missing ssm:ListDocuments")
    async with explorer.open() as s:
        await s.pilot.press("a")
        await shown(s, "may not be listed here")
        await s.pilot.press(*"Ops-FollowLog", "enter")
        await shown(s, "Follow a log file")


async def test_another_trouble_is_said(explorer, documents):
    documents.problem = Problem(ProblemKind.SERVICE, "The service is ill")
    async with explorer.open() as s:
        await s.pilot.press("a")
        await shown(s, "The service is ill")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Ops-Port", "opens a port and no terminal"),
        ("AWS-RunShellScript", "is a Command document"),
        ("No-Such", "There is no document No-Such"),
    ],
)
async def test_documents_that_open_no_terminal(explorer, documents, name, words):
    async with explorer.open(size=(140, 30)) as s:
        await name_document(s, name)
        await shown(s, words)
        assert documents.specs == []


@pytest.mark.parametrize("steps", [("a",), ("a", "enter")])
async def test_giving_up_opens_nothing(explorer, documents, steps):
    async with explorer.open() as s:
        for step, words in zip(steps, ("Session document", "Session on "), strict=False):
            await s.pilot.press(step)
            await shown(s, words)
        await s.pilot.press("escape")
        await s.settle()
        assert documents.specs == []
        assert s.app.screen is s.app.main


async def test_the_plugin_may_get_it(explorer, documents, monkeypatch):
    from ssmtui.ui.shells import Shells

    given = []

    async def plugin(self):
        return "the plugin"

    async def run(self, plugin, scope, spec):
        given.append((plugin, spec))

    monkeypatch.setattr(Shells, "_plugin", plugin)
    monkeypatch.setattr(Shells, "_run_plugin", run)
    async with explorer.open() as s:
        await name_document(s, "SSM-SessionManagerRunShell")
        await shown(s, "Open in")
        await s.pilot.press("tab", "p", "ctrl+s")
        await s.wait_for(lambda: given)
        ((plugin, spec),) = given
        assert plugin == "the plugin"
        assert spec.document == "SSM-SessionManagerRunShell"
        assert documents.specs == []
