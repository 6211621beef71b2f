"""Files copied from the toy machines of a served fleet."""

from __future__ import annotations

import hashlib

import pytest

from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError
from ssmtui.sessions import copy as module
from ssmtui.sessions.copy import BLOCK, RemoteFile, download, look_at, part_of
from ssmtui.simulator.agent.sessions import Sessions, connected
from ssmtui.simulator.shell import Machines, Shell


class _Sink:
    def __init__(self):
        self.data = b""

    async def write(self, data):
        self.data += data


class EnoughError(Exception):
    pass


class Place:
    """A Linux node, with a file of a few blocks and a bit."""

    path = "/srv/a b'c.bin"

    def __init__(self, fleet):
        self.fleet, self.scope = fleet, fleet.scopes[0]
        node = next(
            node
            for node in fleet.world.nodes.values()
            if connected(node) and not node.platform.windows
        )
        self.key = RowKey(*self.scope.key, node.id)
        self.machine = fleet.world.part(Machines).of(node.id)

    async def runs(self, script):
        out = _Sink()
        ended = await Shell(self.machine, user="root").run_script(script, stdout=out, stderr=out)
        assert ended.exit_code == 0, out.data
        return out.data

    async def makes(self, lines=40_000):
        await self.runs(f'mkdir -p /srv; seq 1 {lines} > "/srv/a b\'c.bin"')
        return "".join(f"{number}\n" for number in range(1, lines + 1)).encode()

    async def look(self):
        return await look_at(self.scope, self.key, self.path)

    async def download(self, remote, destination, **more):
        return await download(self.scope, self.key, remote, destination, **more)

    @property
    def open(self):
        return [one for one in self.fleet.world.part(Sessions) if one.active]


@pytest.fixture
async def place(open_fleet):
    async with open_fleet() as fleet:
        made = Place(fleet)
        yield made
        assert made.open == []


async def test_a_file_arrives_as_it_is(place, tmp_path):
    content = await place.makes()
    remote = await place.look()
    assert remote == RemoteFile(place.path, len(content), hashlib.sha256(content).hexdigest())
    told = []
    destination = tmp_path / "copy"
    begun = await place.download(remote, destination, progress=lambda *each: told.append(each))
    assert begun == 0
    assert destination.read_bytes() == content
    assert told == sorted(told)
    assert told[-1] == (len(content), len(content))
    assert not part_of(destination, remote).exists()


async def test_an_empty_file_arrives(place, tmp_path):
    await place.runs('mkdir -p /srv; : > "/srv/a b\'c.bin"')
    remote = await place.look()
    await place.download(remote, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b""


async def test_what_has_come_is_not_fetched_again(place, tmp_path):
    content = await place.makes()
    remote = await place.look()
    destination = tmp_path / "copy"
    part_of(destination, remote).write_bytes(content[: BLOCK + 1000])
    assert await place.download(remote, destination) == BLOCK
    assert destination.read_bytes() == content


async def test_a_cancelled_copy_keeps_what_has_come(place, tmp_path):
    await place.makes()
    remote = await place.look()
    destination = tmp_path / "copy"

    def stop(done, size):
        raise EnoughError

    with pytest.raises(EnoughError):
        await place.download(remote, destination, progress=stop)
    assert part_of(destination, remote).stat().st_size > 0
    assert not destination.exists()


async def test_a_wrong_checksum_leaves_nothing(place, tmp_path):
    content = await place.makes(10)
    remote = RemoteFile(place.path, len(content), "0" * 64)
    with pytest.raises(ProblemError, match="checksum differs"):
        await place.download(remote, tmp_path / "copy")
    assert list(tmp_path.glob("*copy*")) == []


@pytest.mark.parametrize(("size", "words"), [(5, "grows while"), (10**9, "arrived only in part")])
async def test_another_size_is_said(place, tmp_path, size, words):
    await place.makes(10)
    remote = RemoteFile(place.path, size, "0" * 64)
    with pytest.raises(ProblemError, match=words):
        await place.download(remote, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


async def test_nothing_is_overwritten_unless_asked(place, tmp_path):
    content = await place.makes(10)
    remote = await place.look()
    destination = tmp_path / "copy"
    destination.write_bytes(b"mine")
    with pytest.raises(ProblemError, match="exists"):
        await place.download(remote, destination)
    assert destination.read_bytes() == b"mine"
    await place.download(remote, destination, overwrite=True)
    assert destination.read_bytes() == content


@pytest.mark.parametrize(
    ("path", "words"), [("/no/such", "There is no file"), ("/var/log", "is a directory")]
)
async def test_what_is_no_file_is_said(place, path, words):
    with pytest.raises(ProblemError, match=words):
        await look_at(place.scope, place.key, path)


async def test_what_is_not_base64_is_said():
    with pytest.raises(ProblemError, match="not base64"):
        module._decoded(b"ab!=")


async def test_where_nothing_can_be_written_is_said(tmp_path):
    with pytest.raises(ProblemError, match="cannot be written"):
        module._prepare(tmp_path / "no" / "such")
