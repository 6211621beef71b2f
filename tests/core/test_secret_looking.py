"""Guessing at secrets: what is warned of and masked, and what is left as it is."""

from __future__ import annotations

import time

import pytest

from ssmtui.core.secret import MASK
from ssmtui.core.secret_looking import is_secret_name, looks_secret, masked


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        ("export DB_PASSWORD=hunter22", f"export DB_PASSWORD={MASK}"),
        ("curl -H 'X-Api-Key: abcd1234efgh' x", f"curl -H 'X-Api-Key: {MASK}' x"),
        ("mysql://root:s3cret@db/", f"mysql://root:{MASK}@db/"),
        ("mysql --password hunter22 -e x", f"mysql --password {MASK} -e x"),
        ("set id AKIAIOSFODNN7EXAMPLE now", f"set id {MASK} now"),
        ('{"password": "abcd1234"}', f'{{"password": "{MASK}"}}'),
        (
            "git clone https://ghp_abcdefghijkl@github.com/x",
            f"git clone https://{MASK}@github.com/x",
        ),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nls",
            f"-----BEGIN RSA PRIVATE KEY-----{MASK}-----END RSA PRIVATE KEY-----\nls",
        ),
        ("A_TOKEN=abcdefgh B_TOKEN=ijklmnop", f"A_TOKEN={MASK} B_TOKEN={MASK}"),
    ],
)
def test_what_looks_like_a_secret_is_masked_and_nothing_else(script: str, shown: str) -> None:
    assert looks_secret(script)
    assert masked(script) == shown


@pytest.mark.parametrize(
    "script",
    [
        "export DB_PASSWORD=$(aws ssm get-parameter --name /db)",
        'PASSWORD="$1"',
        "echo the password is in the safe",
        "read -s password",
        "passwd --lock root",
        "curl https://example.com:8080/",
        "password={{ssm:name}}",
        "deploy --token $TOKEN now",
    ],
)
def test_what_only_speaks_of_secrets_stays(script: str) -> None:
    assert not looks_secret(script)
    assert masked(script) == script


def test_a_key_that_was_cut_off_is_masked_to_the_end() -> None:
    assert masked("-----BEGIN PRIVATE KEY-----\nMIIE") == f"-----BEGIN PRIVATE KEY-----{MASK}"


@pytest.mark.parametrize("name", ["DbPassword", "api-key", "Token", "secretValue", "credentials"])
def test_names_that_say_so(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ["commands", "Operation", "workingDirectory"])
def test_names_that_do_not(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    "text", ["password", "a://b:", "-----BEGIN PRIVATE KEY", "token ", "passwordx-", "--token "]
)
def test_a_hostile_text_takes_no_longer_than_its_length(text: str) -> None:
    began = time.process_time()
    masked(text * (200_000 // len(text)))
    assert time.process_time() - began < 5.0
