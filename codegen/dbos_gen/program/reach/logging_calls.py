"""Calls that only tell people something: logs, what is printed, and metrics."""

from __future__ import annotations

import ast
import re

from dbos_gen.python.values.evaluation import Evaluator
from dbos_gen.python.values.functions import Function
from dbos_gen.python.values.values import External, Runtime

_LEVELS = frozenset(
    {
        "trace", "debug", "info", "notice", "success", "warning", "warn", "error", "critical", "fatal", "exception",
        "log", "msg", "adebug", "ainfo", "awarning", "aerror", "acritical", "aexception", "alog",
    }
)  # fmt: skip
_NAMED = frozenset({"bind", "unbind", "new", "opt", "patch", "contextualize", "getChild"})
"""What gives a logger with something more to say."""
_MEASURING = frozenset(
    {
        "add", "add_event", "dec", "decr", "decrement", "distribution", "gauge", "histogram", "inc", "incr",
        "increment", "labels", "observe", "record", "set", "set_attribute", "set_attributes", "timing",
    }
)  # fmt: skip
_FUNCTIONS = frozenset(
    {
        "builtins.print", "click.echo", "click.secho", "pprint.pp", "pprint.pprint", "rich.print", "sys.stderr.write",
        "sys.stdout.write", "typer.echo", "typer.secho", "warnings.warn", "warnings.warn_explicit",
    }
)  # fmt: skip
_LOGS = ("logging.", "structlog.", "loguru.", "logbook.", "logfire.")
_METRICS = ("prometheus_client.", "opentelemetry.", "statsd.", "datadog.")
_RUNTIME = "DBOS.logger."
_STREAMS = frozenset({"sys.stdout", "sys.stderr"})
_LOGGER = re.compile(r"(?:\w*_)?log(?:ger)?", re.IGNORECASE)
_CONSOLE = re.compile(r"_?console", re.IGNORECASE)


def tells(call: ast.Call, function: Function, evaluator: Evaluator) -> bool:
    """Whether a call only tells people what it is given."""
    value = evaluator.evaluate(call.func, function)
    match value:
        case External(name):
            last = name.rpartition(".")[2]
            if name in _FUNCTIONS:
                return not _is_to_a_file(call, function, evaluator)
            if name.startswith(_METRICS):
                return last in _MEASURING
            return last in _LEVELS if name.startswith(_LOGS) else _is_of_a_logger(call.func, _LEVELS)
        case Runtime(name):
            return name.startswith(_RUNTIME) and name.rpartition(".")[2] in _LEVELS
        case None:
            return _is_of_a_logger(call.func, _LEVELS)
        case _:
            return False


def gives_a_logger(call: ast.Call, function: Function, evaluator: Evaluator) -> bool:
    """Whether a call gives a logger that tells what it is given: ``log.bind(user=user)``."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _NAMED:
        return False
    value = evaluator.evaluate(call.func, function)
    if isinstance(value, External) and value.name.startswith(_LOGS):
        return True
    return (value is None or isinstance(value, External)) and _is_of_a_logger(call.func, _NAMED)


def _is_of_a_logger(node: ast.expr, methods: frozenset[str]) -> bool:
    if not isinstance(node, ast.Attribute):
        return False
    receiver = node.value
    while isinstance(receiver, ast.Call) and isinstance(receiver.func, ast.Attribute) and receiver.func.attr in _NAMED:
        receiver = receiver.func.value
    if isinstance(receiver, ast.Call):
        called = receiver.func.attr if isinstance(receiver.func, ast.Attribute) else getattr(receiver.func, "id", "")
        return node.attr in methods and called.lower() in ("getlogger", "get_logger")
    name = receiver.attr if isinstance(receiver, ast.Attribute) else getattr(receiver, "id", "")
    if _CONSOLE.fullmatch(name):
        return node.attr in ("print", "log")
    return node.attr in methods and _LOGGER.fullmatch(name) is not None


def _is_to_a_file(call: ast.Call, function: Function, evaluator: Evaluator) -> bool:
    """Whether ``print(..., file=...)`` writes elsewhere than to the streams of the process."""
    for word in call.keywords:
        if word.arg == "file" or word.arg is None:
            value = evaluator.evaluate(word.value, function)
            return not (isinstance(value, External) and value.name in _STREAMS)
    return False
