"""The user's program as the rules see it: modules, functions, what names stand for, what calls what."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator

from dbos_gen.program.expected_refusals import expecting_lines
from dbos_gen.program.reach.calls import Calls, Edge, Use
from dbos_gen.program.reach.passed_constants import PassedConstants
from dbos_gen.program.reach.pure_expressions import PureExpressions
from dbos_gen.program.reach.reach import Mark, MarksOf, Reach, Reached, chain_finding
from dbos_gen.program.reach.references import References
from dbos_gen.program.reach.shared_state import SharedState
from dbos_gen.program.reach.silencing_comments import Silencing
from dbos_gen.program.reach.startup import Startup
from dbos_gen.program.reach.value_flow import Flows
from dbos_gen.program.workflows.callees import Callees
from dbos_gen.program.workflows.decorators import Decorators
from dbos_gen.python.scopes.resolution import Resolver, Scope
from dbos_gen.python.types.annotations import Annotations
from dbos_gen.python.types.inference import FunctionScope, Inference, function_scope
from dbos_gen.python.values.evaluation import Evaluator
from dbos_gen.python.values.functions import Class, Function, FunctionKind
from dbos_gen.python.values.values import FunctionRef, Runtime, Value
from dbos_gen.sources.memory import Memory
from dbos_gen.sources.project import Project, Source
from dbos_gen.sources.rule_options import RuleOptions
from dbos_gen.sources.runtime_importers import Relevance
from dbos_gen.syntax.bindings import FunctionNode
from dbos_gen.vocabulary.diagnostics import Diagnostics
from dbos_gen.vocabulary.findings import Finding, Rule
from dbos_gen.vocabulary.nondeterminism import Sources
from dbos_gen.vocabulary.operations import is_recorded


class Program:
    """The modules of one project with the collaborators that answer questions about them.

    ``type_ignores`` says whether ``# type: ignore[code]`` silences findings here; a type checker that reports them
    applies such comments itself. ``modules`` gives the names of all modules of the program; without it, nothing is said
    that only a look at all of them can tell.
    """

    def __init__(
        self,
        project: Project,
        *,
        runtime: str = "dbos_typed",
        options: RuleOptions | None = None,
        type_ignores: bool = True,
        modules: Callable[[], Iterable[str]] | None = None,
    ) -> None:
        self.project = project
        self.options = options or RuleOptions()
        self.resolver = Resolver(project)
        # What the generator would say about annotations is not this command's business.
        self.annotations = Annotations(self.resolver, Diagnostics())
        self.decorators = Decorators(self.resolver, runtime)
        self.evaluator = Evaluator(project)
        self.callees = Callees(self.resolver, self.annotations, self.decorators, self.evaluator)
        self.inference = Inference(self.resolver, self.annotations)
        self.relevance = Relevance(project)
        self.calls = Calls(project, self.evaluator)
        self.passing = PassedConstants(project, self.calls)
        self.silencing = Silencing(project, type_ignores=type_ignores)
        self.sources = Sources(self.options.nondeterministic, self.options.deterministic)
        self.flows = Flows(project, self.evaluator, self.calls, PureExpressions(self.evaluator, self.sources))
        self.references = None if modules is None else References(project, modules)
        startup = Startup(project, self.evaluator, self.references)
        self.shared = SharedState(project, self.evaluator, startup, self._records)
        self._scopes: dict[Function, FunctionScope] = {}
        self._reaches: dict[str, Reach] = {}
        self._marks: Memory[tuple[str, Function], list[Mark]] = Memory(project)
        self._recording: Memory[Function, bool] = Memory(project)

    # --- functions ----------------------------------------------------------------------------------------------------

    def functions(self, source: Source) -> tuple[Function, ...]:
        """Return every ``def`` of a module, nested ones and methods included, in the order of the source."""
        return self.evaluator.unit_of(source).functions

    def module_body(self, source: Source) -> Function:
        """Return the body of a module as a function."""
        return self.evaluator.unit_of(source).module

    def classes(self, source: Source) -> tuple[Class, ...]:
        """Return the classes of a module that are not inside functions."""
        return self.evaluator.unit_of(source).classes

    def kind(self, function: Function) -> FunctionKind:
        """Return how the runtime treats a function."""
        return self.evaluator.kind(function)

    def recorded(self, source: Source) -> Iterator[tuple[Function, FunctionKind]]:
        """Yield the workflows, steps and transactions of a module."""
        for function in self.functions(source):
            kind = self.kind(function)
            if kind.is_recorded:
                yield function, kind

    def scope(self, function: Function) -> FunctionScope:
        """Return a function as ``inference`` wants it; a lambda's is that of the function around it."""
        found = self._scopes.get(function)
        if found is None:
            found = self._scopes[function] = self._new_scope(function)
        return found

    def _new_scope(self, function: Function) -> FunctionScope:
        outer = function.outer
        if isinstance(function.node, ast.Lambda) and outer is not None:
            return self.scope(outer)
        owner = function.owner
        annotations = (
            Scope(source=function.source)
            if owner is None
            else Scope(source=function.source, owner=owner.node, owner_path=owner.path)
        )
        if not isinstance(function.node, FunctionNode):
            empty = ast.FunctionDef(
                name=function.qualname,
                args=ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[]),
                body=function.node.body if isinstance(function.node, ast.Module) else [],
                decorator_list=[],
            )
            return FunctionScope(node=empty, body=annotations, annotations=annotations)
        around = None if outer is None or outer.is_module else self.scope(outer)
        return function_scope(function.node, annotations, outer=around)

    # --- expressions --------------------------------------------------------------------------------------------------

    def value(self, node: ast.expr, function: Function) -> Value | None:
        """Return what an expression in a function's body stands for; None when the source does not say."""
        return self.evaluator.evaluate(node, function)

    def value_in(self, node: ast.expr, scope: FunctionScope) -> Value | None:
        """Return what an expression stands for in a function of which the scope is known, or in a module's body."""
        unit = self.evaluator.unit_of(scope.body.source)
        return self.evaluator.evaluate(node, unit.known(scope.node) or unit.module)

    def callee(self, call: ast.Call, function: Function) -> Value | None:
        """Return what a call calls: a project's function or class, something external or of the runtime, or None."""
        return self.evaluator.evaluate(call.func, function)

    def is_silenced(self, source: Source, line: int, rule: Rule) -> bool:
        """Whether a finding would be silenced by a comment on its line or on the first line of its statement.

        A test that expects to be refused is silent too.
        """
        if line in expecting_lines(source):
            return True
        unit = self.evaluator.unit_of(source)
        firsts = (function.body.first_lines.get(line, line) for function in (unit.module, *unit.functions))
        return any(self.silencing.is_silent(source, each, rule) for each in dict.fromkeys((line, *firsts)))

    # --- following calls ----------------------------------------------------------------------------------------------

    def reach(
        self,
        rule: Rule,
        marks: MarksOf,
        *,
        name: str = "",
        follows: Callable[[Edge], bool] = lambda _edge: True,
        flows: Flows | None = None,
    ) -> Reach:
        """Return what follows calls for a rule; the same each time for the same rule and name."""
        key = f"{rule.value}:{name}"
        if key not in self._reaches:
            self._reaches[key] = Reach(
                self.project, self.calls, self.passing, self.silencing, rule, marks, follows=follows, flows=flows
            )
        return self._reaches[key]

    def marks(self, rule: Rule, function: Function, compute: Callable[[], list[Mark]], *, name: str = "") -> list[Mark]:
        """Return the marks of a function for a rule, worked out once."""
        return self._marks.get((f"{rule.value}:{name}", function), compute, list[Mark])

    def decorator_finding(self, function: Function, node: ast.expr, reached: Reached, rule: Rule) -> Finding:
        """Return the finding for a decorator that runs around a function, inside of the runtime's."""
        return chain_finding(function, Edge(node, reached.chain[0]), reached, rule)

    def is_recorded_use(self, use: Use) -> bool:
        """Whether a use takes a step number when a workflow does it."""
        match use.value:
            case FunctionRef(_, kind):
                return use.is_call and kind.is_recorded
            case Runtime(name):
                return use.is_call and is_recorded(name)
            case _:
                return False

    def _records(self, function: Function) -> bool:
        return self.kind(function).is_recorded or self.makes_recorded_calls(function)

    def makes_recorded_calls(self, function: Function) -> bool:
        """Whether running a plain function makes recorded calls, by itself or through others."""
        return self._recording.get(function, lambda: self._makes_recorded_calls(function), lambda: False)

    def _makes_recorded_calls(self, function: Function) -> bool:
        pending, seen = [function], {function}
        for current in pending:
            doing = self.calls.of(current)
            if any(self.is_recorded_use(use) for use in doing.uses):
                return True
            for edge in doing.edges:
                if edge.target not in seen:
                    seen.add(edge.target)
                    pending.append(edge.target)
        return False
