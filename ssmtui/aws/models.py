"""The service models that the clients are made of, read quickly and cut down to what is used."""

from __future__ import annotations

import gzip
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import msgspec
from botocore.loaders import JSONFileLoader

from ssmtui.aws.operations import operations_of

# EC2's model has 800 operations, of which we use four: whole it takes 15 MB, and each of its
# clients 40 ms on the event loop. The library itself calls others of sts, sso and signin.
CUT = ("ec2", "iam")


class FileLoader(JSONFileLoader):  # type: ignore[misc]
    """Reads the models with msgspec.

    EC2's model is 4 MB; the standard library's decoder holds the interpreter for 110 ms over it,
    also from a thread, and the screen with it.
    """

    def load_file(self, file_path: str) -> Any:
        for suffix, read in ((".json", Path.read_bytes), (".json.gz", _read_gzip)):
            path = Path(file_path + suffix)
            if path.is_file():
                content = msgspec.json.decode(read(path))
                service = path.parent.parent.name
                if Path(file_path).name == "service-2" and service in CUT:
                    return cut_down(content, operations_of(service))
                return content
        return None


def _read_gzip(path: Path) -> bytes:
    with gzip.open(path) as file:
        return file.read()


def cut_down(model: Mapping[str, Any], operations: Collection[str]) -> dict[str, Any]:
    """A service's model with these operations and the shapes they lead to; the rest as it was."""
    kept = {name: model["operations"][name] for name in operations if name in model["operations"]}
    shapes: dict[str, Any] = {}
    waiting = [name for operation in kept.values() for name in _shape_names(operation)]
    while waiting:
        name = waiting.pop()
        if name not in shapes:
            shapes[name] = model["shapes"][name]
            waiting += _shape_names(shapes[name])
    return {**model, "operations": kept, "shapes": shapes}


def _shape_names(value: Any) -> list[str]:
    """The shapes that a part of a model refers to."""
    if isinstance(value, list):
        return [name for item in value for name in _shape_names(item)]
    if not isinstance(value, dict):
        return []
    own = [value["shape"]] if isinstance(value.get("shape"), str) else []
    return own + [name for item in value.values() for name in _shape_names(item)]
