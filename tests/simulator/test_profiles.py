"""The shared files: private, complete, and as botocore reads them."""

from __future__ import annotations

import stat

from botocore.configloader import load_config, raw_config_parse

from ssmtui.simulator.identities import Identities
from ssmtui.simulator.profiles import write_profiles

ACCOUNTS = {"dev": "111122223333", "prod": "444455556666"}


def written(folder):
    identities = Identities(ACCOUNTS.values())
    pairs = [(name, identities.long_lived(account)) for name, account in ACCOUNTS.items()]
    return write_profiles(folder, "http://127.0.0.1:1234", "eu-west-1", pairs), identities


def test_every_account_has_a_profile_and_the_first_is_the_default(tmp_path):
    (config_file, credentials_file), identities = written(tmp_path)
    profiles = load_config(str(config_file))["profiles"]
    assert set(profiles) == {"default", "dev", "prod"}
    for profile in profiles.values():
        assert profile == {"region": "eu-west-1", "endpoint_url": "http://127.0.0.1:1234"}
    keys = raw_config_parse(str(credentials_file))
    assert keys["default"] == keys["dev"]
    own = identities.long_lived("444455556666")
    assert keys["prod"] == {
        "aws_access_key_id": own.access_key,
        "aws_secret_access_key": own.secret_key,
    }


def test_the_files_are_private_also_when_written_again(tmp_path):
    for _ in range(2):
        files, _ = written(tmp_path)
        for file in files:
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            file.chmod(0o644)
