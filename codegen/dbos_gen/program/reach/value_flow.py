"""Where the value of an expression goes: whether it is only told to people, returned, or decides something."""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterable, Sequence

from dbos_gen.program.reach.calls import Calls
from dbos_gen.program.reach.logging_calls import gives_a_logger, tells
from dbos_gen.program.reach.pure_expressions import PureExpressions, is_pure
from dbos_gen.python.values.argument_facts import given
from dbos_gen.python.values.evaluation import Evaluator
from dbos_gen.python.values.functions import Function, FunctionKind
from dbos_gen.python.values.memoization import fills_once, is_cached, is_guarded
from dbos_gen.python.values.values import Coroutine, External, FunctionRef
from dbos_gen.sources.memory import Memory
from dbos_gen.sources.project import Project
from dbos_gen.syntax.body import BindingForm, children


class Flow(enum.Flag):
    """What becomes of a value; nothing where it is dropped."""

    NOTHING = 0
    TOLD = enum.auto()
    RETURNED = enum.auto()
    USED = enum.auto()
    KEPT = enum.auto()
    """It is made once and is the same each time from then on."""


_FILLING = frozenset({"append", "appendleft", "extend", "insert", "add", "update", "setdefault"})
_CHANGING = _FILLING | {"pop", "popitem", "remove", "clear", "discard", "sort", "reverse"}
_FRESH = frozenset({"builtins.dict()", "builtins.list()", "builtins.set()", "collections.defaultdict()"})
_PASSING_UP = (
    ast.FormattedValue, ast.JoinedStr, ast.BinOp, ast.UnaryOp, ast.Compare, ast.List, ast.Tuple, ast.Set, ast.Dict,
    ast.Starred, ast.Slice, ast.Await, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip
"""Expressions that are what they are made of."""
_Parents = dict[ast.AST, ast.AST]


def after(flow: Flow, following: Flow) -> Flow:
    """Return what becomes of a value in a function, when ``following`` becomes of what the function returns."""
    return (flow & ~Flow.RETURNED) | following if flow & Flow.RETURNED else flow


class Flows:
    """Follows values through the expressions and variables of a function, and through the helpers it calls."""

    def __init__(self, project: Project, evaluator: Evaluator, calls: Calls, harmless: PureExpressions) -> None:
        self._evaluator = evaluator
        self._calls = calls
        self._harmless = harmless
        self._parents: dict[Function, _Parents] = {}
        self._parameters: Memory[tuple[Function, str], Flow] = Memory(project)

    def of(self, node: ast.expr | ast.stmt, function: Function) -> Flow:
        """Return what becomes of the value of an expression."""
        return _FlowWalk(self, function).up(node) if isinstance(node, ast.expr) else Flow.USED

    def then(self, node: ast.expr | ast.stmt, function: Function, returned: Flow) -> Flow:
        """Return what becomes of the value of an expression, when ``returned`` becomes of what the function returns."""
        return after(self.of(node, function), returned)

    def parameter(self, function: Function, name: str) -> Flow:
        """Return what becomes of what a parameter is given."""
        return self._parameters.get(
            (function, name), lambda: _FlowWalk(self, function).variable(name), lambda: Flow.USED
        )

    def parents(self, function: Function) -> _Parents:
        """Return the node around each node of a body, without the bodies of functions and classes in it."""
        found = self._parents.get(function)
        if found is None:
            found = self._parents[function] = {}
            pending: list[ast.AST] = [function.node]
            while pending:
                node = pending.pop()
                if node is not function.node and isinstance(
                    node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
                ):
                    continue
                for inner in children(node):
                    found[inner] = node
                    pending.append(inner)
        return found

    def argument(self, call: ast.Call, node: ast.AST, walk: _FlowWalk) -> Flow:
        """Return what becomes of an argument of a call."""
        function = walk.function
        if tells(call, function, self._evaluator):
            return Flow.TOLD
        if gives_a_logger(call, function, self._evaluator):
            return walk.up(call)
        func = call.func
        if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.attr in _FILLING:
            if self.is_fresh(func.value.id, function):
                return walk.variable(func.value.id)
            is_once = func.attr == "setdefault" and fills_once(func.value, function)
            return self.kept(call, function) if is_once else Flow.USED
        value = self._evaluator.evaluate(func, function)
        if isinstance(value, External):
            return walk.up(call) if is_pure(value.name) else Flow.USED
        if not isinstance(value, FunctionRef) or value.kind.is_recorded or self._calls.outer_wrappers(value.function):
            return Flow.USED
        name = _parameter(value, call, node)
        flow = Flow.USED if name is None else self.parameter(value.function, name)
        return after(flow, walk.up(call)) if flow & Flow.RETURNED else flow

    def is_fresh(self, name: str, function: Function) -> bool:
        """Whether a local name stands for a list, dictionary or set that the function itself made."""
        bindings = function.body.bindings.get(name, [])
        if name not in function.own_names or any(parameter.arg == name for parameter in function.parameters):
            return False
        return bool(bindings) and all(
            binding.how is BindingForm.ASSIGNED
            and isinstance(binding.value, ast.Dict | ast.List | ast.Set | ast.Call)
            and (value := self._evaluator.evaluate(binding.value, function)) is not None
            and isinstance(value, External)
            and value.name in _FRESH
            for binding in bindings
        )

    def kept(self, node: ast.expr, function: Function) -> Flow:
        """Return what becomes of what a function keeps; where nobody knows what it is, its use cannot be told."""
        return Flow.USED | Flow.KEPT if self.is_known(node, function) else Flow.USED

    def is_known(self, node: ast.expr | None, function: Function) -> bool:
        """Whether the source says what a function keeps, in a node or as its result."""
        value = None if node is None else self._evaluator.evaluate(node, function)
        if value is None and not function.is_generator:
            value = self._evaluator.function_result(FunctionRef(function, FunctionKind.PLAIN), 0)
        return value is not None and not (isinstance(value, Coroutine) and value.result is None)

    def only_tell(self, statements: Iterable[ast.stmt], function: Function) -> bool:
        """Whether statements do nothing but tell people something."""
        return self._harmless.statements(statements, function)

    def is_harmless(self, nodes: Iterable[ast.expr], function: Function) -> bool:
        """Whether evaluating expressions does nothing."""
        return all(self._harmless.expression(node, function) for node in nodes)

    def is_telling(self, call: ast.Call, function: Function) -> bool:
        """Whether a call only tells people something."""
        return tells(call, function, self._evaluator)

    def is_logger(self, call: ast.Call, function: Function) -> bool:
        """Whether a call gives a logger."""
        return gives_a_logger(call, function, self._evaluator)


class _FlowWalk:
    """One question: goes from an expression outwards, and on to where variables are read."""

    def __init__(self, flows: Flows, function: Function, seen: set[tuple[Function, str]] | None = None) -> None:
        self._flows = flows
        self.function = function
        self._parents = flows.parents(function)
        self._seen: set[tuple[Function, str]] = set() if seen is None else seen

    def up(self, node: ast.AST) -> Flow:  # noqa: C901, PLR0911, PLR0912  # one for each kind of node
        """Return what becomes of the value of a node."""
        parent = self._parents.get(node)
        match parent:
            case ast.Expr():
                return Flow.NOTHING
            case ast.Return() | ast.Lambda():
                return self._returned()
            case ast.NamedExpr(target=target):
                return self.variable(target.id) | self.up(parent)
            case ast.Assign(targets=targets):
                return self._targets(targets)
            case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
                return self._targets([target])
            case ast.Attribute(ctx=ast.Load()):
                return self._attribute(parent)
            case ast.Subscript(value=value, ctx=ctx):
                if isinstance(ctx, ast.Load):
                    return self.up(parent)
                is_own = value is node and isinstance(value, ast.Name) and self._flows.is_fresh(value.id, self.function)
                return Flow.NOTHING if is_own else Flow.USED
            case ast.Call():
                return self._flows.argument(parent, node, self)
            case ast.keyword():
                call = self._parents.get(parent)
                return self._flows.argument(call, parent, self) if isinstance(call, ast.Call) else Flow.USED
            case ast.IfExp(test=test, body=body, orelse=orelse):
                is_fine = test is not node or self._flows.is_harmless((body, orelse), self.function)
                return self.up(parent) if is_fine else Flow.USED
            case ast.BoolOp(values=values):
                return self._operand(parent, values, node)
            case ast.If(body=body, orelse=orelse):
                is_fine = self._flows.only_tell((*body, *orelse), self.function)
                return Flow.TOLD if is_fine else Flow.USED
            case ast.For(iter=iterated, body=body, orelse=orelse) if iterated is node:
                is_fine = self._flows.only_tell((*body, *orelse), self.function)
                return Flow.TOLD if is_fine else Flow.USED
            case ast.AST() if isinstance(parent, _PASSING_UP):
                return self.up(parent)
            case _:
                return Flow.USED

    def variable(self, name: str) -> Flow:
        """Return what becomes of a variable, wherever it is read."""
        function = self.function
        if (function, name) in self._seen:
            return Flow.NOTHING
        self._seen.add((function, name))
        if function.is_module or name not in function.own_names:
            return Flow.USED
        return self._read(name)

    def _read(self, name: str) -> Flow:
        body = self.function.body
        if any(_mentions(cls, name) for cls in body.classes):
            return Flow.USED
        found = Flow.NOTHING
        for node in body.names:
            if node.id == name:
                found |= self.up(node)
        inner = [each for functions in self.function.nested.values() for each in functions]
        inner += [self.function.unit.function(node, owner=None, outer=self.function) for node in body.lambdas]
        for each in inner:
            found |= self._read_inside(each, name)
        return found

    def _read_inside(self, inner: Function, name: str) -> Flow:
        if name in inner.body.nonlocal_names:
            return Flow.USED
        if name in inner.own_names or not _mentions(inner.node, name):
            return Flow.NOTHING
        flow = _FlowWalk(self._flows, inner, self._seen)._read(name)  # noqa: SLF001  # of the same class
        return Flow.USED if flow & Flow.RETURNED else flow

    def _targets(self, targets: Sequence[ast.expr]) -> Flow:
        found = Flow.NOTHING
        for target in targets:
            match target:
                case ast.Name(id=name):
                    is_once = name in self.function.body.global_names and is_guarded(name, self.function)
                    found |= self._flows.kept(target, self.function) if is_once else self.variable(name)
                case ast.Attribute(attr=name) if is_guarded(name, self.function):
                    found |= self._flows.kept(target, self.function)
                case ast.Tuple(elts=elements) | ast.List(elts=elements):
                    found |= self._targets(elements)
                case ast.Starred(value=value):
                    found |= self._targets([value])
                case ast.Subscript(value=ast.Name(id=name)) if self._flows.is_fresh(name, self.function):
                    found |= self.variable(name)
                case ast.Subscript(value=value) if fills_once(value, self.function):
                    found |= self._flows.kept(target, self.function)
                case _:
                    found |= Flow.USED
        return found

    def _returned(self) -> Flow:
        if self.function.is_generator:
            return Flow.USED
        is_kept = is_cached(self.function) and self._flows.is_known(None, self.function)
        return Flow.RETURNED | Flow.KEPT if is_kept else Flow.RETURNED

    def _attribute(self, node: ast.Attribute) -> Flow:
        call = self._parents.get(node)
        if not isinstance(call, ast.Call) or call.func is not node:
            return self.up(node)
        if self._flows.is_telling(call, self.function):
            return Flow.TOLD
        if node.attr in _CHANGING and not self._flows.is_logger(call, self.function):
            if not isinstance(node.value, ast.Name) or not self._flows.is_fresh(node.value.id, self.function):
                return Flow.USED
            return self.up(call) if node.attr in ("pop", "popitem", "setdefault") else Flow.NOTHING
        return self.up(call)

    def _operand(self, node: ast.BoolOp, values: list[ast.expr], child: ast.AST) -> Flow:
        index = next((at for at, value in enumerate(values) if value is child), len(values))
        is_fine = self._flows.is_harmless(values[index + 1 :], self.function)
        return self.up(node) if is_fine else Flow.USED


def _mentions(node: ast.AST, name: str) -> bool:
    return any(isinstance(inner, ast.Name) and inner.id == name for inner in ast.walk(node))


def _parameter(called: FunctionRef, call: ast.Call, node: ast.AST) -> str | None:
    """Return the parameter that gets an argument, which is an expression or a keyword with it."""
    function = called.function
    arguments = given(function, call, is_bound=called.is_bound)
    if arguments is None or isinstance(function.node, ast.Module):
        return None
    value = node.value if isinstance(node, ast.keyword) else node
    name = next((name for name, each in arguments.items() if each is value), None)
    rest = function.node.args.kwarg if isinstance(node, ast.keyword) else function.node.args.vararg
    return name if name is not None or rest is None else rest.arg
