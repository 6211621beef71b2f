"""Guessing at secrets: what is warned of and masked, and what is left as it is."""

from __future__ import annotations

import time

import pytest

from ssmtui.core.secret import MASK
from ssmtui.core.secret_looking import is_secret_name, looks_secret, masked

# Both are the examples of their own documentation: jwt.io's, and AWS's.
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


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
        (
            f"curl -H 'Authorization: Bearer {JWT}' https://x/",
            f"curl -H 'Authorization: Bearer {MASK}' https://x/",
        ),
        ('"authorization": "Basic dXNlcjpwYXNz"', f'"authorization": "Basic {MASK}"'),
        ("Authorization: 9f8a7c6b5d4e", f"Authorization: {MASK}"),
        ("X-Auth-Token: Bearer abcdefgh", f"X-Auth-Token: Bearer {MASK}"),
        ("send Bearer 0123456789abcdef01 now", f"send Bearer {MASK} now"),
        ("mysql -pS3cret! -e 'select 1'", f"mysql -p{MASK} -e 'select 1'"),
        ("/usr/bin/mysql -u root -p'S3cret' shop", f"/usr/bin/mysql -u root -p'{MASK}' shop"),
        ("mysqldump -uroot -pS3cret shop > x", f"mysqldump -uroot -p{MASK} shop > x"),
        ("mysqladmin -P 3306 \\\n  -pS3cret ping", f"mysqladmin -P 3306 \\\n  -p{MASK} ping"),
        ("curl -u admin:hunter2 https://x/", f"curl -u admin:{MASK} https://x/"),
        ("curl -sku admin:hunter2 https://x/", f"curl -sku admin:{MASK} https://x/"),
        ("curl 'https://x/?a&b' \\\n --user=a:b", f"curl 'https://x/?a&b' \\\n --user=a:{MASK}"),
        ('curl -u "${WHO:-me}:hunter2" x', f'curl -u "${{WHO:-me}}:{MASK}" x'),
        ("sshpass -p hunter2 ssh -p 22 x", f"sshpass -p {MASK} ssh -p 22 x"),
        ("sshpass -phunter2 ssh x", f"sshpass -p{MASK} ssh x"),
        ("git clone https://u:p$ss@host/x", f"git clone https://u:{MASK}@host/x"),
        ("redis-cli -u redis://:s3cret@host:6379", f"redis-cli -u redis://:{MASK}@host:6379"),
        ("echo github_pat_11ABCDEFG0123456789_xyz", f"echo {MASK}"),
        (f"echo {JWT} > t", f"echo {MASK} > t"),
        ("slack xoxb-1234567890-abcdefgh", f"slack {MASK}"),
        ("gitlab glpat-abcdefghij0123456789", f"gitlab {MASK}"),
        (f"AKIAIOSFODNN7EXAMPLE:{SECRET_KEY}", f"{MASK}:{MASK}"),
        (
            f"export A=ASIAIOSFODNN7EXAMPLE\nexport B={SECRET_KEY}",
            f"export A={MASK}\nexport B={MASK}",
        ),
        (
            f"aws configure set aws_secret_access_key {SECRET_KEY}",
            f"aws configure set aws_secret_access_key {MASK}",
        ),
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
        "mkdir -p /srv/x",
        "cp -pr a b",
        "ssh -p 22 root@db",
        "ssh -p22 root@db",
        "mysql -p",
        "mysql -u root -p shop",
        "mysql -u root -P3306 --protocol=tcp",
        'mysql -p"$PASS" shop',
        "find /var/lib/mysql -print",
        "find . -name mysql -prune",
        "docker run --name mysql -p3306:3306 mysql:8",
        "systemctl stop mysql; mkdir -psrv",
        "curl -u $USER:$PASS https://x/",
        'curl -u "${USER:-me}:${PASS}" https://x/',
        "curl -u admin https://x/",
        "curl --user-agent Mozilla:5.0 https://x/",
        "curl https://x/ && docker run -u 1000:1000 x",
        "curl https://x/ | install -u a:b",
        "sshpass -p $PASS ssh x",
        "sshpass -e ssh -p 22 x",
        "curl -H 'Authorization: Bearer $TOKEN' https://x/",
        "curl -H 'Authorization: Bearer' https://x/",
        "Authorization: denied by policy",
        "Authorization: AWS4-HMAC-SHA256",
        "the bearer of bad news has come-from-far-away",
        "https://$USER:$PASS@host/",
        "git checkout 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
        "eyJust.eyJoking",
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
    "text",
    [
        "password",
        "a://b:",
        "-----BEGIN PRIVATE KEY",
        "token ",
        "passwordx-",
        "--token ",
        "mysql ",
        "mysql -p ",
        "curl -u ",
        "curl -u a",
        "curl -u ${",
        "curl\\ ",
        "sshpass -p ",
        "-eyJabcdefghij",
        ".eyJabcdefghij",
        "authorization: ",
        "bearer aaaa",
        "AKIAIOSFODNN7EXAMPLE a ",
        "a://:@",
    ],
)
def test_a_hostile_text_takes_no_longer_than_its_length(text: str) -> None:
    began = time.process_time()
    masked(text * (200_000 // len(text)))
    assert time.process_time() - began < 5.0
