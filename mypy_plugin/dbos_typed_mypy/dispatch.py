"""Which hook answers for which method."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mypy.nodes import Decorator, FuncDef, OverloadedFuncDef, TypeInfo
from mypy.plugin import CommonPluginApi, MethodContext, MethodSigContext
from mypy.types import CallableType, FunctionLike, Instance, Type, flatten_nested_unions, get_proper_type

from dbos_typed_mypy import fullnames
from dbos_typed_mypy.definitions import Definitions
from dbos_typed_mypy.engine import Engine
from dbos_typed_mypy.hooks import brand, keys
from dbos_typed_mypy.hooks.narrowing import NarrowingHook
from dbos_typed_mypy.hooks.placement import DirectCallHook, HandleHook, QueueHook
from dbos_typed_mypy.hooks.retrieval import RetrievalHook
from dbos_typed_mypy.hooks.starters import StarterHook
from dbos_typed_mypy.hooks.values import StoredSignatureHook, StoredValueHook, Verdicts
from dbos_typed_mypy.reporting import Reporter
from dbos_typed_mypy.scopes import Scopes

SignatureHook = Callable[[MethodSigContext], CallableType]
MethodHook = Callable[[MethodContext], Type]


class Dispatch:
    """Finds the hook for a method by its full name."""

    def __init__(self, reporter: Reporter, engine: Engine, plugin: CommonPluginApi, *, remembers: bool) -> None:
        """`remembers` is False in the daemon, where classes change and stay the same objects."""
        self._reporter = reporter
        self._engine = engine
        self._plugin = plugin
        self._verdicts = Verdicts(self._has_source, remembers=remembers)
        self._definitions = Definitions(engine)
        self._scopes = Scopes()
        self._method_hooks: dict[str, MethodHook] = {
            f"{decorator}.__call__": self._decorating(kind) for decorator, kind in fullnames.KINDS.items()
        }
        self._signature_hooks: dict[str, SignatureHook | None] = {
            f"{fullnames.WORKFLOW_FUNCTION}.__call__": DirectCallHook(self._reporter, self._scopes).analyze,
        }

    def method_hook(self, fullname: str) -> MethodHook | None:
        """Return what decides the type of a call, if anything of ours does."""
        return self._method_hooks.get(fullname)

    def signature_hook(self, fullname: str) -> SignatureHook | None:
        """Return what decides the signature of a method, if anything of ours does."""
        if fullname not in self._signature_hooks:
            self._signature_hooks[fullname] = self._api_hook(fullname)
        return self._signature_hooks[fullname]

    def _api_hook(self, fullname: str) -> SignatureHook | None:
        # Mypy asks with the class of the object, which may be a subclass: a generated handle or the user's own class.
        owner, _, method = fullname.rpartition(".")
        if owner.startswith("builtins.") or method.startswith("_"):
            return None
        symbol = self._plugin.lookup_fully_qualified(owner)
        if symbol is None or not isinstance(symbol.node, TypeInfo):
            return None
        defined_in = symbol.node.get_containing_type_info(method)
        if defined_in is None or not _is_api(defined_in):
            return None
        base = next(base for base in symbol.node.mro if _is_api(base))
        hooks = tuple(self._hooks_of(base, method))
        return _in_order(*hooks) if hooks else None

    def _decorating(self, kind: str) -> MethodHook:
        check = StoredSignatureHook(self._reporter, self._verdicts, kind).analyze

        def hook(ctx: MethodContext) -> Type:
            check(ctx)
            return brand.analyze(ctx)

        return hook

    def _has_source(self, module: str) -> bool:
        tree = self._reporter.modules.get(module)
        return tree is not None and not tree.is_stub

    def _hooks_of(self, owner: TypeInfo, method: str) -> Iterator[SignatureHook]:
        if owner.has_base(fullnames.WORKFLOW_HANDLE) and method in fullnames.BLOCKING_ON_HANDLE:
            yield HandleHook(self._reporter, self._scopes, method).analyze
        if owner.has_base(fullnames.QUEUE) and method in fullnames.STARTING_ON_QUEUE:
            yield QueueHook(self._reporter, self._scopes, method).analyze
        if method in fullnames.STORING:
            yield StoredValueHook(self._reporter, self._verdicts, method).analyze
        is_named = owner.has_base(fullnames.CLIENT) and method in fullnames.STARTING_ON_QUEUE
        if is_named or (method in fullnames.KNOWN_BY_PROGRAM and owner.module_name != fullnames.REFS):
            yield NarrowingHook(self._reporter, self._engine).analyze
        taken = _taken(owner, method)
        if taken is None or not taken.isdisjoint(fullnames.KEYS):
            yield keys.analyze
        if taken is None or fullnames.WORKFLOW_PROTOCOL in taken:
            yield RetrievalHook(self._reporter, self._definitions, owner.name, method).analyze
            # Last, because it changes the number of parameters.
            yield StarterHook(self._reporter, self._definitions, owner.name, method).analyze


def _is_api(info: TypeInfo) -> bool:
    return info.module_name.startswith((f"{fullnames.API}.", f"{fullnames.FACADE}."))


def _taken(owner: TypeInfo, method: str) -> set[str] | None:
    """The classes that the parameters of a method name; None when that is not known yet."""
    symbol = owner.get(method)
    node = symbol.node if symbol is not None else None
    declared = get_proper_type(node.type) if isinstance(node, FuncDef | OverloadedFuncDef | Decorator) else None
    if isinstance(node, Decorator):
        declared = get_proper_type(node.var.type)
    if not isinstance(declared, FunctionLike):
        return None
    parameters = [type_ for item in declared.items for type_ in item.arg_types]
    return {
        proper.type.fullname
        for parameter in parameters
        for type_ in flatten_nested_unions([parameter])
        if isinstance(proper := get_proper_type(type_), Instance)
    }


def _in_order(*hooks: SignatureHook) -> SignatureHook:
    def hook(ctx: MethodSigContext) -> CallableType:
        for analyze in hooks:
            ctx = ctx._replace(default_signature=analyze(ctx))
        return ctx.default_signature

    return hook
