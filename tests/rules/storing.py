"""Programs that store something, and what the rule says of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dbos_gen.vocabulary.findings import Finding, Rule
from tests.rules.programs import expected, findings

HEAD = """\
import asyncio
import functools
import hashlib
import os
import sys
import io
import socket
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

import boto3
import sqlalchemy as sa

from dbos_typed import DBOS, DBOSClient, DBOSConfiguredInstance, Event, Queue, Stream, Topic, WorkflowHandle
"""


def reported(folder: Path, files: Mapping[str, str] | str) -> list[Finding]:
    """What the rule reports, which has to be the marked lines."""
    found = [finding for finding in findings(folder, files) if finding.code == Rule.SERIALIZABLE.value]
    said = {(finding.path, finding.line, finding.code): finding.text for finding in found}
    assert said.keys() == {mark for mark in expected(files) if mark[2] == Rule.SERIALIZABLE.value}, said
    return found
