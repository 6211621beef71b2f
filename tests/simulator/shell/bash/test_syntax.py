from __future__ import annotations

from ssmtui.simulator.shell.bash.syntax import Incomplete, Item, Pipeline, ShellSyntaxError, Text


def test_an_incomplete_text_is_a_syntax_error_of_its_own() -> None:
    assert issubclass(Incomplete, ShellSyntaxError)


def test_words_are_values() -> None:
    assert {(Text("a"),), (Text("a"),), (Text("a", quoted=True),)} == {
        (Text("a"),),
        (Text("a", quoted=True),),
    }


def test_items_run_in_the_foreground_unless_told() -> None:
    assert not Item([Pipeline([])], []).background
