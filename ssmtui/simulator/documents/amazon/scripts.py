"""Documents that run scripts and playbooks: given with the command, or fetched first."""

from __future__ import annotations

from ssmtui.simulator.documents.making import (
    COMMANDS,
    EXECUTION_TIMEOUT,
    WORKING_DIRECTORY,
    YES_OR_NO,
    command,
    step,
    text,
)
from ssmtui.simulator.documents.model import EVERYWHERE, LINUX, UNIX, Document
from ssmtui.simulator.documents.parameters import Kind, Parameter

_SCRIPT = {
    "runCommand": "{{ commands }}",
    "workingDirectory": "{{ workingDirectory }}",
    "timeoutSeconds": "{{ executionTimeout }}",
}
_SOURCE_TYPES = ("GitHub", "S3")
_SOURCE_INFO = Parameter(
    "sourceInfo",
    "Where the content is: a JSON object with the members that the type of source asks for",
    Kind.STRING_MAP,
    {},
    display="textarea",
)
_COMMAND_LINE = text("commandLine", "The command line to run with what was fetched")
_VERBOSE = text("Verbose", "How much Ansible says", "-v", ("-v", "-vv", "-vvv", "-vvvv"))
_CHECK = text("Check", "Only say what would be changed", "False", YES_OR_NO)
_EXTRA = text("ExtraVariables", "Further variables for Ansible: key=value, separated by spaces",
              "SSM=True", display="textarea")  # fmt: skip


def documents() -> list[Document]:
    three = (COMMANDS, WORKING_DIRECTORY, EXECUTION_TIMEOUT)
    return [
        command(
            "AWS-RunShellScript",
            "Run a shell script or commands",
            UNIX,
            three,
            step("aws:runShellScript", "aws:runShellScript", _SCRIPT),
            schema="1.2",
        ),
        command(
            "AWS-RunPowerShellScript",
            "Run a PowerShell script or commands",
            EVERYWHERE,
            three,
            step("aws:runPowerShellScript", "aws:runPowerShellScript", _SCRIPT),
            schema="1.2",
        ),
        command(
            "AWS-RunRemoteScript",
            "Fetch a script from GitHub or S3 and run it",
            EVERYWHERE,
            (
                text("sourceType", "The kind of source", values=_SOURCE_TYPES),
                _SOURCE_INFO,
                _COMMAND_LINE,
                WORKING_DIRECTORY,
                EXECUTION_TIMEOUT,
            ),
            step("aws:downloadContent", "downloadContent", _fetch("{{ workingDirectory }}")),
            step(
                "aws:runPowerShellScript",
                "runPowerShellScript",
                {"runCommand": ["{{ commandLine }}"], "timeoutSeconds": "{{ executionTimeout }}"},
                platform="Windows",
            ),
            step(
                "aws:runShellScript",
                "runShellScript",
                {
                    "runCommand": ["cd {{ workingDirectory }}", "{{ commandLine }}"],
                    "timeoutSeconds": "{{ executionTimeout }}",
                },
                platform="Linux",
            ),
        ),
        command(
            "AWS-DownloadContent",
            "Fetch files from GitHub, S3 or an HTTP server onto the node",
            EVERYWHERE,
            (
                text("sourceType", "The kind of source", values=("GitHub", "Git", "HTTP", "S3")),
                _SOURCE_INFO,
                text("destinationPath", "Where to put it", ""),
            ),
            step("aws:downloadContent", "downloadContent", _fetch("{{ destinationPath }}")),
        ),
        command(
            "AWS-RunDocument",
            "Run another document: a stored one, or one that is fetched first",
            EVERYWHERE,
            (
                text("sourceType", "The kind of source", "SSMDocument",
                     (*_SOURCE_TYPES, "SSMDocument")),
                _SOURCE_INFO,
                text("documentParameters", "The document's parameters as a JSON object", "{}"),
            ),
            step("aws:downloadContent", "downloadDocument", _fetch("document.json")),
            step("aws:runDocument", "runDocument", {
                "documentType": "LocalPath",
                "documentPath": "document.json",
                "documentParameters": "{{ documentParameters }}",
            }),
        ),
        command(
            "AWS-RunAnsiblePlaybook",
            "Run one Ansible playbook, given as text or by its address",
            LINUX,
            (
                text("playbook", "The playbook as YAML", "", display="textarea"),
                text("playbookurl", "The address of the playbook, if it is not given as text", ""),
                _EXTRA,
                text("check", "Only say what would be changed", "False", YES_OR_NO),
                text("timeoutSeconds", "Seconds after which it is stopped", "3600",
                     pattern=EXECUTION_TIMEOUT.allowed_pattern),
            ),
            step(
                "aws:runShellScript",
                "runShellScript",
                {"check": "{{ check }}", "install": "False"},
                does="ansible",
            ),
        ),
        command(
            "AWS-ApplyAnsiblePlaybooks",
            "Fetch Ansible playbooks and run one of them",
            LINUX,
            (
                text("SourceType", "The kind of source", "S3", ("GitHub", "S3")),
                Parameter("SourceInfo", "Where the playbooks are, as a JSON object",
                          Kind.STRING_MAP, {}, display="textarea"),
                text("InstallDependencies", "Install Ansible first", "True", YES_OR_NO),
                text("PlaybookFile", "The playbook to run", "hello-world-playbook.yml",
                     pattern=r"^[(a-z_A-Z0-9\-\.)/]+(.yml|.yaml)$"),
                _EXTRA,
                _CHECK,
                _VERBOSE,
                text("TimeoutSeconds", "Seconds after which it is stopped", "3600"),
            ),
            step("aws:downloadContent", "downloadContent",
                 {"sourceType": "{{ SourceType }}", "sourceInfo": "{{ SourceInfo }}"}),
            step(
                "aws:runShellScript",
                "runShellScript",
                {
                    "check": "{{ Check }}",
                    "install": "{{ InstallDependencies }}",
                    "playbook": "{{ PlaybookFile }}",
                },
                does="ansible",
            ),
        ),
    ]  # fmt: skip


def _fetch(destination: str) -> dict[str, str]:
    return {
        "sourceType": "{{ sourceType }}",
        "sourceInfo": "{{ sourceInfo }}",
        "destinationPath": destination,
    }
