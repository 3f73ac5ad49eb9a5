"""Tells mypy which hook answers for which name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from mypy.errors import CompileError
from mypy.nodes import MypyFile, TypeInfo
from mypy.options import Options
from mypy.plugin import (
    FunctionContext,
    MethodContext,
    MethodSigContext,
    Plugin,
    ReportConfigContext,
)
from mypy.types import CallableType, Type

import dbos_gen
from dbos_gen.config import ConfigError as RulesConfigError
from dbos_typed_mypy import config, fullnames
from dbos_typed_mypy.definitions import Definitions
from dbos_typed_mypy.engine import Engine
from dbos_typed_mypy.hooks import brand, keys
from dbos_typed_mypy.hooks.placement import DirectCallHook, HandleHook, QueueHook
from dbos_typed_mypy.hooks.retrieval import RetrievalHook
from dbos_typed_mypy.hooks.starters import StarterHook
from dbos_typed_mypy.hooks.values import StoredSignatureHook, StoredValueHook
from dbos_typed_mypy.reporting import Reporter
from dbos_typed_mypy.scopes import Scopes

SUPPORTED_MAJOR: Final = 2
TESTED: Final = "2.4"

SignatureHook = Callable[[MethodSigContext], CallableType]
MethodHook = Callable[[MethodContext], Type]


class DbosPlugin(Plugin):
    """Rules of durable execution that annotations cannot express, and types that they cannot keep."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._digest = _source_digest()
        try:
            self._config = config.load(options.config_file)
            self._engine = Engine(options, self._digest)
        except (config.ConfigError, RulesConfigError) as error:
            raise CompileError(str(error).splitlines()) from None
        self._reporter = Reporter(options, self._config, self._engine)
        self._definitions = Definitions(self._engine)
        self._scopes = Scopes()
        self._method_hooks: dict[str, MethodHook] = {
            f"{decorator}.__call__": self._decorating(kind) for decorator, kind in fullnames.KINDS.items()
        }
        self._signature_hooks: dict[str, SignatureHook] = {
            f"{fullnames.WORKFLOW_FUNCTION}.__call__": DirectCallHook(self._reporter, self._scopes).analyze,
        }

    def set_modules(self, modules: dict[str, MypyFile]) -> None:
        super().set_modules(modules)
        self._reporter.set_modules(modules)
        self._engine.begin()

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:  # noqa: ARG002  # mypy's
        self._reporter.pulse()
        return None

    def get_method_hook(self, fullname: str) -> MethodHook | None:
        self._reporter.pulse()
        return self._method_hooks.get(fullname)

    def get_method_signature_hook(self, fullname: str) -> SignatureHook | None:
        hook = self._signature_hooks.get(fullname)
        return self._api_hook(fullname) if hook is None else hook

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

    def report_config_data(self, ctx: ReportConfigContext) -> dict[str, object]:
        """What cached results depend on: this plugin's own source, its options, and what the rules find."""
        if ctx.is_check:
            found = self._engine.cached_digest(ctx.id, ctx.path)
        else:
            found = self._engine.digest(ctx.id, ctx.path, self._modules or {})
        options = [self._config.fingerprint(), self._engine.fingerprint()]
        return {"plugin": self._digest, "options": options, "findings": found}

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
            hook = self._signature_hooks[public] = _in_order(*self._hooks_of(base, method))
        return hook

    def _decorating(self, kind: str) -> MethodHook:
        check = StoredSignatureHook(self._reporter, self._has_source, kind).analyze

        def hook(ctx: MethodContext) -> Type:
            check(ctx)
            return brand.analyze(ctx)

        return hook

    def _has_source(self, module: str) -> bool:
        tree = (self._modules or {}).get(module)
        return tree is not None and not tree.is_stub

    def _hooks_of(self, owner: TypeInfo, method: str) -> Iterator[SignatureHook]:
        if owner.has_base(fullnames.WORKFLOW_HANDLE) and method in fullnames.BLOCKING_ON_HANDLE:
            yield HandleHook(self._reporter, self._scopes, method).analyze
        if owner.has_base(fullnames.QUEUE) and method in fullnames.STARTING_ON_QUEUE:
            yield QueueHook(self._reporter, self._scopes, method).analyze
        if method in fullnames.STORING:
            yield StoredValueHook(self._reporter, self._has_source, method).analyze
        yield keys.analyze
        yield RetrievalHook(self._reporter, self._definitions, owner.name, method).analyze
        # Last, because it changes the number of parameters.
        yield StarterHook(self._reporter, self._definitions, owner.name, method).analyze


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
    """Return a digest of the plugin and of the rules, by content: in CI the files are new in every run."""
    digest = hashlib.sha256()
    for package in (Path(__file__).parent, Path(dbos_gen.__file__).parent):
        for path in sorted(package.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()
