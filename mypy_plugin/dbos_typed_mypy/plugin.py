"""Tells mypy which hook answers for which name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from mypy.errors import CompileError
from mypy.nodes import TypeInfo
from mypy.options import Options
from mypy.plugin import AttributeContext, MethodContext, MethodSigContext, Plugin, ReportConfigContext
from mypy.types import CallableType, Type

from dbos_typed_mypy import config, fullnames
from dbos_typed_mypy.hooks import brand
from dbos_typed_mypy.hooks.keys import KeyHook
from dbos_typed_mypy.hooks.placement import DirectCallHook, OperationHook, SessionHook
from dbos_typed_mypy.hooks.starters import StarterHook
from dbos_typed_mypy.reporting import Reporter
from dbos_typed_mypy.scopes import Scopes

SUPPORTED_MAJOR: Final = 2
TESTED: Final = "2.4"

SignatureHook = Callable[[MethodSigContext], CallableType]
MethodHook = Callable[[MethodContext], Type]
AttributeHook = Callable[[AttributeContext], Type]


class DbosPlugin(Plugin):
    """Rules of durable execution that annotations cannot express, and types that they cannot keep."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        try:
            self._config = config.load(options.config_file)
        except config.ConfigError as error:
            raise CompileError(str(error).splitlines()) from None
        self._digest = _source_digest()
        self._reporter = Reporter(self._config)
        self._scopes = Scopes()
        session = SessionHook(self._reporter, self._scopes)
        self._method_hooks: dict[str, MethodHook] = {f"{fullnames.WORKFLOW_DECORATOR}.__call__": brand.analyze}
        self._attribute_hooks: dict[str, AttributeHook] = {fullnames.SQL_SESSION: session.analyze_access}
        self._signature_hooks: dict[str, SignatureHook] = {
            f"{fullnames.WORKFLOW_FUNCTION}.__call__": DirectCallHook(self._reporter, self._scopes).analyze,
            **dict.fromkeys(fullnames.ENDING_TRANSACTION, session.analyze_ending),
        }

    def get_method_hook(self, fullname: str) -> MethodHook | None:
        return self._method_hooks.get(fullname)

    def get_method_signature_hook(self, fullname: str) -> SignatureHook | None:
        hook = self._signature_hooks.get(fullname)
        return self._api_hook(fullname) if hook is None else hook

    def get_class_attribute_hook(self, fullname: str) -> AttributeHook | None:
        return self._attribute_hooks.get(fullname)

    def report_config_data(self, ctx: ReportConfigContext) -> dict[str, object]:  # noqa: ARG002  # mypy's interface
        """What cached results depend on: this plugin's own source, and its options."""
        return {"plugin": self._digest, "options": self._config.fingerprint()}

    def _api_hook(self, fullname: str) -> SignatureHook | None:
        # Mypy asks with the class of the object, which may be a subclass: a generated handle or the user's own class.
        owner, _, method = fullname.rpartition(".")
        if owner.startswith("builtins.") or method.startswith("_"):
            return None
        symbol = self.lookup_fully_qualified(owner)
        if symbol is None or not isinstance(symbol.node, TypeInfo):
            return None
        defined_in = symbol.node.get_containing_type_info(method)
        if defined_in is None or not _is_api(defined_in):
            return None
        base = next(base for base in symbol.node.mro if _is_api(base))
        public = f"{base.fullname}.{method}"
        hook = self._signature_hooks.get(public)
        if hook is None:
            hook = self._signature_hooks[public] = _in_order(
                OperationHook(
                    self._reporter, self._scopes, public, has_twin=base.get(method + fullnames.ASYNC_SUFFIX) is not None
                ).analyze,
                KeyHook(self._reporter).analyze,
                # Last, because it changes the number of parameters.
                StarterHook(self._reporter, public).analyze,
            )
        return hook


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


def _is_api(info: TypeInfo) -> bool:
    return info.module_name.startswith(f"{fullnames.API}.")


def _in_order(*hooks: SignatureHook) -> SignatureHook:
    def hook(ctx: MethodSigContext) -> CallableType:
        for analyze in hooks:
            ctx = ctx._replace(default_signature=analyze(ctx))
        return ctx.default_signature

    return hook


def _source_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
