"""`ssmtui completion`, and what it completes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts(ssmtui, shell):
    result = ssmtui("completion", shell)
    assert result.exit_code == 0
    assert "_SSMTUI_COMPLETE" in result.stdout


# What each shell is given to complete "ssmtui get no" by the script in $1, without its own editor.
IN_SHELLS = {
    "bash": """
        source "$1"; COMP_WORDS=(ssmtui get no) COMP_CWORD=2
        _ssmtui_completion ssmtui; echo "${COMPREPLY[@]}"
        complete -p ssmtui >/dev/null
    """,
    "zsh": """
        source "$1"; words=(ssmtui get no) CURRENT=3
        compadd() { print -- $completions }
        _describe() { print -- $completions_with_descriptions }
        _ssmtui_completion; (( $+_comps[ssmtui] ))
    """,
    "fish": 'source $argv[1]; complete -C "ssmtui get no"',
}
BARE = {"bash": ("--norc", "--noprofile"), "zsh": ("-f",), "fish": ("--no-config",)}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_real_shell_completes_by_its_script(ssmtui, shell, tmp_path):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not on PATH")
    script = tmp_path / "script"
    script.write_text(ssmtui("completion", shell).stdout)
    name = () if shell == "fish" else (shell,)  # what the others call $0
    done = subprocess.run(
        [shell, *BARE[shell], "-c", IN_SHELLS[shell], *name, str(script)],
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.split(), done.stderr, done.returncode) == (["nodes"], "", 0)


def test_an_unknown_shell(ssmtui):
    assert ssmtui("completion", "tcsh").exit_code == 2


def complete(line):
    environ = {
        **os.environ,
        "_SSMTUI_COMPLETE": "bash_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(line.split(" ")) - 1),
    }
    code = "from ssmtui.cli.entry import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False
    )
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


def test_verbs_resources_and_profiles():
    assert complete("ssmtui ge") == ["get"]
    assert complete("ssmtui ro") == ["rollouts"]
    assert complete("ssmtui get nodes --region eu-west-1") == ["eu-west-1"]
    assert complete("ssmtui forget sn") == ["snippets"]
    assert complete("ssmtui run --canary 1 --gate-s") == ["--gate-successes"]
    assert complete("ssmtui run -o js") == ["json", "jsonl"]
    assert complete("ssmtui get no") == ["nodes"]
    config = Path(os.environ["HOME"]) / "config"
    config.write_text("[profile shop-prod]\nregion = eu-west-1\n")
    os.environ["AWS_CONFIG_FILE"] = str(config)  # the fixture restores it
    assert complete("ssmtui get nodes --profile sh") == ["shop-prod"]
