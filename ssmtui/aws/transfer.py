"""Managed transfers to and from S3: boto3's, in a thread, under the gate.

boto3 parts large files, sends the parts side by side and repeats those that were lost: parts may
be sent twice without harm, so its own retries are on here, unlike everywhere else. It is imported
when the first transfer begins, and gets the scope's own credentials, endpoint and certificates.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from ssmtui.aws.scope import Scope
from ssmtui.aws.signing import Grant
from ssmtui.core.secret import Secret
from ssmtui.core.tasks import spawn

_ATTEMPTS: Final = 5
_PART: Final = 8 * 1024 * 1024
_SIDE_BY_SIDE: Final = 4
_NOT_THERE: Final = frozenset({403, 404})

# Told how many bytes have moved, on the event loop.
Progress = Callable[[int], None]


class StoppedError(Exception):
    """The transfer was cancelled: raised in boto3's own threads, so that it ends there."""


async def upload_file(
    scope: Scope,
    path: Path,
    bucket: str,
    key: str,
    *,
    at: int = 0,
    size: int | None = None,
    intent: str,
    progress: Progress,
) -> None:
    """Put a file into a bucket, or `size` bytes of it from byte `at` on.

    ProblemError: the mode forbids it, or it failed. When cancelled, no part of it is left behind.
    """
    params = {"Bucket": bucket, "Key": key}

    def put(manager: Any, watch: Any) -> None:
        from s3transfer.utils import ReadFileChunk

        size_here = path.stat().st_size - at if size is None else size
        with ReadFileChunk.from_filename(str(path), at, size_here) as source:
            manager.upload(source, bucket, key, subscribers=[watch]).result()

    async with scope.lent("s3", "PutObject", params, intent=intent) as grant:
        await _managed(grant, progress, put)


async def download_file(
    scope: Scope, bucket: str, key: str, path: Path, *, intent: str, progress: Progress
) -> None:
    """Get an object as a file. As `upload_file`; a file that is not whole is not left behind."""
    params = {"Bucket": bucket, "Key": key}

    def get(manager: Any, watch: Any) -> None:
        manager.download(bucket, key, str(path), subscribers=[watch]).result()

    async with scope.lent("s3", "GetObject", params, intent=intent) as grant:
        await _managed(grant, progress, get)


async def size_of(scope: Scope, bucket: str, key: str, *, intent: str) -> int | None:
    """An object's size in bytes, None where there is none. ProblemError.

    To who may not list a bucket S3 denies what is not there, so that is none, too.
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    """
    params = {"Bucket": bucket, "Key": key}

    def head(grant: Grant) -> int | None:
        from botocore.exceptions import ClientError

        try:
            return int(_client(grant).head_object(**params)["ContentLength"])
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] in _NOT_THERE:
                return None
            raise

    async with scope.lent("s3", "HeadObject", params, intent=intent) as grant:
        return await asyncio.to_thread(head, grant)


async def delete_object(scope: Scope, bucket: str, key: str, *, intent: str) -> None:
    """Remove an object; one that is not there is no error. ProblemError."""
    params = {"Bucket": bucket, "Key": key}
    async with scope.lent("s3", "DeleteObject", params, intent=intent) as grant:
        await asyncio.to_thread(lambda: _client(grant).delete_object(**params))


async def presigned(
    scope: Scope, operation: str, bucket: str, key: str, seconds: int, *, intent: str
) -> Secret:
    """An address by which anybody may GetObject or PutObject for so many seconds. ProblemError."""
    params = {"Bucket": bucket, "Key": key}
    name = {"GetObject": "get_object", "PutObject": "put_object"}[operation]
    async with scope.lent("s3", operation, params, intent=intent) as grant:
        address = await asyncio.to_thread(
            lambda: _client(grant).generate_presigned_url(name, Params=params, ExpiresIn=seconds)
        )
    return Secret(address)


async def _managed(grant: Grant, progress: Progress, move: Callable[[Any, Any], None]) -> None:
    """Have a transfer done by `move`, which is given boto3's manager and who is to be told.

    Who is cancelled waits until it has stopped and cleaned up.
    """
    loop = asyncio.get_running_loop()
    stopped = threading.Event()
    done = 0

    def moved(count: int) -> None:  # in one of boto3's threads; negative where it begins anew
        nonlocal done
        if stopped.is_set():
            raise StoppedError
        done += count
        loop.call_soon_threadsafe(progress, done)

    def transfer() -> None:
        from boto3.s3.transfer import (
            ProgressCallbackInvoker,
            TransferConfig,
            create_transfer_manager,
        )

        config = TransferConfig(
            multipart_threshold=_PART, multipart_chunksize=_PART, max_concurrency=_SIDE_BY_SIDE
        )
        with create_transfer_manager(_client(grant), config) as manager:
            move(manager, ProgressCallbackInvoker(moved))

    working = spawn(asyncio.to_thread(transfer), "managed transfer")
    try:
        await asyncio.shield(working)
    except asyncio.CancelledError:
        stopped.set()
        await asyncio.wait([working])
        if not working.cancelled():
            working.exception()  # that it was stopped is no news
        raise


def _client(grant: Grant) -> Any:
    """A client of boto3's own, by the scope's credentials and whatever else its profile says."""
    import boto3
    from botocore.config import Config

    # They log whole requests at DEBUG.
    for name in ("boto3", "botocore", "s3transfer", "urllib3"):
        logging.getLogger(name).setLevel(logging.INFO)
    keys = grant.credentials
    session = boto3.session.Session(
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key.reveal(),
        aws_session_token=keys.token.reveal() if keys.token is not None else None,
        region_name=grant.region,
        profile_name=grant.profile,
    )
    return session.client(
        "s3",
        endpoint_url=grant.endpoint_url,
        verify=grant.ca_bundle,
        config=Config(
            retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
            max_pool_connections=_SIDE_BY_SIDE + 1,
            signature_version="s3v4",
        ),
    )
