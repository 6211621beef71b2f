"""Invoke-WebRequest, which reaches the simulated AWS and nobody else."""

from __future__ import annotations

from ssmtui.simulator.outside import CutError
from ssmtui.simulator.shell.machine.tree import FileProblem
from ssmtui.simulator.shell.powershell.call import Call, Cmdlet, Values, shown_path
from ssmtui.simulator.shell.powershell.values import Thing


async def web_request(call: Call, values: Values) -> Values:
    """One request; what is refused is an error."""
    url, outside = call.text("uri"), call.machine.outside
    sent = b"".join(call.file(call.text("infile")).read()) if "infile" in call.named else b""
    method = call.text("method", "Get").upper()
    try:
        answer = None if outside is None else await outside.ask(method, url, body=sent)
    except (ValueError, CutError):
        raise call.error("The underlying connection was closed.") from None
    if answer is None:
        raise call.error("The remote name could not be resolved.")
    if answer.status >= 400:
        raise call.error(f"The remote server returned an error: ({answer.status}).")
    if "outfile" in call.named:
        path, tree = call.tree_path(call.text("outfile")), call.machine.tree
        try:
            tree.append(path, tree.create(path, append=False), answer.body)
        except FileProblem as problem:
            raise call.error(f"{problem.reason}: '{shown_path(path)}'.") from None
        return
    yield Thing("WebResponse", {"StatusCode": answer.status,
                                "Content": answer.body.decode("utf-8", "replace")})  # fmt: skip


CMDLETS = (
    Cmdlet("Invoke-WebRequest", ("Uri", "[Method]", "[InFile]", "[OutFile]", "UseBasicParsing?"),
           web_request),
)  # fmt: skip
