"""The nodes pane: what is special about nodes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ssmtui.core.columns import UNKNOWN
from ssmtui.core.problem import ProblemError
from ssmtui.core.text import plain
from ssmtui.ui.actions import NODE_ACTIONS, RUN_ACTIONS
from ssmtui.ui.keymap import bindings, method
from ssmtui.ui.panes.resource import ResourcePane

if TYPE_CHECKING:
    from ssmtui.ui.documents import Document

_ACTIONS = {method(action)[0]: action for action in (*NODE_ACTIONS, *RUN_ACTIONS)}


class NodesPane(ResourcePane):
    """Adds `w`, `s`, `S`, `a`, `l`, `C`, `F`, `r`, `R`; addresses and ARNs can be copied, too."""

    BINDINGS = bindings((*NODE_ACTIONS, *RUN_ACTIONS))

    def action_why(self) -> None:
        """Why the node is lost, stopped or unmanaged."""
        from ssmtui.resources.nodes.why import diagnose

        async def load(row: Any) -> Document:
            diagnosis = await diagnose(self.scope_of(row), row, self.launch.now())
            return diagnosis_document(diagnosis)

        self.show_text("Why", load)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if (declared := _ACTIONS.get(action)) is not None:
            return self.row is not None and self.reach.permits(declared)
        return super().check_action(action, parameters)

    def action_run(self, document: str = "") -> None:
        """Run a command on each marked node or the row; asks which one where none is named."""
        rows = self.targets
        hidden = [row for row in rows if row.key in self.view.marks]
        hidden = [row for row in hidden if not self.view.is_shown(row.key)]
        self.shell.rolling.ask(rows, self.scope_of, document, hidden)

    def action_run_shown(self, document: str = "") -> None:
        """Run a command on everything shown, which must be all there is."""
        try:
            self.require_whole()
        except ProblemError as error:
            self.shell.report(error.problem)
            return
        rows = self.view.rows(0, len(self.view))
        self.shell.rolling.ask(rows, self.scope_of, document)

    def action_forward(self, ports: str = "") -> None:
        """Let a local port lead to the node; asks for the ports where none are given."""
        row = self.row
        if row is not None:
            name = self.resource.label(row)
            self.shell.forwarding.ask(partial(self.scope_of, row), row.key, name, ports)

    def action_cp(self, files: str = "") -> None:
        """Copy files to the node or from it; asks which where none are named."""
        row = self.row
        if row is not None:
            self.shell.copying.ask(row, self.scope_of, files)

    def action_shell(self) -> None:
        """A shell in a tab, on each marked node or the row."""
        self.shell.shells.open(self.targets, self.scope_of)

    def action_tail(self, log: str = "") -> None:
        """Follow a log on each marked node or the row; asks which one where none is given."""
        self.shell.following.ask(self.targets, self.scope_of, log)

    def action_shell_plugin(self) -> None:
        """A shell through the plugin, for which the explorer steps aside."""
        row = self.row
        if row is not None:
            self.shell.shells.hand_over(row, self.scope_of)

    def action_start_session(self, document: str = "") -> None:
        """A session with a document that is chosen, on each marked node or the row."""
        self.shell.shells.choose(self.targets, self.scope_of, document)

    def copies(self, row: Any) -> list[tuple[str, str, str]]:
        found = [("id", "id", row.id)]
        if isinstance(row.name, str):
            found.append(("name", "name", row.name))
        if isinstance(row.address, str):
            found.append(("address", "address", row.address))
        found.append(("arn", "ARN", arn(row)))
        return found


def arn(node: Any) -> str:
    """A node's ARN: an EC2 instance's own, else the managed instance's.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
    """
    partition = partition_of(node.region)
    if node.kind == "ec2" or (node.kind is UNKNOWN and node.id.startswith("i-")):
        return f"arn:{partition}:ec2:{node.region}:{node.account}:instance/{node.id}"
    return f"arn:{partition}:ssm:{node.region}:{node.account}:managed-instance/{node.id}"


def partition_of(region: str) -> str:
    """The partition that a Region belongs to, by its prefix."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def diagnosis_document(diagnosis: Any) -> Document:
    """The answer in one sentence, then the findings by what they say, each with its remedy."""
    from ssmtui.resources.nodes.why import TITLES
    from ssmtui.ui.documents import Document

    lines = [plain(diagnosis.summary)]
    for verdict, title in TITLES.items():
        findings = diagnosis.of(verdict)
        if not findings:
            continue
        lines += ["", title]
        for finding in findings:
            lines.append(f"  {plain(finding.what)}")
            if finding.remedy:
                lines.append(f"      {plain(finding.remedy)}")
    return Document({"text": "\n".join(lines)}, key_width=2)
