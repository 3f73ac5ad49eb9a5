"""What a call in a workflow stands for: a recorded function, an operation of the runtime, a helper, or nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from dbos_gen.program.workflows.called import Callee, Construction, Helper, Operation, Recorded, Unknown, Ways
from dbos_gen.program.workflows.decorators import Decorators
from dbos_gen.program.workflows.keys import Keys
from dbos_gen.program.workflows.runtime_instances import Instances, vocabulary_of
from dbos_gen.python.scopes.resolution import Resolver, Scope, Symbol
from dbos_gen.python.types.annotations import Annotations
from dbos_gen.python.types.inference import FunctionScope, function_scope
from dbos_gen.python.values.activation import Activation, bind, passed_on
from dbos_gen.python.values.evaluation import Evaluator
from dbos_gen.python.values.functions import Class, Function, FunctionKind
from dbos_gen.python.values.names import is_context_manager
from dbos_gen.python.values.values import (
    ClassRef,
    Contents,
    External,
    FunctionRef,
    InstanceRef,
    Made,
    OneOf,
    Partial,
    Passed,
    Runtime,
    Value,
    identity,
    possible,
)
from dbos_gen.sources.project import Source
from dbos_gen.syntax.bindings import Defined, FunctionNode
from dbos_gen.syntax.special_methods import OF_BUILTINS
from dbos_gen.vocabulary.runtimes import ASYNC_SUFFIX, HANDLE_METHODS, VOCABULARIES, Meaning, Vocabulary

_CONSTRUCTORS = ("__new__", "__init__", "__post_init__")
# Methods of builtin values: on what is not known, they are taken for those.
_OF_BUILTINS = frozenset(
    name for kind in (list, dict, set, str, bytes, tuple, int, float) for name in dir(kind) if not name.startswith("_")
)


_CALLING_NOTHING = frozenset(
    {
        *(f"builtins.{name}" for name in (
            "print", "repr", "str", "isinstance", "issubclass", "callable", "id", "hash", "len", "type", "hasattr",
            "getattr", "setattr", "list", "tuple", "set", "dict", "frozenset", "zip", "enumerate", "reversed",
        )),
        "functools.partial", "functools.wraps", "functools.update_wrapper", "typing.cast", "inspect.signature",
        "builtins.list().append", "builtins.list().insert", "builtins.set().add", "builtins.dict().get",
        "builtins.dict().setdefault", "builtins.dict().update", "builtins.list().extend",
    }
)  # fmt: skip


_NOTHING = Ways()
_UNTOLD = Ways(is_open=True)


class Callees:
    """Tells what calls stand for."""

    def __init__(
        self, resolver: Resolver, annotations: Annotations, decorators: Decorators, evaluator: Evaluator
    ) -> None:
        self._resolver = resolver
        self._decorators = decorators
        self._evaluator = evaluator
        self._keys = Keys(resolver, annotations)
        self._instances = Instances(resolver, annotations)
        self._places: dict[int, tuple[FunctionScope, Function]] = {}
        # By the node itself and not by its id, which another one has when this one is gone.
        self._ways: dict[tuple[ast.expr, int], Ways] = {}
        self._roots: dict[tuple[FunctionNode, Source, str], FunctionScope] = {}
        self._scopes: dict[object, FunctionScope] = {}
        self._lambdas: dict[ast.AST, ast.FunctionDef] = {}
        self._functions: dict[ast.AST, Function] = {}

    def resolve(self, func: ast.expr, scope: FunctionScope) -> Callee | None:
        """Return what ``func(...)`` calls; None for what cannot record anything, or may be one of several."""
        return self.ways(func, scope).only

    def ways(self, func: ast.expr, scope: FunctionScope) -> Ways:
        """Return everything that ``func(...)`` may call."""
        key = (func, id(scope))
        found = self._ways.get(key)
        if found is None:
            found = self._ways[key] = self._read(func, scope)
        return found

    def _read(self, func: ast.expr, scope: FunctionScope) -> Ways:
        place = self.place(scope)
        value = self._evaluator.evaluate(func, place)
        ways = self.of_value(value)
        if isinstance(value, External | Runtime) and ways.only is None and isinstance(func, ast.Attribute):
            return self._of_symbol(func, scope) or self._anywhere(func, scope) or ways
        if ways.callees or not ways.is_open:
            return ways
        found = self._of_symbol(func, scope)
        if found is not None:
            return found
        if isinstance(func, ast.Attribute):
            return self._unresolved(func, scope)
        if isinstance(func, ast.Name):
            return _one(Unknown()) if _is_value(func.id, scope) else Ways()
        return Ways() if isinstance(func, ast.Constant) else _one(Unknown())

    def root(self, node: FunctionNode, annotations: Scope) -> FunctionScope:
        """Return the scope of a workflow of which no call is known, the same one each time."""
        key = (node, annotations.source, annotations.owner_path)
        found = self._roots.get(key)
        if found is None:
            found = self._roots[key] = function_scope(node, annotations)
        return found

    def of_value(self, value: Value | None) -> Ways:
        """Return what calling a value may call."""
        if value is None:
            return _UNTOLD
        if not isinstance(value, OneOf):
            known = tuple(self._callees(value))
            return Ways(callees=tuple((str(index), callee) for index, callee in enumerate(known)))
        found: list[tuple[str, Callee | None]] = []
        for label, each in zip(value.labels, value.values, strict=True):
            several = list(self._callees(each))
            for index, callee in enumerate(several):
                found.append((label if len(several) == 1 else f"{label}.{index}", callee))
        return Ways(callees=tuple(found), is_open=value.is_open)

    def special(self, operand: ast.expr, names: Iterable[str], scope: FunctionScope) -> Ways:
        """Return the special methods of a value that run, the first that there is."""
        if isinstance(operand, ast.Constant):
            return _NOTHING
        value = self._evaluator.evaluate(operand, self.place(scope))
        if not isinstance(value, InstanceRef | OneOf):
            return _NOTHING
        values, _ = possible(value)
        found = [self._special(value, names) for value in values if isinstance(value, InstanceRef)]
        known = [each for each in found if each is not None]
        return replace(self.of_value(OneOf(tuple(known))), is_open=len(known) < len(values)) if known else Ways()

    def _special(self, value: InstanceRef, names: Iterable[str]) -> Value | None:
        for name in names:
            if isinstance(self._evaluator.members.get(value.cls, name), FunctionRef):
                return self._evaluator.members.attribute(value, name)
        return None

    def called_builtin(self, func: ast.expr, scope: FunctionScope) -> tuple[str, ...]:
        """Return the special methods that a builtin function runs of its argument."""
        if not isinstance(func, ast.Name):
            return ()
        value = self._evaluator.evaluate(func, self.place(scope))
        return OF_BUILTINS.get(value.name, ()) if isinstance(value, External) else ()

    def accessed(self, node: ast.Attribute, scope: FunctionScope) -> Ways:
        """Return what runs when an attribute is read or set: properties, descriptors, ``__getattr__``."""
        owner = self._evaluator.evaluate(node.value, self.place(scope))
        if not isinstance(owner, InstanceRef | OneOf):
            return _NOTHING
        values, is_open = possible(owner)
        found: list[Value] = []
        for value in values:
            found.extend(self._accessed(value, node) if isinstance(value, InstanceRef) else ())
        ways = self.of_value(OneOf(tuple(found))) if found else Ways()
        return replace(ways, is_open=bool(found) and (is_open or len(found) < len(values)))

    def _accessed(self, value: InstanceRef, node: ast.Attribute) -> Iterator[Value]:
        is_stored = isinstance(node.ctx, ast.Store)
        for function in self._evaluator.members.accessors(value.cls, node.attr, is_stored=is_stored):
            yield FunctionRef(function, FunctionKind.PLAIN, is_bound=True, receiver=value, is_undecorated=True)
        held = self._evaluator.members.get(value.cls, node.attr)
        name = "__set__" if is_stored else "__get__"
        for each in possible(held)[0]:
            method = None if not isinstance(each, InstanceRef) else self._special(each, (name,))
            if method is not None:
                yield method
        if held is None and not is_stored and self._evaluator.members.attribute(value, node.attr) is None:
            method = self._special(value, ("__getattr__",))
            if method is not None:
                yield method

    def is_context_manager(self, scope: FunctionScope) -> bool:
        """Whether this is a generator whose ``yield`` stands for the body of a ``with`` block."""
        return bool(scope.node.decorator_list) and is_context_manager(self._defined(scope))

    def module(self, source: Source) -> FunctionScope:
        """Return the scope in which a module's own constants are read, the same one each time."""
        return self.scope_of(self._evaluator.unit_of(source).module)

    def inside(self, scope: FunctionScope) -> Helper | None:
        """Return what a decorator of the project makes of a workflow's function before the runtime's takes it."""
        function = self._defined(scope)
        place = self.place(scope)
        receiver = place.receiver if isinstance(place, Activation) else None
        made = self._evaluator.decoration.inside(FunctionRef(function, FunctionKind.PLAIN, receiver=receiver))
        callee = None if made is None else self.of_value(made).only
        return callee if isinstance(callee, Helper) else None

    def functions(self, node: ast.expr, scope: FunctionScope) -> Ways:
        """Return the functions of the program that an expression stands for, where it stands for any."""
        value = self._evaluator.evaluate(node, self.place(scope))
        known = [each for each in possible(value)[0] if isinstance(each, FunctionRef | Partial | InstanceRef)]
        ways = self.of_value(OneOf(tuple(known))) if known else Ways()
        return Ways(callees=ways.callees)

    def is_silent(self, func: ast.expr, scope: FunctionScope) -> bool:
        """Whether something outside of the program calls none of the functions that it is given."""
        value = self._evaluator.evaluate(func, self.place(scope))
        return isinstance(value, External) and value.name in _CALLING_NOTHING

    def bind(self, call: ast.Call | None, caller: FunctionScope, helper: Helper) -> FunctionScope:
        """Return the scope of a helper with what a call passes; without one, nothing is known of what is passed."""
        made = None if call is None else Made(call, self.place(caller))
        return self._with(helper.scope, bind(helper.function, made, is_bound=helper.is_bound, before=helper.before))

    def _with(self, scope: FunctionScope, given: Mapping[str, Passed]) -> FunctionScope:
        """Return a scope with what a call passes."""
        arguments = {
            name: (passed.made.node, self.scope_of(passed.made.place))
            for name, passed in given.items()
            if passed.made is not None
        }
        return replace(scope, arguments=arguments, given=given)

    # --- values -------------------------------------------------------------------------------------------------------

    def _callees(self, value: Value, before: tuple[Made, ...] = ()) -> Iterator[Callee | None]:
        match value:
            case FunctionRef():
                for ref in self._overriding(value):
                    applied = self._evaluator.decoration.applied(ref)
                    if isinstance(applied, FunctionRef):
                        yield self._function(applied, before)
                    else:
                        yield from self._callees(applied, before)
            case Partial(target, made):
                for inner in possible(target)[0]:
                    yield from self._callees(inner, before if made is None else (made, *before))
            case ClassRef(cls):
                yield self._constructed(cls, before)
            case InstanceRef():
                for inner in possible(self._evaluator.members.attribute(value, "__call__"))[0]:
                    yield from self._callees(inner, before)
            case External("operator.methodcaller()", Contents(made=Made(node=ast.Call(args=[first, *_])))):
                yield from self._named(first)
            case Runtime(name, package):
                yield _of_runtime(name.replace("()", ""), VOCABULARIES.get(package))
            case _:
                yield None

    def _named(self, node: ast.expr) -> Iterator[Callee | None]:
        """Yield the methods that have a name."""
        if not isinstance(node, ast.Constant) or not self._evaluator.index.is_whole:
            yield Unknown()
            return
        for ref in self._methods_named(str(node.value)):
            yield self._function(ref, ())

    def _methods_named(self, name: str) -> Iterator[FunctionRef]:
        for function in self._evaluator.index.methods(name):
            receiver = None if function.owner is None else InstanceRef(function.owner)
            yield FunctionRef(function, self._evaluator.kind(function), is_bound=True, receiver=receiver)

    def _function(self, ref: FunctionRef, before: tuple[Made, ...]) -> Callee:
        function = ref.function
        scope = self._scope(ref)
        if isinstance(function.node, FunctionNode) and not (ref.is_undecorated and ref.decorated is None):
            mark = self._decorators.recorded(function.node, scope.annotations)
            kind = ref.kind.value if ref.kind.is_recorded else None if mark is None else mark.kind
            if kind is not None:
                name = None if mark is None else mark.name
                name = self._given_name(ref.decorated) or name or self._own_name(ref)
                return Recorded(kind=kind, name=name, node=function.node, scope=scope.annotations)
        return Helper(scope=scope, function=function, is_bound=ref.is_bound, before=before)

    def _given_name(self, decorated: Made | None) -> str | None:
        if decorated is None or not isinstance(decorated.node, ast.Call):
            return None
        given = next((word.value for word in decorated.node.keywords if word.arg == "name"), None)
        if given is None:
            return None
        made = passed_on(Made(given, decorated.place))
        keys = self._keys.resolve(made.node, self.scope_of(made.place).body)
        return keys[0].name if len(keys) == 1 and keys[0].type is None else None

    def _own_name(self, ref: FunctionRef) -> str:
        """Return the name under which calls of a function are recorded when it is given none."""
        function = self._evaluator.decoration.wrapped(ref) or ref.function
        return function.qualname.rpartition("<locals>.")[2]

    def _constructed(self, cls: Class, before: tuple[Made, ...]) -> Callee:
        helpers: list[Helper] = []
        for name in _CONSTRUCTORS:
            found = self._evaluator.members.get(cls, name)
            if isinstance(found, FunctionRef):
                receiver: Value = ClassRef(cls) if name == "__new__" else InstanceRef(cls, is_exact=True)
                callee = self._function(replace(found, is_bound=True, receiver=receiver), before)
                if isinstance(callee, Helper):
                    helpers.append(callee)
        return Construction(helpers=tuple(helpers))

    def _overriding(self, ref: FunctionRef) -> Iterator[FunctionRef]:
        """Yield a method and those that stand in its place in derived classes."""
        receiver = ref.receiver
        index = self._evaluator.index
        if ref.function.owner is None and index.is_whole and ref.function.outer is not None:
            yield ref
            if ref.function.outer.is_module:
                for value in index.dispatched(ref.function):
                    yield from (each for each in possible(value)[0] if isinstance(each, FunctionRef))
            return
        if not isinstance(receiver, InstanceRef | ClassRef) or not index.is_whole:
            yield ref
            return
        name, cls = ref.function.name, receiver.cls
        others: list[FunctionRef] = []
        if isinstance(receiver, ClassRef) or (not receiver.is_exact and receiver.after is None):
            for derived in index.derived(cls):
                for function in derived.methods.get(name, [])[-1:]:
                    made: Value = ClassRef(derived) if isinstance(receiver, ClassRef) else InstanceRef(derived)
                    others.append(replace(ref, function=function, kind=self._evaluator.kind(function), receiver=made))
        for replaced, is_on_class in index.replaced(cls, name):
            known = [each for each in possible(replaced)[0] if isinstance(each, FunctionRef)]
            others.extend(replace(each, is_bound=True, receiver=receiver) if is_on_class else each for each in known)
        if not others or not ref.function.is_abstract:
            yield ref
        yield from others

    # --- what the source does not tell --------------------------------------------------------------------------------

    def _of_symbol(self, func: ast.expr, scope: FunctionScope) -> Ways | None:
        symbol = self._resolver.resolve(scope.body, func)
        return _one(_of_symbol(symbol)) if symbol is not None and symbol.is_runtime else None

    def _anywhere(self, func: ast.Attribute, scope: FunctionScope) -> Ways | None:
        """Return what a method is that is recognised on whatever it is called."""
        if func.attr in HANDLE_METHODS:
            return _one(_of_handle(func.attr))
        meaning = self._instances.meaning(func, scope)
        return None if meaning is None else _one(Operation(name=func.attr.removesuffix(ASYNC_SUFFIX), means=meaning))

    def _unresolved(self, func: ast.Attribute, scope: FunctionScope) -> Ways:
        known = self._anywhere(func, scope)
        if known is not None:
            return known
        if not self._evaluator.index.is_whole or func.attr.startswith("__"):
            return Ways()
        found: list[tuple[str, Callee | None]] = []
        for ref in self._methods_named(func.attr):
            for callee in self._callees(ref):
                if isinstance(callee, Recorded) or func.attr not in _OF_BUILTINS:
                    found.append((ref.function.qualname, callee))  # noqa: PERF401  # the nesting says it
        return Ways(callees=tuple(found), is_open=True)

    # --- scopes and functions -----------------------------------------------------------------------------------------

    def place(self, scope: FunctionScope) -> Function:
        """Return the function of a scope, with what its call passes."""
        known = self._places.get(id(scope))
        if known is not None:
            return known[1]
        function = self._defined(scope)
        if not function.is_module:
            outer = function.outer if scope.outer is None else self.place(scope.outer)
            passed = scope.given or {
                name: Passed(made=Made(node, self.place(caller))) for name, (node, caller) in scope.arguments.items()
            }
            function = Activation(function, passed, outer=outer, receiver=scope.receiver)
            self._scopes[function] = scope
        self._places[id(scope)] = (scope, function)
        return function

    def scope_of(self, place: Function) -> FunctionScope:
        """Return the scope of a function in one of its calls."""
        found = self._scopes.get(place)
        if found is None:
            around = place.outer if isinstance(place, Activation) else None
            receiver = place.receiver if isinstance(place, Activation) else None
            ref = FunctionRef(place.definition, FunctionKind.PLAIN, receiver=receiver, around=around)
            found = self._scope(ref)
            if isinstance(place, Activation):
                found = self._with(found, place.passed)
                self._places[id(found)] = (found, place)
            self._scopes[place] = found
        return found

    def _scope(self, ref: FunctionRef) -> FunctionScope:
        function = ref.function.definition
        key = (function, ref.around, identity(ref.receiver))
        found = self._scopes.get(key)
        if found is not None:
            return found
        owner = function.owner
        annotations = (
            Scope(source=function.source)
            if owner is None
            else Scope(source=function.source, owner=owner.node, owner_path=owner.path)
        )
        outer = None
        around = ref.around or function.outer
        if around is not None and not around.is_module:
            outer = self.scope_of(around)
        found = function_scope(self._node(function), annotations, outer=outer)
        if ref.receiver is not None:
            found = replace(found, receiver=ref.receiver)
        self._scopes[key] = found
        return found

    def _node(self, function: Function) -> FunctionNode:
        """Return the definition of a function; of a lambda and of a module's body, one that says the same."""
        node = function.node
        if isinstance(node, FunctionNode):
            self._functions[node] = function
            return node
        made = self._lambdas.get(node)
        if made is None:
            empty = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
            body: list[ast.stmt] = (
                [ast.copy_location(ast.Return(node.body), node.body)] if isinstance(node, ast.Lambda) else []
            )
            arguments = node.args if isinstance(node, ast.Lambda) else empty
            made = ast.FunctionDef(name=function.name, args=arguments, body=body, decorator_list=[])
            made.lineno = made.end_lineno = function.line
            made.col_offset = made.end_col_offset = 0
            self._lambdas[node] = made
            self._functions[made] = function
        return made

    def _defined(self, scope: FunctionScope) -> Function:
        found = self._functions.get(scope.node)
        if found is None:
            unit = self._evaluator.unit_of(scope.body.source)
            found = _find(unit.module, scope) or unit.known(scope.node) or unit.module
            self._functions[scope.node] = found
        return found


def _find(module: Function, scope: FunctionScope) -> Function | None:
    """Return the function of a scope that is no inner one, without reading all bodies of the module."""
    holders: Function | Class = module
    for part in scope.annotations.owner_path.split(".") if scope.annotations.owner is not None else ():
        inner = holders.classes.get(part)
        if inner is None:
            return None
        holders = inner
    functions = holders.methods if isinstance(holders, Class) else holders.nested
    return next((each for each in functions.get(scope.node.name, []) if each.node is scope.node), None)


def _one(callee: Callee | None) -> Ways:
    return Ways(callees=(("", callee),))


def _of_symbol(symbol: Symbol) -> Operation | Unknown | None:
    """Return what ``DBOS.method``, a method of what it returns, or a method of an instance stands for."""
    return _of_runtime(symbol.path, vocabulary_of(symbol))


def _of_runtime(path: str, vocabulary: Vocabulary | None) -> Operation | Unknown | None:
    name = "" if vocabulary is None else vocabulary.known(path)
    if vocabulary is None or vocabulary.is_unknown(name):
        return None if vocabulary is None else Unknown()
    owner, _, method = name.rpartition(".")
    if name in vocabulary.calls or owner == "DBOS":
        return Operation(name=method, means=vocabulary.calls.get(name, Meaning()))
    return _of_handle(method) if method in HANDLE_METHODS else None


def _of_handle(method: str) -> Operation:
    return Operation(name=method, means=Meaning(records=(HANDLE_METHODS[method],)))


def _is_value(name: str, scope: FunctionScope) -> bool:
    """Whether a name is a parameter or a variable of the function rather than something defined once."""
    arguments = scope.node.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    if any(argument.arg == name for argument in named):
        return True
    binding = scope.body.locals.get(name)
    return isinstance(binding, Defined) and isinstance(binding.node, ast.Assign | ast.AnnAssign)
