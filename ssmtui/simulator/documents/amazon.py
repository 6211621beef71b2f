"""AWS's own Command documents: names and parameters as AWS lists them, in our own words."""

from __future__ import annotations

from ssmtui.simulator.documents.model import EVERYWHERE, UNIX, Document, Step, Version
from ssmtui.simulator.documents.parameters import Kind, Parameter

# 1 second to 48 hours.
_SECONDS = r"([1-9][0-9]{0,4})|(1[0-6][0-9]{4})|(17[0-1][0-9]{3})|(172[0-7][0-9]{2})|(172800)"

COMMANDS = Parameter(
    "commands",
    "The lines of the script to run",
    Kind.STRING_LIST,
    min_items=1,
    display="textarea",
)
WORKING_DIRECTORY = Parameter(
    "workingDirectory", "The folder in which the script runs", default="", max_chars=4096
)
EXECUTION_TIMEOUT = Parameter(
    "executionTimeout",
    "Seconds after which the script is stopped, from 1 to 172800 (48 hours)",
    default="3600",
    allowed_pattern=f"^({_SECONDS})$",
)
_SCRIPT = {
    "runCommand": "{{ commands }}",
    "workingDirectory": "{{ workingDirectory }}",
    "timeoutSeconds": "{{ executionTimeout }}",
}


def documents() -> list[Document]:
    return [
        Document(
            "AWS-RunShellScript",
            "Command",
            UNIX,
            [
                Version(
                    1,
                    "Run a shell script or commands",
                    (COMMANDS, WORKING_DIRECTORY, EXECUTION_TIMEOUT),
                    (Step("aws:runShellScript", "aws:runShellScript", _SCRIPT),),
                    schema="1.2",
                )
            ],
        ),
        Document(
            "AWS-RunPowerShellScript",
            "Command",
            EVERYWHERE,
            [
                Version(
                    1,
                    "Run a PowerShell script or commands",
                    (COMMANDS, WORKING_DIRECTORY, EXECUTION_TIMEOUT),
                    (Step("aws:runPowerShellScript", "aws:runPowerShellScript", _SCRIPT),),
                    schema="1.2",
                )
            ],
        ),
    ]
