"""Forms: typed fields, judged while they are typed."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

from ssmtui.core.problem import input_problem
from ssmtui.ui.screens.form import Form
from ssmtui.ui.widgets.form_fields import Field, FieldKind


def port(values):
    if values and not values[0].isdecimal():
        return f"port is a number, not {values[0]}."
    return ""


FIELDS = (
    Field(name="host", required=True, hint="The host to reach"),
    Field(name="port", kind=FieldKind.NUMBER, start=("80",), empty="80", check=port),
    Field(name="level", kind=FieldKind.CHOICE, choices=("debug", "info", "error")),
    Field(name="force", kind=FieldKind.BOOL, start=("false",)),
    Field(name="names", kind=FieldKind.LIST),
    Field(name="script", kind=FieldKind.LINES, start=("ls",)),
)
NOTHING = object()


class Asked:
    """A form on the screen, and its result."""

    def __init__(self, session):
        self.s = session
        self.result = NOTHING

    async def type(self, *keys):
        await self.s.type(*keys)

    @property
    def text(self):
        return self.s.text


@pytest.fixture
def asked(explorer):
    @asynccontextmanager
    async def ask(*fields, size=(80, 24), **given):
        async with explorer.open(size=size) as s:
            form = Asked(s)
            screen = Form("Start a session", fields or FIELDS, "Start", **given)
            s.app.push_screen(screen, lambda result: setattr(form, "result", result))
            await s.settle()
            yield form

    return ask


async def test_every_kind_of_field_gives_its_values(asked):
    async with asked() as form:
        await form.type("web-1", "<enter>")
        await form.type("<ctrl+u>", "443", "<tab>")
        await form.type("<right>", "<right>", "<tab>")
        await form.type("<space>", "<tab>")
        await form.type("a", "<enter>", "b", "<tab>")
        await form.type("<ctrl+end>", "<end>", "<enter>", "pwd", "<tab>")
        await form.type("<tab>", "<enter>")
        assert form.result == {
            "host": ("web-1",),
            "port": ("443",),
            "level": ("info",),
            "force": ("true",),
            "names": ("a", "b"),
            "script": ("ls\npwd",),
        }


async def test_fields_that_are_left_alone_are_empty(asked):
    async with asked() as form:
        await form.type("x", "<ctrl+s>")
        assert form.result == {
            "host": ("x",),
            "port": ("80",),
            "level": (),
            "force": ("false",),
            "names": (),
            "script": ("ls",),
        }


async def test_what_is_wrong_is_said_while_it_is_typed_and_taken_back(asked):
    async with asked() as form:
        assert "not 80x" not in form.text
        await form.type("<tab>", "x")
        assert "port is a number, not 80x." in form.text
        assert "has to be given" not in form.text  # that one was not touched
        await form.type("<backspace>")
        assert "port is a number" not in form.text


async def test_a_wrong_form_is_not_given_and_the_first_wrong_field_has_the_focus(asked):
    async with asked() as form:
        await form.type("<tab>", "x", "<tab>", "<ctrl+s>")
        assert form.result is NOTHING
        assert "host has to be given." in form.text
        assert "port is a number, not 80x." in form.text
        await form.type("h", "<down>", "<backspace>", "<ctrl+s>")
        assert form.result["host"] == ("h",)
        assert form.result["port"] == ("80",)


async def test_who_judges_has_the_last_word_and_nothing_is_lost(asked):
    def judge(values):
        if values["host"] == ("bad",):
            raise input_problem("The host bad is not reachable", "Name another")

    async with asked(judge=judge) as form:
        await form.type("bad", "<ctrl+s>")
        assert form.result is NOTHING
        assert "The host bad is not reachable" in form.text
        assert "Name another" in form.text
        await form.type("ly")
        assert "not reachable" not in form.text
        await form.type("<ctrl+s>")
        assert form.result["host"] == ("badly",)


@pytest.mark.parametrize("keys", [("<escape>",), ("<up>", "<up>", "<enter>")])
async def test_giving_up(asked, keys):
    async with asked() as form:
        await form.type("x", *keys)
        assert form.result is None


async def test_a_choice_by_letter_and_by_menu(asked):
    fields = [Field(name="level", kind=FieldKind.CHOICE, choices=("debug", "info", "error"))]
    async with asked(*fields) as form:
        await form.type("e")
        assert "< error >" in form.text
        await form.type("<enter>")
        assert "Choose" in form.text
        await form.type("k", "<enter>")
        assert "< info >" in form.text
        await form.type("<left>", "<left>")
        assert "< - >" in form.text
        await form.type("<ctrl+s>")
        assert form.result == {"level": ()}


async def test_many_fields_scroll_and_the_buttons_stay_on_a_small_screen(asked):
    fields = [Field(name=f"field-{number}", hint="What it is for") for number in range(20)]
    async with asked(*fields, size=(80, 24), lines=["One line", "and another"]) as form:
        assert "field-0" in form.text
        assert "field-19" not in form.text
        assert "Start a session" in form.text
        assert "Cancel" in form.text
        for _ in range(19):
            await form.type("<tab>")
        assert "field-19" in form.text
        assert "Cancel" in form.text
        await form.type("z", "<tab>", "<tab>", "<enter>")
        assert form.result["field-19"] == ("z",)


async def test_a_form_without_fields_has_its_buttons(explorer):
    async with explorer.open(size=(80, 24)) as s:
        results = []
        s.app.push_screen(Form("Start", [], "Go on"), results.append)
        await s.type("<ctrl+s>")
        assert results == [{}]


async def test_remote_texts_are_only_shown(asked, hostile):
    fields = [
        Field(name=text, label=text, hint=text, empty=text, kind=kind, choices=(text,))
        for text, kind in zip(hostile, [*FieldKind] * 9, strict=False)
    ]
    async with asked(*fields, lines=hostile[:3]) as form:
        assert "a[/]b" in form.text
        for _ in fields:
            await form.type("<tab>")
        await form.type("<ctrl+s>")
        assert set(form.result) == set(hostile)


async def test_on_a_low_screen_only_the_field_that_is_typed_into_says_how(asked):
    fields = [Field(name=f"field {n}", hint=f"how to type {n}") for n in range(6)]
    async with asked(*fields) as form:
        assert "how to type 0" in form.text
        assert "how to type 1" not in form.text
        assert "field 3" in form.text
        await form.type("<tab>")
        assert "how to type 0" not in form.text
        assert "how to type 1" in form.text
    async with asked(*fields, size=(80, 40)) as form:
        assert "how to type 0" in form.text
        assert "how to type 1" in form.text
