"""The skeleton of a workflow: its recorded calls in the order in which they take their numbers."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from dbos_gen.contract.skeletons.condition_text import Wording
from dbos_gen.contract.skeletons.expansion import BodyReading, Expansion
from dbos_gen.contract.skeletons.simplification import contains, has_return, put_in, tidied
from dbos_gen.program.workflows.called import Callee, Construction, Helper, Operation, Recorded, Unknown, Ways
from dbos_gen.program.workflows.callees import Callees
from dbos_gen.program.workflows.keys import Keys
from dbos_gen.program.workflows.passed_functions import PassedFunctions
from dbos_gen.python.scopes.resolution import Scope
from dbos_gen.python.types.inference import FunctionScope
from dbos_gen.syntax.bindings import FunctionNode
from dbos_gen.syntax.body import children
from dbos_gen.syntax.special_methods import ENTERED, ITERATED, LEFT, NEXT, TRUTH, Operand, operands
from dbos_gen.vocabulary.contracts import (
    Attempt,
    Block,
    Call,
    CallKind,
    Choice,
    Deprecated,
    Exit,
    Leave,
    Loop,
    Node,
    Opaque,
    Patch,
    Skeleton,
)
from dbos_gen.vocabulary.runtimes import HANDLE_METHODS, Argument, FunctionRunner, Meaning

WITHIN = Opaque(text="the body of the with block")
"""Stands for what is done inside ``with`` where the generator of a context manager yields."""
_FUNCTIONS = (ast.Name, ast.Attribute, ast.Lambda, ast.Call, ast.IfExp)
"""Expressions that may stand for a function."""
_LEAVES = (ast.Name, ast.Constant, ast.expr_context, ast.operator, ast.unaryop, ast.cmpop)


class Skeletons:
    """Reads the skeletons of workflows.

    ``result_of`` gives the type of what a recorded function returns as text; ``caught`` is told what handlers are for.
    """

    def __init__(
        self,
        callees: Callees,
        keys: Keys,
        given: PassedFunctions,
        wording: Wording,
        result_of: Callable[[FunctionNode, Scope], str],
        caught: Callable[[ast.expr, FunctionScope], None],
    ) -> None:
        self._callees = callees
        self._reader = partial(_Reader, callees, keys, given, wording, result_of, caught)

    def read(self, scope: FunctionScope) -> Skeleton:
        """Return the skeleton of a workflow."""
        decorated = self._decorated(scope)
        if decorated is not None:
            return decorated
        return self._body(Expansion(self._callees), scope, BodyReading(active=(id(scope.node),)))

    def _body(self, expansion: Expansion, scope: FunctionScope, reading: BodyReading) -> Skeleton:
        def helper(call: ast.Call | None, caller: FunctionScope, callee: Helper) -> Skeleton:
            inner = expansion.scope(call, caller, callee)
            body = expansion.body(inner, reading, lambda found, within: self._body(expansion, found, within))
            return (Block(body=body),) if has_return(body) else body

        return tidied(self._reader(helper).statements(scope.node.body, scope))

    def _decorated(self, scope: FunctionScope) -> Skeleton | None:
        """Return what a workflow records whose function is wrapped by decorators of the project."""
        wrapper = self._callees.inside(scope)
        if wrapper is None or wrapper.scope.node is scope.node:
            return None
        expansion = Expansion(self._callees)
        inner = self._callees.bind(None, wrapper.scope, wrapper)
        return self._body(expansion, inner, BodyReading(active=(id(inner.node),)))


class _Reader:
    """Reads one body; ``helper`` gives what a call of a helper in it records."""

    def __init__(
        self,
        callees: Callees,
        keys: Keys,
        given: PassedFunctions,
        wording: Wording,
        result_of: Callable[[FunctionNode, Scope], str],
        caught: Callable[[ast.expr, FunctionScope], None],
        helper: Callable[[ast.Call | None, FunctionScope, Helper], Skeleton],
    ) -> None:
        self._callees = callees
        self._keys = keys
        self._given = given
        self._wording = wording
        self._result_of = result_of
        self._caught = caught
        self._helper = helper

    def statements(self, body: Iterable[ast.stmt], scope: FunctionScope) -> Skeleton:
        """Return the nodes of a body."""
        found: list[Node] = []
        for statement in body:
            found.extend(self._statement(statement, scope))
        return tuple(found)

    def _statement(self, node: ast.stmt, scope: FunctionScope) -> Skeleton:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return ()
            case ast.If(test=test, body=body, orelse=orelse):
                return self._if(test, self.statements(body, scope), self.statements(orelse, scope), scope)
            case ast.While(test=test, body=body, orelse=orelse):
                return self._while(test, body, orelse, scope)
            case (
                ast.For(target=target, iter=iterable, body=body, orelse=orelse)
                | ast.AsyncFor(target=target, iter=iterable, body=body, orelse=orelse)
            ):
                inner = (*self._special([(iterable, NEXT)], scope), *self.statements(body, scope))
                loop = self._for(target, iterable, inner, scope, self.statements(orelse, scope))
                return (*self._expression(iterable, scope), *self._special([(iterable, ITERATED)], scope), *loop)
            case ast.Match(subject=subject, cases=cases):
                return self._match(subject, cases, scope)
            case ast.Try() | ast.TryStar():
                return self._try(node, scope)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                return self._with(items, body, scope)
            case _:
                return self._simple(node, scope)

    def _with(self, items: Sequence[ast.withitem], body: Sequence[ast.stmt], scope: FunctionScope) -> Skeleton:
        if not items:
            return self.statements(body, scope)
        first, *rest = items
        inner = self._with(rest, body, scope)
        node = first.context_expr
        callee = self._callees.ways(node.func, scope).only if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and isinstance(callee, Helper) and self._callees.is_context_manager(callee.scope):
            arguments = self._all((*node.args, *(word.value for word in node.keywords)), scope)
            around = self._helper(node, scope, callee)
            if not has_return(around) and contains(around, WITHIN):
                return (*arguments, *put_in(around, WITHIN, inner))
            return (*arguments, *put_in(around, WITHIN, ()), *inner)
        entered = (*self._expression(node, scope), *self._special([(node, ENTERED)], scope))
        left = self._special([(node, LEFT)], scope)
        return (*entered, Attempt(body=inner, finally_=left)) if left else (*entered, *inner)

    def _simple(self, node: ast.stmt, scope: FunctionScope) -> Skeleton:
        match node:
            case ast.Return(value=value):
                return (*self._optional(value, scope), Leave(exit=Exit.RETURN))
            case ast.Raise(exc=error):
                return (*self._optional(error, scope), Leave(exit=Exit.RAISE))
            case ast.Break():
                return (Leave(exit=Exit.BREAK),)
            case ast.Continue():
                return (Leave(exit=Exit.CONTINUE),)
            case ast.Assign(value=value, targets=targets):
                return (*self._expression(value, scope), *self._all(targets, scope))
            case ast.AugAssign(target=target, value=value):
                return (*self._all((value, target), scope), *self._special(operands(node), scope))
            case _:
                return self._all(children(node), scope)

    def _if(self, test: ast.expr, then: Skeleton, orelse: Skeleton, scope: FunctionScope) -> Skeleton:
        negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
        inner = test.operand if isinstance(test, ast.UnaryOp) and negated else test
        call = inner.value if isinstance(inner, ast.Await) else inner
        if isinstance(call, ast.Call):
            name = self._patch_name(call, "patch", scope)
            if name is not None:
                return (Patch(name=name, then=orelse, orelse=then),) if negated else (
                    Patch(name=name, then=then, orelse=orelse),)  # fmt: skip
        tested = (*self._expression(test, scope), *self._special([(inner, TRUTH)], scope))
        return (*tested, *self._choice("if", test, (("then", then), ("else", orelse)), scope))

    def _choice(
        self, keyword: str, on: ast.expr, arms: tuple[tuple[str, Skeleton], ...], scope: FunctionScope
    ) -> Skeleton:
        # What a decision is about takes long to find out, and nothing depends on one without calls.
        if not any(body for _, body in arms):
            return ()
        text, given = self._wording.text(on, scope), self._wording.given(on, scope)
        return (Choice(keyword=keyword, on=text, given=given, arms=arms),)

    def _for(
        self, target: ast.expr, iterable: ast.expr, body: Skeleton, scope: FunctionScope, orelse: Skeleton = ()
    ) -> Skeleton:
        if not body:
            return orelse
        on, given = self._wording.loop(target, iterable, scope), self._wording.given(iterable, scope)
        if not orelse or not contains(body, Leave(exit=Exit.BREAK)):
            return (Loop(keyword="for", on=on, given=given, body=body), *orelse)
        # What stands under `else` is passed over by `break`.
        ended = (*orelse, Leave(exit=Exit.BREAK))
        choice = Choice(keyword="if", on=on, given=given, arms=(("again", body), ("done", ended)))
        return (Loop(keyword="while", on="", body=(choice,)),)

    def _while(
        self, test: ast.expr, body: Sequence[ast.stmt], orelse: Sequence[ast.stmt], scope: FunctionScope
    ) -> Skeleton:
        before = self._expression(test, scope)
        inner = self.statements(body, scope)
        if isinstance(test, ast.Constant) and test.value:
            return (Loop(keyword="while", on="", body=inner),)
        if not before:
            if not inner:
                return self.statements(orelse, scope)
            given = self._wording.given(test, scope)
            loop = Loop(keyword="while", on=self._wording.text(test, scope), given=given, body=inner)
            return (loop, *self.statements(orelse, scope))
        ends = (*self.statements(orelse, scope), Leave(exit=Exit.BREAK))
        leave = self._choice("if", test, (("then", ()), ("else", ends)), scope)
        return (Loop(keyword="while", on="", body=(*before, *leave, *inner)),)

    def _match(self, subject: ast.expr, cases: Sequence[ast.match_case], scope: FunctionScope) -> Skeleton:
        before = self._expression(subject, scope)
        arms: list[tuple[str, Skeleton]] = []
        for case in cases:
            guard = f" if {self._wording.text(case.guard, scope)}" if case.guard is not None else ""
            arms.append((self._wording.text(case.pattern, scope) + guard, self.statements(case.body, scope)))
        if not any(_is_wildcard(case) for case in cases):
            arms.append(("otherwise", ()))
        return (*before, *self._choice("match", subject, tuple(arms), scope))

    def _try(self, node: ast.Try | ast.TryStar, scope: FunctionScope) -> Skeleton:
        for handler in node.handlers:
            if handler.type is not None:
                self._caught(handler.type, scope)
        handlers = tuple(
            (
                "" if handler.type is None else self._wording.text(handler.type, scope),
                self.statements(handler.body, scope),
            )
            for handler in node.handlers
        )
        body = (*self.statements(node.body, scope), *self.statements(node.orelse, scope))
        return (Attempt(body=body, handlers=handlers, finally_=self.statements(node.finalbody, scope)),)

    def _all(self, nodes: Iterable[ast.AST], scope: FunctionScope) -> Skeleton:
        found: list[Node] = []
        for node in nodes:
            if not isinstance(node, _LEAVES):
                found.extend(self._expression(node, scope))
        return tuple(found)

    def _optional(self, node: ast.expr | None, scope: FunctionScope) -> Skeleton:
        return () if node is None else self._expression(node, scope)

    def _expression(self, node: ast.AST, scope: FunctionScope) -> Skeleton:  # noqa: PLR0911  # one each
        match node:
            case ast.Call():
                return self._call(node, scope)
            case ast.Lambda():
                return ()
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._if(test, self._expression(body, scope), self._expression(orelse, scope), scope)
            case ast.BoolOp(op=operator, values=values):
                return self._bool(operator, values, scope)
            case ast.ListComp(elt=element) | ast.SetComp(elt=element) | ast.GeneratorExp(elt=element):
                return self._comprehension(node.generators, (element,), scope)
            case ast.DictComp(key=key, value=value):
                return self._comprehension(node.generators, (key, value), scope)
            case ast.Attribute():
                read = self._callees.accessed(node, scope)
                return (*self._expression(node.value, scope), *self._ways(read, None, scope, node))
            case ast.BinOp() | ast.UnaryOp() | ast.Compare() | ast.Subscript() | ast.FormattedValue():
                return (*self._all(children(node), scope), *self._special(operands(node), scope))
            case ast.Yield() if self._callees.is_context_manager(scope):
                return (*self._optional(node.value, scope), WITHIN)
            case _:
                return self._all(children(node), scope)

    def _special(self, found: Iterable[Operand], scope: FunctionScope) -> Skeleton:
        """Return what the special methods of values record."""
        return tuple(
            inner
            for operand, names in found
            for inner in self._ways(self._callees.special(operand, names, scope), None, scope, operand)
        )

    def _bool(self, operator: ast.boolop, values: Sequence[ast.expr], scope: FunctionScope) -> Skeleton:
        first = self._expression(values[0], scope)
        if not values[1:]:
            return first
        rest = self._bool(operator, values[1:], scope)
        if not rest:
            return first
        keyword = "and" if isinstance(operator, ast.And) else "or"
        return (*first, *self._choice(keyword, values[0], (("goes on", rest), ("is decided", ())), scope))

    def _comprehension(
        self, generators: Sequence[ast.comprehension], elements: Sequence[ast.expr], scope: FunctionScope
    ) -> Skeleton:
        first, *rest = generators
        inner = self._comprehension(rest, elements, scope) if rest else self._all(elements, scope)
        for test in reversed(first.ifs):
            choice = self._choice("if", test, (("then", inner), ("else", ())), scope)
            inner = (*self._expression(test, scope), *choice)
        # A comprehension and a loop over the same values make the same calls.
        inner = (*self._special([(first.iter, NEXT)], scope), *inner)
        begun = (*self._expression(first.iter, scope), *self._special([(first.iter, ITERATED)], scope))
        return (*begun, *self._for(first.target, first.iter, inner, scope))

    def _call(self, node: ast.Call, scope: FunctionScope) -> Skeleton:
        ways = self._callees.ways(node.func, scope)
        arguments = (
            *self._expression(node.func, scope),
            *self._all(node.args, scope),
            *self._all((word.value for word in node.keywords), scope),
        )
        called = self._ways(ways, node, scope)
        if not any(callee is not None for _, callee in ways.callees):
            # What a function outside of the program does with the functions that it is given is not known.
            names = self._callees.called_builtin(node.func, scope)
            special = self._special(((argument, names) for argument in node.args if names), scope)
            called = (*self._given_functions(node, scope), *special, *called)
        return (*arguments, *called)

    def _ways(self, ways: Ways, node: ast.Call | None, scope: FunctionScope, text: ast.AST | None = None) -> Skeleton:
        """Return what is recorded by a call of one of several functions."""
        arms = [(label, self._callee(callee, node, scope)) for label, callee in ways.callees]
        if not any(body for _, body in arms):
            return ()
        if len(arms) == 1 and not ways.is_open:
            return arms[0][1]
        if ways.is_open:
            arms.append(("another", ()))
        on = text or (node.func if node is not None else ast.Constant(""))
        words = self._wording.given(on, scope) if isinstance(on, ast.expr) else ()
        return (Choice(keyword="call", on=self._wording.text(on, scope), given=words, arms=tuple(arms)),)

    def _callee(self, callee: Callee | None, node: ast.Call | None, scope: FunctionScope) -> Skeleton:
        match callee:
            case Recorded():
                return self._recorded(callee)
            case Operation():
                return () if node is None else self._operation(callee, node, scope)
            case Helper():
                body = self._helper(node, scope, callee)
                return put_in(body, WITHIN, ()) if self._callees.is_context_manager(callee.scope) else body
            case Construction(helpers=helpers):
                return tuple(inner for helper in helpers for inner in self._helper(node, scope, helper))
            case Unknown():
                on = node.func if node is not None else ast.Constant("a function")
                return (Opaque(text=self._wording.text(on, scope)),)
            case None:
                return ()

    def _given_functions(self, node: ast.Call, scope: FunctionScope) -> Skeleton:
        """Return what functions record that are given to something that may call them: once, often or not at all."""
        found: list[Node] = []
        arguments = (*node.args, *(word.value for word in node.keywords))
        given_ones = [each.value if isinstance(each, ast.Starred) else each for each in arguments]
        may_be = [each for each in given_ones if isinstance(each, _FUNCTIONS)]
        if not may_be or self._callees.is_silent(node.func, scope):
            return ()
        for inner in may_be:
            ways = self._callees.functions(inner, scope)
            body = self._ways(ways, None, scope, inner)
            if body:
                on = f"calls by {self._wording.text(node.func, scope)}"
                given = self._wording.given(inner, scope)
                found.append(Loop(keyword="for", on=on, given=given, body=body))
        return tuple(found)

    def _recorded(self, callee: Recorded) -> Skeleton:
        result = self._result_of(callee.node, callee.scope)
        if callee.kind != CallKind.WORKFLOW.value:
            return (Call(kind=CallKind(callee.kind), name=callee.name, result=result),)
        return (
            Call(kind=CallKind.WORKFLOW, name=callee.name),
            Call(kind=CallKind.OPERATION, name=HANDLE_METHODS["get_result"], result=result),
        )

    def _operation(self, callee: Operation, node: ast.Call, scope: FunctionScope) -> Skeleton:
        name, means = callee.name, callee.means
        if means.starts is not None or means.named is not None:
            return self._start(means, node, scope)
        if means.runs is not None:
            return self._run(means.runs, node, scope)
        if name == "sleep" and node.args and _is_not_positive(node.args[0]):
            return ()
        if name == "retrieve_workflow" and _says_no(node, 1, "existing_workflow"):
            return ()
        if name in ("patch", "deprecate_patch"):
            patched = self._patch_name(node, name, scope)
            if patched is not None:
                return (Deprecated(name=patched),) if name == "deprecate_patch" else (Patch(name=patched, then=()),)
        about = self._about(means.about, node, scope)
        recorded = tuple(Call(kind=CallKind.OPERATION, name=entry, about=about) for entry in means.records)
        if means.repeats:
            return (Loop(keyword="for", on=f"each value of {about}", body=recorded),)
        return (*recorded, Opaque(text=means.opens)) if means.opens else recorded

    def _start(self, means: Meaning, node: ast.Call, scope: FunctionScope) -> Skeleton:
        if means.named is not None:
            workflow, queue = means.named
            options = _argument(node, 0, "options")
            name = None if options is None else self._given.option(options, workflow, scope)
            if options is None or name is None:
                return (Opaque(text=f"start of {self._wording.text(options or node, scope)}"),)
            return (Call(kind=CallKind.START, name=name, about=self._given.option(options, queue, scope) or ""),)
        if means.starts is None or len(node.args) <= means.starts:
            return ()
        given = node.args[means.starts]
        ways = self._callees.ways(given, scope)
        targets = [(label, callee) for label, callee in ways.callees if isinstance(callee, Recorded)]
        if not targets or len(targets) < len(ways.callees) or ways.is_open:
            return (Opaque(text=f"start of {self._wording.text(given, scope)}"),)
        about = self._about(means.about, node, scope)
        arms = tuple((label, (Call(kind=CallKind.START, name=each.name, about=about),)) for label, each in targets)
        if len(arms) == 1:
            return arms[0][1]
        text = self._wording.text(given, scope)
        words = self._wording.given(given, scope)
        return (Choice(keyword="call", on=text, given=words, arms=arms),)

    def _run(self, run: FunctionRunner, node: ast.Call, scope: FunctionScope) -> Skeleton:
        if len(node.args) <= run.function or any(isinstance(given, ast.Starred) for given in node.args[: run.function]):
            return (Opaque(text=f"{run.kind} of {self._wording.text(node, scope)}"),)
        function = self._given.function(node.args[run.function], scope)
        name = self._given.option(node.args[run.options], "name", scope) or function.name
        result = ""
        if function.node is not None and function.scope is not None:
            result = self._result_of(function.node, function.scope)
        return (Call(kind=CallKind(run.kind), name=name, result=result),)

    def _about(self, argument: Argument | None, node: ast.Call, scope: FunctionScope) -> str:
        key = None if argument is None else _argument(node, argument.position, argument.keyword)
        if key is None or (isinstance(key, ast.Constant) and key.value is None):
            return ""
        key, scope = scope.passed(key)
        found = self._keys.resolve(key, scope.body)
        return " or ".join(dict.fromkeys(entry.name for entry in found)) or self._wording.text(key, scope)

    def _patch_name(self, call: ast.Call, wanted: str, scope: FunctionScope) -> str | None:
        callee = self._callees.resolve(call.func, scope)
        if not isinstance(callee, Operation) or callee.name != wanted:
            return None
        about = callee.means.about
        given = None if about is None else _argument(call, about.position, about.keyword)
        names = self._keys.resolve(given, scope.body) if given is not None else ()
        return names[0].name if names else None


def _is_wildcard(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None


def _argument(node: ast.Call, position: int | None, name: str) -> ast.expr | None:
    if position is not None and len(node.args) > position:
        return node.args[position]
    return next((word.value for word in node.keywords if word.arg == name), None)


def _is_not_positive(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=int() | float() as seconds):
            return seconds <= 0
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
            return True
        case _:
            return False


def _says_no(node: ast.Call, position: int, name: str) -> bool:
    given = _argument(node, position, name)
    return isinstance(given, ast.Constant) and given.value is False
