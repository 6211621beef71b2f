"""The progress line."""

import io

from ssmtui.cli.progress import ProgressLine


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_it_draws_on_a_terminal_and_leaves_nothing():
    stream = Terminal()
    with ProgressLine(stream, clock=iter([0.0, 0.05, 0.2]).__next__) as line:
        line.show("10 nodes")
        line.show("too soon")
        line.show("30 nodes")
    text = stream.getvalue()
    assert "10 nodes" in text
    assert "too soon" not in text
    assert "30 nodes" in text
    assert text.endswith("\r")
    assert text.rstrip("\r").rsplit("\r", 1)[-1].strip() == ""


def test_it_is_silent_elsewhere():
    stream = io.StringIO()
    with ProgressLine(stream) as line:
        line.show("10 nodes")
    assert stream.getvalue() == ""
