"""How each protocol words the refusals that are the same everywhere.

Services say "no such key", "too fast" or "not allowed" in words of their own: JSON services throw
exceptions, the older query services have short codes, and EC2 has a language to itself (its API
reference, "Error codes for the Amazon EC2 API").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ssmtui.simulator.call import ServiceError


class Refusal(StrEnum):
    """What the endpoint itself, rather than a handler, may refuse a request for."""

    UNSIGNED = "unsigned"
    BAD_SIGNATURE = "bad signature"
    UNKNOWN_KEY = "unknown key"
    EXPIRED = "expired"
    DENIED = "denied"
    THROTTLED = "throttled"
    UNKNOWN_OPERATION = "unknown operation"
    MALFORMED = "malformed"
    TOO_LARGE = "too large"
    INVALID = "invalid"
    MISSING = "missing"
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"


class RefusedError(Exception):
    """A refusal on its way to the protocol that words it.

    `message` replaces the protocol's usual words, `status` its usual HTTP status.
    """

    def __init__(self, refusal: Refusal, message: str = "", status: int | None = None) -> None:
        super().__init__(f"{refusal}: {message}" if message else str(refusal))
        self.refusal = refusal
        self.message = message
        self.status = status


@dataclass(frozen=True, slots=True)
class _Words:
    code: str
    message: str
    status: int = 400


_UNKNOWN_KEY = "The security token included in the request is invalid."
_EXPIRED = "The security token included in the request is expired"
_DENIED = "You are not authorized to perform this operation."
_INTERNAL = "An internal error has occurred"
_UNAVAILABLE = "The service is unavailable. Please try again shortly."
_MALFORMED = "The request could not be read."
_TOO_LARGE = "The request is too large."

_JSON: Mapping[Refusal, _Words] = {
    Refusal.UNSIGNED: _Words("MissingAuthenticationTokenException", "Missing Authentication Token"),
    Refusal.BAD_SIGNATURE: _Words(
        "IncompleteSignatureException", "The credential scope is malformed."
    ),
    Refusal.UNKNOWN_KEY: _Words("UnrecognizedClientException", _UNKNOWN_KEY),
    Refusal.EXPIRED: _Words("ExpiredTokenException", _EXPIRED),
    Refusal.DENIED: _Words("AccessDeniedException", _DENIED),
    Refusal.THROTTLED: _Words("ThrottlingException", "Rate exceeded"),
    Refusal.UNKNOWN_OPERATION: _Words("UnknownOperationException", "Unknown operation."),
    Refusal.MALFORMED: _Words("SerializationException", _MALFORMED),
    Refusal.TOO_LARGE: _Words("RequestEntityTooLargeException", _TOO_LARGE, 413),
    Refusal.INVALID: _Words("ValidationException", "The request is not valid."),
    Refusal.MISSING: _Words("ValidationException", "A required parameter is missing."),
    Refusal.INTERNAL: _Words("InternalServerError", _INTERNAL, 500),
    Refusal.UNAVAILABLE: _Words("ServiceUnavailableException", _UNAVAILABLE, 503),
}

_REST_JSON: Mapping[Refusal, _Words] = {
    **_JSON,
    Refusal.UNSIGNED: _Words(
        "MissingAuthenticationTokenException", "Missing Authentication Token", 403
    ),
    Refusal.UNKNOWN_KEY: _Words("UnrecognizedClientException", _UNKNOWN_KEY, 403),
    Refusal.EXPIRED: _Words("ExpiredTokenException", _EXPIRED, 403),
    Refusal.DENIED: _Words("AccessDeniedException", _DENIED, 403),
    Refusal.THROTTLED: _Words("ThrottlingException", "Rate exceeded", 429),
    Refusal.UNKNOWN_OPERATION: _Words("UnknownOperationException", "Unknown operation.", 404),
}

_QUERY: Mapping[Refusal, _Words] = {
    Refusal.UNSIGNED: _Words("MissingAuthenticationToken", "Missing Authentication Token", 403),
    Refusal.BAD_SIGNATURE: _Words("IncompleteSignature", "The credential scope is malformed."),
    Refusal.UNKNOWN_KEY: _Words("InvalidClientTokenId", _UNKNOWN_KEY, 403),
    Refusal.EXPIRED: _Words("ExpiredToken", _EXPIRED, 403),
    Refusal.DENIED: _Words("AccessDenied", _DENIED, 403),
    Refusal.THROTTLED: _Words("Throttling", "Rate exceeded"),
    Refusal.UNKNOWN_OPERATION: _Words("InvalidAction", "Could not find the operation."),
    Refusal.MALFORMED: _Words("MalformedInput", _MALFORMED),
    Refusal.TOO_LARGE: _Words("RequestEntityTooLarge", _TOO_LARGE, 413),
    Refusal.INVALID: _Words("ValidationError", "The request is not valid."),
    Refusal.MISSING: _Words("ValidationError", "A required parameter is missing."),
    Refusal.INTERNAL: _Words("InternalFailure", _INTERNAL, 500),
    Refusal.UNAVAILABLE: _Words("ServiceUnavailable", _UNAVAILABLE, 503),
}

_EC2: Mapping[Refusal, _Words] = {
    **_QUERY,
    Refusal.UNSIGNED: _Words(
        "MissingAuthenticationToken", "Request is missing Authentication Token", 403
    ),
    Refusal.UNKNOWN_KEY: _Words(
        "AuthFailure", "AWS was not able to validate the provided access credentials", 401
    ),
    Refusal.EXPIRED: _Words("RequestExpired", "Request has expired."),
    Refusal.DENIED: _Words("UnauthorizedOperation", _DENIED, 403),
    Refusal.THROTTLED: _Words("RequestLimitExceeded", "Request limit exceeded.", 503),
    Refusal.UNKNOWN_OPERATION: _Words(
        "InvalidAction", "The action is not valid for this web service."
    ),
    Refusal.INVALID: _Words("InvalidParameterValue", "A parameter is not valid."),
    Refusal.MISSING: _Words("MissingParameter", "A required parameter is missing."),
    Refusal.INTERNAL: _Words("InternalError", "An internal error has occurred", 500),
    Refusal.UNAVAILABLE: _Words("Unavailable", _UNAVAILABLE, 503),
}

# S3's API reference, "Error responses".
_REST_XML: Mapping[Refusal, _Words] = {
    Refusal.UNSIGNED: _Words("AccessDenied", "Access Denied", 403),
    Refusal.BAD_SIGNATURE: _Words(
        "AuthorizationHeaderMalformed", "The authorization header you provided is invalid."
    ),
    Refusal.UNKNOWN_KEY: _Words(
        "InvalidAccessKeyId",
        "The AWS Access Key Id you provided does not exist in our records.",
        403,
    ),
    Refusal.EXPIRED: _Words("ExpiredToken", "The provided token has expired."),
    Refusal.DENIED: _Words("AccessDenied", "Access Denied", 403),
    Refusal.THROTTLED: _Words("SlowDown", "Please reduce your request rate.", 503),
    Refusal.UNKNOWN_OPERATION: _Words(
        "MethodNotAllowed", "The specified method is not allowed against this resource.", 405
    ),
    Refusal.MALFORMED: _Words(
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
    ),
    Refusal.TOO_LARGE: _Words(
        "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"
    ),
    Refusal.INVALID: _Words("InvalidArgument", "Invalid Argument"),
    Refusal.MISSING: _Words("InvalidArgument", "A required parameter is missing."),
    Refusal.INTERNAL: _Words(
        "InternalError", "We encountered an internal error. Please try again.", 500
    ),
    Refusal.UNAVAILABLE: _Words("ServiceUnavailable", _UNAVAILABLE, 503),
}

_DIALECTS = {
    "json": _JSON,
    "rest-json": _REST_JSON,
    "rest-xml": _REST_XML,
    "query": _QUERY,
    "ec2": _EC2,
}


def worded(error: RefusedError, protocol: str) -> ServiceError:
    """The refusal in the words of a protocol: "json", "rest-json", "rest-xml", "query" or "ec2"."""
    words = _DIALECTS[protocol][error.refusal]
    status = words.status if error.status is None else error.status
    return ServiceError(words.code, error.message or words.message, status)
