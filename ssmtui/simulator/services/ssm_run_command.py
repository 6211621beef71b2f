"""Run Command's operations: send, cancel, and the lists of what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from ssmtui.simulator.call import Call, ServiceError
from ssmtui.simulator.commands import (
    Command,
    Commands,
    Invocation,
    PluginResult,
    RequestError,
    requesting,
)
from ssmtui.simulator.commands.output import combined
from ssmtui.simulator.commands.statuses import CommandDetail, Detail
from ssmtui.simulator.paging import paginate

_PAGE = 50


class RunCommand:
    """The operations on commands."""

    def SendCommand(self, call: Call) -> dict[str, Any]:
        """A command on up to 50 nodes, or on the nodes that targets fit."""
        try:
            request = requesting.read(call.world, call.account, call.region, call.params)
        except RequestError as error:
            raise ServiceError(error.code, error.message) from None
        commands = call.world.part(Commands)
        command = commands.send(call.account, call.region, request, call.identity.arn)
        return {"Command": _command(command)}

    def CancelCommand(self, call: Call) -> dict[str, Any]:
        """Best effort: what has ended stays as it is."""
        command = _found(call, call.params["CommandId"])
        node_ids = call.params.get("InstanceIds", [])
        if len(set(node_ids)) < len(node_ids):
            raise ServiceError("DuplicateInstanceId", "An instance ID is given twice.")
        for node_id in node_ids:
            if node_id not in command.invocations:
                raise ServiceError(
                    "InvalidInstanceId", f"The command was not sent to the instance {node_id}."
                )
        call.world.part(Commands).cancel(command, node_ids)
        return {}

    def ListCommands(self, call: Call) -> dict[str, Any]:
        """The latest first."""
        commands = _asked_for(call)
        node_id = call.params.get("InstanceId")
        _check_filters(call)
        tests = [_test(each["key"], each["value"]) for each in call.params.get("Filters", ())]
        chosen = [
            command
            for command in commands
            if (node_id is None or command.concerns(node_id))
            and all(test(command, command.detail) for test in tests)
        ]
        return paginate(call, chosen, "Commands", _PAGE, position=Command.position, shape=_command)

    def ListCommandInvocations(self, call: Call) -> dict[str, Any]:
        """Those of a command, of a node, or of all: the latest commands first, then by node."""
        commands = _asked_for(call)
        _check_filters(call)
        tests = [_test(each["key"], each["value"]) for each in call.params.get("Filters", ())]
        chosen = [
            invocation
            for invocation in _invocations(commands, call.params.get("InstanceId"))
            if all(test(invocation.command, invocation.detail) for test in tests)
        ]
        details = call.params.get("Details", False)
        return paginate(
            call,
            chosen,
            "CommandInvocations",
            _PAGE,
            position=Invocation.position,
            shape=lambda invocation: _invocation(invocation, details=details),
        )

    def GetCommandInvocation(self, call: Call) -> dict[str, Any]:
        """One node's answer, with each stream at its full length of 24,000 or 8,000 characters."""
        command = _found(call, call.params["CommandId"], missing="InvocationDoesNotExist")
        invocation = command.invocations.get(call.params["InstanceId"])
        if invocation is None:
            raise ServiceError(
                "InvocationDoesNotExist", "The command ID and instance ID have no invocation."
            )
        result = _plugin(invocation, call.params.get("PluginName"))
        began, ended = result.started, result.finished
        return {
            "CommandId": command.id,
            "InstanceId": invocation.id,
            "Comment": command.request.comment,
            "DocumentName": command.document_name,
            "DocumentVersion": command.request.version_asked,
            "PluginName": result.name,
            "ResponseCode": result.code,
            "ExecutionStartDateTime": "" if began is None else _instant(began),
            "ExecutionElapsedTime": (
                "" if began is None or ended is None else _duration(ended - began)
            ),
            "ExecutionEndDateTime": "" if ended is None else _instant(ended),
            "Status": invocation.detail.status,
            "StatusDetails": str(invocation.detail),
            "StandardOutputContent": result.stdout.text,
            "StandardOutputUrl": _url(invocation, result, "stdout"),
            "StandardErrorContent": result.stderr.text,
            "StandardErrorUrl": _url(invocation, result, "stderr"),
            "CloudWatchOutputConfig": _log_config(command),
        }


def _found(call: Call, command_id: str, missing: str = "InvalidCommandId") -> Command:
    command = call.world.part(Commands).find(call.account, call.region, command_id)
    if command is None:
        raise ServiceError(missing, f"The command {command_id} does not exist.")
    return command


def _asked_for(call: Call) -> list[Command]:
    """The command that is named, or all of them."""
    if "CommandId" in call.params:
        return [_found(call, call.params["CommandId"])]
    return call.world.part(Commands).all(call.account, call.region)


def _invocations(commands: Sequence[Command], node_id: str | None) -> Iterator[Invocation]:
    for command in commands:
        if node_id is None:
            yield from command.invocations.values()
        elif node_id in command.invocations:
            yield command.invocations[node_id]


def _plugin(invocation: Invocation, name: str | None) -> PluginResult:
    """The plugin of that name; of several, one must be named."""
    results = invocation.plugins or tuple(
        PluginResult(step.name, step.action, invocation.detail) for step in invocation.command.steps
    )
    if name is None and len(results) == 1:
        return results[0]
    for result in results:
        if result.name == name:
            return result
    names = ", ".join(result.name for result in results)
    raise ServiceError("InvalidPluginName", f"The plugin name is not valid: use one of {names}.")


# How they are shown.


def _command(command: Command) -> dict[str, Any]:
    request = command.request
    return {
        "CommandId": command.id,
        "DocumentName": command.document_name,
        "DocumentVersion": request.version_asked,
        "Comment": request.comment,
        "ExpiresAfter": round(command.expires, 3),
        "Parameters": {name: list(values) for name, values in command.parameters.items()},
        "InstanceIds": list(request.node_ids),
        "Targets": [
            {"Key": target.key, "Values": list(target.values)} for target in request.targets
        ],
        "RequestedDateTime": round(command.requested, 3),
        "Status": command.detail.status,
        "StatusDetails": str(command.detail),
        "OutputS3Region": command.region,
        "OutputS3BucketName": request.s3_bucket,
        "OutputS3KeyPrefix": request.s3_prefix,
        "MaxConcurrency": request.max_concurrency,
        "MaxErrors": request.max_errors,
        "TargetCount": command.target_count,
        "CompletedCount": command.completed,
        "ErrorCount": command.errors,
        "DeliveryTimedOutCount": command.delivery_timeouts,
        "ServiceRole": request.service_role,
        "NotificationConfig": dict(request.notification),
        "CloudWatchOutputConfig": _log_config(command),
        "TimeoutSeconds": int(request.delivery_timeout),
        "AlarmConfiguration": {
            "IgnorePollAlarmFailure": request.ignore_alarm_failure,
            "Alarms": [{"Name": request.alarm}],
        }
        if request.alarm
        else None,
        "TriggeredAlarms": [{"Name": request.alarm, "State": command.triggered}]
        if command.triggered
        else None,
    }


def _invocation(invocation: Invocation, *, details: bool) -> dict[str, Any]:
    command = invocation.command
    first = invocation.plugins[0] if invocation.plugins else None
    return {
        "CommandId": command.id,
        "InstanceId": invocation.id,
        "InstanceName": invocation.name,
        "Comment": command.request.comment,
        "DocumentName": command.document_name,
        "DocumentVersion": command.request.version_asked,
        "RequestedDateTime": round(command.requested, 3),
        "Status": invocation.detail.status,
        "StatusDetails": str(invocation.detail),
        "StandardOutputUrl": _url(invocation, first, "stdout"),
        "StandardErrorUrl": _url(invocation, first, "stderr"),
        "CommandPlugins": [_shown(invocation, result) for result in invocation.plugins]
        if details
        else [],
        "ServiceRole": command.request.service_role,
        "NotificationConfig": dict(command.request.notification),
        "CloudWatchOutputConfig": _log_config(command),
    }


def _shown(invocation: Invocation, result: PluginResult) -> dict[str, Any]:
    request = invocation.command.request
    return {
        "Name": result.name,
        "Status": _PLUGIN_STATUS.get(result.detail, result.detail.status),
        "StatusDetails": str(result.detail),
        "ResponseCode": result.code,
        "ResponseStartDateTime": result.started,
        "ResponseFinishDateTime": result.finished,
        "Output": combined(result.stdout.text, result.stderr.text),
        "StandardOutputUrl": _url(invocation, result, "stdout"),
        "StandardErrorUrl": _url(invocation, result, "stderr"),
        "OutputS3Region": invocation.command.region,
        "OutputS3BucketName": request.s3_bucket,
        "OutputS3KeyPrefix": request.s3_prefix,
    }


_PLUGIN_STATUS = {Detail.CANCELLING: "InProgress", Detail.DELAYED: "Pending"}


def _log_config(command: Command) -> dict[str, Any]:
    group = command.request.log_group
    return (
        {"CloudWatchLogGroupName": group, "CloudWatchOutputEnabled": bool(group)}
        if group
        else {"CloudWatchOutputEnabled": False}
    )


def _url(invocation: Invocation, result: PluginResult | None, stream: str) -> str:
    """Where a stream is in S3, whether it has been written yet or not; empty if it goes nowhere."""
    command = invocation.command
    if not command.request.s3_bucket or result is None:
        return ""
    key = command.s3_key(invocation.id, result, stream)
    return f"https://s3.{command.region}.amazonaws.com/{command.request.s3_bucket}/{key}"


def _instant(moment: float) -> str:
    """2026-11-02T08:00:00.123Z"""
    return (
        datetime.fromtimestamp(moment, UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )


def _duration(seconds: float) -> str:
    """An ISO 8601 duration: PT1H2M3.5S."""
    minutes, rest = divmod(round(seconds, 3), 60)
    hours, minutes = divmod(int(minutes), 60)
    parts = (f"{hours}H" if hours else "", f"{minutes}M" if minutes else "", f"{rest:.3g}S")
    return "PT" + "".join(parts)


# Filters.

Test = Callable[[Command, CommandDetail | Detail], bool]
# What may be asked for as a status: the coarse words, and some details (CommandFilter).
_STATUSES = {
    "ListCommands": frozenset(
        {
            *(detail.status for detail in CommandDetail),
            CommandDetail.ACCESS_DENIED,
            CommandDetail.DELIVERY_TIMED_OUT,
            CommandDetail.EXECUTION_TIMED_OUT,
            CommandDetail.INCOMPLETE,
            CommandDetail.NO_INSTANCES_IN_TAG,
            CommandDetail.LIMIT_EXCEEDED,
        }
    ),
    "ListCommandInvocations": frozenset(
        {
            *(detail.status for detail in Detail),
            Detail.ACCESS_DENIED,
            Detail.DELIVERY_TIMED_OUT,
            Detail.EXECUTION_TIMED_OUT,
            Detail.UNDELIVERABLE,
            Detail.INVALID_PLATFORM,
            Detail.TERMINATED,
        }
    ),
}
_EXECUTING = ("Pending", "InProgress", "Cancelling")


def _test(key: str, value: str) -> Test:
    match key:
        case "InvokedAfter":
            after = _moment(value)
            return lambda command, _: command.requested > after
        case "InvokedBefore":
            before = _moment(value)
            return lambda command, _: command.requested < before
        case "Status":
            return lambda _, detail: value in (detail.status, str(detail))
        case "DocumentName":
            return lambda command, _: command.document_name == value
    # ExecutionStage, the only one left in the model's enum.
    if value not in ("Executing", "Complete"):
        raise ServiceError("InvalidFilterKey", f"The execution stage {value} is not valid.")
    executing = value == "Executing"
    return lambda command, _: (command.detail.status in _EXECUTING) == executing


def _check_filters(call: Call) -> None:
    """What the model cannot say of filters."""
    filters = {each["key"]: each["value"] for each in call.params.get("Filters", ())}
    if "ExecutionStage" in filters and call.operation == "ListCommandInvocations":
        raise ServiceError("InvalidFilterKey", "ExecutionStage filters commands only.")
    if filters.get("Status", "Pending") not in _STATUSES[call.operation]:
        raise ServiceError("InvalidFilterKey", f"The status {filters['Status']} is not valid.")
    if "InstanceId" in call.params and filters.get("Status") == "Pending":
        raise ServiceError(
            "InvalidFilterKey", "InstanceId cannot be combined with the status Pending."
        )


def _moment(value: str) -> float:
    """A filter's time, such as 2026-11-02T08:00:00Z, in seconds since the epoch."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ServiceError("InvalidFilterKey", f"The filter value {value} is no time in UTC.")
    return moment.timestamp()
