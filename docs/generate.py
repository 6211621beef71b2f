"""Write docs/keys.md and docs/resources.md from the code; `--check` says if they are current."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from ssmtui.local.paths import Paths
from ssmtui.resources.base import Resource
from ssmtui.resources.memory import Memory
from ssmtui.resources.registry import names_of, resources
from ssmtui.ui.keymap import keys_markdown

DOCS = Path(__file__).parent
NOTE = "<!-- Written by `make docs` from the code: change it there. -->\n"


def main(arguments: list[str]) -> int:
    nowhere = Path(gettempdir())  # opening a memory touches no file
    known = resources(Memory(Paths(nowhere, nowhere, nowhere)))
    pages = {
        "keys.md": keys_markdown(known),
        "resources.md": resources_markdown(known),
    }
    stale = []
    for name, text in pages.items():
        path = DOCS / name
        wanted = NOTE + text.rstrip() + "\n"
        if path.exists() and path.read_text("utf-8") == wanted:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.write_text(wanted, "utf-8")
    if stale and "--check" in arguments:
        print(f"docs/{', docs/'.join(stale)} are not what the code says: run make docs")
        return 1
    return 0


def resources_markdown(known: tuple[Resource[Any], ...]) -> str:
    lines = [
        "# Resources",
        "",
        "What `:NAME` opens in the explorer and `ssmtui get NAME` lists. The ids of the columns",
        "are the keys of the filter language and of the JSON.",
    ]
    for resource in known:
        others = ", ".join(f"`{name}`" for name in names_of(resource)[1:])
        pane = f" Pane {resource.pane}." if resource.pane else ""
        lines += [
            "",
            f"## {resource.name}",
            "",
            f"Also {others}.{pane} Read at most every {resource.refresh_seconds:g} seconds.",
            "",
            "| id | title | kind | shown | what it is |",
            "|---|---|---|---|---|",
        ]
        for column in resource.columns:
            lines.append(
                f"| `{column.id}` | {column.title} | {column.kind} | {shown(column)} "
                f"| {column.description} |"
            )
    return "\n".join(lines)


def shown(column: Any) -> str:
    if column.hidden:
        return "for filters"
    if column.merged:
        return "with several"
    return "wide" if column.wide else "yes"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
