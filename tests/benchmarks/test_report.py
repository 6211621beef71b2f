from datetime import UTC, datetime

from benchmarks.measures import Row
from benchmarks.report import Results, page, table

RESULTS = Results(
    rows=[
        Row(
            what="decode a page",
            ours=1.234,
            unit="ms",
            rivals={"botocore": 1234.5},
            ratio="1000 times faster",
            goal="20 times faster",
            met=True,
            how="The same bytes through both.",
        ),
        Row(what="calls", ours=1600, unit="calls", goal="few", met=False, how="Counted."),
        Row(what="a | b", ours=0.5, unit="s", how="For context."),
    ],
    at=datetime(2026, 11, 21, tzinfo=UTC),
    loads=[0.25, 1.5],
)


def test_the_page_says_what_was_measured_and_how():
    text = page(RESULTS)
    assert "| what | ours | against | ratio | goal | met |" in text
    assert (
        "| decode a page | 1.23 ms | botocore 1,234 ms | 1000 times faster | 20 times faster "
        "| yes |" in text
    )
    assert "| calls | 1,600 calls |  |  | few | no |" in text
    assert r"| a \| b | 0.5 s |  |  |  |  |" in text
    assert "- **decode a page**: The same bytes through both." in text
    assert "2026-11-21" in text
    assert "1.5 at most" in text


def test_the_table_has_a_line_for_every_row():
    lines = table(RESULTS).splitlines()
    assert len(lines) == 4
    assert lines[0].split() == ["what", "ours", "against", "ratio", "goal", "met"]
    assert (
        len(
            {
                line.index(word)
                for line, word in zip(lines[1:], ("1.23", "1,600", "0.5"), strict=True)
            }
        )
        == 1
    )
