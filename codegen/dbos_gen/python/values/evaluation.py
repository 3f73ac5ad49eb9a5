"""From expressions to values: names through scopes, imports and re-exports, calls through what they give."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from dbos_gen.python.values.activation import Activation, bind, passed_on
from dbos_gen.python.values.contents import Containers
from dbos_gen.python.values.declarations import Declared
from dbos_gen.python.values.decoration import KINDS, Decoration
from dbos_gen.python.values.functions import Class, Function, FunctionKind, ModuleFunctions
from dbos_gen.python.values.members import Members
from dbos_gen.python.values.names import Names, call_around, is_none
from dbos_gen.python.values.program_index import Index
from dbos_gen.python.values.values import (
    ClassRef,
    Contents,
    Coroutine,
    External,
    FunctionRef,
    InstanceRef,
    Made,
    OneOf,
    Partial,
    Passed,
    ProjectModule,
    Runtime,
    Value,
    identity,
    is_declared_only,
    joined,
    possible,
)
from dbos_gen.sources.project import Project, Source
from dbos_gen.syntax.bindings import FunctionNode
from dbos_gen.syntax.body import Binding
from dbos_gen.vocabulary import libraries
from dbos_gen.vocabulary.runtimes import RUNTIMES

_MAX_DEPTH = 24
# Questions lead to others that begin anew (what a decorator makes of a function): all of them together.
_MAX_NESTING = 80
_MAX_RETURNED = 12


_DISPLAYS: dict[type[ast.expr], str] = {
    **dict.fromkeys((ast.Set, ast.SetComp), "builtins.set()"),
    **dict.fromkeys((ast.List, ast.ListComp), "builtins.list()"),
    **dict.fromkeys((ast.Dict, ast.DictComp), "builtins.dict()"),
    ast.Tuple: "builtins.tuple()",
    ast.GeneratorExp: "builtins.generator()",
}


class Evaluator:
    """Finds out what expressions stand for; None means that the source does not say."""

    def __init__(
        self,
        project: Project,
        modules: Callable[[], Iterable[str]] | None = None,
        *,
        units: dict[str, ModuleFunctions | None] | None = None,
    ) -> None:
        """`modules` gives the names of all modules of the program, `units` what another evaluator has read of them."""
        self._project = project
        self._nesting = 0
        self.units: dict[str, ModuleFunctions | None] = {} if units is None else units
        self.declared = Declared(self)
        self._activations: dict[object, Activation] = {}
        self.index = Index(project, self, modules)
        self.containers = Containers(self, self.index)
        self.members = Members(project, self, self.index)
        self.names = Names(project, self)
        self.decoration = Decoration(project, self)

    # --- modules ------------------------------------------------------------------------------------------------------

    def unit(self, module: str) -> ModuleFunctions | None:
        """Return a module of the project, None for the runtime's and for what is not in the project."""
        if module.partition(".")[0] in RUNTIMES:
            return None
        source = self._project.load(module)
        if module not in self.units or (source is not None and self.units[module] is None):
            self.units[module] = None if source is None else ModuleFunctions(source)
        return self.units[module]

    def unit_of(self, source: Source) -> ModuleFunctions:
        """Return the unit of a source of the project."""
        unit = self.units.get(source.name)
        if unit is None or unit.source is not source:
            unit = self.units[source.name] = ModuleFunctions(source)
        return unit

    def module(self, name: str) -> Value:
        """Return what a module's name stands for."""
        head = name.partition(".")[0]
        if head in RUNTIMES:
            return Runtime("", head)
        unit = self.unit(name)
        return External(name) if unit is None else ProjectModule(unit.source)

    # --- expressions --------------------------------------------------------------------------------------------------

    def evaluate(self, node: ast.expr, function: Function, depth: int = 0) -> Value | None:
        """Return what an expression in a function's body stands for."""
        if depth > _MAX_DEPTH or self._nesting > _MAX_NESTING:
            return None
        self._nesting += 1
        try:
            return self._evaluate(node, function, depth + 1)
        finally:
            self._nesting -= 1

    def _evaluate(self, node: ast.expr, function: Function, depth: int) -> Value | None:  # noqa: C901, PLR0911, PLR0912  # one each
        made = _DISPLAYS.get(type(node))
        if made is not None:
            return External(made, Contents(made=Made(node, function)))
        match node:
            case ast.Name(id=name):
                return self.name(name, function, depth)
            case ast.Attribute(value=value, attr=attr):
                owner = self.evaluate(value, function, depth)
                return None if owner is None else self.members.attribute(owner, attr, depth)
            case ast.Call():
                return self._call(node, function, depth)
            case ast.Await(value=value):
                given = self.evaluate(value, function, depth)
                if isinstance(given, External):
                    return given if given.name.endswith(libraries.AWAITED) else None
                return given.result if isinstance(given, Coroutine) else None
            case ast.Subscript(value=value):
                return self._subscript(value, node.slice, function, depth)
            case ast.NamedExpr(value=value):
                return self.evaluate(value, function, depth)
            case ast.IfExp(body=body, orelse=orelse):
                both = [self.evaluate(body, function, depth), self.evaluate(orelse, function, depth)]
                return joined(value for value, part in zip(both, (body, orelse), strict=True) if not is_none(part))
            case ast.BoolOp(values=values):
                return self._either(node.op, values, function, depth)
            case ast.BinOp(left=left, right=right):
                return self._operator(left, right, function, depth)
            case ast.Lambda():
                inner = function.unit.function(node, owner=None, outer=function.definition)
                return FunctionRef(inner, FunctionKind.PLAIN, around=call_around(function))
            case ast.Constant(value=str()) | ast.JoinedStr():
                return External("builtins.str()")
            case _:
                return None

    def _either(self, op: ast.boolop, values: list[ast.expr], function: Function, depth: int) -> Value | None:
        """Return what ``a or b`` gives; functions and classes count as true."""
        found: list[Value] = []
        for node in values:
            value = self.evaluate(node, function, depth)
            if value is not None:
                found.append(value)
            if isinstance(op, ast.Or) and isinstance(value, FunctionRef | ClassRef | Partial):
                break
        return joined(found)

    def _operator(self, left: ast.expr, right: ast.expr, function: Function, depth: int) -> Value | None:
        first = self.evaluate(left, function, depth)
        if isinstance(first, External) and first.name in libraries.CLOSED_UNDER_OPERATORS:
            return External(first.name)
        second = self.evaluate(right, function, depth)
        if isinstance(second, External) and second.name in libraries.CLOSED_UNDER_OPERATORS and first is None:
            return second if second.name in libraries.PATHS else None
        if isinstance(first, External) and first.contents is not None:
            return External(first.name, Contents(either=(first, *([] if second is None else [second]))))
        return None

    def _subscript(self, value: ast.expr, index: ast.expr, function: Function, depth: int) -> Value | None:
        """Return the generic class of ``Generic[X]``, and the items of containers."""
        found = self.evaluate(value, function, depth)
        if isinstance(found, ClassRef) and self.members.is_enum(found.cls):
            return InstanceRef(found.cls)
        if isinstance(found, ClassRef) or (isinstance(found, External) and found.name in libraries.SUBSCRIPTED):
            return found
        if isinstance(found, Runtime):
            return found if not found.name.endswith("()") else None
        if isinstance(found, InstanceRef):
            method = self.members.get(found.cls, "__getitem__", depth)
            return self.function_result(method, depth) if isinstance(method, FunctionRef) else None
        return self.containers.item(found, index, depth)

    # --- calls --------------------------------------------------------------------------------------------------------

    def _call(self, node: ast.Call, function: Function, depth: int) -> Value | None:
        if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
            return self._super(function)
        called = self.evaluate(node.func, function, depth)
        return None if called is None else self.result(called, node, function, depth)

    def _super(self, function: Function) -> Value | None:
        place: Function | None = function
        while place is not None and place.owner is None:
            place = place.outer
        if place is None or place.owner is None:
            return None
        behind = place.receiver if isinstance(place, Activation) else None
        cls = behind.cls if isinstance(behind, InstanceRef | ClassRef) else place.owner
        return InstanceRef(cls, after=place.owner, behind_super=behind)

    def result(self, called: Value, node: ast.Call, function: Function, depth: int = 0) -> Value | None:  # noqa: PLR0911  # one each
        """Return what calling a value gives; a Coroutine where it is to be awaited first."""
        match called:
            case ClassRef(cls):
                if self.members.is_enum(cls):
                    return InstanceRef(cls)
                return InstanceRef(cls, is_exact=called.is_exact, made=Made(node, function))
            case External(name):
                if name == "operator.attrgetter()" and called.contents is not None:
                    return self._attribute_got(called.contents, node, function, depth)
                return self._external_result(name, node, function, depth)
            case Runtime():
                return self._runtime_result(called, node, function, depth)
            case FunctionRef():
                return self.function_result(called, depth, Made(node, function))
            case Partial(target):
                return self.result(target, node, function, depth)
            case InstanceRef(cls):
                method = self.members.attribute(called, "__call__", depth) if "__call__" in cls.methods else None
                return None if method is None else self.result(method, node, function, depth)
            case OneOf(values, _, labels):
                return joined((self.result(value, node, function, depth) for value in values), labels)
            case _:
                return None

    def _external_result(self, name: str, node: ast.Call, function: Function, depth: int) -> Value | None:
        if name in ("functools.partial", "functools.partialmethod") and node.args:
            target = self.evaluate(node.args[0], function, depth)
            return None if target is None else Partial(target, Made(node, function))
        if name in ("typing.cast", "typing_extensions.cast") and node.args:
            return self.annotated(node.args[0], function, depth)
        if name in libraries.SAME_FUNCTION and node.args:
            return self.evaluate(node.args[0], function, depth)
        if name in libraries.SEEDED and (node.args or node.keywords):
            return External(f"{name}(seed)")
        given = self._taken(name, node, function, depth)
        if given is not None:
            return given
        return External(libraries.normal(f"{name}()"), Contents(made=Made(node, function)))

    def _taken(self, name: str, node: ast.Call, function: Function, depth: int) -> Value | None:
        """Return what builtins and methods of containers take out of what they are given."""
        if name == "builtins.getattr" and len(node.args) > 1:
            return self._got(node.args[0], node.args[1], function, depth)
        if name in ("builtins.next", "builtins.max", "builtins.min") and len(node.args) == 1:
            return self.containers.iterated(self.evaluate(node.args[0], function, depth), depth)
        if isinstance(node.func, ast.Attribute) and name.startswith(("builtins.", "collections.")):
            container = self.evaluate(node.func.value, function, depth)
            return self.containers.taken(container, node.func.attr, node, function, depth)
        return None

    def _got(self, node: ast.expr, wanted: ast.expr, function: Function, depth: int) -> Value | None:
        """Return what ``getattr`` gives; for a name that is not known, any method."""
        owner = self.evaluate(node, function, depth)
        made = passed_on(Made(wanted, function))
        if owner is None:
            return None
        if isinstance(made.node, ast.Constant):
            return self.members.attribute(owner, str(made.node.value), depth)
        beginning = ""
        if isinstance(made.node, ast.JoinedStr) and isinstance(made.node.values[0], ast.Constant):
            beginning = str(made.node.values[0].value)
        found = [
            self.members.attribute(each, name, depth)
            for each in possible(owner)[0]
            for name in self.members.method_names(each)
            if name.startswith(beginning)
        ]
        return joined([*found, None])

    def _attribute_got(self, getter: Contents, node: ast.Call, function: Function, depth: int) -> Value | None:
        """Return what ``operator.attrgetter("name")(value)`` gives."""
        made = None if getter.made is None else getter.made.node
        if not isinstance(made, ast.Call) or len(made.args) != 1 or not node.args:
            return None
        return self._got(node.args[0], made.args[0], function, depth)

    def _runtime_result(self, called: Runtime, node: ast.Call, function: Function, depth: int) -> Value | None:
        name = called.name
        kind = KINDS.get(name.removesuffix("()"))
        if kind is not None:
            # `DBOS.step()` is the decorator, `DBOS.step()(function)` the step.
            if not name.endswith("()"):
                return Runtime(f"{name}()", called.package, Made(node, function))
            target = self.evaluate(node.args[0], function, depth) if node.args else None
            return joined(
                replace(each, kind=kind, decorated=called.made)
                for each in possible(target)[0]
                if isinstance(each, FunctionRef)
            )
        made = libraries.RUNTIME_RESULTS.get(name)
        if made is not None:
            is_coroutine, result = made
            value = None if result is None else Runtime(result, called.package)
            return Coroutine(called, value) if is_coroutine else value
        if name.rpartition(".")[2].endswith("_async"):
            return Coroutine(called, None)
        last = name.rpartition(".")[2]
        is_class = last[:1].isupper() and not name.endswith("()")
        return Runtime(f"{name}()", called.package, Made(node, function)) if is_class else None

    def function_result(self, called: FunctionRef, depth: int, call: Made | None = None) -> Value | None:
        """Return what calling a function of the project gives; ``call`` is the call of it."""
        node = called.function.node
        if isinstance(node, ast.Module):
            return None
        result: Value | None = None
        if isinstance(node, FunctionNode) and node.returns is not None:
            result = self.annotated(node.returns, called.function, depth, owner=called.function.owner)
        if not called.function.is_generator and (result is None or is_declared_only(result)):
            found = self._returned(called, depth, call)
            tells_more = result is None or isinstance(found, InstanceRef | FunctionRef | OneOf)
            result = found if found is not None and tells_more else result
        if called.function.is_async and not called.function.is_generator:
            return Coroutine(called, result)
        if called.function.is_generator:
            return None
        return result

    def _returned(self, called: FunctionRef, depth: int, call: Made | None) -> Value | None:
        """Return what the body of a function returns, where that is certain."""
        returned = [value for value in called.function.body.returned if not is_none(value)]
        if not returned or len(returned) > _MAX_RETURNED:
            return None
        inside = self.activation(called, call)
        found = joined(self.evaluate(value, inside, depth) for value in returned)
        return None if isinstance(found, OneOf) and found.is_open else found

    # --- calls of functions -------------------------------------------------------------------------------------------

    def activation(self, called: FunctionRef, call: Made | None) -> Function:
        """Return a function as one call of it runs it; the function itself where nothing is known of the call."""
        if call is None and called.receiver is None and called.around is None:
            return called.function
        passed = {} if call is None else bind(called.function, call, is_bound=called.is_bound)
        return self.activated(called, passed, key=call)

    def activated(self, called: FunctionRef, passed: Mapping[str, Passed], *, key: object) -> Activation:
        """Return a function as it runs with what is passed; the same one for the same key."""
        whole = (called.function, called.around, identity(called.receiver), key)
        found = self._activations.get(whole)
        if found is None:
            outer = called.around or called.function.outer
            found = Activation(called.function, passed, outer=outer, receiver=called.receiver)
            self._activations[whole] = found
        return found

    # --- names and kinds ----------------------------------------------------------------------------------------------

    def name(self, name: str, function: Function, depth: int = 0) -> Value | None:
        """Return what a name stands for in a function's body."""
        return self.names.name(name, function, depth)

    def global_name(self, source: Source, name: str, depth: int = 0) -> Value | None:
        """Return what a name of a module stands for, through star imports."""
        return self.names.global_name(source, name, depth)

    def binding(self, scope: Function, name: str, binding: Binding, depth: int) -> Value | None:
        """Return what one place that binds a name gives it."""
        return self.names.binding(scope, name, binding, depth)

    def origin(self, node: ast.ImportFrom, source: Source) -> str:
        """Return the full name of the module that a ``from`` import names."""
        return self.names.origin(node, source)

    def is_global(self, name: str, function: Function) -> bool:
        """Whether a name in a function's body is the module's own."""
        return self.names.is_global(name, function)

    def kind(self, function: Function) -> FunctionKind:
        """Return how the runtime treats calls of a function."""
        return self.decoration.kind(function)

    def decorator_kind(self, decorator: ast.expr, function: Function) -> FunctionKind | None:
        """Return what a decorator makes of the function; None when it is not one of the runtime's."""
        return self.decoration.decorator_kind(decorator, function)

    def decorator_value(self, decorator: ast.expr, function: Function) -> Value | None:
        """Return the decorator: the called function of ``@decorate(...)``."""
        return self.decoration.decorator_value(decorator, function)

    def ancestors(self, cls: Class) -> list[Class]:
        """Return the classes of the project that a class is derived from."""
        found: dict[Class, None] = {}
        pending = [cls]
        while pending:
            for base in self.members.bases(pending.pop()):
                if isinstance(base, ClassRef) and base.cls not in found:
                    found[base.cls] = None
                    pending.append(base.cls)
        return list(found)

    def annotated(
        self, node: ast.expr, function: Function, depth: int = 0, *, owner: Class | None = None
    ) -> Value | None:
        """Return an instance of what an annotation says, without None; None for unions and what is not known."""
        return self.declared.instance(node, function, depth, owner=owner)
