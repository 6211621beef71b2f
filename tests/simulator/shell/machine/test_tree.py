from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.simulator.shell.machine.files import Device, Kept
from ssmtui.simulator.shell.machine.tree import (
    EXECUTE,
    LARGEST_FILE,
    READ,
    WRITE,
    FileProblem,
    Tree,
    allowed,
)


@pytest.fixture
def tree() -> Tree:
    tree = Tree(lambda: 5.0)
    for path in ("/etc/hosts", "/home/jane/note", "/tmp/shared"):
        tree.place(path, Kept(path.encode()))
    tree.find("/home/jane").owner = "jane"
    tree.find("/tmp").mode = 0o1777
    return tree


def reason(problem: pytest.ExceptionInfo[FileProblem]) -> str:
    return problem.value.reason


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/nope", "No such file or directory"),
        ("/etc/hosts/x", "Not a directory"),
        ("/" + "x" * 300, "File name too long"),
    ],
)
def test_what_is_not_there(tree: Tree, path: str, expected: str) -> None:
    with pytest.raises(FileProblem) as problem:
        tree.find(path)
    assert reason(problem) == expected
    assert not tree.exists(path)


def test_links_are_followed(tree: Tree) -> None:
    tree.add_link("/link", "etc")
    tree.add_link("/etc/there", "../home/jane/note")
    assert tree.real("/link/there") == "/home/jane/note"
    assert tree.text("/link/there") == "/home/jane/note"
    tree.add_link("/loop", "/loop")
    with pytest.raises(FileProblem) as problem:
        tree.find("/loop")
    assert reason(problem) == "Too many levels of symbolic links"


def test_permissions(tree: Tree) -> None:
    with pytest.raises(FileProblem) as problem:
        tree.create("/etc/new", "jane")
    assert reason(problem) == "Permission denied"
    tree.create("/home/jane/new", "jane")
    tree.find("/home/jane").mode = 0o700
    with pytest.raises(FileProblem):
        tree.find("/home/jane/new", "omar")
    assert tree.exists("/home/jane/new", "root")


def test_the_sticky_bit(tree: Tree) -> None:
    tree.create("/tmp/janes", "jane")
    with pytest.raises(FileProblem):
        tree.remove("/tmp/janes", "omar")
    tree.remove("/tmp/janes", "jane")


def test_writing_and_what_is_used(tree: Tree) -> None:
    file = tree.create("/f")
    tree.append("/f", file, b"12345")
    assert tree.used == 5
    assert file.modified == 5.0
    tree.create("/f", append=False)
    assert tree.used == 0
    with pytest.raises(FileProblem, match="File too large"):
        tree.append("/f", file, b"x" * (LARGEST_FILE + 1))


def test_the_tree_is_bounded(tree: Tree) -> None:
    for index in range(4):
        file = tree.create(f"/f{index}")
        tree.append(f"/f{index}", file, b"x" * LARGEST_FILE)
    with pytest.raises(FileProblem, match="No space left"):
        tree.append("/more", tree.create("/more"), b"x")
    tree.remove("/f0")
    tree.append("/more", tree.create("/more"), b"x")


def test_folders(tree: Tree) -> None:
    tree.add_folder("/a")
    with pytest.raises(FileProblem, match="File exists"):
        tree.add_folder("/a")
    tree.create("/a/f")
    with pytest.raises(FileProblem, match="Directory not empty"):
        tree.remove("/a")
    assert [path for path, _ in tree.walk("/a", tree.find("/a"))] == ["/a", "/a/f"]
    tree.remove("/a", whole=True)
    assert not tree.exists("/a")


def test_moving(tree: Tree) -> None:
    tree.move("/etc/hosts", "/etc/moved")
    assert tree.text("/etc/moved") == "/etc/hosts"
    with pytest.raises(FileProblem, match="Invalid argument"):
        tree.move("/home", "/home/jane/x")
    with pytest.raises(FileProblem, match="Is a directory"):
        tree.move("/etc/moved", "/home")
    tree.move("/etc/moved", "/etc/moved")


def test_devices_take_everything(tree: Tree) -> None:
    tree.place("/dev/null", Device("null"))
    file = tree.create("/dev/null", append=False)
    tree.append("/dev/null", file, b"x" * (LARGEST_FILE + 1))
    assert tree.used == 0


def test_whose_bits_count() -> None:
    entry = Kept(owner="jane", mode=0o640)
    assert allowed(entry, "jane", READ)
    assert allowed(entry, "jane", WRITE)
    assert not allowed(entry, "jane", EXECUTE)
    assert not allowed(entry, "omar", READ)
    assert allowed(entry, "root", EXECUTE)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("cmrl"), st.text("ab/.", max_size=6), st.text("ab/.", max_size=6)
        ),
        max_size=12,
    )
)
def test_whatever_is_done_the_books_are_kept(steps: list[tuple[str, str, str]]) -> None:
    tree = Tree(lambda: 0.0)
    for kind, first, second in steps:
        with suppress(FileProblem):
            if kind == "c":
                tree.append(f"/{first}", tree.create(f"/{first}"), b"xyz")
            elif kind == "m":
                tree.add_folder(f"/{first}")
            elif kind == "r":
                tree.remove(f"/{first}", whole=True)
            else:
                tree.move(f"/{first}", f"/{second}")
    kept = [entry.size() for _, entry in tree.walk("/", tree.root) if isinstance(entry, Kept)]
    assert tree.used == sum(kept)
