"""Workflows that are enqueued by name, and queues: what no executor could run or the runtime would refuse."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from dbos_gen.program.program import Program
from dbos_gen.python.types.assignability import Assignability, given_type, shown
from dbos_gen.python.types.frames import Frame, finding_at, frames
from dbos_gen.rules.addressing.argument_fit import misfit
from dbos_gen.rules.addressing.queue_options import QueueOptionChecks
from dbos_gen.rules.addressing.registrations import RegisteredNames, RegisteredWorkflow, Registrations
from dbos_gen.rules.addressing.targets import Options, Targets, keyword
from dbos_gen.sources.project import Source
from dbos_gen.vocabulary.findings import Finding, KnownType, Note, Rule
from dbos_gen.vocabulary.identifiers import quoted
from dbos_gen.vocabulary.model import Param, ParamKind, Receiver
from dbos_gen.vocabulary.type_expressions import ANY, TypeRef

_ENQUEUE = ("enqueue", "enqueue_async")
_LISTING = ("list_workflows", "list_workflows_async", "list_queued_workflows", "list_queued_workflows_async")
_WORDS = frozenset({*_ENQUEUE, *_LISTING})
_SIMILAR = 0.75
_SHOWN = 6
_UNTYPED = (ParamKind.VAR_KEYWORD,)


class _EnqueueJudge:
    """Decides about the calls in the modules of one program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._registrations = Registrations(program)
        self._targets = Targets(program, self._registrations.only)
        self._queueing = QueueOptionChecks(program, self._registrations, self._targets)
        self._assignability = Assignability(program.resolver, stored=True)

    def check(self, source: Source) -> Iterator[Finding]:
        if source.words.isdisjoint(_WORDS | {"Queue", "SetEnqueueOptions"}):
            return
        for frame in frames(source):
            for node in frame.own:
                if isinstance(node, ast.Call):
                    yield from self._queueing.check(node, frame)
                    if isinstance(node.func, ast.Attribute) and node.func.attr in _WORDS:
                        yield from self._client_call(node, node.func, frame)

    def _client_call(self, node: ast.Call, func: ast.Attribute, frame: Frame) -> Iterator[Finding]:
        symbol = self._program.resolver.resolve(frame.scope.body, func)
        is_of_runtime = symbol is not None and symbol.is_dbos(f"DBOS.{func.attr}")
        if func.attr in _LISTING and (is_of_runtime or self._targets.is_client(func.value, frame)):
            yield from self._filters(node, frame)
        elif func.attr in _ENQUEUE and node.args and self._targets.is_client(func.value, frame):
            options = self._targets.options(node.args[0], frame)
            if options is not None:
                yield from self._enqueue(node, options, frame)

    def types(self, source: Source) -> Iterator[KnownType]:
        if source.words.isdisjoint(_ENQUEUE):
            return
        for frame in frames(source):
            for node in frame.own:
                match node:
                    case ast.Call(func=ast.Attribute(attr=method, value=client), args=[first, *_]):
                        found = (
                            self._result_type(first, frame)
                            if method in _ENQUEUE and self._targets.is_client(client, frame)
                            else None
                        )
                        if found is not None:
                            yield KnownType(line=node.lineno, column=node.col_offset, type=found)
                    case _:
                        pass

    def _result_type(self, node: ast.expr, frame: Frame) -> TypeRef | None:
        """Return what the workflow that the options name says it returns."""
        options = self._targets.options(node, frame)
        written = None if options is None else options.entries.get("workflow_name")
        name = None if options is None or written is None else self._targets.text(written, options.frame)
        found = [] if name is None else self._registrations.names(frame.scope.body.source).workflows.get(name, [])
        if len(found) != 1 or found[0].signatures is None or len(found[0].signatures) != 1:
            return None
        definition = found[0].workflow.definition
        if definition is None or definition.node.returns is None:
            return None
        result = self._program.annotations.convert(definition.node.returns, definition.scope)
        is_generic = any(self._program.annotations.is_type_variable(each) for each in result.references)
        return None if result == ANY or is_generic else result

    # --- names ------------------------------------------------------------------------------------------------------

    def _enqueue(self, call: ast.Call, options: Options, frame: Frame) -> Iterator[Finding]:
        source = frame.scope.body.source
        yield from self._queueing.check_options(call, options, frame)
        queue = options.entries.get("queue_name")
        if queue is not None:
            yield from self._queue_name(queue, options.frame, call, frame)
        written = options.entries.get("workflow_name")
        name = None if written is None else self._targets.text(written, options.frame)
        if written is None or name is None:
            return
        names = self._registrations.names(source)
        found = names.workflows.get(name, [])
        if not found and name not in names.others:
            renamed = _registered_as(name, names)
            if queue is not None and self._is_queue_of_others(queue, options.frame, frame):
                names, renamed = replace(names, is_ours=False), None
            place = _place(written, options.frame, call, frame)
            yield from self._unknown(name, renamed, place, names, frame)
        elif len(found) == 1:
            yield from self._receiver(found[0], options, call, frame)
            yield from self._arguments(found[0], call, frame)

    def _unknown(
        self, name: str, renamed: str | None, place: ast.expr, names: RegisteredNames, frame: Frame
    ) -> Iterator[Finding]:
        """Report a name; ``renamed`` is the one under which a function of this name is registered."""
        close = renamed or _similar(name, names.workflows)
        is_sure = names.is_whole and names.is_ours
        if renamed is None and not is_sure and (close is None or self._is_elsewhere(name, frame)):
            return
        where = f"{names.application} registers" if is_sure else "the program registers"
        known = ", ".join(quoted(each) for each in sorted(names.workflows)[:_SHOWN])
        more = ", …" if len(names.workflows) > _SHOWN else ""
        hint = f"did you mean {quoted(close)}?" if close is not None else f"it registers {known}{more}"
        yield _finding(place, frame, f"{where} no workflow {quoted(name)}", hint)

    def _is_queue_of_others(self, node: ast.expr, holder: Frame, frame: Frame) -> bool:
        """Whether a queue is none of the program's, so that another application takes workflows from it."""
        name = self._targets.text(node, holder)
        queues = self._registrations.queues(frame.scope.body.source)
        known = [queue.name for queue in queues if queue.name is not None]
        if name is None or not known or len(known) < len(queues) or name in known:
            return False
        return _similar(name, known) is None

    def _is_elsewhere(self, name: str, frame: Frame) -> bool:
        """Whether the name occurs more often in the project than this once."""
        return self._registrations.is_mentioned(name, frame.scope.body.source, least=2)

    def _queue_name(self, node: ast.expr, holder: Frame, call: ast.Call, frame: Frame) -> Iterator[Finding]:
        name = self._targets.text(node, holder)
        queues = self._registrations.queues(frame.scope.body.source)
        known = [queue.name for queue in queues if queue.name is not None]
        if name is None or name in known or len(known) < len(queues):
            return
        close = _similar(name, known)
        if close is not None and not self._is_elsewhere(name, frame):
            text = f"the program makes no queue {quoted(name)}, so nothing takes the workflow from it"
            yield _finding(_place(node, holder, call, frame), frame, text, f"did you mean {quoted(close)}?")

    def _filters(self, call: ast.Call, frame: Frame) -> Iterator[Finding]:
        node = keyword(call, "name")
        name = None if node is None else self._targets.text(node, frame)
        if node is None or name is None:
            return
        names = self._registrations.names(frame.scope.body.source)
        close = None if name in names.workflows or name in names.others else _similar(name, names.workflows)
        if close is not None and not self._is_elsewhere(name, frame):
            text = f"the program registers no workflow {quoted(name)}, so none is ever listed"
            yield _finding(node, frame, text, f"did you mean {quoted(close)}?")

    # --- receivers and arguments --------------------------------------------------------------------------------------

    def _receiver(
        self, registered: RegisteredWorkflow, options: Options, call: ast.Call, frame: Frame
    ) -> Iterator[Finding]:
        given = {name: _is_given(options.entries.get(name)) for name in ("class_name", "config_name")}
        label = registered.name
        wanted: tuple[str, ...]
        match registered.receiver:
            case Receiver.INSTANCE:
                what, wanted = "a method of a configured instance", ("class_name", "config_name")
            case Receiver.CLASS:
                what, wanted = "a classmethod", ("class_name",)
            case _:
                what, wanted = "called on nothing", ()
        missing = [name for name in wanted if given[name] is False]
        unwanted = [] if wanted else [name for name in given if given[name] is True]
        written = options.entries.get("class_name")
        text = None if written is None or not wanted else self._targets.text(written, options.frame)
        if missing:
            named = " and ".join(f"`{name}`" for name in missing)
            values = {"class_name": quoted(registered.class_name or ""), "config_name": '"..."'}
            example = ", ".join(f'"{name}": {values[name]}' for name in missing)
            text = f"workflow {quoted(label)} is {what}, and the options lack {named}"
            yield _finding(_place(options.node, options.frame, call, frame), frame, text, f"add {example}", registered)
        elif text is not None and written is not None and self._is_other_class(text, registered, frame):
            said = f"workflow {quoted(label)} is registered with the class {quoted(registered.class_name or '')}"
            place = _place(written, options.frame, call, frame)
            hint = f"write {quoted(registered.class_name or '')}"
            yield _finding(place, frame, f"{said}, and the options name {quoted(text)}", hint, registered)
        elif unwanted:
            text = f"workflow {quoted(label)} is {what}, and the options name a `{unwanted[0]}`"
            place = _place(options.entries[unwanted[0]], options.frame, call, frame)
            yield _finding(
                place, frame, text, f"leave {' and '.join(f'`{name}`' for name in unwanted)} out", registered
            )

    def _is_other_class(self, text: str, registered: RegisteredWorkflow, frame: Frame) -> bool:
        """Whether no executor knows the class by the name: not as it is called in Python, and no other one is meant."""
        if registered.class_name is None or text == registered.class_name:
            return False
        definition = registered.workflow.definition
        owner = None if definition is None else definition.scope.owner
        if owner is not None and text == owner.name:
            return True
        return _similar(text, [registered.class_name]) is not None and not self._is_elsewhere(text, frame)

    def _arguments(self, registered: RegisteredWorkflow, call: ast.Call, frame: Frame) -> Iterator[Finding]:
        found = [
            misfit(params, call.args[1:], call.keywords, lambda param, value: self._fits(param, value, frame))
            for params in registered.signatures or ()
        ]
        if found and all(each is not None for each in found) and found[0] is not None:
            text = f"the arguments do not fit workflow {quoted(registered.name)}: {found[0].text}"
            hint = f"call it as `{_signature(registered)}`"
            yield _finding(found[0].node or call, frame, text, hint, registered)

    def _fits(self, param: Param, value: ast.expr, frame: Frame) -> str | None:
        if param.type == ANY or param.kind in _UNTYPED:
            return None
        is_none = isinstance(value, ast.Constant) and value.value is None
        given = TypeRef(("None",)) if is_none else given_type(value, frame, self._program.inference)
        if given is None or not self._assignability.differs(given, param.type):
            return None
        return f"`{param.name}` is `{shown(param.type)}`, not `{shown(given)}`"


def check(program: Program, source: Source) -> Iterable[Finding]:
    """Yield the by-name calls that fit no workflow of the application, and the queues that cannot be."""
    return _judge(program).check(source)


def known_types(program: Program, source: Source) -> Iterable[KnownType]:
    """Yield the types of the results of workflows that are enqueued by name."""
    return _judge(program).types(source)


@lru_cache(maxsize=4)
def _judge(program: Program) -> _EnqueueJudge:
    return _EnqueueJudge(program)


def _similar(name: str, known: Iterable[str]) -> str | None:
    """Return the name that was probably meant. Names that differ in their numbers are different names."""
    numbers = re.findall(r"\d+", name)
    candidates = [each for each in known if re.findall(r"\d+", each) == numbers]
    folded = {each.lower().replace("-", "_"): each for each in sorted(candidates)}
    close = difflib.get_close_matches(name.lower().replace("-", "_"), list(folded), n=1, cutoff=_SIMILAR)
    if close:
        return folded[close[0]]
    # `restock` for `Shop.restock`: methods are registered under their qualified names.
    qualified = [each for each in candidates if each.rpartition(".")[2] == name]
    return qualified[0] if len(qualified) == 1 else None


def _registered_as(name: str, names: RegisteredNames) -> str | None:
    """Return the name under which a function of this name is registered, where that is another one."""
    found = {
        registered.name
        for each in names.workflows.values()
        for registered in each
        if registered.workflow.definition is not None
        and registered.workflow.definition.node.name == name
        and registered.workflow.definition.scope.owner is None
        and registered.name != name
    }
    return found.pop() if len(found) == 1 else None


def _is_given(node: ast.expr | None) -> bool | None:
    """Whether an option is given; None when it depends."""
    if node is None or (isinstance(node, ast.Constant) and node.value is None):
        return False
    return True if isinstance(node, ast.Constant) else None


def _place(node: ast.expr, holder: Frame, call: ast.Call, frame: Frame) -> ast.expr:
    """Return where to report: the expression itself when it stands in this module."""
    return node if holder.scope.body.source is frame.scope.body.source else call


def _finding(
    node: ast.expr, frame: Frame, text: str, hint: str, registered: RegisteredWorkflow | None = None
) -> Finding:
    notes: tuple[Note, ...] = ()
    if registered is not None and registered.path is not None:
        notes = (Note(path=registered.path, line=registered.line, text=f"{quoted(registered.name)} is defined here"),)
    return finding_at(node, frame, Rule.ENQUEUE, text, hint, notes)


def _signature(registered: RegisteredWorkflow) -> str:
    params = (registered.signatures or ((),))[0]
    return f"{registered.name}({', '.join(_written(params))})"


def _written(params: Sequence[Param]) -> Iterator[str]:
    stars = {ParamKind.VAR_POSITIONAL: "*", ParamKind.VAR_KEYWORD: "**"}
    has_star = False
    for index, param in enumerate(params):
        if param.kind is ParamKind.KEYWORD_ONLY and not has_star:
            yield "*"
        has_star = has_star or param.kind in (ParamKind.VAR_POSITIONAL, ParamKind.KEYWORD_ONLY)
        kind = "" if param.type == ANY else f": {shown(param.type)}"
        default = " = ..." if param.has_default else ""
        yield f"{stars.get(param.kind, '')}{param.name}{kind}{default}"
        following = params[index + 1].kind if index + 1 < len(params) else None
        if param.kind is ParamKind.POSITIONAL_ONLY and following is not ParamKind.POSITIONAL_ONLY:
            yield "/"
