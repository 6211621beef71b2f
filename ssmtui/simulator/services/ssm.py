"""Systems Manager: one class a subject, put together here."""

from __future__ import annotations

from ssmtui.simulator.services.ssm_associations import Associations
from ssmtui.simulator.services.ssm_calendars import Calendars
from ssmtui.simulator.services.ssm_documents import Documents
from ssmtui.simulator.services.ssm_node_list import NodeList
from ssmtui.simulator.services.ssm_nodes import Nodes
from ssmtui.simulator.services.ssm_run_command import RunCommand
from ssmtui.simulator.services.ssm_sessions import SessionManager
from ssmtui.simulator.services.ssm_tags import Tags


class Ssm(Nodes, NodeList, Associations, Tags, SessionManager, Documents, Calendars, RunCommand):
    """Everything of Systems Manager that the simulator has."""
