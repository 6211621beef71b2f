"""What a document says of itself."""

from __future__ import annotations

from ssmtui.resources.documents.document import Document, DocumentName, Parameter


def test_a_parameter_without_a_default_is_required() -> None:
    assert Parameter(name="commands").required
    assert not Parameter(name="workingDirectory", default=("",)).required


def test_lists_take_several_values() -> None:
    assert Parameter(name="commands", type="StringList").is_list
    assert not Parameter(name="x", type="String").is_list


def test_it_runs_where_its_platforms_say_and_everywhere_without() -> None:
    linux = Document(name="AWS-RunShellScript", platforms=("Linux", "MacOS"))
    assert linux.runs_on("linux")
    assert linux.runs_on("macos")
    assert not linux.runs_on("windows")
    assert Document(name="AWS-UpdateSSMAgent").runs_on("windows")


def test_parameters_are_found_by_name() -> None:
    document = Document(name="x", parameters=(Parameter(name="a"), Parameter(name="b")))
    assert document.parameter("b") == Parameter(name="b")
    assert document.parameter("c") is None


def test_awss_own_documents_are_told_apart() -> None:
    assert DocumentName(name="AWS-RunShellScript", owner="Amazon").from_aws
    assert not DocumentName(name="Deploy", owner="111122223333").from_aws
