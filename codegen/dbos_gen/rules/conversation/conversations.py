"""What a workflow sets, receives and writes, and whether that is all of it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from dbos_gen.program.program import Program
from dbos_gen.program.workflows.called import Helper, Recorded, Unknown
from dbos_gen.program.workflows.events_and_topics import Operations
from dbos_gen.python.scopes.resolution import Scope, Symbol
from dbos_gen.python.types.inference import FunctionScope, function_scope
from dbos_gen.rules.addressing.generated_references import KnownWorkflow
from dbos_gen.rules.addressing.registrations import Registrations
from dbos_gen.rules.conversation.delegates import EMITTING, EVENTS, STREAMS, TOPICS, Delegates
from dbos_gen.sources.memory import Memory
from dbos_gen.syntax.bindings import FunctionNode
from dbos_gen.vocabulary.diagnostics import Code, Diagnostics
from dbos_gen.vocabulary.model import Event, Stream, Topic
from dbos_gen.vocabulary.type_expressions import ANY

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
    has_all_events: bool
    has_all_topics: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """The streams of a workflow; ``is_all`` says that there are no others."""

    streams: tuple[Stream, ...]
    is_all: bool


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
        self._talking = Delegates(program, registrations)
        self._known: Memory[ast.AST, Conversation] = Memory(program.project)
        self._known_streams: Memory[ast.AST, Streams] = Memory(program.project)

    def of(self, workflow: KnownWorkflow) -> Conversation | None:
        """Return a workflow's conversation, None when its source is not part of the program."""
        recorded = workflow.definition
        if recorded is None:
            return None if workflow.generated is None else _generated(workflow.generated)
        return self._known.get(recorded.node, lambda: self._read(recorded), lambda: _UNKNOWN)

    def streams(self, workflow: KnownWorkflow) -> Streams | None:
        """Return the streams that a workflow and its steps write, None when its source is not part of the program."""
        recorded = workflow.definition
        if recorded is None:
            return None if workflow.generated is None else _generated_streams(workflow.generated)
        return self._known_streams.get(
            recorded.node, lambda: self._read_streams(recorded), lambda: Streams(streams=(), is_all=False)
        )

    def _read(self, recorded: Recorded) -> Conversation:
        reached = self._reached(recorded)
        diagnostics = Diagnostics()
        events, topics, _ = self._operations(diagnostics).collect_from(reached.bodies)
        unknown = {diagnostic.code for diagnostic in diagnostics.sorted()}
        is_written = reached.calls_something
        return Conversation(
            events=events,
            topics=topics,
            has_all_events=is_written and Code.DG010.name not in unknown and not self._may_do_more(reached, EVENTS),
            has_all_topics=is_written and Code.DG013.name not in unknown and not self._may_do_more(reached, TOPICS),
        )

    def _read_streams(self, recorded: Recorded) -> Streams:
        reached = self._reached(recorded)
        in_steps = _Reached(seen=set(reached.seen))
        for step in reached.steps:
            self._follow(step, in_steps, decorators=False)
        diagnostics = Diagnostics()
        _, _, streams = self._operations(diagnostics).collect_from([*reached.bodies, *in_steps.bodies])
        is_all = (
            reached.calls_something
            and not any(found.code == Code.DG010.name for found in diagnostics.sorted())
            and not self._may_do_more(reached, STREAMS)
            and not self._may_do_more(in_steps, STREAMS)
        )
        return Streams(streams=streams, is_all=is_all)

    def _reached(self, recorded: Recorded) -> _Reached:
        reached = _Reached()
        self._follow(function_scope(recorded.node, recorded.scope), reached, decorators=True)
        return reached

    def _operations(self, diagnostics: Diagnostics) -> Operations:
        program = self._program
        return Operations(program.resolver, program.annotations, program.callees, diagnostics)

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
            is_emitting = symbol.path.rpartition(".")[2] in EMITTING
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
        others = self._talking.others(reached.modules, operations, reached.seen)
        return bool(others) and (
            reached.calls_a_value or self._talking.leads_to(reached.attributes, others, reached.modules)
        )


_UNKNOWN = Conversation(events=(), topics=(), has_all_events=False, has_all_topics=False)
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
    return Conversation(
        events=tuple(Event(key=name, type=ANY) for name in _table(handle, "events") if name is not None),
        topics=tuple(Topic(name=name, type=ANY) for name in _table(handle, "topics")),
        has_all_events=True,
        has_all_topics=True,
    )


def _generated_streams(handle: ast.ClassDef) -> Streams:
    names = [name for name in _table(handle, "streams") if name is not None]
    return Streams(streams=tuple(Stream(key=name, type=ANY) for name in names), is_all=True)


def _table(handle: ast.ClassDef, name: str) -> list[str | None]:
    for statement in handle.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=found)], value=ast.Dict(keys=keys)) if found == name:
                values = [key.value for key in keys if isinstance(key, ast.Constant)]
                return [value for value in values if value is None or isinstance(value, str)]
            case _:
                pass
    return []
