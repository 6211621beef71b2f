from datetime import UTC, datetime

from benchmarks.measures import Row
from benchmarks.report import Part, page, table

ROWS = [
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
]
PARTS = {
    "decoding": Part(ROWS[:1], datetime(2026, 11, 20, tzinfo=UTC), 1.5),
    "idle_hour": Part(ROWS[1:], datetime(2026, 11, 21, 9, 5, tzinfo=UTC), 0.25),
}


def test_the_page_says_what_was_measured_and_how():
    text = page(PARTS)
    assert "| what | ours | against | ratio | goal | met |" in text
    assert (
        "| decode a page | 1.23 ms | botocore 1,234 ms | 1000 times faster | 20 times faster "
        "| yes |" in text
    )
    assert "| calls | 1,600 calls |  |  | few | no |" in text
    assert r"| a \| b | 0.5 s |  |  |  |  |" in text
    assert "- **decode a page**: The same bytes through both." in text
    assert "- decoding: 2026-11-20 00:00 UTC, load of the machine before it 1.5" in text
    assert "- idle_hour: 2026-11-21 09:05 UTC, load of the machine before it 0.2" in text


def test_the_table_has_a_line_for_every_row():
    lines = table(ROWS).splitlines()
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
