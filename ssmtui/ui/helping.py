"""What the help screen lists: what can be done on the screen below it, with the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssmtui.ui.actions import CONTEXTS
from ssmtui.ui.documents import HelpLine
from ssmtui.ui.key_names import key_text

if TYPE_CHECKING:
    from ssmtui.ui.app import SsmtuiApp


def help_groups(app: SsmtuiApp) -> list[tuple[str, list[HelpLine]]]:
    """Groups of lines, the contexts nearest to the focus first."""
    titles = {resource.name: f"On {resource.title.lower()}" for resource in app.launch.resources}
    contexts = {**titles, **dict(reversed(CONTEXTS.items()))}
    groups = []
    for context, title in contexts.items():
        lines = [
            HelpLine(
                " ".join(key_text(key) for key in app.keymap.keys(action)),
                action.title,
                f":{action.id} {action.argument}".rstrip(),
            )
            for action in app.keymap.of(context)
            if app.dispatcher.offers(action)
        ]
        if lines:
            groups.append((title, lines))
    names = [
        HelpLine(
            "",
            f"Go to {resource.title}, also "
            + " ".join(f":{name}" for name in (resource.singular, *resource.aliases)),
            f":{resource.name}",
        )
        for resource in app.launch.resources
    ]
    return [*groups, ("Views", names)]
