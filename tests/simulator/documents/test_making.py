from __future__ import annotations

from ssmtui.simulator.documents.making import EXECUTION_TIMEOUT, command, lines, script, text
from ssmtui.simulator.documents.model import UNIX
from ssmtui.simulator.documents.parameters import Kind, ParameterError


def test_scripts_are_of_their_platforms_language() -> None:
    assert script("ls").action == "aws:runShellScript"
    windows = script("dir", platform="Windows")
    assert (windows.action, windows.name) == ("aws:runPowerShellScript", "runPowerShellScript")


def test_parameters_in_few_words() -> None:
    assert text("a", "b", values=("x",)).allowed_values == ("x",)
    assert lines("a", "b").kind is Kind.STRING_LIST


def test_a_command_has_as_many_versions_as_it_says() -> None:
    document = command("AWS-X", "X", UNIX, (), script("ls"), number=3)
    assert (len(document.versions), document.default, document.owner) == (3, 3, "Amazon")


def test_48_hours_are_the_longest() -> None:
    def allowed(value: str) -> bool:
        try:
            EXECUTION_TIMEOUT.value([value])
        except ParameterError:
            return False
        return True

    good = [value for value in ("1", "3600", "172800") if allowed(value)]
    bad = [value for value in ("0", "172801", "999999", "1h", "") if allowed(value)]
    assert (good, bad) == (["1", "3600", "172800"], [])
