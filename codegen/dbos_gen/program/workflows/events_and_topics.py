"""Events that a workflow sets and topics that it receives from, in its own body and in the helpers it calls."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dbos_gen.program.workflows.called import Construction, Helper, Operation, Recorded, Unknown
from dbos_gen.program.workflows.callees import Callees
from dbos_gen.program.workflows.keys import Key, Keys
from dbos_gen.program.workflows.runtime_instances import vocabulary_of
from dbos_gen.python.scopes.resolution import Resolver, Scope
from dbos_gen.python.types.annotations import Annotations
from dbos_gen.python.types.inference import FunctionScope, Inference, function_scope
from dbos_gen.syntax.bindings import FunctionNode
from dbos_gen.syntax.body import children
from dbos_gen.vocabulary.diagnostics import Code, Diagnostics
from dbos_gen.vocabulary.model import Event, Stream, Topic
from dbos_gen.vocabulary.type_expressions import ANY, Reference, TypeRef, union

_LEAVES = (ast.Name, ast.Constant, ast.expr_context, ast.operator, ast.cmpop)
_SET_EVENT = ("DBOS.set_event", "DBOS.set_event_async")
_RECV = ("DBOS.recv", "DBOS.recv_async")
_WRITE_STREAM = ("DBOS.write_stream", "DBOS.write_stream_async")


@dataclass(slots=True)
class _FoundConversation:
    events: dict[str, list[tuple[TypeRef, Reference | None]]] = field(
        default_factory=dict[str, list[tuple[TypeRef, Reference | None]]]
    )
    topics: dict[str | None, list[tuple[TypeRef, Reference | None]]] = field(
        default_factory=dict[str | None, list[tuple[TypeRef, Reference | None]]]
    )
    streams: dict[str, list[tuple[TypeRef, Reference | None]]] = field(
        default_factory=dict[str, list[tuple[TypeRef, Reference | None]]]
    )
    visited: set[tuple[int, tuple[str, ...]]] = field(default_factory=set[tuple[int, tuple[str, ...]]])


class Operations:
    """Collects the events, topics and streams of one workflow at a time."""

    def __init__(
        self, resolver: Resolver, annotations: Annotations, callees: Callees, diagnostics: Diagnostics
    ) -> None:
        self._resolver = resolver
        self._annotations = annotations
        self._callees = callees
        self._diagnostics = diagnostics
        self._parents: dict[FunctionNode, dict[ast.AST, ast.AST]] = {}
        self._inference = Inference(resolver, annotations)
        self._keys = Keys(resolver, annotations)

    def collect(
        self, node: FunctionNode, scope: Scope
    ) -> tuple[tuple[Event, ...], tuple[Topic, ...], tuple[Stream, ...]]:
        """Return the events, topics and streams of a workflow whose annotations are looked up in ``scope``."""
        found = _FoundConversation()
        self._function(self._callees.root(node, scope), found)
        return _collected(found)

    def collect_from(
        self, bodies: Iterable[FunctionScope]
    ) -> tuple[tuple[Event, ...], tuple[Topic, ...], tuple[Stream, ...]]:
        """Return the events, topics and streams of several bodies together, and of the helpers that they call."""
        found = _FoundConversation()
        for scope in bodies:
            self._function(scope, found)
        return _collected(found)

    def _function(self, scope: FunctionScope, found: _FoundConversation) -> None:
        # A helper is read again for a call that passes it another key.
        passed = (f"{name}={key.name}" for name in sorted(scope.arguments) for key in self._passed(name, scope))
        visit = (id(scope.node), tuple(passed))
        if visit in found.visited:
            return
        found.visited.add(visit)
        for node in _own_nodes(scope.node):
            if isinstance(node, FunctionNode):
                self._function(function_scope(node, scope.annotations, outer=scope), found)
            elif isinstance(node, ast.Call):
                self._call(node, scope, found)

    def _call(self, node: ast.Call, scope: FunctionScope, found: _FoundConversation) -> None:
        for _, callee in self._callees.ways(node.func, scope).callees:
            match callee:
                case Operation(name="set_event"):
                    self._value(node, scope, found.events, "event", "Event")
                case Operation(name="write_stream"):
                    self._value(node, scope, found.streams, "stream", "Stream")
                case Operation(name="recv"):
                    self._recv(node, scope, found)
                case Unknown():
                    self._unknown_operation(node, scope)
                case Helper():
                    self._function(self._callees.bind(node, scope, callee), found)
                case Construction(helpers=helpers):
                    for helper in helpers:
                        self._function(self._callees.bind(node, scope, helper), found)
                case Recorded(kind="step") if _writes_stream(callee.node):
                    self._step(callee, found)
                case _:
                    pass

    def _step(self, callee: Recorded, found: _FoundConversation) -> None:
        """A workflow has its own events and messages and a step none, but a step may write streams of its workflow."""
        inside = _FoundConversation(visited=found.visited)
        self._function(function_scope(callee.node, callee.scope), inside)
        for key, uses in inside.streams.items():
            found.streams.setdefault(key, []).extend(uses)

    def _unknown_operation(self, node: ast.Call, scope: FunctionScope) -> None:
        symbol = self._resolver.resolve(scope.body, node.func)
        if symbol is None or not symbol.is_runtime:
            return
        vocabulary = vocabulary_of(symbol)
        if vocabulary is not None and vocabulary.is_unknown(vocabulary.known(symbol.path)):
            self._diagnostics.add(
                Code.DG017,
                scope.body.source.path,
                node.lineno,
                f"`{symbol.path}` is not known to this dbos-gen, so the contracts do not say what it records",
                "install a newer dbos-gen; until then `dbos-gen diff` takes the call for one that may record anything",
            )

    def _key(self, node: ast.expr, scope: FunctionScope) -> tuple[Key, ...]:
        """Return the keys that an expression stands for; a parameter stands for what is passed."""
        if isinstance(node, ast.Name) and any(parameter.arg == node.id for parameter in scope.parameters):
            return self._passed(node.id, scope)
        return self._keys.resolve(node, scope.body)

    def _passed(self, name: str, scope: FunctionScope) -> tuple[Key, ...]:
        given = scope.arguments.get(name)
        passed = () if given is None else self._key(*given)
        if passed:
            return passed
        parameter = next((found for found in scope.parameters if found.arg == name), None)
        if parameter is None or not isinstance(parameter.annotation, ast.Subscript):
            return ()
        head = self._resolver.resolve(scope.annotations, parameter.annotation.value)
        if head is None or not head.is_typing("Literal"):
            return ()
        inner = parameter.annotation.slice
        elements = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        return tuple(key for element in elements for key in self._keys.resolve(element, scope.annotations))

    def _value(
        self,
        node: ast.Call,
        scope: FunctionScope,
        found: dict[str, list[tuple[TypeRef, Reference | None]]],
        noun: str,
        declared: str,
    ) -> None:
        """Read a value that is stored under a key: an event or an entry of a stream."""
        key_node, value = _argument(node, 0, "key"), _argument(node, 1, "value")
        if key_node is None or value is None:
            return
        keys = self._key(key_node, scope)
        if not keys:
            self._diagnostics.add(
                Code.DG010,
                scope.body.source.path,
                node.lineno,
                f"the key `{ast.unparse(key_node)}` of this {noun} is not a constant, so readers cannot name it",
                f'use a string, a constant or a declared key: `PROGRESS = {declared}[int]("progress")`',
            )
        for key in keys:
            kind = key.type or self._inference.infer(value, scope)
            if kind is None:
                self._diagnostics.add(
                    Code.DG011,
                    scope.body.source.path,
                    node.lineno,
                    f'the type of {noun} "{key.name}" cannot be told from `{_short(value)}`; readers get Any',
                    f'declare the key, `{_constant_name(key)} = {declared}[YourType]("{key.name}")`, '
                    "or annotate its value",
                )
            found.setdefault(key.name, []).append((kind or ANY, key.declared))

    def _recv(self, node: ast.Call, scope: FunctionScope, found: _FoundConversation) -> None:
        topic = _argument(node, 0, "topic")
        keys: tuple[Key, ...]
        if topic is None or (isinstance(topic, ast.Constant) and topic.value is None):
            kind = self._received(node, scope)
            if kind is None:
                self._unknown_message(node, scope, "messages without a topic", 'DBOS.recv(Topic[YourType]("name"))')
            found.topics.setdefault(None, []).append((kind or ANY, None))
            return
        keys = self._key(topic, scope)
        if not keys:
            self._diagnostics.add(
                Code.DG013,
                scope.body.source.path,
                node.lineno,
                f"the topic `{ast.unparse(topic)}` is not a constant, so senders cannot name it",
                'use a string, a constant or a declared topic: `APPROVAL = Topic[Approval]("approval")`',
            )
        for key in keys:
            kind = key.type or self._received(node, scope)
            if kind is None:
                declaration = f'{_constant_name(key)} = Topic[YourType]("{key.name}")'
                self._unknown_message(node, scope, f'topic "{key.name}"', declaration)
            found.topics.setdefault(key.name, []).append((kind or ANY, key.declared))

    def _unknown_message(self, node: ast.Call, scope: FunctionScope, what: str, declaration: str) -> None:
        self._diagnostics.add(
            Code.DG012,
            scope.body.source.path,
            node.lineno,
            f"the type of {what} cannot be told from the source; senders may send anything",
            f"annotate the variable, `message: YourType | None = ...`, or declare the topic, `{declaration}`",
        )

    def _received(self, call: ast.Call, scope: FunctionScope) -> TypeRef | None:
        """Return the type that the code expects of a received message, from what the call's result is put into."""
        parents = self._parents.get(scope.node)
        if parents is None:
            parents = {child: parent for parent in ast.walk(scope.node) for child in children(parent)}
            self._parents[scope.node] = parents
        node: ast.AST = call
        parent = parents.get(node)
        while isinstance(parent, ast.Await | ast.NamedExpr):
            if isinstance(parent, ast.NamedExpr):
                declared = self._declared(parent.target.id, scope)
                if declared is not None:
                    return self._known(declared, scope.body)
            node, parent = parent, parents.get(parent)
        match parent:
            case ast.AnnAssign(annotation=annotation):
                return self._known(annotation, scope.body)
            case ast.Assign(targets=[ast.Name(id=name)]):
                declared = self._declared(name, scope)
                return None if declared is None else self._known(declared, scope.body)
            case ast.Call(func=func, args=[annotation, value]) if value is node:
                symbol = self._resolver.resolve(scope.body, func)
                return self._known(annotation, scope.body) if symbol is not None and symbol.is_typing("cast") else None
            case ast.Return() if scope.node.returns is not None:
                return self._known(scope.node.returns, scope.annotations)
            case _:
                return None

    def _known(self, annotation: ast.expr, scope: Scope) -> TypeRef | None:
        found = self._annotations.without_none(annotation, scope)
        return None if found == ANY else found

    def _declared(self, name: str, scope: FunctionScope) -> ast.expr | None:
        for node in _own_nodes(scope.node):
            match node:
                case ast.AnnAssign(target=ast.Name(id=target), annotation=annotation) if target == name:
                    return annotation
                case _:
                    pass
        return None


def _collected(found: _FoundConversation) -> tuple[tuple[Event, ...], tuple[Topic, ...], tuple[Stream, ...]]:
    events = tuple(
        Event(key=key, type=union(*(kind for kind, _ in uses)), declared=_declaration(uses))
        for key, uses in sorted(found.events.items())
    )
    topics = tuple(
        Topic(name=name, type=union(*(kind for kind, _ in uses)), declared=_declaration(uses))
        for name, uses in sorted(found.topics.items(), key=lambda item: (item[0] is not None, item[0] or ""))
    )
    streams = tuple(
        Stream(key=key, type=union(*(kind for kind, _ in uses)), declared=_declaration(uses))
        for key, uses in sorted(found.streams.items())
    )
    return events, topics, streams


def _own_nodes(function: FunctionNode) -> Iterator[ast.AST]:
    """Yield the nodes of a body, nested functions as such but not what is in them."""
    pending: list[ast.AST] = list(reversed(function.body))
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, FunctionNode | ast.ClassDef):
            inner = [child for child in children(node) if not isinstance(child, _LEAVES)]
            pending.extend(reversed(inner))


def _writes_stream(function: FunctionNode) -> bool:
    names = (node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute))
    return any(name in ("write_stream", "write_stream_async") for name in names)


def _argument(node: ast.Call, position: int, name: str) -> ast.expr | None:
    if len(node.args) > position:
        return node.args[position]
    return next((word.value for word in node.keywords if word.arg == name), None)


def _declaration(uses: list[tuple[TypeRef, Reference | None]]) -> Reference | None:
    declared = [reference for _, reference in uses]
    return declared[0] if all(reference is not None for reference in declared) else None


def _constant_name(key: Key) -> str:
    name = "".join(char if char.isalnum() else "_" for char in key.name).upper()
    return name if name.isidentifier() else "KEY"


def _short(node: ast.expr) -> str:
    text = " ".join(ast.unparse(node).split())
    return textwrap.shorten(text, 40, placeholder="...") if " " in text else text[:40]
