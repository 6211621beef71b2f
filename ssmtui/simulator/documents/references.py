"""References to Parameter Store in commands and documents: `{{ssm:name}}`, `{{ssm:name:version}}`.

Rules: "Working with parameters using Run Command" of the user guide. The service resolves them when
it takes the command, those of SecureString excepted, and refuses it if it cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_REFERENCE = re.compile(r"\{\{\s*ssm:([A-Za-z0-9_./-]+(?::[A-Za-z0-9_.-]+)?)\s*\}\}")


def references(content: Any) -> Iterator[str]:
    """What is referred to anywhere in a structure: `name`, `name:version` or `name:label`."""
    if isinstance(content, dict):
        for item in content.values():
            yield from references(item)
    elif isinstance(content, list | tuple):
        for item in content:
            yield from references(item)
    elif isinstance(content, str):
        yield from _REFERENCE.findall(content)
