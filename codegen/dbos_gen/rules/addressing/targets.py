"""Which workflow a handle, a workflow id or a generated reference belongs to."""

from __future__ import annotations

import ast
import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dbos_gen.program.program import Program
from dbos_gen.program.workflows.called import Helper, Operation, Recorded
from dbos_gen.python.scopes.resolution import Scope, assigned_value
from dbos_gen.python.types.frames import BoundValue, Frame, Via, function_frame, module_frame
from dbos_gen.python.values.values import Runtime
from dbos_gen.rules.addressing.generated_references import GeneratedReferences, KnownWorkflow, defined
from dbos_gen.sources.project import Source

_CLIENT = Runtime("DBOSClient()")
_MAX_DEPTH = 12
_STARTERS = frozenset({"start_workflow", "enqueue"})
_BY_ID = frozenset({"retrieve_workflow", "resume_workflow", "restart_workflow", "fork_workflow"})
_OF_REFERENCE = frozenset({"start", "enqueue", "retrieve", "resume", "restart", "fork"})
_VALUES = (ast.Name, ast.Attribute, ast.Call)


class What(enum.Enum):
    """What stands for a workflow."""

    HANDLE = "handle"
    HANDLES = "handles"
    """A list or a tuple of handles."""
    ID = "id"
    REFERENCE = "reference"
    """A generated reference, or what its ``via`` gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A value that belongs to a workflow."""

    what: What
    workflow: KnownWorkflow


@dataclass(frozen=True, slots=True)
class Options:
    """Entries of an ``EnqueueOptions`` by name, the expression that makes it, and the frame that it stands in."""

    entries: dict[str, ast.expr]
    node: ast.expr
    frame: Frame


ByName = Callable[[str, Source], KnownWorkflow | None]
"""Finds a workflow by its registered name, as a module sees it."""


class Targets:
    """Follows handles, ids and references through local variables, constants and functions that return them."""

    def __init__(self, program: Program, by_name: ByName) -> None:
        self._program = program
        self._by_name = by_name
        self._references = GeneratedReferences(program)
        self._modules: dict[str, Frame] = {}
        self._ids: dict[int, tuple[Frame, dict[str, KnownWorkflow | None]]] = {}

    def of(self, node: ast.expr, frame: Frame, depth: int = 0) -> Target | None:
        """Return what an expression stands for; None when that is not certain."""
        if depth > _MAX_DEPTH:
            return None
        found = self._of(node, frame, depth + 1)
        if found is not None:
            return found
        key = self._canonical(node, frame)
        workflow = None if key is None else self._ids_of(frame).get(key)
        if workflow is not None:
            return Target(what=What.ID, workflow=workflow)
        workflow = self._references.of_handle(node, frame) if isinstance(node, _VALUES) else None
        return None if workflow is None else Target(what=What.HANDLE, workflow=workflow)

    def workflow(self, node: ast.expr, frame: Frame) -> KnownWorkflow | None:
        """Return the workflow function that an expression names."""
        callee = self._program.callees.resolve(node, frame.scope)
        if isinstance(callee, Recorded) and callee.kind == "workflow":
            return defined(callee)
        return None

    def is_client(self, node: ast.expr, frame: Frame) -> bool:
        """Whether an expression is a ``DBOSClient``."""
        return self._program.value_in(node, frame.scope) == _CLIENT

    def _reference(self, node: ast.expr, frame: Frame) -> Target | None:
        workflow = self._references.named(node, frame)
        return None if workflow is None else Target(what=What.REFERENCE, workflow=workflow)

    # --- expressions ------------------------------------------------------------------------------------------------

    def _of(self, node: ast.expr, frame: Frame, depth: int) -> Target | None:
        match node:
            case ast.Name(id=name):
                return self._name(node, name, frame, depth)
            case ast.Attribute():
                return self._attribute(node, frame, depth)
            case ast.Call():
                return self._call(node, frame, depth)
            case ast.Await(value=value) | ast.NamedExpr(value=value):
                return self.of(value, frame, depth)
            case ast.IfExp(body=body, orelse=orelse):
                return _same(self.of(body, frame, depth), self.of(orelse, frame, depth))
            case _:
                return self._collection(node, frame, depth)

    def _collection(self, node: ast.expr, frame: Frame, depth: int) -> Target | None:
        match node:
            case ast.List(elts=elements) | ast.Tuple(elts=elements) if elements:
                return _several(_same(*(self.of(element, frame, depth) for element in elements)))
            case ast.ListComp(elt=element):
                return _several(self.of(element, frame, depth))
            case ast.Subscript(value=value, slice=ast.Constant(value=int())):
                return _one(self.of(value, frame, depth))
            case _:
                return None

    def _name(self, node: ast.Name, name: str, frame: Frame, depth: int) -> Target | None:
        found = self._bound(name, frame)
        if found is None:
            return self._reference(node, frame)
        holder, values = found
        held = self._with_appended(name, values, holder)
        return _same(*(self._value(each, holder, depth) for each in held)) or self._reference(node, frame)

    def _value(self, bound: BoundValue, frame: Frame, depth: int) -> Target | None:
        found = self.of(bound.value, frame, depth)
        if bound.via is Via.ELEMENT:
            return _one(found)
        return found if bound.via is Via.VALUE else None

    def _with_appended(self, name: str, values: list[BoundValue], frame: Frame) -> list[BoundValue]:
        """Return what a list holds that begins with some elements, or none, and gets others later."""
        if not any(isinstance(each.value, ast.List | ast.ListComp) for each in values):
            return values
        held = [each for each in values if not isinstance(each.value, ast.List) or each.value.elts]
        for node in frame.own:
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=receiver), attr=method)) if receiver == name:
                    if method == "append" and len(node.args) == 1:
                        made = ast.copy_location(ast.List(elts=[node.args[0]], ctx=ast.Load()), node)
                        held.append(BoundValue(Via.VALUE, made))
                    elif method in ("extend", "insert"):
                        return []
                case _:
                    pass
        return held

    def _attribute(self, node: ast.Attribute, frame: Frame, depth: int) -> Target | None:
        symbol = self._program.resolver.resolve(frame.scope.body, node)
        if symbol is not None and symbol.is_dbos("DBOS.workflow_id"):
            return self._own_id(frame)
        if node.attr == "workflow_id":
            found = self.of(node.value, frame, depth)
            return _id(found)
        return self._reference(node, frame)

    def _own_id(self, frame: Frame) -> Target | None:
        scope: Frame | None = frame
        while scope is not None and not scope.is_module:
            function = scope.scope
            mark = self._program.decorators.recorded(function.node, function.annotations)
            if mark is not None:
                if mark.kind != "workflow":
                    return None
                qualname = f"{function.annotations.owner_path}.{function.node.name}".lstrip(".")
                recorded = Recorded(
                    kind="workflow", name=mark.name or qualname, node=function.node, scope=function.annotations
                )
                return Target(what=What.ID, workflow=defined(recorded))
            scope = scope.outer
        return None

    def _call(self, node: ast.Call, frame: Frame, depth: int) -> Target | None:
        callee = self._program.callees.resolve(node.func, frame.scope)
        if isinstance(callee, Operation) and callee.name in _STARTERS | _BY_ID and not self._is_reference(node, frame):
            return self._operation(callee.name, node, frame, depth)
        if isinstance(callee, Helper):
            return self._returned(callee, depth)
        if isinstance(node.func, ast.Attribute):
            return self._method(node, node.func, frame, depth)
        if isinstance(node.func, ast.Name) and node.func.id == "str" and len(node.args) == 1:
            found = self.of(node.args[0], frame, depth)
            return found if found is not None and found.what is What.ID else None
        return None

    def _is_reference(self, node: ast.Call, frame: Frame) -> bool:
        return isinstance(node.func, ast.Attribute) and self._reference(node.func.value, frame) is not None

    def _operation(self, name: str, node: ast.Call, frame: Frame, depth: int) -> Target | None:
        if name in _STARTERS:
            workflow = self.workflow(node.args[0], frame) if node.args else None
            return None if workflow is None else Target(what=What.HANDLE, workflow=workflow)
        named = keyword(node, "workflow")
        if named is not None:
            workflow = self.workflow(named, frame)
            return None if workflow is None else Target(what=What.HANDLE, workflow=workflow)
        return self._handle_of_id(node, frame, depth)

    def _handle_of_id(self, node: ast.Call, frame: Frame, depth: int) -> Target | None:
        given = argument(node, 0, "workflow_id")
        found = None if given is None else self.of(given, frame, depth)
        if found is None or found.what is not What.ID:
            return None
        return Target(what=What.HANDLE, workflow=found.workflow)

    def _method(self, node: ast.Call, func: ast.Attribute, frame: Frame, depth: int) -> Target | None:
        plain = func.attr.removesuffix("_async")
        owner = self.of(func.value, frame, depth)
        if owner is not None:
            if owner.what is What.REFERENCE and func.attr in _OF_REFERENCE:
                return Target(what=What.HANDLE, workflow=owner.workflow)
            if owner.what is What.REFERENCE and func.attr == "via":
                return owner
            return _id(owner) if func.attr == "get_workflow_id" else None
        if plain in _BY_ID and self.is_client(func.value, frame):
            return self._handle_of_id(node, frame, depth)
        if plain == "enqueue" and node.args and self.is_client(func.value, frame):
            workflow = self._enqueued(node.args[0], frame)
            return None if workflow is None else Target(what=What.HANDLE, workflow=workflow)
        return None

    def _enqueued(self, options: ast.expr, frame: Frame) -> KnownWorkflow | None:
        found = self.options(options, frame)
        name = None if found is None else found.entries.get("workflow_name")
        text = None if name is None or found is None else self.text(name, found.frame)
        return None if text is None else self._by_name(text, frame.scope.body.source)

    def _returned(self, helper: Helper, depth: int) -> Target | None:
        """Return what every ``return`` of a plain function gives."""
        node = helper.scope.node
        is_generator = any(isinstance(inner, ast.Yield | ast.YieldFrom) for inner in ast.walk(node))
        if is_generator:
            return None
        frame = function_frame(helper.scope, self.module(helper.scope.body.source))
        returned = [inner.value for inner in frame.own if isinstance(inner, ast.Return)]
        found = [None if value is None else self._of(value, frame, depth) for value in returned]
        return _same(*found)

    # --- options and texts --------------------------------------------------------------------------------------------

    def options(self, node: ast.expr, frame: Frame, depth: int = 0) -> Options | None:
        """Return the entries of an ``EnqueueOptions``, a display or a call, through variables bound once."""
        match node:
            case ast.Dict(keys=keys, values=values):
                names = [key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
                return Options(dict(zip(names, values, strict=True)), node, frame) if len(names) == len(keys) else None
            case ast.Call(func=func, args=[], keywords=keywords):
                symbol = self._program.resolver.resolve(frame.scope.body, func)
                is_options = symbol is not None and (symbol.is_dbos("EnqueueOptions") or symbol.path == "dict")
                given = {word.arg: word.value for word in keywords if word.arg is not None}
                return Options(given, node, frame) if is_options and len(given) == len(keywords) else None
            case ast.Name(id=name) if depth < _MAX_DEPTH:
                found = self._bound(name, frame)
                if found is None or len(found[1]) != 1 or found[1][0].via is not Via.VALUE:
                    return None
                if _is_changed(name, found[0]) or _is_changed(name, frame):
                    return None
                return self.options(found[1][0].value, found[0], depth + 1)
            case _:
                return None

    def text(self, node: ast.expr, frame: Frame, depth: int = 0) -> str | None:
        """Return the text of a constant expression."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.Name):
            found = self._bound(node.id, frame)
            if found is not None:
                holder, values = found
                if len(values) != 1 or values[0].via is not Via.VALUE or depth > _MAX_DEPTH:
                    return None
                return self.text(values[0].value, holder, depth + 1)
            if frame.holder(node.id) not in (None, self.module(frame.scope.body.source)):
                return None
        if isinstance(node, ast.Name | ast.Attribute):
            symbol = self._program.resolver.resolve(frame.scope.body, node)
            value = None if symbol is None else assigned_value(symbol.node)
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                return value.value
        return None

    def _bound(self, name: str, frame: Frame) -> tuple[Frame, list[BoundValue]] | None:
        """Return what a name of this function, of one around it, or of a module is bound to, and where."""
        holder = frame.holder(name)
        if holder is not None:
            values = holder.only(name)
            if values is not None:
                return holder, values
            if not holder.is_module:
                return None
        symbol = self._program.resolver.lookup(Scope(source=frame.scope.body.source), (name,))
        if symbol is None or symbol.source is None or "." in symbol.path or symbol.is_local:
            return None
        other = self.module(symbol.source)
        values = other.only(symbol.path)
        return None if values is None else (other, values)

    def module(self, source: Source) -> Frame:
        """Return the top level of a module; the same object every time."""
        if source.name not in self._modules:
            self._modules[source.name] = module_frame(source)
        return self._modules[source.name]

    # --- ids --------------------------------------------------------------------------------------------------------

    def _ids_of(self, frame: Frame) -> dict[str, KnownWorkflow | None]:
        """Return the ids that this function gives to workflows or looks them up by; None where they differ."""
        if id(frame) not in self._ids:
            found: dict[str, KnownWorkflow | None] = {}
            # The frame is kept with its ids, so that its own id is not given to another object.
            self._ids[id(frame)] = (frame, found)
            for node, workflow in [*self._given_ids(frame)]:
                key = self._canonical(node, frame)
                if key is not None:
                    found[key] = workflow if found.get(key, workflow) == workflow else None
        return self._ids[id(frame)][1]

    def _given_ids(self, frame: Frame) -> Iterator[tuple[ast.expr, KnownWorkflow | None]]:
        for node in frame.own:
            if isinstance(node, ast.With | ast.AsyncWith):
                for item in node.items:
                    given = self._set_id(item.context_expr, frame)
                    if given is not None:
                        yield given, self._started_in(node, frame)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                plain = node.func.attr.removesuffix("_async")
                named, looked_up = keyword(node, "workflow"), argument(node, 0, "workflow_id")
                if (
                    plain in _BY_ID - {"restart_workflow", "fork_workflow"}
                    and named is not None
                    and looked_up is not None
                ):
                    yield looked_up, self.workflow(named, frame)
                elif node.func.attr in ("retrieve", "resume") and looked_up is not None:
                    owner = self._reference(node.func.value, frame)
                    if owner is not None:
                        yield looked_up, owner.workflow
                elif plain == "enqueue" and node.args and self.is_client(node.func.value, frame):
                    options = self.options(node.args[0], frame)
                    if options is not None and options.frame is frame and "workflow_id" in options.entries:
                        yield options.entries["workflow_id"], self._enqueued(node.args[0], frame)

    def _set_id(self, node: ast.expr, frame: Frame) -> ast.expr | None:
        if not isinstance(node, ast.Call):
            return None
        symbol = self._program.resolver.resolve(frame.scope.body, node.func)
        return argument(node, 0, "wfid") if symbol is not None and symbol.is_dbos("SetWorkflowID") else None

    def _started_in(self, block: ast.With | ast.AsyncWith, frame: Frame) -> KnownWorkflow | None:
        """Return the one workflow that a block starts or calls."""
        found: list[KnownWorkflow | None] = []
        for node in frame.own:
            if not isinstance(node, ast.Call) or not _is_inside(node, block):
                continue
            callee = self._program.callees.resolve(node.func, frame.scope)
            if isinstance(callee, Recorded) and callee.kind == "workflow":
                found.append(defined(callee))
            elif isinstance(callee, Operation) and callee.name in _STARTERS:
                found.append(self.workflow(node.args[0], frame) if node.args else None)
            elif isinstance(node.func, ast.Attribute) and node.func.attr in ("start", "enqueue"):
                owner = self._reference(node.func.value, frame)
                found.append(None if owner is None else owner.workflow)
        return found[0] if found and all(each == found[0] for each in found) else None

    def _canonical(self, node: ast.expr, frame: Frame, depth: int = 0) -> str | None:
        """Return a text that two expressions share only when they have the same value in one run of a function."""
        if depth > _MAX_DEPTH:
            return None
        match node:
            case ast.Constant(value=str() as text):
                return repr(text)
            case ast.JoinedStr(values=values):
                parts = [self._canonical(value, frame, depth + 1) for value in values]
                return f"({'+'.join(part for part in parts if part)})" if all(parts) else None
            case ast.FormattedValue(value=value, format_spec=None, conversion=-1):
                return self._canonical(value, frame, depth + 1)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                parts = [self._canonical(side, frame, depth + 1) for side in (left, right)]
                return f"({'+'.join(part for part in parts if part)})" if all(parts) else None
            case ast.Attribute(value=value, attr=name):
                owner = self._canonical(value, frame, depth + 1)
                return None if owner is None else f"{owner}.{name}"
            case ast.Name(id=name):
                return self._canonical_name(name, frame, depth)
            case _:
                return None

    def _canonical_name(self, name: str, frame: Frame, depth: int) -> str | None:
        holder = frame.holder(name)
        if holder is not None and holder.parameter(name) is not None:
            return None if name in holder.bound() else f"parameter {name}"
        if holder is None or len(holder.bound().get(name, ())) != 1:
            found = self._bound(name, frame)
            text = self.text(ast.Name(id=name, ctx=ast.Load()), frame) if found is not None else None
            return None if text is None else repr(text)
        only = holder.bound()[name][0]
        if only is not None and only.via is Via.VALUE:
            return self._canonical(only.value, holder, depth + 1) or f"local {name}"
        return f"local {name}"


def keyword(node: ast.Call, name: str) -> ast.expr | None:
    """Return a keyword argument."""
    return next((word.value for word in node.keywords if word.arg == name), None)


def argument(node: ast.Call, position: int, name: str) -> ast.expr | None:
    """Return an argument by position or by name; None when it may come out of a starred one."""
    if any(isinstance(each, ast.Starred) for each in node.args[: position + 1]):
        return None
    return node.args[position] if len(node.args) > position else keyword(node, name)


def _same(*found: Target | None) -> Target | None:
    return found[0] if found and all(each is not None and each == found[0] for each in found) else None


def _several(target: Target | None) -> Target | None:
    if target is None or target.what is not What.HANDLE:
        return None
    return Target(what=What.HANDLES, workflow=target.workflow)


def _one(target: Target | None) -> Target | None:
    if target is None or target.what is not What.HANDLES:
        return None
    return Target(what=What.HANDLE, workflow=target.workflow)


def _id(target: Target | None) -> Target | None:
    if target is None or target.what is not What.HANDLE:
        return None
    return Target(what=What.ID, workflow=target.workflow)


def _is_changed(name: str, frame: Frame) -> bool:
    """Whether entries of a dictionary may be set after it was made."""
    for node in frame.own:
        match node:
            case ast.Subscript(value=ast.Name(id=found), ctx=ast.Store() | ast.Del()) if found == name:
                return True
            case ast.Call(func=ast.Attribute(value=ast.Name(id=found), attr="update" | "pop" | "setdefault")):
                if found == name:
                    return True
            case _:
                pass
    return False


def _is_inside(node: ast.Call, block: ast.With | ast.AsyncWith) -> bool:
    last = block.body[-1]
    start, end = (block.body[0].lineno, block.body[0].col_offset), (last.end_lineno or last.lineno)
    return (node.lineno, node.col_offset) >= start and node.lineno <= end
