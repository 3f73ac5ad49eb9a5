"""Reports findings, unless the user turned their code off for the module."""

from __future__ import annotations

from typing import cast

from mypy.checker import TypeChecker
from mypy.errorcodes import ErrorCode
from mypy.nodes import Context
from mypy.plugin import CheckerPluginInterface

from dbos_typed_mypy.config import Config


class Reporter:
    """Reports findings.

    A signature hook runs once for every overload of the called method; mypy drops the repeated message.
    """

    def __init__(self, config: Config) -> None:
        self._config = config

    def report(self, api: CheckerPluginInterface, context: Context, code: ErrorCode, message: str) -> bool:
        """Report at the node and return True; return False when the code is off in this module."""
        if not self._config.is_enabled(code.code, cast("TypeChecker", api).tree.fullname):
            return False
        api.fail(message, context, code=code)
        return True
