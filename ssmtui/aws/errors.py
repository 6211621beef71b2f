"""From the exceptions of botocore and the network to a Problem, and to what became of the call."""

from __future__ import annotations

import errno
import re
import socket
import ssl
from enum import StrEnum
from typing import Any

import msgspec

from ssmtui.aws.codes import (
    CLOCK_CODES,
    CREDENTIAL_CODES,
    DENIED_CODES,
    EXPIRED_CODES,
    NO_ROLE_CODES,
    THROTTLING_CODES,
)
from ssmtui.aws.endpoints import endpoint_variable, not_an_endpoint
from ssmtui.aws.operations import full_name, iam_action
from ssmtui.aws.origins import Origin
from ssmtui.aws.proxies import proxy_variable
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.text import plain


class Fate(StrEnum):
    """What is known about a call that did not answer well."""

    NOT_SENT = "not sent"  # it never left this machine
    REFUSED = "refused"  # the service said no: it had no effect
    LOST = "lost"  # it may have had its effect


class CallSite(msgspec.Struct, frozen=True):
    """Which call went wrong, for the words of a Problem.

    `profile` None is the default chain; `origin` None is not known, or of no interest. `scope_name`
    is what the scope is called everywhere else; "" before there is one.
    """

    scope: ScopeKey
    service: str
    operation: str
    profile: str | None = None
    endpoint: str = ""
    origin: Origin | None = None
    scope_name: str = ""

    @property
    def name(self) -> str:
        return full_name(self.service, self.operation)

    @property
    def place(self) -> str:
        """Where, for a sentence; the account is not yet known while the identity is asked for."""
        where = str(self.scope) if self.scope.account else self.scope.region
        name = self.scope_name or self.profile
        return f"{plain(name)} ({where})" if name and name != self.scope.account else where

    @property
    def renewal(self) -> str:
        """The remedy for credentials that are missing or no longer good."""
        if self.origin:
            return self.origin.renewal
        return (
            f"Renew the credentials of profile {plain(self.profile)}"
            if self.profile
            else ("Renew the credentials")
        )

    @property
    def owner(self) -> str:
        """Whose credentials they are, for a sentence."""
        if self.origin:
            return self.origin.owner
        return f"of profile {plain(self.profile)}" if self.profile else "of the environment"


class Failure(msgspec.Struct, frozen=True):
    """A failed call: the problem to show, its fate, and whether a read may be tried again."""

    problem: Problem
    fate: Fate
    throttled: bool = False
    attempts: int = 1  # how often a read may be tried in all


_MANY_ATTEMPTS = 6
_CONNECT_ATTEMPTS = 3  # nobody waits for long to hear that a name does not resolve

# "... is not authorized to perform: ssm:GetParameter on resource: ..."
_MISSING_ACTION = re.compile(r"not authorized to perform:?\s+([a-z0-9-]+:[A-Za-z0-9*]+)")
_LONGEST_MESSAGE = 300


def failure_of(error: Exception, site: CallSite) -> Failure:
    """What went wrong with a call, in one sentence with the remedy, and what became of it."""
    from botocore.exceptions import ClientError

    if isinstance(error, ProblemError):
        return Failure(error.problem, Fate.NOT_SENT)
    if isinstance(error, ClientError):
        return _answered(error, site)
    return (
        _transport(error, site)
        or _credentials(error, site)
        or _input(error, site)
        or Failure(
            _problem(
                site,
                ProblemKind.BUG,
                f"{site.name} failed with {type(error).__name__}, which is not expected",
                "Please report it",
            ),
            Fate.LOST,
        )
    )


def failure_before(error: Exception, site: CallSite) -> Failure:
    """What went wrong on the way to a call that was never sent: with the settings and credentials.

    The library lets through what Python raises on a file that is missing, a number that is none or
    a credential_process that prints something else. The words are not shown: they hold what was
    found there.
    """
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
    from botocore.parsers import ResponseParserError

    known = (ProblemError, ClientError, BotoCoreError, HTTPClientError, ResponseParserError)
    failure = failure_of(error, site)
    if not isinstance(error, known) and failure.problem.kind is not ProblemKind.INPUT:
        why = type(error).__name__
        if isinstance(error, OSError) and error.strerror:
            why = f"{error.strerror}: {error.filename}" if error.filename else error.strerror
        outside = site.origin is not None and site.origin.outside
        if outside or isinstance(error, OSError):
            what = f"The credentials {site.owner} cannot be retrieved ({plain(why)})"
            kind, remedy = ProblemKind.CREDENTIALS, site.renewal
        else:
            what = f"The settings {site.owner} cannot be used ({plain(why)})"
            kind, remedy = ProblemKind.INPUT, "Correct them in the AWS configuration file"
        failure = Failure(_problem(site, kind, what, remedy), Fate.NOT_SENT)
    return msgspec.structs.replace(failure, fate=Fate.NOT_SENT)


def _problem(site: CallSite, kind: ProblemKind, what: str, remedy: str, code: str = "") -> Problem:
    scope = site.scope if site.scope.account else None
    return Problem(kind, what, remedy, code=code, operation=site.name, scope=scope)


def _answered(error: Any, site: CallSite) -> Failure:
    """The service answered with an error."""
    details = error.response.get("Error", {})
    code = plain(str(details.get("Code") or ""))
    message = plain(str(details.get("Message") or ""))[:_LONGEST_MESSAGE].rstrip(". ")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    name, action = site.name, iam_action(site.service, site.operation)
    if error.operation_name != site.operation:
        # A role or SSO profile fetches its credentials on the way to the operation.
        service = "sso" if error.operation_name == "GetRoleCredentials" else "sts"
        name = action = full_name(service, plain(str(error.operation_name)))

    if code in THROTTLING_CODES or status == 429:
        return Failure(
            _problem(
                site,
                ProblemKind.THROTTLED,
                f"{name} is throttled in {site.place}",
                "Wait a little: the rate has been lowered",
                code,
            ),
            Fate.REFUSED,
            throttled=True,
            attempts=_MANY_ATTEMPTS,
        )
    if code in EXPIRED_CODES:
        what = f"The credentials of {site.place} have expired"
        return _refused(site, ProblemKind.EXPIRED, what, site.renewal, code)
    if code in CREDENTIAL_CODES:
        remedy = site.renewal
        if code in CLOCK_CODES:
            remedy += ", and check this machine's clock"
        what = f"AWS does not accept the credentials of {site.place} ({code})"
        return _refused(site, ProblemKind.CREDENTIALS, what, remedy, code)
    if error.operation_name == "GetRoleCredentials" and code in NO_ROLE_CODES:
        what = f"The login {site.owner} may not use its role ({code})"
        remedy = "Correct sso_account_id and sso_role_name, or ask for the permission set"
        return _refused(site, ProblemKind.DENIED, what, remedy, code)
    if code in DENIED_CODES:
        found = _MISSING_ACTION.search(message)
        action = found.group(1) if found else action
        if action == "sts:GetCallerIdentity":
            # It needs no permission: only an explicit deny, such as a boundary's, refuses it.
            what = f"Access denied in {site.place}: a policy forbids {action}"
            remedy = "Ask for the deny in a policy, boundary or endpoint policy to be lifted"
            return _refused(site, ProblemKind.DENIED, what, remedy, code)
        what = f"Access denied in {site.place}: missing {action}"
        remedy = f"Ask for a policy with {action}"
        if action == "sts:AssumeRole":
            remedy += ", and for the role to trust you"
        return _refused(site, ProblemKind.DENIED, what, remedy, code)
    said = f"{code}: {message}" if message else code or f"HTTP {status}"
    if status >= 500 or code in {"InternalFailure", "InternalServerError", "ServiceUnavailable"}:
        return Failure(
            _problem(
                site,
                ProblemKind.SERVICE,
                f"{name} failed in {site.place} ({said})",
                "The service is in trouble: try again later",
                code,
            ),
            Fate.LOST,
            attempts=_MANY_ATTEMPTS,
        )
    return _refused(site, ProblemKind.SERVICE, f"{name} failed in {site.place} ({said})", "", code)


def _refused(site: CallSite, kind: ProblemKind, what: str, remedy: str, code: str) -> Failure:
    return Failure(_problem(site, kind, what, remedy, code), Fate.REFUSED)


def _transport(error: Exception, site: CallSite) -> Failure | None:
    """No connection, a hang, a cut or unreadable answer."""
    from botocore import exceptions as known
    from botocore.parsers import ResponseParserError

    endpoint = plain(site.endpoint) or f"The endpoint of {site.service} in {site.scope.region}"
    remedy = "Check the network, the proxy settings and the endpoint"
    through = ""
    if variable := proxy_variable(site.endpoint):
        through, remedy = f" through the proxy in {variable}", f"Check {variable} and the network"
    match error:
        case known.ProxyConnectionError():
            what, fate, attempts = "The proxy cannot be reached", Fate.NOT_SENT, _CONNECT_ATTEMPTS
        case known.HTTPClientError() if variable and _is_no_address(error):
            what, fate, attempts = f"{variable} is no address of a proxy", Fate.NOT_SENT, 1
            remedy = f"Write http://HOST:PORT in {variable}"
        case known.SSLError():
            what, fate, attempts = f"{endpoint} has no trusted certificate", Fate.NOT_SENT, 1
            remedy = "Name the right certificates in AWS_CA_BUNDLE or the profile's ca_bundle"
        case known.ConnectTimeoutError():
            what = f"{endpoint} does not accept a connection in time{through}"
            fate = Fate.NOT_SENT
            attempts = _CONNECT_ATTEMPTS
        case known.EndpointConnectionError() if _never_connected(error):
            what, fate = f"{endpoint} cannot be reached{through}", Fate.NOT_SENT
            attempts = _CONNECT_ATTEMPTS
        case known.HTTPClientError() if _no_certificates(error):
            why = _reason_of(error.kwargs["error"])
            what, fate, attempts = f"The CA bundle cannot be read{why}", Fate.NOT_SENT, 1
            remedy = "Name a file of certificates in AWS_CA_BUNDLE or the profile's ca_bundle"
        case known.ReadTimeoutError():
            what, fate = f"{site.name} did not answer in time in {site.place}", Fate.LOST
            attempts = _MANY_ATTEMPTS
        case known.ConnectionError() | known.HTTPClientError() | OSError():
            what, fate = f"The connection was lost during {site.name} in {site.place}", Fate.LOST
            attempts = _MANY_ATTEMPTS
        case ResponseParserError():
            what, fate = f"The answer to {site.name} in {site.place} is unreadable", Fate.LOST
            attempts = _MANY_ATTEMPTS
        case _:
            return None
    problem = _problem(site, ProblemKind.ENDPOINT, what, remedy)
    return Failure(problem, fate, attempts=attempts)


def _never_connected(error: Any) -> bool:
    """aiobotocore says EndpointConnectionError of a connection reset half-way, too."""
    from aiohttp import ClientConnectorError

    return isinstance(error.kwargs.get("error"), (ClientConnectorError, socket.gaierror))


def _is_no_address(error: Any) -> bool:
    """Nothing could be made of the proxy's address; the endpoint's was looked at before."""
    from botocore.exceptions import InvalidProxiesConfigError

    return isinstance(error.kwargs.get("error"), (ValueError, InvalidProxiesConfigError))


# What opening a file says, and a connection does not.
_OF_A_FILE = frozenset(
    {
        *(errno.ENOENT, errno.EACCES, errno.EPERM, errno.EISDIR),
        *(errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EIO),
    }
)


def _no_certificates(error: Any) -> bool:
    """The bundle is opened with the first connection, whatever its scheme."""
    from aiohttp import ClientError

    cause = error.kwargs.get("error")
    if isinstance(cause, ClientError) or not isinstance(cause, OSError):
        return False
    return isinstance(cause, ssl.SSLError) or cause.errno in _OF_A_FILE


def _reason_of(error: OSError) -> str:
    """The system's words for what is wrong with a file; OpenSSL's are no words for people."""
    if isinstance(error, ssl.SSLError) or not error.strerror:
        return ""
    return f" ({error.strerror})"


def _credentials(error: Exception, site: CallSite) -> Failure | None:
    """There are no credentials, or they cannot be had. The call itself was never sent."""
    from botocore import exceptions as known

    kind, remedy = ProblemKind.CREDENTIALS, site.renewal
    match error:
        case known.NoCredentialsError():
            profile = plain(site.profile) if site.profile else ""
            what = f"No credentials for profile {profile}" if profile else "No credentials found"
        case known.PartialCredentialsError():
            missing = plain(str(error.kwargs.get("cred_var", "a part")))
            what = f"The credentials {site.owner} are incomplete: {missing} is missing"
            remedy = "Set it beside the rest of them"
        case known.UnauthorizedSSOTokenError() | known.LoginRefreshRequired():
            what, kind = f"The login {site.owner} has expired", ProblemKind.EXPIRED
        case known.SSOTokenLoadError() | known.LoginError() | known.NoAuthTokenError():
            what = f"There is no valid login {site.owner}"
        case known.TokenRetrievalError():
            what, kind = f"The login {site.owner} has expired", ProblemKind.EXPIRED
        case known.RefreshWithMFAUnsupportedError():
            what, kind = f"The MFA session {site.owner} has expired", ProblemKind.EXPIRED
        case known.MissingDependencyException():
            what = f"The login {site.owner} needs a package that is not installed, awscrt"
            remedy = "Install it beside ssmtui, say with: pipx inject ssmtui awscrt"
        case known.CredentialRetrievalError() | known.MetadataRetrievalError() | known.SSOError():
            what = f"The credentials {site.owner} cannot be retrieved"
        case _:
            return None
    return Failure(_problem(site, kind, what, remedy), Fate.NOT_SENT)


_WRONG_PARAMETER = re.compile(
    r"(?:Missing required parameter in (?P<where>\S+?): \"(?P<missing>\w+)\""
    r"|Unknown parameter in (?P<inside>\S+?): \"(?P<unknown>\w+)\""
    r"|Invalid (?P<what>[a-z ]+) for parameter (?P<name>[\w.\[\]]+))"
)


def _input(error: Exception, site: CallSite) -> Failure | None:
    """A wrong parameter, Region, profile or configuration file. Nothing was sent."""
    from botocore import exceptions as known

    match error:
        case known.ParamValidationError():
            # botocore's own message prints the value, which may be a secret.
            found = _WRONG_PARAMETER.search(str(error))
            what = f"{site.name} is given {_wrong_parameter(found)}"
            remedy = "Correct the value and try again"
        case known.ProfileNotFound():
            what = f"There is no profile {plain(str(error.kwargs.get('profile', '')))}"
            remedy = "See aws configure list-profiles"
        case known.NoRegionError():
            what, remedy = f"No Region is set for {site.place}", "Name one with --region"
        case known.InvalidRegionError() | known.UnknownRegionError():
            what = f"{plain(site.scope.region)} is not a Region"
            remedy = "Name one with --region"
        case known.ConfigParseError() | known.ConfigNotFound():
            what = f"The AWS configuration file {plain(str(error.kwargs.get('path', '')))} is wrong"
            remedy = "Correct it"
        case known.InvalidConfigError() | known.UnknownCredentialError():
            profile = plain(site.profile) if site.profile else "default"
            said = plain(str(error)).rstrip(". ")
            what = f"The configuration of profile {profile} is wrong ({said})"
            remedy = "Correct it in the AWS configuration file"
        case known.EndpointProviderError() | known.BaseEndpointResolverError():
            what = f"There is no endpoint of {site.service} in {plain(site.scope.region)}"
            remedy = "Name another Region"
        case known.BotoCoreError():
            what = f"{site.name} cannot be called ({type(error).__name__})"
            remedy = "Check the AWS configuration"
        case ValueError() if "endpoint" in str(error):
            where = "" if site.endpoint else endpoint_variable(site.service)
            what, remedy = not_an_endpoint(site.endpoint or str(error), where)
        case _:
            return None
    return Failure(_problem(site, ProblemKind.INPUT, what, remedy), Fate.NOT_SENT)


def _wrong_parameter(found: re.Match[str] | None) -> str:
    if found is None:
        return "a wrong parameter"
    if missing := found["missing"]:
        return f"no {missing}"
    if unknown := found["unknown"]:
        return f"an unknown parameter {unknown}"
    return f"an invalid {found['what']} of {found['name']}"
