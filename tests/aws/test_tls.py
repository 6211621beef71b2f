from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from botocore.httpsession import get_cert_path

from ssmtui.aws import tls
from ssmtui.aws.tls import HttpSession


@pytest.fixture(autouse=True)
def nothing_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tls, "_made", {})


async def context_of(session: HttpSession, proxy: str | None = None) -> ssl.SSLContext:
    async with session:
        connector = (await session._get_session(proxy)).connector
        found: ssl.SSLContext = connector._ssl
        return found


async def test_clients_with_the_same_settings_share_a_context() -> None:
    contexts = [await context_of(HttpSession(verify=True)) for _ in range(3)]
    assert contexts[0] is contexts[1] is contexts[2]
    assert contexts[0].verify_mode is ssl.CERT_REQUIRED
    assert contexts[0].check_hostname


async def test_others_do_not() -> None:
    usual = await context_of(HttpSession(verify=True))
    others = [
        await context_of(HttpSession(verify=False)),
        await context_of(HttpSession(verify=get_cert_path(True))),
        await context_of(HttpSession(verify=True), "http://127.0.0.1:3128"),
    ]
    assert len({id(context) for context in (usual, *others)}) == 4
    assert others[0].verify_mode is ssl.CERT_NONE


async def test_a_bundle_that_was_no_good_is_read_again(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_text("no certificate")
    with pytest.raises(ssl.SSLError):
        await context_of(HttpSession(verify=str(bundle)))
    bundle.write_bytes(Path(get_cert_path(True)).read_bytes())
    assert (await context_of(HttpSession(verify=str(bundle)))).get_ca_certs()
