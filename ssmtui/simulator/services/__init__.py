"""The simulated services, by botocore's service names."""

from __future__ import annotations

from ssmtui.simulator.services.cloudtrail import CloudTrail
from ssmtui.simulator.services.cloudwatch import CloudWatch
from ssmtui.simulator.services.ec2 import Ec2
from ssmtui.simulator.services.iam import Iam
from ssmtui.simulator.services.kms import Kms
from ssmtui.simulator.services.logs import CloudWatchLogs
from ssmtui.simulator.services.resource_groups import ResourceGroups
from ssmtui.simulator.services.s3 import S3
from ssmtui.simulator.services.sns import Sns
from ssmtui.simulator.services.ssm import Ssm
from ssmtui.simulator.services.sts import Sts
from ssmtui.simulator.services.tagging import Tagging

SERVICES: dict[str, type] = {
    "ssm": Ssm,
    "ec2": Ec2,
    "sts": Sts,
    "iam": Iam,
    "kms": Kms,
    "s3": S3,
    "resourcegroupstaggingapi": Tagging,
    "logs": CloudWatchLogs,
    "cloudwatch": CloudWatch,
    "resource-groups": ResourceGroups,
    "sns": Sns,
    "cloudtrail": CloudTrail,
}
