"""What expressions give, as far as it decides whether it can be stored; unknown unless the source leaves no doubt."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable

from dbos_gen.program.program import Program
from dbos_gen.python.scopes.resolution import Scope, Symbol
from dbos_gen.python.values.functions import Class, Function, FunctionKind
from dbos_gen.python.values.values import (
    ClassRef,
    Coroutine,
    External,
    FunctionRef,
    InstanceRef,
    Partial,
    ProjectModule,
    Runtime,
    Value,
)
from dbos_gen.rules.storable import outside
from dbos_gen.rules.storable.described import (
    UNKNOWN,
    AnyOf,
    ClassFacts,
    ClassForm,
    Described,
    FixedTuple,
    Named,
    UnknownType,
)
from dbos_gen.rules.storable.names import public
from dbos_gen.rules.storable.reading import Reader
from dbos_gen.rules.storable.results import FUNCTIONS, METHODS, VALUES
from dbos_gen.syntax.bindings import FunctionNode
from dbos_gen.syntax.body import Binding, BindingForm

_DEEPEST = 12
_FUNCTION = Named("collections.abc.Callable")
_GENERATOR = Named("types.GeneratorType")
_COROUTINE = Named("types.CoroutineType")
_BINDING_DECORATORS = frozenset({"staticmethod", "classmethod", "override", "final"})
_CLASS_DECORATORS = frozenset({"dataclass", "define", "frozen", "final", "runtime_checkable", "dbos_class", "unique"})
# Entering a `with` block with one of these gives the same object.
_GIVE_THEMSELVES = frozenset(
    {
        *("io.TextIOWrapper", "tempfile._TemporaryFileWrapper", "sqlite3.Connection", "psycopg.Connection"),
        *("psycopg.Cursor", "psycopg2.extensions.connection", "sqlalchemy.orm.Session", "sqlalchemy.Connection"),
        *("sqlalchemy.ext.asyncio.AsyncSession", "socket.socket", "requests.Session", "httpx.Client"),
        *("httpx.AsyncClient", "concurrent.futures.ThreadPoolExecutor", "concurrent.futures.ProcessPoolExecutor"),
        *("subprocess.Popen", "zipfile.ZipFile", "tarfile.TarFile", "http.client.HTTPResponse", "smtplib.SMTP"),
        *("aiohttp.ClientSession", "asyncio.TaskGroup", "dbos_typed.DBOSClient"),
    }
)
_RUNTIME = {
    "DBOS.sql_session": "sqlalchemy.orm.Session",
    "DBOS.logger": "logging.Logger",
    "WorkflowHandle()": "dbos_typed.WorkflowHandle",
    "WorkflowHandleAsync()": "dbos_typed.WorkflowHandleAsync",
    "Queue()": "dbos_typed.Queue",
    "DBOSClient()": "dbos_typed.DBOSClient",
}
_BUILTIN_FUNCTIONS = frozenset(
    f"builtins.{name}"
    for name, thing in vars(builtins).items()
    if callable(thing) and not isinstance(thing, type) and not name.startswith("_")
)
_BUILTIN_CLASSES = frozenset(f"builtins.{name}" for name, thing in vars(builtins).items() if isinstance(thing, type))


# A method that is not called: `text.upper`.
_BUILTIN_METHOD = re.compile(r"builtins\.(str|list|dict|set)\(\)\.[a-z]\w*")


class ExpressionDescriber:
    """Describes the values of expressions in function bodies."""

    def __init__(self, program: Program, reader: Reader) -> None:
        self._program = program
        self._reader = reader

    def describe(self, node: ast.expr, function: Function, depth: int = 0) -> Described:
        """Return what an expression gives."""
        if depth > _DEEPEST:
            return UNKNOWN
        depth += 1
        match node:
            case ast.IfExp(body=body, orelse=orelse):
                return self._any_of((body, orelse), function, depth)
            case ast.NamedExpr(value=value):
                return self.describe(value, function, depth)
            case ast.Await(value=value):
                return self._awaited(value, function, depth)
            case ast.Call():
                return self._call(node, function, depth)
            case ast.Name() | ast.Attribute():
                return self._reference(node, function, depth)
            case _:
                return self._display(node, function, depth)

    def _display(self, node: ast.expr, function: Function, depth: int) -> Described:  # noqa: PLR0911  # one for each
        match node:
            case ast.Lambda():
                return _FUNCTION
            case ast.GeneratorExp():
                return _GENERATOR
            case ast.Tuple(elts=elements) if not _has_starred(elements):
                return FixedTuple(tuple(self.describe(element, function, depth) for element in elements))
            case ast.List(elts=elements):
                return Named("builtins.list", (self._any_of(elements, function, depth),))
            case ast.Set(elts=elements):
                return Named("builtins.set", (self._any_of(elements, function, depth),))
            case ast.ListComp(elt=element):
                return Named("builtins.list", (self.describe(element, function, depth),))
            case ast.Dict(keys=keys, values=values):
                given = self._any_of([key for key in keys if key is not None], function, depth)
                plain = [value for key, value in zip(keys, values, strict=True) if key is not None]
                return Named("builtins.dict", (given, self._any_of(plain, function, depth)))
            case ast.DictComp(key=key, value=value):
                items = (self.describe(key, function, depth), self.describe(value, function, depth))
                return Named("builtins.dict", items)
            case _:
                return UNKNOWN

    def declared(self, node: ast.expr, function: Function) -> Described:
        """Return the type that an annotation in a function's signature says."""
        return self._reader.read(
            node, self.scope(function), self._reader.parameters(function.node, self.scope(function))
        )

    def scope(self, function: Function) -> Scope:
        """Return where the annotations of a function's signature are looked up."""
        scope = self._program.scope(function).annotations
        outer = function.outer
        if outer is None or outer.is_module:
            return scope
        local = self._program.scope(outer).body.locals
        return Scope(source=scope.source, owner=scope.owner, owner_path=scope.owner_path, locals=local)

    def facts(self, cls: Class) -> ClassFacts | None:
        """Return what is known of a class."""
        return self._reader.class_facts(_symbol(cls), Scope(source=cls.source))

    # --- names

    def _any_of(self, nodes: Iterable[ast.expr], function: Function, depth: int) -> Described:
        return AnyOf(tuple(self.describe(node, function, depth) for node in nodes))

    def _reference(self, node: ast.Name | ast.Attribute, function: Function, depth: int) -> Described:
        if isinstance(node, ast.Attribute):
            owner = self._program.value(node.value, function)
            if isinstance(owner, ClassRef) and self._is_enum(owner.cls):
                return UNKNOWN
            return self._value(self._program.value(node, function), function)
        scope: Function | None = function
        while scope is not None and not scope.is_module:
            parameter = next((argument for argument in scope.parameters if argument.arg == node.id), None)
            bindings = scope.body.bindings.get(node.id, [])
            if parameter is not None:
                return UNKNOWN if bindings else self._parameter(parameter, scope, node, function)
            if bindings:
                return self._local(bindings, scope, node, function, depth)
            scope = scope.outer
        if _is_module(node.id, function):
            return Named("types.ModuleType")
        return self._value(self._program.value(node, function), function)

    def _local(
        self, bindings: list[Binding], scope: Function, node: ast.Name, function: Function, depth: int
    ) -> Described:
        binding = bindings[0]
        if len(bindings) > 1:
            return self._value(self._program.value(node, function), function) if _all_assigned(bindings) else UNKNOWN
        if binding.annotation is not None:
            return _certain(self._reader.read(binding.annotation, self._program.scope(scope).body))
        if binding.how is BindingForm.ASSIGNED:
            return UNKNOWN if binding.value is None else self.describe(binding.value, scope, depth)
        described = self._value(self._program.value(node, function), function)
        if binding.how is not BindingForm.ENTERED:
            return described
        if isinstance(described, UnknownType) and binding.value is not None:
            described = self.describe(binding.value, scope, depth)
        return described if isinstance(described, Named) and described.name in _GIVE_THEMSELVES else UNKNOWN

    def _is_enum(self, cls: Class) -> bool:
        facts = self.facts(cls)
        return facts is None or facts.kind is ClassForm.ENUM

    def _parameter(self, parameter: ast.arg, scope: Function, node: ast.expr, function: Function) -> Described:
        if parameter.annotation is None:
            return self._value(self._program.value(node, function), function)  # perhaps `self`
        if isinstance(scope.node, FunctionNode) and parameter in (scope.node.args.vararg, scope.node.args.kwarg):
            return UNKNOWN
        return _certain(self.declared(parameter.annotation, scope))

    # --- calls

    def _call(self, node: ast.Call, function: Function, depth: int) -> Described:
        callee = self._program.callee(node, function)
        if isinstance(callee, FunctionRef):
            return self._of_function(callee, depth, is_awaited=False)
        if isinstance(callee, External) and callee.name in FUNCTIONS:
            return FUNCTIONS[callee.name]
        if isinstance(node.func, ast.Attribute):
            receiver = self.describe(node.func.value, function, depth)
            if isinstance(receiver, Named) and (receiver.name, node.func.attr) in METHODS:
                return METHODS[receiver.name, node.func.attr]
        return self._value(self._program.value(node, function), function)

    def _awaited(self, node: ast.expr, function: Function, depth: int) -> Described:
        if isinstance(node, ast.Call):
            callee = self._program.callee(node, function)
            if isinstance(callee, FunctionRef):
                return self._of_function(callee, depth, is_awaited=True)
            if isinstance(callee, External):
                return UNKNOWN
        value = self._program.value(node, function)
        return self._value(value.result, function) if isinstance(value, Coroutine) else UNKNOWN

    def _of_function(self, called: FunctionRef, depth: int, *, is_awaited: bool) -> Described:
        function, node = called.function, called.function.node
        if not isinstance(node, FunctionNode) or not _is_plain(function, called.kind):
            return UNKNOWN
        if function.is_generator:
            return Named("types.AsyncGeneratorType") if function.is_async else _GENERATOR
        if function.is_async is not is_awaited:
            return _COROUTINE if function.is_async else UNKNOWN
        if node.returns is not None:
            return _certain(self.declared(node.returns, function))
        if len(function.body.returned) == 1:
            return self.describe(function.body.returned[0], function, depth)
        return UNKNOWN

    # --- values

    def _value(self, value: Value | None, function: Function) -> Described:
        match value:
            case FunctionRef(called, kind):
                return _FUNCTION if _is_plain(called, kind) else UNKNOWN
            case ClassRef(cls):
                return Named("builtins.type") if _is_plain_class(cls) else UNKNOWN
            case Coroutine(FunctionRef(called, kind)):
                return _COROUTINE if _is_plain(called, kind) else UNKNOWN
            case InstanceRef(cls):
                return self._reader.named(_symbol(cls), (), Scope(source=function.source))
            case External(name):
                return _external(name)
            case _:
                return _other(value)


def _other(value: Value | None) -> Described:
    match value:
        case Partial():
            return Named("functools.partial")
        case ProjectModule():
            return Named("types.ModuleType")
        case Coroutine():
            return _COROUTINE
        case Runtime(name) if name in _RUNTIME:
            return Named(_RUNTIME[name])
        case _:
            return UNKNOWN


def _is_plain(function: Function, kind: FunctionKind) -> bool:
    """Whether no decorator of others makes something else of a function; the runtime's keep what it gives."""
    others = [name for name in map(_last_name, function.decorators) if name not in _BINDING_DECORATORS]
    return not others or (kind.is_recorded and len(others) == 1)


def _is_plain_class(cls: Class) -> bool:
    return all(_last_name(decorator) in _CLASS_DECORATORS for decorator in cls.node.decorator_list)


def _all_assigned(bindings: list[Binding]) -> bool:
    return all(binding.how is BindingForm.ASSIGNED and binding.annotation is None for binding in bindings)


def _external(name: str) -> Described:
    if name.endswith("()"):
        made = name[:-2]
        return FUNCTIONS[made] if made in FUNCTIONS else Named(public(made))
    if name in VALUES:
        return VALUES[name]
    if name in _BUILTIN_FUNCTIONS or _BUILTIN_METHOD.fullmatch(name):
        return _FUNCTION
    # A class as a value, not an instance of it.
    is_class = name in _BUILTIN_CLASSES or outside.advice_for(public(name)) is not None
    return Named("builtins.type") if is_class else UNKNOWN


def _certain(described: Described) -> Described:
    """Return a declared type unless it is a union: which member it is depends on what was tested before."""
    return UNKNOWN if isinstance(described, AnyOf | UnknownType) else described


def _is_module(name: str, function: Function) -> bool:
    bindings = function.unit.module.body.bindings.get(name, [])
    return len(bindings) == 1 and isinstance(bindings[0].node, ast.Import)


def _symbol(cls: Class) -> Symbol:
    return Symbol(module=cls.source.name, path=cls.path, node=cls.node, source=cls.source)


def _has_starred(elements: list[ast.expr]) -> bool:
    return any(isinstance(element, ast.Starred) for element in elements)


def _last_name(decorator: ast.expr) -> str:
    head = decorator.func if isinstance(decorator, ast.Call) else decorator
    return head.attr if isinstance(head, ast.Attribute) else getattr(head, "id", "")
