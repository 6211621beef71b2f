from __future__ import annotations

from pathlib import Path

from ssmtui.ui import crash

SECRET = "hunter2-hunter2"
KEY = "AKIA" + "ABCDEFGHIJKLMNOP"


def broken() -> Exception:
    token = SECRET
    try:
        try:
            raise KeyError(token)
        except KeyError as error:
            raise ValueError(f"password={token} {KEY}") from error
    except ValueError as error:
        return error


def test_the_report_has_places_and_types_but_no_values(tmp_path: Path) -> None:
    found = crash.report(broken(), tmp_path / "crashes", 1_760_000_000.0)
    assert found.path is not None
    text = found.path.read_text()
    assert "ValueError" in text
    assert "KeyError" in text
    assert "test_crash.py" in text
    assert SECRET not in text
    assert KEY not in text
    assert found.path.stat().st_mode & 0o077 == 0
    assert str(found.path) in found.message


def test_a_folder_that_cannot_be_written_still_gives_a_message(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    found = crash.report(broken(), blocked, 0.0)
    assert found.path is None
    assert "ValueError" in found.message


def test_redaction() -> None:
    text = crash.redacted(f"{Path.home()}/x {KEY} token = {SECRET} {'Ab1' * 20}")
    assert str(Path.home()) not in text
    assert KEY not in text
    assert SECRET not in text
    assert "Ab1Ab1" not in text
