from __future__ import annotations

from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.ui.documents import Document


async def test_describe_and_back_to_the_same_row(explorer) -> None:
    async with explorer.open() as s:
        await s.type("jj", "d")
        assert "Nodes ▸ api-0009 ▸ Describe" in s.text
        assert "10.0.0.9" in s.text
        await s.type("q")
        assert s.app.main.pane.row.name == "api-0009"


async def test_raw_answers_change_between_yaml_and_json(explorer) -> None:
    async with explorer.open() as s:
        await s.type("y")
        assert "  Name: api-0001" in s.text
        await s.type("y")
        assert '"Name": "api-0001"' in s.text


async def test_search_with_n_and_esc_clears_it_first(explorer) -> None:
    async with explorer.open() as s:
        await s.type("d", "/", "os", "<enter>")
        assert "/os  1 of 3" in s.text
        await s.type("n")
        assert "/os  2 of 3" in s.text
        await s.type("nn")
        assert "/os  1 of 3" in s.text
        await s.type("N")
        assert "/os  3 of 3" in s.text
        await s.type("<escape>")
        assert "/os" not in s.text
        assert "Describe" in s.text
        await s.type("<escape>")
        assert "❶Nodes" in s.text


async def test_a_wrong_search_is_one_line(explorer) -> None:
    async with explorer.open() as s:
        await s.type("d", "/", "(")
        await s.wait_for(lambda: "is no regular expression" in s.text)


async def test_a_read_that_fails_says_why_and_can_be_repeated(explorer) -> None:
    explorer.fleet.detail_problem = Problem(ProblemKind.DENIED, "You may not", "Ask for more")
    async with explorer.open() as s:
        await s.type("d")
        assert "You may not." in s.text
        assert "Ask for more." in s.text
        explorer.fleet.detail_problem = None
        await s.type("<ctrl+r>")
        assert "You may not" not in s.text
        assert "10.0.0.1" in s.text


async def test_a_text_that_cannot_be_read_at_all_has_failed(explorer) -> None:
    denied = Problem(ProblemKind.DENIED, "You may not", "Ask for more")

    async def load() -> Document:
        raise ProblemError(denied)

    async with explorer.open() as s:
        s.app.show_text("Answers", load, "answers")
        await s.settle()
        assert "Answers  failed" in s.text
        assert "You may not. Ask for more." in s.text


async def test_saving_and_copying_the_text(explorer, tmp_path) -> None:
    async with explorer.open() as s:
        await s.type("y", "c")
        assert "Copied the text through the terminal (OSC 52)" in " ".join(s.text.split())
        assert "Name: api-0001" in s.app.clipboard
        await s.type("<ctrl+s>")
        assert ".yaml" in s.text
        s.app.screen.query_one("Input").value = str(tmp_path / "raw.yaml")
        await s.type("<enter>")
        assert "Name: api-0001" in (tmp_path / "raw.yaml").read_text()


async def test_the_command_line_works_here_too(explorer) -> None:
    async with explorer.open() as s:
        await s.type("d", ":no Env=dev", "<enter>")
        assert "▸ Env=dev" in s.text
