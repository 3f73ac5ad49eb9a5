"""Events, messages and streams that the workflow at the other end does not have, or has with values of another type."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dbos_gen.program.program import Program
from dbos_gen.program.workflows.keys import Key, Keys
from dbos_gen.python.types.assignability import Assignability, given_type, shown
from dbos_gen.python.types.frames import Frame, finding_at, frames
from dbos_gen.rules.addressing.generated_references import KnownWorkflow
from dbos_gen.rules.addressing.registrations import Registrations
from dbos_gen.rules.addressing.targets import Target, Targets, What, argument
from dbos_gen.rules.conversation.conversations import Conversations
from dbos_gen.sources.memory import Memory
from dbos_gen.sources.project import Source
from dbos_gen.vocabulary.findings import Finding, KnownType, Note, Rule
from dbos_gen.vocabulary.identifiers import quoted
from dbos_gen.vocabulary.type_expressions import ANY, TypeRef

_METHODS = ("get_event", "send", "read_stream")
_WORDS_OF_CALLS = frozenset(f"{method}{suffix}" for method in _METHODS for suffix in ("", "_async"))
_READING = ("get_event", "get_event_async")
_CLOSE = 0.6
_WORDS = {"get_event": ("event", "sets"), "send": ("topic", "receives"), "read_stream": ("stream", "writes")}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    """One call that reads from or writes to a workflow: ``method`` is the plain name of the operation."""

    method: str
    workflow: KnownWorkflow
    call: ast.Call
    key: ast.expr | None
    message: ast.expr | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """An event, a topic or a stream of a workflow; ``name`` is None for messages without a topic."""

    name: str | None
    type: TypeRef


class _ConversationJudge:
    """Decides about the uses in the modules of one program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        registrations = Registrations(program)
        self._targets = Targets(program, registrations.only)
        self._conversations = Conversations(program, registrations)
        self._keys = Keys(program.resolver, program.annotations)
        self._assignability = Assignability(program.resolver)
        self._uses: Memory[str, list[tuple[_Use, Frame]]] = Memory(program.project)

    def check(self, source: Source) -> Iterator[Finding]:
        if source.words.isdisjoint(_WORDS_OF_CALLS):
            return
        for use, frame in self._uses_in(source):
            yield from self._judge(use, frame)

    def types(self, source: Source) -> Iterator[KnownType]:
        if source.words.isdisjoint(_READING):
            return
        for use, frame in self._uses_in(source):
            # What the reader declares counts before what is inferred from the writer; the rule compares the two.
            if use.method == "get_event" and not any(call is use.call for call in _declared_calls(frame)):
                found = self._event_type(use, frame)
                if found is not None:
                    yield KnownType(line=use.call.lineno, column=use.call.col_offset, type=found)

    def _uses_in(self, source: Source) -> Sequence[tuple[_Use, Frame]]:
        """Return the uses in a module; the rule and the types both ask."""
        return self._uses.get(source.name, lambda: list(self._read_uses(source)), list[tuple[_Use, Frame]])

    def _read_uses(self, source: Source) -> Iterator[tuple[_Use, Frame]]:
        for frame in frames(source):
            for node in frame.own:
                use = self._use(node, frame) if isinstance(node, ast.Call) else None
                if use is not None:
                    yield use, frame

    def _event_type(self, use: _Use, frame: Frame) -> TypeRef | None:
        keys, found = self._keys_of(use, frame), self._entries(use)
        if found is None or len(keys) != 1 or keys[0] is None or keys[0].type is not None:
            return None
        known, is_all = found
        entry = next((each for each in known if each.name == keys[0].name), None)
        # A container inferred from a literal is narrower than what its reader may rightly make of it.
        return entry.type if entry is not None and is_all and _is_plain(entry.type) else None

    def _use(self, node: ast.Call, frame: Frame) -> _Use | None:
        func = node.func
        plain = func.attr.removesuffix("_async") if isinstance(func, ast.Attribute) else ""
        if not isinstance(func, ast.Attribute) or plain not in _METHODS:
            return None
        symbol = self._program.resolver.resolve(frame.scope.body, func)
        is_by_id = symbol is not None and symbol.is_dbos(f"DBOS.{func.attr}")
        if is_by_id or (plain != "read_stream" and self._targets.is_client(func.value, frame)):
            name = "destination_id" if plain == "send" else "workflow_id"
            given = argument(node, 0, name)
            target = None if given is None else self._targets.of(given, frame)
            wanted, first = What.ID, 1
        else:
            target, wanted, first = self._targets.of(func.value, frame), What.HANDLE, 0
        return self._use_of(node, plain, target, wanted, first)

    def _use_of(self, node: ast.Call, plain: str, target: Target | None, wanted: What, first: int) -> _Use | None:
        if target is None or target.what is not wanted:
            return None
        if any(isinstance(each, ast.Starred) for each in node.args) or any(word.arg is None for word in node.keywords):
            return None
        is_send = plain == "send"
        return _Use(
            method=plain,
            workflow=target.workflow,
            call=node,
            key=argument(node, first + 1, "topic") if is_send else argument(node, first, "key"),
            message=argument(node, first, "message") if is_send else None,
        )

    def _judge(self, use: _Use, frame: Frame) -> Iterator[Finding]:
        found = self._entries(use)
        if found is None:
            return
        known, is_all = found
        keys = self._keys_of(use, frame)
        for key in keys:
            entry = next((each for each in known if each.name == (None if key is None else key.name)), None)
            if entry is None:
                if is_all:
                    yield self._unknown(use, key, known, frame)
            elif key is None or is_all or len(keys) == 1:
                yield from self._other_type(use, key, entry, frame)

    def _entries(self, use: _Use) -> tuple[list[_Entry], bool] | None:
        """Return what the workflow has of the kind that is used, and whether that is all of it."""
        if use.method == "read_stream":
            streams = self._conversations.streams(use.workflow)
            return (
                None
                if streams is None
                else ([_Entry(name=each.key, type=each.type) for each in streams.streams], streams.is_all)
            )
        conversation = self._conversations.of(use.workflow)
        if conversation is None:
            return None
        if use.method == "get_event":
            entries = [_Entry(name=event.key, type=event.type) for event in conversation.events]
            return entries, conversation.has_all_events
        return [_Entry(name=topic.name, type=topic.type) for topic in conversation.topics], conversation.has_all_topics

    def _keys_of(self, use: _Use, frame: Frame) -> tuple[Key | None, ...]:
        """Return what the key may be; None stands for a message without a topic."""
        if use.key is None or (isinstance(use.key, ast.Constant) and use.key.value is None):
            return (None,) if use.method == "send" else ()
        if isinstance(use.key, ast.Name):
            holder = frame.holder(use.key.id)
            if holder is not None and not holder.is_module:
                text = self._targets.text(use.key, frame)
                return () if text is None else (Key(name=text),)
        return self._keys.resolve(use.key, frame.scope.body)

    # --- what is wrong ----------------------------------------------------------------------------------------------

    def _unknown(self, use: _Use, key: Key | None, known: list[_Entry], frame: Frame) -> Finding:
        noun, verb = _WORDS[use.method]
        label = use.workflow.qualname
        names = [entry.name for entry in known if entry.name is not None]
        if key is None:
            text = f"workflow `{label}` never receives messages without a topic"
            hint = f"name the topic: {_listed(names)}" if names else f"have `{label}` receive it: `DBOS.recv()`"
        else:
            text = (
                f"workflow `{label}` never {verb} {noun if use.method != 'send' else 'from topic'} {quoted(key.name)}"
            )
            hint = self._advice(use, key.name, known)
        return self._finding(use, frame, text, hint)

    def _advice(self, use: _Use, name: str, known: list[_Entry]) -> str:
        noun, verb = _WORDS[use.method]
        names = [entry.name for entry in known if entry.name is not None]
        close = difflib.get_close_matches(name, names, n=1, cutoff=_CLOSE)
        has_plain = any(entry.name is None for entry in known)
        listed = [f"it {verb} {'from ' if use.method == 'send' else ''}{_listed(names)}"] if names else []
        if has_plain:
            listed.append("it receives messages without a topic" if not names else "and messages without a topic")
        if not listed:
            listed.append(f"it {verb} no {noun}s" if use.method != "send" else "it receives no messages")
        whole = " ".join(listed)
        return f"did you mean {quoted(close[0])}? {whole}" if close else whole

    def _other_type(self, use: _Use, key: Key | None, found: _Entry, frame: Frame) -> Iterator[Finding]:
        if found.type == ANY:
            return
        label = use.workflow.qualname
        if use.method == "send":
            given = None if use.message is None else self._message_type(use.message, frame)
            if given is not None and self._assignability.differs(given, found.type):
                where = "messages without a topic" if found.name is None else f"messages of topic {quoted(found.name)}"
                yield self._finding(
                    use,
                    frame,
                    f"workflow `{label}` takes {where} to be `{shown(found.type)}`, not `{shown(given)}`",
                    f"send `{shown(found.type)}`, or change what `{label}` receives",
                )
            return
        wanted = self._expected_type(use.call, key, frame)
        noun = _WORDS[use.method][0]
        if wanted is not None and self._assignability.differs(found.type, wanted):
            yield self._finding(
                use,
                frame,
                f"{noun} {quoted(found.name or '')} of workflow `{label}` is `{shown(found.type)}`, "
                f"not `{shown(wanted)}`",
                f"take it to be `{shown(found.type)}`, or change what `{label}` {_WORDS[use.method][1]}",
            )

    def _message_type(self, node: ast.expr, frame: Frame) -> TypeRef | None:
        # A sender may say that there is nothing to say: whoever waits with a timeout expects None anyway.
        if isinstance(node, ast.Constant) and node.value is None:
            return None
        return given_type(node, frame, self._program.inference)

    def _expected_type(self, call: ast.Call, key: Key | None, frame: Frame) -> TypeRef | None:
        """Return what the reader takes the value to be: by its key, or by the variable that it is put into."""
        if key is not None and key.type is not None:
            return None if key.type == ANY else key.type
        for node in frame.own:
            match node:
                case ast.AnnAssign(annotation=annotation, value=ast.expr() as value) if _unwrapped(value) is call:
                    return self._annotation(annotation, frame)
                case ast.Return(value=ast.expr() as value) if _unwrapped(value) is call:
                    returns = frame.scope.node.returns
                    return None if returns is None else self._annotation(returns, frame)
                case ast.Call(func=func, args=[annotation, value]) if _unwrapped(value) is call:
                    symbol = self._program.resolver.resolve(frame.scope.body, func)
                    is_cast = symbol is not None and symbol.is_typing("cast")
                    return self._annotation(annotation, frame) if is_cast else None
                case _:
                    pass
        return None

    def _annotation(self, node: ast.expr, frame: Frame) -> TypeRef | None:
        found = self._program.annotations.without_none(node, frame.scope.annotations)
        return None if found == ANY or found == TypeRef(("None",)) else found

    def _finding(self, use: _Use, frame: Frame, text: str, hint: str) -> Finding:
        definition = use.workflow.definition
        notes: tuple[Note, ...] = ()
        if definition is not None:
            where = definition.scope.source.path
            notes = (Note(path=where, line=definition.node.lineno, text=f"`{use.workflow.qualname}` is defined here"),)
        return finding_at(use.call, frame, Rule.TOPIC if use.method == "send" else Rule.EVENT, text, hint, notes)


def check(program: Program, source: Source) -> Iterable[Finding]:
    """Yield the uses of events, topics and streams that do not fit the workflow they are addressed to."""
    return _judge(program).check(source)


def known_types(program: Program, source: Source) -> Iterable[KnownType]:
    """Yield the types of the events that are read by a plain key from a workflow that is known."""
    return _judge(program).types(source)


@lru_cache(maxsize=4)
def _judge(program: Program) -> _ConversationJudge:
    return _ConversationJudge(program)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(quoted(name) for name in sorted(names))


def _unwrapped(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Await) else node


def _declared_calls(frame: Frame) -> Iterator[ast.expr]:
    """Yield the calls whose result is put where a type is declared."""
    for node in frame.own:
        match node:
            case ast.AnnAssign(value=ast.expr() as value) | ast.Return(value=ast.expr() as value):
                yield _unwrapped(value)
            case ast.Call(args=values):
                yield from map(_unwrapped, values)
            case _:
                pass


def _is_plain(type_: TypeRef) -> bool:
    """Whether a type is a class, or a union of classes, without type arguments."""
    return type_ != ANY and not any(isinstance(part, str) and part.strip() not in ("|", "None") for part in type_.parts)
