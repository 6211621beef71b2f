import msgspec
import pytest
from botocore.loaders import create_loader
from botocore.model import ServiceModel

from ssmtui.aws.models import CUT, FileLoader, cut_down
from ssmtui.aws.operations import operations_of


@pytest.fixture
def loader():
    loader = create_loader()
    loader.file_loader = FileLoader()
    return loader


def shapes_of(shape, seen):
    """All shapes that one leads to, by name, each with its members."""
    if shape is None or shape.name in seen:
        return
    seen[shape.name] = (shape.type_name, sorted(getattr(shape, "members", ())))
    for inner in (
        *getattr(shape, "members", {}).values(),
        *(getattr(shape, part, None) for part in ("member", "key", "value")),
    ):
        if inner is not None:
            shapes_of(inner, seen)


@pytest.mark.parametrize("service", CUT)
def test_what_is_used_is_as_the_library_has_it(loader, service):
    whole = ServiceModel(create_loader().load_service_model(service, "service-2"))
    cut = ServiceModel(loader.load_service_model(service, "service-2"))
    assert sorted(cut.operation_names) == sorted(operations_of(service))
    assert cut.metadata == whole.metadata
    for name in cut.operation_names:
        ours, theirs = {}, {}
        for model, seen in ((cut, ours), (whole, theirs)):
            operation = model.operation_model(name)
            for shape in (operation.input_shape, operation.output_shape, *operation.error_shapes):
                shapes_of(shape, seen)
        assert ours == theirs


@pytest.mark.parametrize("service", ["ssm", "sts", "kms"])
def test_other_services_are_whole(loader, service):
    assert loader.load_service_model(service, "service-2") == create_loader().load_service_model(
        service, "service-2"
    )


def test_shapes_that_refer_to_each_other_are_kept_once():
    model = {
        "metadata": {"serviceId": "Trees"},
        "operations": {
            "Grow": {"input": {"shape": "Tree"}},
            "Fell": {"input": {"shape": "Axe"}},
        },
        "shapes": {
            "Tree": {"members": {"shape": {"shape": "Text"}, "branches": {"shape": "Trees"}}},
            "Trees": {"member": {"shape": "Tree"}},
            "Text": {"type": "string"},
            "Axe": {"type": "string"},
        },
    }
    cut = cut_down(msgspec.json.encode(model), ["Grow", "Plant"])
    assert list(cut["operations"]) == ["Grow"]
    assert sorted(cut["shapes"]) == ["Text", "Tree", "Trees"]
    assert cut["metadata"] == model["metadata"]


def test_what_is_not_there_is_none(loader, tmp_path):
    assert loader.file_loader.load_file(str(tmp_path / "nothing")) is None
