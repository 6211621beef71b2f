from __future__ import annotations

import io
import tarfile

import pytest

from ssmtui.simulator.tarballs import Kind, Member, NoTarballError, members_of, packed

MEMBERS = [
    Member("d", Kind.FOLDER, 0o755, 5.0),
    Member("d/ä b", Kind.FILE, 0o640, 6.0, "app", "ops", data=b"\0data"),
    Member("d/l", Kind.LINK, 0o777, 7.0, target="ä b"),
]


@pytest.mark.parametrize("zipped", [True, False])
def test_there_and_back(zipped):
    data = packed(MEMBERS, zipped=zipped)
    assert list(members_of(data)) == MEMBERS
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        assert archive.extractfile("d/ä b").read() == b"\0data"


def test_what_is_no_file_folder_or_link_is_left_out():
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        device = tarfile.TarInfo("device")
        device.type = tarfile.CHRTYPE
        archive.addfile(device)
    assert list(members_of(made.getvalue())) == []


@pytest.mark.parametrize("data", [b"", b"nothing" * 200])
def test_what_is_no_archive(data):
    with pytest.raises(NoTarballError):
        list(members_of(data))
