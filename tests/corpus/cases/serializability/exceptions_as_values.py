from __future__ import annotations

import logging
import random
import re
import types
from datetime import timezone
from string import Template

from dbos_typed import DBOS


@DBOS.workflow()
def patterns(pattern: re.Pattern[str], raw: str) -> list[str]:
    return pattern.findall(raw)


@DBOS.workflow()
def errors(error: ValueError) -> str:
    return str(error)


@DBOS.workflow()
def zones(zone: timezone) -> str:
    return str(zone)


@DBOS.workflow()
def logger(log: logging.Logger) -> str:  # E: dbos-serializable
    return log.name


@DBOS.workflow()
def generator(rng: random.Random) -> float:  # E: dbos-serializable
    return rng.random()


@DBOS.workflow()
def template(value: Template) -> str:  # E: dbos-serializable
    return value.template


@DBOS.step()
def trace(text: str) -> types.TracebackType | None:  # E: dbos-serializable
    return None if text else None
