"""Writing to a terminal that is gone."""

from __future__ import annotations

import io

from textual.driver import Driver

from ssmtui.ui.lost_terminal import LosableFile, lasting


class Gone(io.StringIO):
    def write(self, text):
        raise OSError(5, "Input/output error")

    def flush(self):
        raise OSError(5, "Input/output error")


def test_what_can_be_written_is_written():
    file = io.StringIO()
    losable = LosableFile(file)
    assert losable.write("abc") == 3
    losable.flush()
    assert file.getvalue() == "abc"
    assert not losable.isatty()


def test_what_cannot_is_gone_without_an_error():
    losable = LosableFile(Gone())
    assert losable.write("abc") == 3
    losable.flush()


def test_a_driver_writes_to_such_a_file():
    class Writing(Driver):
        def __init__(self):
            self._file = Gone()

        def write(self, data):
            self._file.write(data)

        def start_application_mode(self):
            pass

        def disable_input(self):
            pass

        def stop_application_mode(self):
            pass

    lasting(Writing)().write("x")
