from ssmtui.simulator.models import service_model
from ssmtui.simulator.services.ssm import Ssm


def test_every_handler_is_an_operation_of_systems_manager() -> None:
    handlers = {name for name in dir(Ssm) if name[0].isupper()}
    assert handlers
    assert handlers <= set(service_model("ssm").operation_names)
