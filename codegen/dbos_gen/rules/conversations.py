"""What a workflow sets, receives and writes, and whether that is all of it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from dbos_gen.diagnostics import Code, Diagnostics
from dbos_gen.model import ANY, Event, Stream, Topic
from dbos_gen.rules.generated import Workflow
from dbos_gen.rules.program import Program
from dbos_gen.rules.registrations import Registrations, functions_of
from dbos_gen.rules.remembering import Memory
from dbos_gen.scan.bindings import FunctionNode
from dbos_gen.scan.callees import Helper, Recorded, Unknown
from dbos_gen.scan.inference import FunctionScope, function_scope
from dbos_gen.scan.operations import Operations
from dbos_gen.scan.scope import Scope, Symbol
from dbos_gen.scan.source import Source

_EVENTS = frozenset({"set_event", "set_event_async"})
_TOPICS = frozenset({"recv", "recv_async"})
_STREAMS = frozenset({"write_stream", "write_stream_async"})
_EMITTING = _EVENTS | _TOPICS | _STREAMS
# Common packages, none of whose functions talks for a workflow. What comes from others may.
_SILENT_PACKAGES = frozenset(
    {
        "aiohttp", "anthropic", "attr", "attrs", "boto3", "botocore", "bs4", "cattrs", "celery", "click",
        "confluent_kafka", "cryptography", "dateutil", "django", "dotenv", "fastapi", "flask", "google", "httpx",
        "jinja2", "jwt", "kafka", "langchain", "loguru", "lxml", "msgspec", "numpy", "openai", "opentelemetry",
        "orjson", "pandas", "pendulum", "PIL", "polars", "prometheus_client", "psycopg", "psycopg2", "pyarrow",
        "pydantic", "pydantic_settings", "pytest", "redis", "requests", "rich", "scipy", "sentry_sdk", "sklearn",
        "sqlalchemy", "sqlmodel", "starlette", "stripe", "structlog", "tenacity", "torch", "tqdm", "twilio",
        "typer", "typing_extensions", "ujson", "urllib3", "uvicorn", "yaml",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What others can ask of a workflow and tell it.

    ``has_all_events`` says that there are no others than ``events``, and likewise for the others. That is not said of a
    workflow that makes no recorded call at all: it is a placeholder for one that is still to be written.
    """

    events: tuple[Event, ...]
    topics: tuple[Topic, ...]
    streams: tuple[Stream, ...]
    has_all_events: bool
    has_all_topics: bool
    has_all_streams: bool


@dataclass(slots=True)
class _Reached:
    """The bodies that run as part of a workflow, and what else may run that is not known."""

    bodies: list[FunctionScope] = field(default_factory=list[FunctionScope])
    steps: list[FunctionScope] = field(default_factory=list[FunctionScope])
    seen: set[int] = field(default_factory=set[int])
    modules: set[str] = field(default_factory=set[str])
    attributes: set[str] = field(default_factory=set[str])
    calls_something: bool = False
    calls_a_value: bool = False
    calls_a_stranger: bool = False


class Conversations:
    """Reads the conversations of workflows, each once."""

    def __init__(self, program: Program, registrations: Registrations) -> None:
        self._program = program
        self._registrations = registrations
        self._talking: dict[str, list[tuple[FunctionNode, frozenset[str]]]] = {}
        self._known: Memory[ast.AST, Conversation] = Memory(program.project)

    def of(self, workflow: Workflow) -> Conversation | None:
        """Return a workflow's conversation, None when its source is not part of the program."""
        recorded = workflow.definition
        if recorded is None:
            return None if workflow.generated is None else _generated(workflow.generated)
        return self._known.get(recorded.node, lambda: self._read(recorded), lambda: _UNKNOWN)

    def _read(self, recorded: Recorded) -> Conversation:
        reached = _Reached()
        self._follow(function_scope(recorded.node, recorded.scope), reached, decorators=True)
        diagnostics = Diagnostics()
        program = self._program
        operations = Operations(program.resolver, program.annotations, program.decorators, diagnostics)
        events, topics, _ = operations.collect_from(reached.bodies)
        unknown = {diagnostic.code for diagnostic in diagnostics.sorted()}
        is_written = reached.calls_something
        in_steps = _Reached(seen=set(reached.seen))
        for step in reached.steps:
            self._follow(step, in_steps, decorators=False)
        in_steps.bodies[:0] = reached.bodies
        stream_diagnostics = Diagnostics()
        operations = Operations(program.resolver, program.annotations, program.decorators, stream_diagnostics)
        _, _, streams = operations.collect_from(in_steps.bodies)
        unknown_stream = any(found.code == Code.DG010.name for found in stream_diagnostics.sorted())
        return Conversation(
            events=events,
            topics=topics,
            streams=streams,
            has_all_events=is_written and Code.DG010.name not in unknown and not self._may_do_more(reached, _EVENTS),
            has_all_topics=is_written and Code.DG013.name not in unknown and not self._may_do_more(reached, _TOPICS),
            has_all_streams=is_written
            and not unknown_stream
            and not self._may_do_more(reached, _STREAMS)
            and not self._may_do_more(in_steps, _STREAMS),
        )

    # --- what runs as part of the workflow --------------------------------------------------------------------------

    def _follow(self, scope: FunctionScope, reached: _Reached, *, decorators: bool) -> None:
        pending = [scope]
        while pending:
            body = pending.pop()
            if id(body.node) in reached.seen:
                continue
            reached.seen.add(id(body.node))
            reached.bodies.append(body)
            reached.modules.add(body.annotations.source.name)
            if decorators or body is not scope:
                pending.extend(self._referred([*body.node.decorator_list], body, reached))
                reached.calls_something = reached.calls_something and body is not scope
            pending.extend(self._referred([*body.node.body], body, reached))

    def _referred(self, inside: list[ast.AST], body: FunctionScope, reached: _Reached) -> Iterator[FunctionScope]:
        """Yield every function that a body mentions: it may be called, here or by what it is given to."""
        called = {id(node.func) for top in inside for node in ast.walk(top) if isinstance(node, ast.Call)}
        pending = [*inside]
        while pending:
            node = pending.pop()
            if isinstance(node, ast.Name | ast.Attribute):
                is_called = id(node) in called
                found = [*self._mentioned(node, body, reached, is_called=is_called)]
                yield from found
                if isinstance(node, ast.Attribute) and not found:
                    pending.append(node.value)
                continue
            if isinstance(node, ast.Call) and not self._is_followed(node.func, body):
                reached.calls_a_stranger = True
            pending.extend(ast.iter_child_nodes(node))

    def _is_followed(self, func: ast.expr, body: FunctionScope) -> bool:
        """Whether what is called is named, or a generic class with its arguments."""
        if isinstance(func, ast.Subscript) and isinstance(func.value, ast.Name | ast.Attribute):
            symbol = self._program.resolver.resolve(body.body, func.value)
            return symbol is not None and (
                symbol.is_runtime or symbol.source is None or isinstance(symbol.node, ast.ClassDef)
            )
        return isinstance(func, ast.Name | ast.Attribute | ast.Lambda)

    def _mentioned(
        self, node: ast.Name | ast.Attribute, body: FunctionScope, reached: _Reached, *, is_called: bool
    ) -> Iterator[FunctionScope]:
        if isinstance(node, ast.Attribute):
            # Also where the method is known: a subclass may have another one.
            reached.attributes.add(node.attr)
        callee = self._program.callees.resolve(node, body)
        if isinstance(callee, Recorded):
            reached.calls_something = True
            if callee.kind == "step":
                reached.steps.append(function_scope(callee.node, callee.scope))
            return
        if isinstance(callee, Helper):
            if _is_abstract(callee.scope):
                reached.calls_a_stranger = True
            yield callee.scope
            return
        symbol = self._program.resolver.resolve(body.body, node)
        if symbol is not None and symbol.is_runtime:
            # `partial(DBOS.set_event, "progress")`: what it is called with is not followed.
            reached.calls_something = reached.calls_something or symbol.path.startswith("DBOS.")
            is_emitting = symbol.path.rpartition(".")[2] in _EMITTING
            reached.calls_a_stranger = reached.calls_a_stranger or (is_emitting and not is_called)
            return
        if is_called and (isinstance(callee, Unknown) or (symbol is None and isinstance(node, ast.Name))):
            reached.calls_a_value = True
        if symbol is not None:
            yield from self._things(symbol, reached, is_called=is_called)

    def _things(self, symbol: Symbol, reached: _Reached, *, is_called: bool) -> Iterator[FunctionScope]:
        """Yield what a class or a constant of the project brings along."""
        if symbol.source is not None:
            match symbol.node:
                case ast.ClassDef() as owner:
                    scope = Scope(source=symbol.source, owner=owner, owner_path=symbol.path)
                    for statement in owner.body:
                        is_plain = isinstance(statement, FunctionNode) and not self._is_recorded(statement, scope)
                        if is_plain and isinstance(statement, FunctionNode) and not symbol.is_local:
                            yield function_scope(statement, scope)
                case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value) if not symbol.is_local:
                    module = Scope(source=symbol.source)
                    empty = ast.FunctionDef(name="<constant>", args=_NO_ARGUMENTS, body=[], decorator_list=[])
                    scope_of_constant = FunctionScope(node=empty, body=module, annotations=module)
                    if id(value) not in reached.seen:
                        reached.seen.add(id(value))
                        yield from self._referred([value], scope_of_constant, reached)
                case _:
                    pass
            return
        top = symbol.module.partition(".")[0]
        is_known = top in sys.stdlib_module_names or top in _SILENT_PACKAGES or top in ("builtins", "")
        name = symbol.path.rpartition(".")[2]
        if is_called and not is_known and name and not name[0].isupper():
            reached.calls_a_stranger = True

    def _is_recorded(self, node: FunctionNode, scope: Scope) -> bool:
        return self._program.decorators.is_recorded(node, scope)

    # --- what else there may be -------------------------------------------------------------------------------------

    def _may_do_more(self, reached: _Reached, operations: frozenset[str]) -> bool:
        """Whether something that is not followed may do one of the operations for the workflow."""
        if reached.calls_a_stranger:
            return True
        others = [*self._emitters(reached, operations)]
        if reached.calls_a_value and others:
            return True
        names = {node.name for node in others}
        return bool(names & self._reachable_names(reached, names))

    def _modules(self, reached: _Reached) -> list[Source]:
        sources = [self._program.resolver.load(name) for name in sorted(reached.modules)]
        return self._registrations.imported(source for source in sources if source is not None)

    def _emitters(self, reached: _Reached, operations: frozenset[str]) -> Iterator[FunctionNode]:
        """Yield the plain functions of the modules at hand that do one of the operations and are not followed."""
        for source in self._modules(reached):
            for node, done in self._talking_in(source):
                if done & operations and id(node) not in reached.seen:
                    yield node

    def _talking_in(self, source: Source) -> list[tuple[FunctionNode, frozenset[str]]]:
        """Return the plain functions of a module that do something a workflow does, and what they do."""
        if source.name not in self._talking:
            found: list[tuple[FunctionNode, frozenset[str]]] = []
            for node, scope in functions_of(source):
                mentioned = {inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)}
                if mentioned & _EMITTING and not self._is_recorded(node, scope):
                    found.append((node, frozenset(mentioned & _EMITTING)))
            self._talking[source.name] = found
        return self._talking[source.name]

    def _reachable_names(self, reached: _Reached, wanted: set[str]) -> set[str]:
        """Return the names that are called on values of unknown kind, and what functions of such names may call."""
        if not wanted:
            return set()
        called: dict[str, set[str]] = {}
        for source in self._modules(reached):
            for node, _ in functions_of(source):
                mentioned = {inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)}
                mentioned |= {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
                called.setdefault(node.name, set()).update(mentioned)
        found: set[str] = set()
        pending = [*reached.attributes]
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                pending.extend(called.get(name, ()))
        return found


_UNKNOWN = Conversation(
    events=(), topics=(), streams=(), has_all_events=False, has_all_topics=False, has_all_streams=False
)
_NO_ARGUMENTS = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])


def _is_abstract(scope: FunctionScope) -> bool:
    """Whether a method only says what others implement."""
    if scope.annotations.owner is None:
        return False
    body = [
        statement
        for statement in scope.node.body
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
    ]
    return not body or (len(body) == 1 and isinstance(body[0], ast.Raise))


def _generated(handle: ast.ClassDef) -> Conversation:
    """Read the names that a generated handle has; their types are for type checkers."""
    names: dict[str, list[str | None]] = {"events": [], "topics": [], "streams": []}
    for statement in handle.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=table)], value=ast.Dict(keys=keys)) if table in names:
                for key in keys:
                    if isinstance(key, ast.Constant) and (key.value is None or isinstance(key.value, str)):
                        names[table].append(key.value)
            case _:
                pass
    return Conversation(
        events=tuple(Event(key=name, type=ANY) for name in names["events"] if name is not None),
        topics=tuple(Topic(name=name, type=ANY) for name in names["topics"]),
        streams=tuple(Stream(key=name, type=ANY) for name in names["streams"] if name is not None),
        has_all_events=True,
        has_all_topics=True,
        has_all_streams=True,
    )
