"""Reports findings, unless the user turned their code off for the module.

Mypy has no hook for the end of a module (before 2.4) and none for its beginning, so what the rules find in a module is
reported when the first hook fires in it. How errors get past the watchers that mypy sets while it tries something (each
overload of a call, for example) is not part of its plugin interface, so that is confined to this file.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import cast

from mypy.checker import TypeChecker
from mypy.checker_state import checker_state
from mypy.errorcodes import ErrorCode
from mypy.errors import ErrorInfo, Errors
from mypy.nodes import Context, MypyFile
from mypy.options import Options
from mypy.plugin import CheckerPluginInterface, Plugin

from dbos_gen.vocabulary.findings import Finding
from dbos_typed_mypy.config import Config
from dbos_typed_mypy.engine import FAILURE, Engine
from dbos_typed_mypy.errorcodes import BY_CODE


class Reporter:
    """Reports what the rules find and what hooks find, each line and code once.

    A signature hook runs once for every overload of the called method; mypy drops the repeated message.
    """

    def __init__(self, options: Options, config: Config, engine: Engine) -> None:
        self._options = options
        self._config = config
        self._engine = engine
        self.modules: dict[str, MypyFile] = {}
        self._last: TypeChecker | None = None
        self._errors: Errors | None = None
        self._is_never_told = options.fine_grained_incremental or not hasattr(Plugin, "get_additional_indirect_deps")
        self._relayed: dict[str, ErrorInfo] = {}
        self._places: dict[str, frozenset[tuple[int, str]]] = {}

    @property
    def is_waiting(self) -> bool:
        """Whether there is anything to do before the end of a module: learning where mypy keeps its errors.

        The daemon and older versions of mypy do not tell when a module ends.
        """
        return self._errors is None or self._is_never_told

    def set_modules(self, modules: dict[str, MypyFile]) -> None:
        """Take notice of where mypy keeps the modules of this build."""
        self.modules = modules

    def report(self, api: CheckerPluginInterface, context: Context, code: ErrorCode, message: str) -> bool:
        """Report at the node and return True; return False when the code is off in this module."""
        checker = cast("TypeChecker", api)
        self.relay(checker)
        module = checker.tree.fullname
        if not self._config.is_enabled(code.code, module):
            return False
        is_known = (context.line, code.code) in self._places.get(checker.path, ())
        if not is_known and not self._engine.is_silenced(module, checker.path, context.line, code.code):
            with _unwatched(checker.errors):
                checker.msg.fail(message, context, code=code)
        return True

    def has_finding(self, api: CheckerPluginInterface, code: ErrorCode, lines: Iterable[int]) -> bool:
        """Whether the rules have found something of this kind on one of the lines."""
        checker = cast("TypeChecker", api)
        self.relay(checker)
        places = self._places.get(checker.path, frozenset())
        return any((line, code.code) in places for line in lines)

    def pulse(self) -> None:
        """Relay what the rules find in the module that is being checked, if that has not happened."""
        checker = checker_state.type_checker
        if checker is not self._last and isinstance(checker, TypeChecker):
            self.relay(checker)

    def relay(self, checker: TypeChecker) -> None:
        """Report what the rules find in the module of the checker, if that has not happened."""
        if checker is self._last:
            return
        self._errors = checker.errors
        # The daemon checks parts of a module again, which makes mypy forget what was reported.
        self._last = None if self._options.fine_grained_incremental else checker
        if checker.errors.file == checker.path and not checker.is_stub:
            self._relay(checker.errors, checker.tree)

    def finish(self, tree: MypyFile) -> None:
        """Relay what the rules find in a module in which no hook fired."""
        errors = self._errors
        if errors is None or tree.is_stub or tree.path in self._relayed or errors.file != tree.path:
            return
        self._relay(errors, tree)

    def forget(self) -> None:
        """Prepare for a module that mypy's daemon reads anew."""
        self._last = None
        self._relayed.clear()
        self._places.clear()
        self._engine.forget()

    def _relay(self, errors: Errors, tree: MypyFile) -> None:
        known = self._relayed.get(tree.path)
        if known is not None and known in errors.error_info_map.get(tree.path, ()):
            return
        findings = self._engine.findings(tree.fullname, tree.path, self.modules)
        enabled = [finding for finding in findings if self._config.is_enabled(finding.code, tree.fullname)]
        self._places[tree.path] = frozenset((finding.line, finding.code) for finding in enabled)
        scope, errors.scope = errors.scope, None
        with _unwatched(errors):
            for finding in enabled:
                self._relayed[tree.path] = _reported(errors, finding)
        errors.scope = scope


def _reported(errors: Errors, finding: Finding) -> ErrorInfo:
    if finding.code == FAILURE:
        message = f"The rules of dbos_typed failed here ({finding.text}) and found nothing; please report this"
        return errors.report(finding.line, finding.column, message, severity="note")
    code = BY_CODE[finding.code]
    message = f"{finding.text}; {finding.hint}" if finding.hint else finding.text
    info = errors.report(finding.line, finding.column, message, code)
    for note in finding.notes:
        errors.report(finding.line, finding.column, f"{note.path}:{note.line}: {note.text}", code, severity="note")
    return info


@contextmanager
def _unwatched(errors: Errors) -> Generator[None]:
    """Let what is reported be seen whatever mypy is trying."""
    watchers = errors._watchers  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # see the top of the file
    kept = watchers[:]
    watchers.clear()
    try:
        yield
    finally:
        watchers[:] = kept
