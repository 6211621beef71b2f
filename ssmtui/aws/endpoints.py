"""The endpoints that the environment and the AWS configuration file set instead of AWS's own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.core.text import plain

EVERYWHERE = "AWS_ENDPOINT_URL"

_SAID = re.compile(r"(?i)^invalid endpoint:\s*")


def endpoints_are_set(session: Any) -> bool:
    """Whether there is any, behind which there may be Regions of its own."""
    if any(name.startswith(EVERYWHERE) for name in os.environ):
        return True
    config = session.get_scoped_config()
    return "endpoint_url" in config or "services" in config


def wrong_endpoint(session: Any, services: tuple[str, ...]) -> Problem | None:
    """The first endpoint in force for one of these services that is no address; None: all are."""
    if session.get_config_variable("ignore_configured_endpoint_urls"):
        return None
    for service in services:
        # What comes first is in force: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
        where, url = next(_settings(session, service), ("", ""))
        if url and not _is_address(url):
            return Problem(ProblemKind.INPUT, *not_an_endpoint(url, where))
    return None


def endpoint_variable(service: str) -> str:
    """The environment variable that names this service's endpoint; "" where there is none."""
    names = (f"{EVERYWHERE}_{_id_of(service).upper()}", EVERYWHERE)
    return next((name for name in names if os.environ.get(name)), "")


def not_an_endpoint(said: str, where: str) -> tuple[str, str]:
    """What is wrong and the remedy, of an endpoint or of the library's words about it.

    `where` it is set; "" is not known.
    """
    url = plain(_SAID.sub("", said)) or "What is set as endpoint"
    what = (
        f"{url}, the endpoint in {where}, is no address" if where else f"{url} is not an endpoint"
    )
    return what, "Give it as http://host:port or https://host"


def _settings(session: Any, service: str) -> Iterator[tuple[str, str]]:
    """Where an endpoint of this service is set, and to what; the one in force first."""
    if variable := endpoint_variable(service):
        yield variable, os.environ[variable]
    config = session.get_scoped_config()
    section = session.full_config.get("services", {}).get(config.get("services"), {})
    own = section.get(_id_of(service))
    if isinstance(own, Mapping) and (url := own.get("endpoint_url")):
        yield f"the services section {plain(str(config['services']))}", str(url)
    if url := config.get("endpoint_url"):
        name = session.get_config_variable("profile")
        yield f"endpoint_url of profile {plain(str(name or 'default'))}", str(url)


def _id_of(service: str) -> str:
    """A service's id as settings have it: resource_groups_tagging_api."""
    from botocore.utils import CLIENT_NAME_TO_HYPHENIZED_SERVICE_ID_OVERRIDES as IDS

    return str(IDS.get(service, service)).replace("-", "_")


def _is_address(url: str) -> bool:
    """Whether the library takes it, which raises its ValueError on half of an IPv6 address."""
    from botocore.utils import is_valid_endpoint_url, is_valid_ipv6_endpoint_url

    try:
        return bool(is_valid_endpoint_url(url) or is_valid_ipv6_endpoint_url(url))
    except ValueError:
        return False
