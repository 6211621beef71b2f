"""The service models that the clients are made of, read quickly and cut down to what is used."""

from __future__ import annotations

import gzip
from collections.abc import Collection
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
    also from a thread, and the screen with it; msgspec for 20, and for 4 if it leaves out the rest.
    """

    def load_file(self, file_path: str) -> Any:
        for suffix, read in ((".json", Path.read_bytes), (".json.gz", _read_gzip)):
            path = Path(file_path + suffix)
            if path.is_file():
                content, service = read(path), path.parent.parent.name
                if Path(file_path).name == "service-2" and service in CUT:
                    return cut_down(content, operations_of(service))
                return msgspec.json.decode(content)
        return None


def _read_gzip(path: Path) -> bytes:
    with gzip.open(path) as file:
        return file.read()


def cut_down(model: bytes, operations: Collection[str]) -> dict[str, Any]:
    """A service's model with these operations and the shapes they lead to; the rest as it was.

    What is left out is never made: it is only known where it ends.
    """
    parts = _parts.decode(model)
    all_operations, all_shapes = (_parts.decode(parts.pop(of)) for of in ("operations", "shapes"))
    rest = {name: msgspec.json.decode(part) for name, part in parts.items()}
    kept = {
        name: msgspec.json.decode(all_operations[name])
        for name in operations
        if name in all_operations
    }
    shapes: dict[str, Any] = {}
    waiting = [name for operation in kept.values() for name in _shape_names(operation)]
    while waiting:
        name = waiting.pop()
        if name not in shapes:
            shapes[name] = msgspec.json.decode(all_shapes[name])
            waiting += _shape_names(shapes[name])
    return {**rest, "operations": kept, "shapes": shapes}


_parts = msgspec.json.Decoder(dict[str, msgspec.Raw])


def _shape_names(value: Any) -> list[str]:
    """The shapes that a part of a model refers to."""
    if isinstance(value, list):
        return [name for item in value for name in _shape_names(item)]
    if not isinstance(value, dict):
        return []
    own = [value["shape"]] if isinstance(value.get("shape"), str) else []
    return own + [name for item in value.values() for name in _shape_names(item)]
