"""Durable execution for Python with types all the way through."""

from dbos_typed import error
from dbos_typed.api.blocks import (
    DBOSContextEnsure,
    DBOSContextSetAuth,
    SetEnqueueOptions,
    SetWorkflowID,
    SetWorkflowTimeout,
)
from dbos_typed.api.client import DBOSClient, EnqueueOptions
from dbos_typed.api.filters import WorkflowFilters
from dbos_typed.api.functions import Workflow
from dbos_typed.api.handles import WorkflowHandle, WorkflowHandleAsync
from dbos_typed.api.instances import DBOSConfiguredInstance
from dbos_typed.api.kafka_message import KafkaMessage
from dbos_typed.api.keys import Event, Stream, Topic
from dbos_typed.api.queue import Queue
from dbos_typed.api.status import StepInfo, WorkflowInputs, WorkflowStatus
from dbos_typed.codec import UndecodableValue
from dbos_typed.config import ConfigFile, DBOSConfig, Serializer, get_dbos_database_url, load_config
from dbos_typed.core.context import StepStatus
from dbos_typed.core.health import DatabaseHealth, Health, ServiceHealth
from dbos_typed.core.request import Request
from dbos_typed.facade.dbos import DBOS
from dbos_typed.records import WorkflowStatusString

GetWorkflowsInput = WorkflowFilters

__all__ = [
    "DBOS",
    "ConfigFile",
    "DBOSClient",
    "DBOSConfig",
    "DBOSConfiguredInstance",
    "DBOSContextEnsure",
    "DBOSContextSetAuth",
    "DatabaseHealth",
    "EnqueueOptions",
    "Event",
    "GetWorkflowsInput",
    "Health",
    "KafkaMessage",
    "Queue",
    "Request",
    "Serializer",
    "ServiceHealth",
    "SetEnqueueOptions",
    "SetWorkflowID",
    "SetWorkflowTimeout",
    "StepInfo",
    "StepStatus",
    "Stream",
    "Topic",
    "UndecodableValue",
    "Workflow",
    "WorkflowFilters",
    "WorkflowHandle",
    "WorkflowHandleAsync",
    "WorkflowInputs",
    "WorkflowStatus",
    "WorkflowStatusString",
    "error",
    "get_dbos_database_url",
    "load_config",
]
