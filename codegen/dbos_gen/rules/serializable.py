"""dbos-serializable: what is to be stored and cannot be, in signatures, in values, and in exceptions."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from weakref import WeakKeyDictionary

from dbos_gen.program.program import Program
from dbos_gen.program.reach.reach import chain_finding, direct_finding, shown
from dbos_gen.python.scopes.resolution import Scope
from dbos_gen.python.values.functions import Function, FunctionKind
from dbos_gen.python.values.values import External, FunctionRef, InstanceRef, Runtime
from dbos_gen.rules.storable.decision import Refusal, refusal
from dbos_gen.rules.storable.described import Described
from dbos_gen.rules.storable.expressions import ExpressionDescriber
from dbos_gen.rules.storable.failures import Failures
from dbos_gen.rules.storable.handlers import Handlers
from dbos_gen.rules.storable.reading import Reader
from dbos_gen.sources.project import Source
from dbos_gen.syntax.bindings import FunctionNode
from dbos_gen.vocabulary.findings import Finding, Rule
from dbos_gen.vocabulary.operations import ASYNC_SUFFIX

_LONGEST = 40
_KEYS = ("Event", "Topic", "Stream")
# Operation -> position and name of what it stores.
_STORED = {
    "DBOS.set_event": (1, "value"),
    "DBOS.send": (1, "message"),
    "DBOS.write_stream": (1, "value"),
    "DBOSClient().send": (1, "message"),
}
# Operation -> how many arguments stand before those of the workflow, and whether the first is the workflow.
_STARTING = {
    "DBOS.start_workflow": (1, True),
    "Queue().enqueue": (1, True),
    "DBOSClient().enqueue": (1, False),
    "WorkflowRef().start": (0, False),
    "WorkflowRefAsync().start": (0, False),
    "WorkflowRef().enqueue": (1, False),
    "WorkflowRefAsync().enqueue": (1, False),
}
_DECORATING = {
    "DBOS.workflow()": FunctionKind.WORKFLOW,
    "DBOS.step()": FunctionKind.STEP,
    "DBOS.transaction()": FunctionKind.TRANSACTION,
}
_BINDING = frozenset({"staticmethod", "classmethod", "override", "final", "overload", "abstractmethod"})


def check(program: Program, source: Source) -> Iterable[Finding]:
    """Yield the findings of one module."""
    rule = _RULES.get(program)
    if rule is None:
        rule = _RULES[program] = Serializable(program)
    return rule.check(source)


class Serializable:
    """The rule over the modules of one program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._reader = Reader(program.resolver, program.project)
        self._expressions = ExpressionDescriber(program, self._reader)
        self._failures = Failures(program, self._expressions)
        self._handlers = Handlers(program, self._failures)

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the findings of one module."""
        for function, kind in self._program.recorded(source):
            yield from self._signature(function, kind)
        for function in (self._program.module_body(source), *self._program.functions(source)):
            for use in self._program.calls.of(function).uses:
                if use.is_call and isinstance(use.node, ast.Call):
                    yield from self._call(use.node, use.value, function)
        yield from self._keys(source)
        yield from self._exceptions(source)

    # --- signatures and results ---------------------------------------------------------------------------------------

    def _signature(self, function: Function, kind: FunctionKind) -> Iterator[Finding]:
        node = function.node
        if not isinstance(node, FunctionNode):
            return
        if function.is_generator:
            yield self._finding(
                function,
                node,
                f"`{shown(function)}` is a generator function and cannot be a {kind.value}: what it gives cannot be "
                "recorded",
                "return a list of the values",
            )
            return
        if self._is_rewritten(function):
            return
        if kind is FunctionKind.WORKFLOW:
            yield from self._parameters(function, node)
        returned = None if node.returns is None else refusal(self._expressions.declared(node.returns, function))
        if returned is not None and node.returns is not None:
            what = f"the result of {kind.value} `{shown(function)}`"
            yield self._refused(function, node.returns, what, returned, returned.path("result"))
            return
        for value in function.body.returned:
            yield from self._value(value, function, f"what {kind.value} `{shown(function)}` returns")

    def _is_rewritten(self, function: Function) -> bool:
        """Whether a decorator between the function and the runtime's may have changed the signature."""
        kinds = [self._program.evaluator.decorator_kind(decorator, function) for decorator in function.decorators]
        recorded = next((index for index, kind in enumerate(kinds) if kind is not None), -1)
        return any(
            _last_name(decorator) not in _BINDING and not self._keeps_signature(decorator, function)
            for decorator in function.decorators[recorded + 1 :]
        )

    def _keeps_signature(self, decorator: ast.expr, function: Function) -> bool:
        """Whether a decorator of the project says that it gives what it gets: `F` for `F`, `Callable[P, R]` for one."""
        value = self._program.evaluator.decorator_value(decorator, function)
        node = value.function.node if isinstance(value, FunctionRef) else None
        if not isinstance(node, FunctionNode) or node.returns is None:
            return False
        if not isinstance(decorator, ast.Call):
            first = next(iter((*node.args.posonlyargs, *node.args.args)), None)
            return first is not None and first.annotation is not None and _is_same(first.annotation, node.returns)
        match node.returns:
            case ast.Subscript(slice=ast.Tuple(elts=[ast.List(elts=[taken]), given])):
                return _is_same(taken, given)
            case _:
                return False

    def _parameters(self, function: Function, node: FunctionNode) -> Iterator[Finding]:
        for argument in _stored_parameters(function):
            if argument.annotation is None:
                continue
            described = self._expressions.declared(argument.annotation, function)
            what = f"parameter `{argument.arg}` of workflow `{shown(function)}`"
            unpacked = self._unpacked(argument, function) if argument is node.args.kwarg else None
            found = refusal(described if unpacked is None else unpacked)
            if found is not None:
                yield self._refused(function, argument.annotation, what, found, found.path(argument.arg))

    def _unpacked(self, argument: ast.arg, function: Function) -> Described | None:
        """Return the TypedDict of ``**kwargs: Unpack[Options]``."""
        match argument.annotation:
            case ast.Subscript(value=head, slice=inner):
                symbol = self._program.resolver.resolve(self._expressions.scope(function), head)
                if symbol is not None and symbol.is_typing("Unpack"):
                    return self._expressions.declared(inner, function)
            case _:
                pass
        return None

    # --- values -------------------------------------------------------------------------------------------------------

    def _call(self, call: ast.Call, called: External | Runtime | FunctionRef, function: Function) -> Iterator[Finding]:
        match called:
            case Runtime(name):
                name = name.removesuffix(ASYNC_SUFFIX)
                if name in _STORED:
                    yield from self._operation(call, name, function)
                elif name in _STARTING:
                    yield from self._start(call, name, function)
                elif name in _DECORATING:
                    yield from self._decorated(call, _DECORATING[name], function)
            case FunctionRef(target, FunctionKind.WORKFLOW):
                if not self._has_refused_parameter(target):
                    given = [*call.args[_receivers(called) :], *(word.value for word in call.keywords)]
                    yield from self._arguments(given, function, f"an argument of workflow `{shown(target)}`")
            case _:
                pass

    def _decorated(self, call: ast.Call, kind: FunctionKind, function: Function) -> Iterator[Finding]:
        """Read `workflow = DBOS.workflow()(function)`."""
        given = self._program.value(call.args[0], function) if call.args else None
        if isinstance(given, FunctionRef) and given.function.source is function.source:
            yield from self._signature(given.function, kind)

    def _operation(self, call: ast.Call, name: str, function: Function) -> Iterator[Finding]:
        position, keyword = _STORED[name]
        if _is_splat(call) or self._has_refused_key(call, function):
            return
        value = next((word.value for word in call.keywords if word.arg == keyword), None)
        if value is None and len(call.args) > position:
            value = call.args[position]
        if value is not None:
            yield from self._value(value, function, f"the {keyword} given to `{name.replace('()', '')}`")

    def _start(self, call: ast.Call, name: str, function: Function) -> Iterator[Finding]:
        before, has_target = _STARTING[name]
        target = self._program.value(call.args[0], function) if has_target and call.args else None
        what = f"an argument given to `{name.replace('()', '')}`"
        if isinstance(target, FunctionRef):
            if self._has_refused_parameter(target.function):
                return
            what = f"an argument of workflow `{shown(target.function)}`"
            before += _receivers(target)
        elif len(call.args) > before and isinstance(self._program.value(call.args[before], function), InstanceRef):
            before += 1  # it may be what a method is called on
        given = [*call.args[before:], *(word.value for word in call.keywords)]
        yield from self._arguments(given, function, what)

    def _arguments(self, given: list[ast.expr], function: Function, what: str) -> Iterator[Finding]:
        for value in given:
            if not isinstance(value, ast.Starred):
                yield from self._value(value, function, what)

    def _has_refused_parameter(self, workflow: Function) -> bool:
        node = workflow.node
        return isinstance(node, FunctionNode) and next(self._parameters(workflow, node), None) is not None

    def _has_refused_key(self, call: ast.Call, function: Function) -> bool:
        """Whether the key is an ``Event[T]`` whose T is refused where the key is made."""
        for argument in call.args:
            symbol = (
                self._program.resolver.resolve(self._program.scope(function).body, argument)
                if isinstance(argument, ast.Name | ast.Attribute)
                else None
            )
            match symbol.node if symbol is not None else None:
                case (
                    ast.Assign(value=ast.Call(func=ast.Subscript() as made))
                    | ast.AnnAssign(value=ast.Call(func=ast.Subscript() as made))
                ):
                    if symbol is not None and symbol.source is not None and self._key_refusal(made, symbol.source):
                        return True
                case _:
                    pass
        return False

    def _value(self, value: ast.expr, function: Function, what: str) -> Iterator[Finding]:
        if isinstance(value, ast.Name) and self._is_stored_parameter(value.id, function):
            return  # said where it is declared
        found = refusal(self._expressions.describe(value, function))
        if found is not None:
            text = " ".join(ast.unparse(value).split())
            root = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
            yield self._refused(function, value, what, found, found.path(root))

    def _is_stored_parameter(self, name: str, function: Function) -> bool:
        place: Function | None = function
        while place is not None:
            if any(parameter.arg == name for parameter in place.parameters):
                stored = _stored_parameters(place) if self._program.kind(place) is FunctionKind.WORKFLOW else []
                return any(parameter.arg == name for parameter in stored)
            place = place.outer
        return False

    # --- keys ---------------------------------------------------------------------------------------------------------

    def _keys(self, source: Source) -> Iterator[Finding]:
        module = self._program.module_body(source)
        bodies = [module.body, *(each.body for each in self._program.classes(source))]
        for body in (*bodies, *(function.body for function in self._program.functions(source))):
            declared = (binding.annotation for bindings in body.bindings.values() for binding in bindings)
            for node in (*body.subscripts, *declared):
                found = self._key_refusal(node, source) if isinstance(node, ast.Subscript) else None
                if found is not None and isinstance(node, ast.Subscript):
                    what = f"the type of this `{_last_name(node.value)}`"
                    yield self._refused(module, node, what, found, found.path("value"))

    def _key_refusal(self, node: ast.Subscript, source: Source) -> Refusal | None:
        if _last_name(node.value) not in _KEYS and not isinstance(node.value, ast.Name):
            return None
        scope = Scope(source=source)
        symbol = self._program.resolver.resolve(scope, node.value)
        if symbol is None or not symbol.is_dbos(*_KEYS):
            return None
        return refusal(self._reader.read(node.slice, scope))

    # --- exceptions ---------------------------------------------------------------------------------------------------

    def _exceptions(self, source: Source) -> Iterator[Finding]:
        reach = self._program.reach(Rule.SERIALIZABLE, self._failures.marks, name="exceptions")
        for function, kind in self._program.recorded(source):
            for found in self._handlers.untaken(function) if kind is FunctionKind.WORKFLOW else ():
                text = f"this `except` is never taken: {found.reason}"
                yield self._finding(function, found.node, text, found.remedy)
            for mark in reach.direct(function):
                yield direct_finding(mark, Rule.SERIALIZABLE)
            for edge, reached in reach.through(function):
                on_the_way = any(each.body.guarded for each in reached.chain[:-1])
                guarded = function.body.guarded
                if not on_the_way and not any(edge.node.lineno in lines for lines in guarded):
                    yield chain_finding(function, edge, reached, Rule.SERIALIZABLE)

    # --- words --------------------------------------------------------------------------------------------------------

    def _refused(self, function: Function, node: ast.expr, what: str, found: Refusal, path: str) -> Finding:
        text = f"{what} cannot be stored: `{path}` is of type `{found.shown}`{found.because}"
        return self._finding(function, node, text, found.remedy)

    def _finding(self, function: Function, node: ast.stmt | ast.expr, text: str, hint: str) -> Finding:
        return Finding(
            path=function.source.path,
            line=node.lineno,
            column=node.col_offset,
            code=Rule.SERIALIZABLE.value,
            text=text,
            hint=hint,
        )


_RULES: WeakKeyDictionary[Program, Serializable] = WeakKeyDictionary()


def _stored_parameters(function: Function) -> list[ast.arg]:
    """Return the parameters without ``self`` or ``cls``, which are not stored."""
    is_static = any(_last_name(decorator) == "staticmethod" for decorator in function.decorators)
    skipped = 1 if function.owner is not None and not is_static else 0
    return [argument for argument in function.parameters if argument not in function.positional[:skipped]]


def _receivers(called: FunctionRef) -> int:
    """How many arguments are what a method is called on, as in `start_workflow(Shop.restock, shop)`."""
    is_static = any(_last_name(decorator) == "staticmethod" for decorator in called.function.decorators)
    return 1 if called.function.owner is not None and not called.is_bound and not is_static else 0


def _is_same(one: ast.expr, other: ast.expr) -> bool:
    """Whether two annotations are the same and say what the parameters are, which `Callable[..., Any]` does not."""
    text = ast.dump(one)
    return text == ast.dump(other) and "Ellipsis" not in text


def _is_splat(call: ast.Call) -> bool:
    return any(isinstance(argument, ast.Starred) for argument in call.args)


def _last_name(node: ast.expr) -> str:
    head = node.func if isinstance(node, ast.Call) else node
    return head.attr if isinstance(head, ast.Attribute) else getattr(head, "id", "")
