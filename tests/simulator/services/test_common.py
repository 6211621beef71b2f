from __future__ import annotations

import pytest

from ssmtui.simulator.services.common import version_numbers


def test_versions_compare_by_their_numbers() -> None:
    assert version_numbers("3.10.1.0") > version_numbers("3.9.12.0")
    assert version_numbers("3.3") < version_numbers("3.3.1")


def test_what_is_no_version_is_refused() -> None:
    with pytest.raises(ValueError, match="latest"):
        version_numbers("latest")
