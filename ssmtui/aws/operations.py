"""What every operation does to the world: one checked-in class for each.

AWS's models cannot tell: three of Systems Manager's operations carry a `readonly` trait. The table
holds every SSM operation of the pinned botocore (a test compares) and, of the other services, those
that the program uses. An operation that is not here cannot be called.
"""

from __future__ import annotations

from enum import StrEnum

from ssmtui.aws.mode import Mode


class OpClass(StrEnum):
    """The classes that the gate tells apart."""

    READ = "read"
    SECRET_READ = "secret-read"  # noqa: S105 - the answer may hold a secret: audited
    CHANGE = "change"
    CREDENTIAL = "credential"  # the answer is a way in: a session's token, temporary keys


_TABLE: dict[str, dict[OpClass, str]] = {
    "ssm": {
        OpClass.READ: """
            DescribeActivations DescribeAssociation DescribeAssociationExecutionTargets
            DescribeAssociationExecutions DescribeAutomationExecutions
            DescribeAutomationStepExecutions DescribeAvailablePatches DescribeDocument
            DescribeDocumentPermission DescribeEffectiveInstanceAssociations
            DescribeEffectivePatchesForPatchBaseline DescribeInstanceAssociationsStatus
            DescribeInstanceInformation DescribeInstancePatchStates
            DescribeInstancePatchStatesForPatchGroup DescribeInstancePatches
            DescribeInstanceProperties DescribeInventoryDeletions
            DescribeMaintenanceWindowExecutionTaskInvocations
            DescribeMaintenanceWindowExecutionTasks DescribeMaintenanceWindowExecutions
            DescribeMaintenanceWindowSchedule DescribeMaintenanceWindowTargets
            DescribeMaintenanceWindowTasks DescribeMaintenanceWindows
            DescribeMaintenanceWindowsForTarget DescribeOpsItems DescribeParameters
            DescribePatchBaselines DescribePatchGroupState DescribePatchGroups
            DescribePatchProperties DescribeSessions GetAutomationExecution GetCalendarState
            GetCloudConnector GetCommandInvocation GetConnectionStatus GetDefaultPatchBaseline
            GetDocument GetExecutionPreview GetInventory GetInventorySchema GetMaintenanceWindow
            GetMaintenanceWindowExecution GetMaintenanceWindowExecutionTask
            GetMaintenanceWindowExecutionTaskInvocation GetMaintenanceWindowTask GetOpsItem
            GetOpsMetadata GetOpsSummary GetPatchBaseline GetPatchBaselineForPatchGroup
            GetResourcePolicies GetServiceSetting ListAssociationVersions ListAssociations
            ListCloudConnectors ListCommandInvocations ListCommands ListComplianceItems
            ListComplianceSummaries ListDocumentMetadataHistory ListDocumentVersions ListDocuments
            ListInventoryEntries ListNodes ListNodesSummary ListOpsItemEvents
            ListOpsItemRelatedItems ListOpsMetadata ListResourceComplianceSummaries
            ListResourceDataSync ListTagsForResource ValidateCloudConnector
        """,
        # GetDeployablePatchSnapshotForInstance answers with a pre-signed address.
        OpClass.SECRET_READ: """
            GetDeployablePatchSnapshotForInstance GetParameter GetParameterHistory GetParameters
            GetParametersByPath
        """,
        # StartExecutionPreview and StartAccessRequest leave something behind, so they are changes.
        OpClass.CHANGE: """
            AddTagsToResource AssociateOpsItemRelatedItem CancelCommand
            CancelMaintenanceWindowExecution CreateActivation CreateAssociation
            CreateAssociationBatch CreateCloudConnector CreateDocument CreateMaintenanceWindow
            CreateOpsItem CreateOpsMetadata CreatePatchBaseline CreateResourceDataSync
            DeleteActivation DeleteAssociation DeleteCloudConnector DeleteDocument DeleteInventory
            DeleteMaintenanceWindow DeleteOpsItem DeleteOpsMetadata DeleteParameter DeleteParameters
            DeletePatchBaseline DeleteResourceDataSync DeleteResourcePolicy
            DeregisterManagedInstance DeregisterPatchBaselineForPatchGroup
            DeregisterTargetFromMaintenanceWindow DeregisterTaskFromMaintenanceWindow
            DisassociateOpsItemRelatedItem LabelParameterVersion ModifyDocumentPermission
            PutComplianceItems PutInventory PutParameter PutResourcePolicy
            RegisterDefaultPatchBaseline RegisterPatchBaselineForPatchGroup
            RegisterTargetWithMaintenanceWindow RegisterTaskWithMaintenanceWindow
            RemoveTagsFromResource ResetServiceSetting SendAutomationSignal SendCommand
            StartAccessRequest StartAssociationsOnce StartAutomationExecution
            StartChangeRequestExecution StartExecutionPreview StopAutomationExecution
            TerminateSession UnlabelParameterVersion UpdateAssociation UpdateAssociationStatus
            UpdateCloudConnector UpdateDocument UpdateDocumentDefaultVersion UpdateDocumentMetadata
            UpdateMaintenanceWindow UpdateMaintenanceWindowTarget UpdateMaintenanceWindowTask
            UpdateManagedInstanceRole UpdateOpsItem UpdateOpsMetadata UpdatePatchBaseline
            UpdateResourceDataSync UpdateServiceSetting
        """,
        OpClass.CREDENTIAL: "GetAccessToken ResumeSession StartSession",
    },
    "ec2": {
        OpClass.READ: "DescribeInstanceStatus DescribeInstances DescribeRegions DescribeTags",
    },
    "sts": {
        OpClass.READ: "GetCallerIdentity",
        OpClass.CREDENTIAL: "AssumeRole GetSessionToken",
    },
    "iam": {OpClass.READ: "ListAccountAliases"},
    "kms": {OpClass.CREDENTIAL: "GenerateDataKey"},
    "s3": {
        OpClass.READ: "GetObject HeadBucket HeadObject ListObjectsV2",
        OpClass.CHANGE: """
            AbortMultipartUpload CompleteMultipartUpload CreateMultipartUpload DeleteObject
            PutObject UploadPart
        """,
    },
    "resourcegroupstaggingapi": {OpClass.READ: "GetResources"},
    "logs": {
        OpClass.READ: "DescribeLogGroups DescribeLogStreams FilterLogEvents GetLogEvents",
    },
    "cloudwatch": {OpClass.READ: "DescribeAlarms"},
    "resource-groups": {OpClass.READ: "ListGroupResources ListGroups"},
    "sns": {OpClass.READ: "ListTopics"},
    "cloudtrail": {OpClass.READ: "LookupEvents"},
}

CLASSES: dict[str, OpClass] = {
    f"{service}:{name}": op_class
    for service, classes in _TABLE.items()
    for op_class, names in classes.items()
    for name in names.split()
}

# What opens, resumes, ends or asks for a session: allowed from connect mode on.
SESSION_OPERATIONS = frozenset(
    {
        "ssm:StartSession",
        "ssm:ResumeSession",
        "ssm:TerminateSession",
        "ssm:StartAccessRequest",
        "ssm:GetAccessToken",
        "kms:GenerateDataKey",  # the key of an encrypted session
    }
)

# Parameter Store counts its reads against one common quota.
_SHARED_QUOTAS = {
    "ssm:GetParameter": "ssm:GetParameter*",
    "ssm:GetParameters": "ssm:GetParameter*",
    "ssm:GetParametersByPath": "ssm:GetParameter*",
}


# Calls a second, of the quotas whose rate AWS publishes and never raises.
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
_RATES = {"cloudtrail:LookupEvents": 2.0}


# S3's operations are allowed by actions that are fewer, and called otherwise.
_S3_ACTIONS = {
    "CompleteMultipartUpload": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListObjectsV2": "ListBucket",
    "UploadPart": "PutObject",
}


def full_name(service: str, operation: str) -> str:
    """The name used everywhere: "ssm:DescribeInstanceProperties"."""
    return f"{service}:{operation}"


def operations_of(service: str) -> list[str]:
    """The operations of a service that are in the table."""
    return [name for names in _TABLE[service].values() for name in names.split()]


def class_of(service: str, operation: str) -> OpClass:
    """The class of an operation. KeyError for one that is not in the table: it is never called."""
    return CLASSES[full_name(service, operation)]


def needed_mode(service: str, operation: str) -> Mode:
    """The lowest mode in which an operation may be called."""
    name = full_name(service, operation)
    if name in SESSION_OPERATIONS:
        return Mode.CONNECT
    return Mode.CHANGE if CLASSES[name] is OpClass.CHANGE else Mode.LOOK


def quota_of(service: str, operation: str) -> str:
    """The name of the quota an operation is counted against, its own unless AWS shares one."""
    name = full_name(service, operation)
    return _SHARED_QUOTAS.get(name, name)


def rate_of(quota: str) -> float | None:
    """How many calls a second a quota allows, where AWS says so."""
    return _RATES.get(quota)


def iam_action(service: str, operation: str) -> str:
    """The IAM action that allows an operation ("tag:GetResources")."""
    if service == "s3":
        return full_name(service, _S3_ACTIONS.get(operation, operation))
    return full_name("tag" if service == "resourcegroupstaggingapi" else service, operation)
