"""tar.exe, which Windows has brought along since Windows Server 2019."""

from __future__ import annotations

from ssmtui.simulator.shell.commands.archives import inside, member_of
from ssmtui.simulator.shell.machine.tree import LARGEST_FILE, FileProblem
from ssmtui.simulator.shell.powershell.call import Call, Cmdlet, Values, nothing, shown_path
from ssmtui.simulator.shell.powershell.values import text
from ssmtui.simulator.tarballs import Kind, Member, NoTarballError, members_of, packed


async def tar(call: Call, values: Values) -> Values:
    """-cf or -xf with -C: $LASTEXITCODE is 1 if that failed."""
    call.shell.status = 1
    try:
        if "cf" in call.named:
            await _create(call)
        elif "xf" in call.named:
            await _extract(call)
        else:
            raise call.error("Must specify one of -c, -r, -t, -u, -x")
        call.shell.status = 0
    except FileProblem as problem:
        words = f"Error opening '{shown_path(problem.path)}': {problem.reason}"
        call.shell.show(call.error(words), "tar.exe")
    except NoTarballError:
        call.shell.show(call.error("Error opening archive: Unrecognized archive format"), "tar.exe")
    async for value in nothing():
        yield value


async def _create(call: Call) -> None:
    tree, folder = call.machine.tree, call.text("c") or "."
    members: list[Member] = []
    size = 0
    for name in map(text, call.rest):
        entry = tree.find(call.tree_path(f"{folder}\\{name}"), follow=False)
        for path, child in list(tree.walk(name, entry)):
            await call.shell.turns.take()
            members.append(member_of(path, child))
            size += len(members[-1].data)
            if size > LARGEST_FILE:
                raise FileProblem(call.tree_path(call.text("cf")), "File too large")
    archive = call.tree_path(call.text("cf"))
    tree.append(archive, tree.create(archive, append=False), packed(members))


async def _extract(call: Call) -> None:
    tree, folder = call.machine.tree, call.text("c") or "."
    archive = b"".join(tree.file(call.tree_path(call.text("xf"))).read())
    for member in members_of(archive):
        await call.shell.turns.take()
        path = call.tree_path("\\".join((folder, *inside(member.name))))
        parent, _, name = path.rpartition("/")
        if member.kind is Kind.FOLDER:
            if not tree.exists(path):
                tree.add_folder(path)
        elif member.kind is Kind.LINK:
            if name in tree.folder(parent).entries:
                tree.remove(path)
            tree.add_link(path, member.target)
        else:
            tree.append(path, tree.create(path, append=False), member.data)


CMDLETS = (Cmdlet("tar", ("[C]", "[cf]", "[xf]"), tar),)
