"""The type of an expression as far as the source says it: literals, annotations, constructors and return types."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dbos_gen.python.scopes.resolution import Resolver, Scope, Symbol, dotted
from dbos_gen.python.types.annotations import Annotations
from dbos_gen.python.types.containers import call_result, element, item, method_result, unpacked
from dbos_gen.python.values.values import Passed, Value
from dbos_gen.sources.project import Source
from dbos_gen.syntax.bindings import Defined, FunctionNode, branches, collect
from dbos_gen.syntax.none_checks import is_not_none
from dbos_gen.vocabulary.type_expressions import ANY, NONE, Reference, TypeRef, builtin, subscript, union, without_none

_MAX_DEPTH = 12
_NUMBERS = (builtin("bool"), builtin("int"), builtin("float"))
_BUILTIN_RESULTS = {
    "any": "bool",
    "all": "bool",
    "isinstance": "bool",
    "ascii": "str",
    "str": "str",
    "repr": "str",
    "int": "int",
    "len": "int",
    "float": "float",
    "bool": "bool",
    "bytes": "bytes",
}
_CONSTRUCTED = frozenset(
    {
        ("datetime", "datetime"), ("datetime", "date"), ("datetime", "timedelta"), ("datetime", "time"),
        ("decimal", "Decimal"), ("uuid", "UUID"), ("pathlib", "Path"), ("fractions", "Fraction"),
    }
)  # fmt: skip
_CALL_RESULTS = {
    ("datetime", "datetime.now"): Reference("datetime", "datetime"),
    ("datetime", "datetime.fromisoformat"): Reference("datetime", "datetime"),
    ("datetime", "date.today"): Reference("datetime", "date"),
    ("time", "time"): Reference("builtins", "float"),
    ("time", "monotonic"): Reference("builtins", "float"),
    ("uuid", "uuid4"): Reference("uuid", "UUID"),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FunctionScope:
    """A function whose body is read: its own names, and where its annotations are looked up.

    ``arguments`` are what one call passes for its parameters, each with the scope of the caller; ``known`` are types of
    names that an expression binds for itself. ``outer`` is the function around it, ``receiver`` what a method is called
    on, ``given`` everything that the call passes.
    """

    node: FunctionNode
    body: Scope
    annotations: Scope
    arguments: Mapping[str, tuple[ast.expr, FunctionScope]] = field(
        default_factory=dict[str, "tuple[ast.expr, FunctionScope]"]
    )
    known: Mapping[str, TypeRef] = field(default_factory=dict[str, TypeRef])
    outer: FunctionScope | None = None
    receiver: Value | None = None
    given: Mapping[str, Passed] = field(default_factory=dict[str, Passed])

    @property
    def parameters(self) -> tuple[ast.arg, ...]:
        """Return the parameters that are not collected into a tuple or dict."""
        given = self.node.args
        return (*given.posonlyargs, *given.args, *given.kwonlyargs)

    def passed(self, node: ast.expr) -> tuple[ast.expr, FunctionScope]:
        """Return what a parameter stands for in this call, with the scope of its caller; else the expression itself."""
        scope = self
        while isinstance(node, ast.Name) and node.id in scope.arguments:
            node, scope = scope.arguments[node.id]
        return node, scope


def function_scope(node: FunctionNode, annotations: Scope, *, outer: FunctionScope | None = None) -> FunctionScope:
    """Return the scope of a function defined in ``annotations`` (and inside ``outer``, when it is nested)."""
    source = annotations.source
    own = collect(node.body, module=source.name, is_package=source.is_package).names
    inherited = dict(outer.body.locals) if outer is not None else {}
    body = Scope(source=source, locals={**inherited, **own}, type_parameters=annotations.type_parameters)
    return FunctionScope(node=node, body=body, annotations=annotations, outer=outer)


def passed_by(
    call: ast.Call, caller: FunctionScope, callee: FunctionScope, *, is_bound: bool
) -> dict[str, tuple[ast.expr, FunctionScope]]:
    """Return what a call passes for the parameters of a function, and the defaults of those that it leaves out."""
    given = callee.node.args
    positional = [*given.posonlyargs, *given.args]
    own = module_function(callee.annotations.source)
    defaults = dict(zip(reversed(positional), reversed(given.defaults), strict=False))
    defaults.update((name, value) for name, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value)
    found = {parameter.arg: (default, own) for parameter, default in defaults.items()}
    for parameter, value in zip(positional[is_bound:], call.args, strict=False):
        if isinstance(value, ast.Starred):
            break
        found[parameter.arg] = (value, caller)
    found.update((word.arg, (word.value, caller)) for word in call.keywords if word.arg is not None)
    return found


class Inference:
    """Infers types without running anything; None means that the source does not say."""

    def __init__(self, resolver: Resolver, annotations: Annotations) -> None:
        self._resolver = resolver
        self._annotations = annotations
        # The nodes are Any in the rules: each rule gets the kinds of node that the table gives it.
        self._rules: dict[type[ast.expr], Callable[[Any, FunctionScope, int], TypeRef | None]] = {
            ast.Constant: lambda node, _scope, _depth: _constant_type(node),
            ast.JoinedStr: lambda _node, _scope, _depth: builtin("str"),
            ast.Compare: lambda _node, _scope, _depth: builtin("bool"),
            ast.UnaryOp: self._operator,
            ast.BinOp: self._operator,
            ast.IfExp: lambda node, scope, depth: self._union((node.body, node.orelse), scope, depth),
            ast.BoolOp: lambda node, scope, depth: self._union(node.values, scope, depth),
            ast.NamedExpr: lambda node, scope, depth: self.infer(node.value, scope, depth),
            **dict.fromkeys((ast.List, ast.Set, ast.Tuple, ast.Dict), self._display),
            **dict.fromkeys((ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp), self._comprehension),
            ast.Subscript: self._subscript,
            ast.Await: self._await,
            ast.Call: lambda node, scope, depth: self._call(node, scope, depth, awaited=False),
            ast.Name: self._name,
            ast.Attribute: self._attribute,
        }

    def infer(self, node: ast.expr, scope: FunctionScope, depth: int = 0) -> TypeRef | None:
        """Return the type of an expression inside a function."""
        rule = self._rules.get(type(node))
        return None if rule is None or depth > _MAX_DEPTH else rule(node, scope, depth + 1)

    def _operator(self, node: ast.expr, scope: FunctionScope, depth: int) -> TypeRef | None:
        match node:
            case ast.UnaryOp(op=ast.Not()):
                return builtin("bool")
            case ast.UnaryOp(operand=operand):
                return self.infer(operand, scope, depth)
            case ast.BinOp():
                return self._arithmetic(node, scope, depth)
            case _:
                return None

    def _display(self, node: ast.expr, scope: FunctionScope, depth: int) -> TypeRef | None:
        match node:
            case ast.List(elts=elements):
                return self._collection("list", elements, scope, depth)
            case ast.Set(elts=elements):
                return self._collection("set", elements, scope, depth)
            case ast.Tuple(elts=elements):
                members = [self.infer(element, scope, depth) for element in elements]
                known = [member for member in members if member is not None]
                return subscript(builtin("tuple"), *known) if known and len(known) == len(members) else None
            case ast.Dict(keys=keys, values=values):
                return self._mapping(keys, values, scope, depth)
            case _:
                return None

    def _comprehension(self, node: ast.expr, scope: FunctionScope, depth: int) -> TypeRef | None:
        match node:
            case ast.ListComp(elt=value, generators=generators):
                return self._collection("list", [value], self._inside(generators, scope, depth), depth)
            case ast.SetComp(elt=value, generators=generators):
                return self._collection("set", [value], self._inside(generators, scope, depth), depth)
            case ast.GeneratorExp(elt=value, generators=generators):
                each = self.infer(value, self._inside(generators, scope, depth), depth)
                return None if each is None else subscript(TypeRef((Reference("collections.abc", "Iterable"),)), each)
            case ast.DictComp(key=key, value=value, generators=generators):
                return self._mapping([key], [value], self._inside(generators, scope, depth), depth)
            case _:
                return None

    def _inside(self, generators: Sequence[ast.comprehension], scope: FunctionScope, depth: int) -> FunctionScope:
        """Return the scope of a comprehension's element."""
        for generator in generators:
            iterated = self.infer(generator.iter, scope, depth)
            each = None if iterated is None else element(iterated)
            known = {name: kind or ANY for name, kind in _bound(generator.target, each)}
            scope = replace(scope, known={**scope.known, **known})
        return scope

    def _subscript(self, node: ast.Subscript, scope: FunctionScope, depth: int) -> TypeRef | None:
        value = self.infer(node.value, scope, depth)
        return None if value is None else item(value, node.slice)

    def _await(self, node: ast.Await, scope: FunctionScope, depth: int) -> TypeRef | None:
        if not isinstance(node.value, ast.Call):
            return None
        symbol = self._resolver.resolve(scope.body, node.value.func)
        if symbol is not None and (symbol.module, symbol.path) == ("asyncio", "gather"):
            return self._gathered(node.value, scope, depth)
        return self._call(node.value, scope, depth, awaited=True)

    def _gathered(self, node: ast.Call, scope: FunctionScope, depth: int) -> TypeRef | None:
        match node.args:
            case [ast.Starred(value=(ast.ListComp() | ast.GeneratorExp()) as made)]:
                inner = self._inside(made.generators, scope, depth)
                each = self._call(made.elt, inner, depth, awaited=True) if isinstance(made.elt, ast.Call) else None
                return None if each is None else subscript(builtin("list"), each)
            case arguments:
                kinds = [
                    self._call(argument, scope, depth, awaited=True) if isinstance(argument, ast.Call) else None
                    for argument in arguments
                ]
                known = [kind for kind in kinds if kind is not None]
                return subscript(builtin("tuple"), *known) if known and len(known) == len(kinds) else None

    def _union(self, nodes: Iterable[ast.expr], scope: FunctionScope, depth: int) -> TypeRef | None:
        members = [self.infer(node, scope, depth) for node in nodes]
        known = [member for member in members if member is not None]
        return union(*known) if known and len(known) == len(members) else None

    def _collection(self, name: str, elements: list[ast.expr], scope: FunctionScope, depth: int) -> TypeRef | None:
        element = self._union(elements, scope, depth)
        return None if element is None else subscript(builtin(name), element)

    def _mapping(
        self, keys: list[ast.expr | None], values: list[ast.expr], scope: FunctionScope, depth: int
    ) -> TypeRef | None:
        plain = [key for key in keys if key is not None]
        key = self._union(plain, scope, depth) if len(plain) == len(keys) else None
        value = self._union(values, scope, depth)
        return subscript(builtin("dict"), key, value) if key is not None and value is not None else None

    def _arithmetic(self, node: ast.BinOp, scope: FunctionScope, depth: int) -> TypeRef | None:
        left, right = self.infer(node.left, scope, depth), self.infer(node.right, scope, depth)
        if left == builtin("str") and isinstance(node.op, ast.Mod | ast.Mult):
            return left
        if left == right == builtin("str"):
            return left
        if left in _NUMBERS and right in _NUMBERS:
            if isinstance(node.op, ast.Div) or builtin("float") in (left, right):
                return builtin("float")
            # An integer power with a negative exponent is a float.
            return builtin("int") if not isinstance(node.op, ast.Pow) else None
        return None

    def _name(self, node: ast.Name, scope: FunctionScope, depth: int) -> TypeRef | None:
        found = self._variable(node.id, scope, depth)
        given = None if found is None else without_none(found)
        return given if given != found and is_not_none(node, scope.node.body) else found

    def _variable(self, name: str, scope: FunctionScope, depth: int) -> TypeRef | None:
        if name in scope.known:
            return None if scope.known[name] == ANY else scope.known[name]
        for argument in scope.parameters:
            if argument.arg == name:
                return self._parameter(argument, scope, depth)
        if name in scope.body.locals or any(_binds_statement(inner, name) for inner in _statements(scope.node.body)):
            return self._local(name, scope, depth)
        symbol = self._resolver.lookup(scope.body, (name,))
        return self._constant(symbol, depth)

    def _parameter(self, parameter: ast.arg, scope: FunctionScope, depth: int) -> TypeRef | None:
        declared = None
        if parameter.annotation is not None:
            declared = self._annotations.convert(parameter.annotation, scope.annotations)
        given = scope.arguments.get(parameter.arg)
        says_nothing = declared is None or declared == ANY or any(map(self._is_variable, declared.references))
        if given is None or not says_nothing:
            return declared
        return self.infer(given[0], given[1], depth)

    def _is_variable(self, reference: Reference) -> bool:
        return self._annotations.is_type_variable(reference)

    def _local(self, name: str, scope: FunctionScope, depth: int) -> TypeRef | None:
        """Return the declared type of a local variable, else the union of everything it is assigned."""
        kinds: list[TypeRef | None] = []
        for statement in _statements(scope.node.body):
            match statement:
                case ast.AnnAssign(target=ast.Name(id=target), annotation=annotation) if target == name:
                    return self._annotations.convert(annotation, scope.body)
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        if _binds(target, name):
                            kinds.extend(self._unpacked(target, self.infer(value, scope, depth), name))
                case ast.AugAssign(target=ast.Name(id=target), value=value) if target == name:
                    kinds.append(self.infer(value, scope, depth))
                case ast.For(target=target, iter=iterable) | ast.AsyncFor(target=target, iter=iterable):
                    if _binds(target, name):
                        iterated = self.infer(iterable, scope, depth)
                        each = None if iterated is None else element(iterated)
                        kinds.extend(self._unpacked(target, each, name))
                case _:
                    pass
        known = [kind for kind in kinds if kind is not None]
        return union(*known) if known and len(known) == len(kinds) else None

    def _unpacked(self, target: ast.expr, value: TypeRef | None, name: str) -> list[TypeRef | None]:
        return [kind for bound, kind in _bound(target, value) if bound == name]

    def _constant(self, symbol: Symbol | None, depth: int) -> TypeRef | None:
        """Return the type of a variable of a module or of a class."""
        if symbol is None or symbol.source is None:
            return None
        module = Scope(source=symbol.source)
        match symbol.node:
            case ast.AnnAssign(annotation=annotation, value=value):
                final = self._resolver.resolve(module, annotation)
                if final is not None and final.is_typing("Final", "ClassVar"):
                    return None if value is None else self.infer(value, module_function(symbol.source), depth)
                return self._annotations.convert(annotation, module)
            case ast.Assign(value=value):
                return self.infer(value, module_function(symbol.source), depth)
            case _:
                return None

    def _attribute(self, node: ast.Attribute, scope: FunctionScope, depth: int) -> TypeRef | None:
        symbol = self._resolver.resolve(scope.body, node) if not _is_variable(node, scope) else None
        if symbol is not None and symbol.is_dbos("DBOS.workflow_id"):
            return builtin("str")
        if symbol is not None and symbol.node is not None and symbol.source is not None:
            owner = self._class(Reference(symbol.module, symbol.path.rpartition(".")[0]))
            if owner is not None and self._is_enum(owner) and isinstance(symbol.node, ast.Assign):
                return TypeRef((Reference(owner.module, owner.path),))
            return self._constant(symbol, depth)
        member = self.member(node, scope, depth)
        match member:
            case (ast.AnnAssign(annotation=annotation), annotation_scope):
                return self._annotations.convert(annotation, annotation_scope)
            case ((ast.FunctionDef(returns=ast.expr() as returns) as function), annotation_scope):
                names = [dotted(decorator) for decorator in function.decorator_list]
                is_property = any(name is not None and name[-1] in ("property", "cached_property") for name in names)
                return self._annotations.convert(returns, annotation_scope) if is_property else None
            case _:
                return None

    def _call(self, node: ast.Call, scope: FunctionScope, depth: int, *, awaited: bool) -> TypeRef | None:
        symbol = self._resolver.resolve(scope.body, node.func) if not _is_variable(node.func, scope) else None
        known = None if symbol is None else self._known_call(symbol, node, scope, depth, awaited=awaited)
        if known is not None or not isinstance(node.func, ast.Attribute):
            return known
        owner = self.infer(node.func.value, scope, depth)
        of_builtin = None if owner is None else method_result(owner, node.func.attr)
        if of_builtin is not None:
            return of_builtin
        match self.member(node.func, scope, depth):
            case ((ast.FunctionDef() | ast.AsyncFunctionDef()) as method, annotation_scope):
                return self._result(method, annotation_scope, awaited=awaited)
            case _:
                return None

    def _known_call(
        self, symbol: Symbol, node: ast.Call, scope: FunctionScope, depth: int, *, awaited: bool
    ) -> TypeRef | None:
        key = (symbol.module, symbol.path)
        if symbol.module == "builtins" and symbol.path in _BUILTIN_RESULTS:
            return builtin(_BUILTIN_RESULTS[symbol.path])
        if symbol.module == "builtins" and not any(isinstance(argument, ast.Starred) for argument in node.args):
            return call_result(symbol.path, [self.infer(argument, scope, depth) for argument in node.args])
        if key in _CONSTRUCTED:
            return TypeRef((Reference(*key),))
        if key in _CALL_RESULTS:
            return TypeRef((_CALL_RESULTS[key],))
        if symbol.is_typing("cast") and node.args:
            return self._annotations.convert(node.args[0], scope.body)
        if isinstance(symbol.node, ast.ClassDef) and not symbol.is_local:
            made = self._annotations.convert(node.func, scope.body)
            # The arguments of a generic class are not worked out.
            return made if made.parts == (Reference(*key),) else None
        if isinstance(symbol.node, FunctionNode) and symbol.source is not None:
            outer = self.owner_scope(symbol)
            result = self._result(symbol.node, outer, awaited=awaited)
            return result or self._passed_on(symbol.node, outer, node, scope, depth)
        return None

    def _passed_on(
        self, node: FunctionNode, outer: Scope, call: ast.Call, caller: FunctionScope, depth: int
    ) -> TypeRef | None:
        """Return the type of the argument that a function returns: ``def same(value: T) -> T``."""
        if not isinstance(node.returns, ast.Name) or outer.owner is not None:
            return None
        result = self._annotations.convert(node.returns, outer)
        if not any(map(self._is_variable, result.references)):
            return None
        scope = function_scope(node, outer)
        passed = passed_by(call, caller, scope, is_bound=False)
        for parameter in scope.parameters:
            is_same = isinstance(parameter.annotation, ast.Name) and parameter.annotation.id == node.returns.id
            if is_same and parameter.arg in passed:
                return self.infer(*passed[parameter.arg], depth)
        return None

    def _result(self, node: FunctionNode, scope: Scope, *, awaited: bool) -> TypeRef | None:
        if node.returns is None or isinstance(node, ast.AsyncFunctionDef) is not awaited:
            return None
        found = self._annotations.convert(node.returns, scope)
        if any(self._annotations.is_type_variable(reference) for reference in found.references):
            return None
        return None if found == ANY else found

    def member(self, node: ast.Attribute, scope: FunctionScope, depth: int = 0) -> tuple[ast.stmt, Scope] | None:
        """Return the declaration of an attribute of a value whose class the project defines."""
        owner = self.infer(node.value, scope, depth)
        if owner is None or len(owner.parts) != 1 or not isinstance(owner.parts[0], Reference):
            return None
        symbol = self._class(Reference(owner.parts[0].module, f"{owner.parts[0].path}.{node.attr}"))
        if symbol is None or symbol.node is None or symbol.source is None:
            return None
        return symbol.node, self.owner_scope(symbol)

    def _class(self, reference: Reference) -> Symbol | None:
        source = self._resolver.load(reference.module) if reference.module and reference.path else None
        return None if source is None else self._resolver.lookup(Scope(source=source), tuple(reference.path.split(".")))

    def owner_scope(self, symbol: Symbol) -> Scope:
        """Return the scope in which the annotations of a function or variable are looked up."""
        if symbol.source is None:
            msg = f"{symbol.module}.{symbol.path} has no source"
            raise AssertionError(msg)
        owner_path = symbol.path.rpartition(".")[0]
        owner = self._class(Reference(symbol.module, owner_path)) if owner_path else None
        if owner is not None and isinstance(owner.node, ast.ClassDef):
            return Scope(source=symbol.source, owner=owner.node, owner_path=owner_path)
        return Scope(source=symbol.source)

    def _is_enum(self, symbol: Symbol, depth: int = 0) -> bool:
        if not isinstance(symbol.node, ast.ClassDef) or symbol.source is None or depth > _MAX_DEPTH:
            return False
        for base in symbol.node.bases:
            found = self._resolver.resolve(Scope(source=symbol.source), base)
            if found is not None and (found.module == "enum" or self._is_enum(found, depth + 1)):
                return True
        return False


def _constant_type(node: ast.Constant) -> TypeRef:
    return NONE if node.value is None else builtin(type(node.value).__name__)


def _is_variable(node: ast.expr, scope: FunctionScope) -> bool:
    """Whether a dotted name starts at a parameter or a local variable rather than at a module's name."""
    name = dotted(node)
    if name is None:
        return True
    arguments = scope.node.args
    if any(argument.arg == name[0] for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)):
        return True
    binding = scope.body.locals.get(name[0])
    return isinstance(binding, Defined) and isinstance(binding.node, ast.Assign | ast.AnnAssign)


def _binds_statement(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.For | ast.AsyncFor) and _binds(node.target, name)


def _binds(target: ast.expr, name: str) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(target))


def _bound(target: ast.expr, kind: TypeRef | None) -> Iterable[tuple[str, TypeRef | None]]:
    """Yield the variables that a value is assigned to, each with its type."""
    match target:
        case ast.Name(id=name):
            yield name, kind
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            has_star = any(isinstance(part, ast.Starred) for part in targets)
            kinds = None if kind is None or has_star else unpacked(kind, len(targets))
            for index, part in enumerate(targets):
                yield from _bound(part, None if kinds is None else kinds[index])
        case ast.Starred(value=value):
            yield from _bound(value, None)
        case _:
            return


def _statements(body: list[ast.stmt]) -> Iterable[ast.stmt]:
    for statement in body:
        yield statement
        for branch in branches(statement):
            yield from _statements(branch)


def module_function(source: Source) -> FunctionScope:
    """Return a scope in which a module's own constants are read."""
    empty = ast.FunctionDef(
        name="<module>",
        args=ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[]),
        body=[],
        decorator_list=[],
    )
    scope = Scope(source=source)
    return FunctionScope(node=empty, body=scope, annotations=scope)
