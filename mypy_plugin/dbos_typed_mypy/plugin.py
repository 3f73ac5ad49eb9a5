"""Tells mypy which hook answers for which name."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from mypy.errors import CompileError
from mypy.nodes import MypyFile
from mypy.options import Options
from mypy.plugin import FunctionContext, MethodContext, MethodSigContext, Plugin, ReportConfigContext
from mypy.types import CallableType, Type

import dbos_gen
from dbos_typed_mypy import config
from dbos_typed_mypy.engine import Engine
from dbos_typed_mypy.reporting import Reporter

if TYPE_CHECKING:
    from dbos_typed_mypy.dispatch import Dispatch

SUPPORTED_MAJOR: Final = 2
TESTED: Final = "2.0, 2.2 and 2.4"


class DbosPlugin(Plugin):
    """Rules of durable execution that annotations cannot express, and types that they cannot keep."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._digest = _source_digest()
        try:
            self._config = config.load(options.config_file)
            self._engine = Engine(options, self._digest, self._config.enable)
        except config.ConfigError as error:
            raise CompileError(str(error).splitlines()) from None
        self._reporter = Reporter(options, self._config, self._engine)
        made_with = json.dumps([self._digest, self._config.fingerprint()])
        # Short, because mypy keeps it for every module, also of the standard library.
        self._data = hashlib.sha256(made_with.encode()).hexdigest()[:32]

    def set_modules(self, modules: dict[str, MypyFile]) -> None:
        super().set_modules(modules)
        self._reporter.set_modules(modules)

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        if self._reporter.is_waiting:
            self._reporter.pulse()
        return self._dispatch.method_hook(fullname)

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:  # noqa: ARG002  # mypy's
        # A module may import generated code and call no method at all.
        if self._reporter.is_waiting:
            self._reporter.pulse()
        return None

    def get_method_signature_hook(self, fullname: str) -> Callable[[MethodSigContext], CallableType] | None:
        return self._dispatch.signature_hook(fullname)

    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        """Mypy asks this when it has read a module."""
        if self.options.fine_grained_incremental:
            self._reporter.forget()
        self._engine.expect(file.fullname, file.path)
        return []

    def get_additional_indirect_deps(self, file: MypyFile) -> set[str]:
        """Mypy asks this when it has checked the module (from 2.4 on)."""
        self._reporter.finish(file)
        return set()

    def report_config_data(self, ctx: ReportConfigContext) -> str:
        """What cached results depend on: this plugin's own source, its options, and what the rules find.

        The options of the rules have had their effect on what was found.
        """
        if ctx.is_check:
            return self._data + self._engine.cached_digest(ctx.id, ctx.path)
        return self._data + self._engine.digest(ctx.id, ctx.path, self._modules or {})

    @cached_property
    def _dispatch(self) -> Dispatch:
        # Most runs find every module in the cache, and importing the hooks would take them longer than all the rest.
        from dbos_typed_mypy.dispatch import Dispatch  # noqa: PLC0415  # start-up cost

        return Dispatch(self._reporter, self._engine, self, remembers=not self.options.fine_grained_incremental)


def plugin(version: str) -> type[Plugin]:
    """Mypy's entry point. A version of mypy that is not supported ends the run with CompileError."""
    major = re.match(r"\d+", version)
    if major is None or int(major[0]) != SUPPORTED_MAJOR:
        message = (
            f"dbos_typed_mypy works with mypy {SUPPORTED_MAJOR}.x (tested with {TESTED}), and this is mypy {version}. "
            f'Install "mypy>={SUPPORTED_MAJOR},<{SUPPORTED_MAJOR + 1}", or remove dbos_typed_mypy from the plugins.'
        )
        raise CompileError([message])
    return DbosPlugin


def _source_digest() -> str:
    """Return a digest of the plugin and of the rules, by content: in CI the files are new in every run."""
    digest = hashlib.sha256()
    # Strings and bare system calls, as this is part of every run.
    for package in (os.path.dirname(__file__), os.path.dirname(dbos_gen.__file__)):  # noqa: PTH120  # as above
        for folder, folders, files in os.walk(package):
            folders.sort()
            for name in sorted(files):
                if name.endswith(".py"):
                    digest.update(_content(f"{folder}/{name}"))
    return digest.hexdigest()


def _content(file: str) -> bytes:
    handle = os.open(file, os.O_RDONLY)
    try:
        return os.read(handle, os.fstat(handle).st_size)
    finally:
        os.close(handle)
