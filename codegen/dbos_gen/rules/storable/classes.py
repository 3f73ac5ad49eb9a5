"""What the source says of a class of the project: its kind, its fields, its bases and what its instances can do."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from dbos_gen.python.scopes.resolution import Resolver, Scope, Symbol, assigned_value, dotted
from dbos_gen.rules.storable import outside
from dbos_gen.rules.storable.described import UNKNOWN, ClassFacts, ClassForm, Described, Field
from dbos_gen.rules.storable.names import public
from dbos_gen.sources.memory import Memory
from dbos_gen.sources.project import Project
from dbos_gen.syntax.bindings import Defined, FunctionNode, collect

_DEEPEST = 20
_KIND_OF_BASE = {
    "enum.Enum": ClassForm.ENUM,
    "enum.IntEnum": ClassForm.ENUM,
    "enum.StrEnum": ClassForm.ENUM,
    "enum.Flag": ClassForm.ENUM,
    "enum.IntFlag": ClassForm.ENUM,
    "enum.ReprEnum": ClassForm.ENUM,
    "pydantic.BaseModel": ClassForm.PYDANTIC,
    "pydantic.RootModel": ClassForm.PYDANTIC,
    "pydantic_settings.BaseSettings": ClassForm.PYDANTIC,
    "typing.NamedTuple": ClassForm.NAMED_TUPLE,
    "collections.namedtuple": ClassForm.NAMED_TUPLE,
    "typing.TypedDict": ClassForm.TYPED_DICT,
    **dict.fromkeys(outside.EXCEPTIONS, ClassForm.EXCEPTION),
}
_ABSTRACT_BASES = frozenset({"abc.ABC", "typing.Protocol"})
_BARE_BASES = frozenset({"builtins.object", "typing.Generic"}) | _ABSTRACT_BASES
_DATACLASS = frozenset({"dataclasses.dataclass", "pydantic.dataclasses.dataclass"})
# Whether the decorator makes fields of annotated names that have no `attr.ib()`.
_ATTRS = {
    **dict.fromkeys(("attr.s", "attr.attrs", "attr.attributes"), False),
    **dict.fromkeys(("attr.define", "attr.frozen", "attr.mutable", "attr.dataclass"), True),
    **dict.fromkeys(("attrs.define", "attrs.frozen", "attrs.mutable"), True),
}
_ATTRS_FIELDS = ("ib", "attrib", "attr", "field")
_HARMLESS = frozenset(
    {
        *("typing.final", "typing.runtime_checkable", "typing.deprecated", "warnings.deprecated"),
        *("functools.total_ordering", "enum.unique", "enum.verify"),
    }
)
_NO_FIELDS = ("ClassVar", "InitVar")
_HARMLESS_FIELD_WORDS = frozenset(
    {
        *("default", "default_factory", "description", "title", "alias", "examples", "repr", "init", "kw_only"),
        *("frozen", "validate_default", "deprecated", "json_schema_extra", "serialization_alias"),
        *("validation_alias", "init_var"),
    }
)


class Read(Protocol):
    """Reads an annotation in a scope, given what type variables stand for."""

    def __call__(self, node: ast.expr, scope: Scope, variables: Mapping[str, Described], /) -> Described: ...


@dataclass(slots=True, kw_only=True, eq=False)
class _Ancestor:
    """A class statement among the bases of a class, or the class itself, and what its type variables stand for."""

    node: ast.ClassDef
    path: str
    scope: Scope
    variables: dict[str, Described] = field(default_factory=dict[str, Described])


class _UnknownError(Exception):
    """Too little is known of a class: of one of its bases, decorators or its metaclass."""


@dataclass(slots=True)
class _Ancestry:
    """A class and its bases, nearest first: statements of the project, and the names of all."""

    ancestors: list[_Ancestor] = field(default_factory=list[_Ancestor])
    names: list[str] = field(default_factory=list[str])
    root_model: Described = UNKNOWN
    has_abc: bool = False


class Classes:
    """Reads class statements; None where one of them depends on something that the source does not show."""

    def __init__(self, resolver: Resolver, project: Project, read: Read) -> None:
        self._resolver = resolver
        self._read = read
        self._known: Memory[tuple[str, str, tuple[Described, ...]], ClassFacts | None] = Memory(project)

    def facts(self, symbol: Symbol, args: tuple[Described, ...], scope: Scope) -> ClassFacts | None:
        """Return what is known of a class with its type arguments; ``scope`` is where its name was used."""
        if symbol.is_local:
            return self._of(symbol, args, scope)
        key = symbol.module, symbol.path, args
        return self._known.get(key, lambda: self._of(symbol, args, scope), lambda: None)

    def _of(self, symbol: Symbol, args: tuple[Described, ...], scope: Scope) -> ClassFacts | None:
        if not isinstance(symbol.node, ast.ClassDef) or symbol.source is None:
            return None
        found = _Ancestry()
        try:
            self._climb(symbol, args, scope, found, 0)
            return self._facts(f"{symbol.module}.{symbol.path}".replace("<locals>.", ""), found)
        except _UnknownError:
            return None

    # --- bases

    def _climb(self, symbol: Symbol, args: tuple[Described, ...], outer: Scope, found: _Ancestry, depth: int) -> None:
        node, source = symbol.node, symbol.source
        if not isinstance(node, ast.ClassDef) or source is None or depth > _DEEPEST:
            raise _UnknownError
        scope = Scope(source=source, locals=outer.locals) if symbol.is_local else Scope(source=source)
        ancestor = _Ancestor(node=node, path=symbol.path, scope=scope)
        ancestor.variables = dict(zip(self._parameters(node, scope), args, strict=False))
        found.ancestors.append(ancestor)
        found.names.append(f"{symbol.module}.{symbol.path}")
        self._check_decorators(ancestor)
        for word in node.keywords:
            if word.arg == "metaclass":
                metaclass = self._name(word.value, scope)
                if metaclass not in ("abc.ABCMeta", "enum.EnumMeta", "enum.EnumType"):
                    raise _UnknownError
                found.has_abc = True
        for base in node.bases:
            self._base(base, ancestor, found, depth)

    def _base(self, base: ast.expr, ancestor: _Ancestor, found: _Ancestry, depth: int) -> None:
        head: ast.expr = base
        args: tuple[Described, ...] = ()
        if isinstance(base, ast.Subscript):
            head = base.value
            elements = base.slice.elts if isinstance(base.slice, ast.Tuple) else [base.slice]
            args = tuple(self._read(element, ancestor.scope, ancestor.variables) for element in elements)
        elif isinstance(base, ast.Call):
            head = base.func
        symbol = self._resolver.resolve(ancestor.scope, head)
        if symbol is None or not symbol.path:
            raise _UnknownError
        if self._is_declarative_base(symbol):
            found.names.append("sqlalchemy.orm.DeclarativeBase")
            return
        if isinstance(symbol.node, ast.ClassDef) and not isinstance(base, ast.Call):
            if f"{symbol.module}.{symbol.path}" not in found.names:
                self._climb(symbol, args, ancestor.scope, found, depth + 1)
            return
        if symbol.source is not None:
            raise _UnknownError
        name = public(f"dbos_typed.{symbol.path}" if symbol.is_runtime else f"{symbol.module}.{symbol.path}")
        if name not in _KIND_OF_BASE and name not in _BARE_BASES and not outside.is_known_base(name):
            raise _UnknownError
        if isinstance(base, ast.Call) and name != "collections.namedtuple":
            raise _UnknownError
        found.names.append(name)
        found.has_abc = found.has_abc or name in _ABSTRACT_BASES
        if name == "pydantic.RootModel" and args:
            found.root_model = args[0]

    def _is_declarative_base(self, symbol: Symbol) -> bool:
        """Whether a name was given by ``Base = declarative_base()``."""
        value = assigned_value(symbol.node)
        if symbol.source is None or not isinstance(value, ast.Call):
            return False
        made_by = self._name(value.func, Scope(source=symbol.source))
        return made_by.startswith("sqlalchemy.") and made_by.endswith(".declarative_base")

    def _parameters(self, node: ast.ClassDef, scope: Scope) -> list[str]:
        bracketed: list[object] = getattr(node, "type_params", [])
        if bracketed:
            return [str(getattr(parameter, "name", "")) for parameter in bracketed]
        found: dict[str, None] = {}
        for base in node.bases:
            if isinstance(base, ast.Subscript):
                names = [part.id for part in ast.walk(base.slice) if isinstance(part, ast.Name)]
                if self._name(base.value, scope) in ("typing.Generic", "typing.Protocol"):
                    return names
                found.update(dict.fromkeys(name for name in names if self._is_variable(name, scope)))
        return list(found)

    def _is_variable(self, name: str, scope: Scope) -> bool:
        symbol = self._resolver.lookup(scope, (name,))
        match symbol.node if symbol is not None else None:
            case ast.Assign(value=ast.Call(func=func)):
                return self._name(func, scope) == "typing.TypeVar"
            case _:
                return False

    def _check_decorators(self, ancestor: _Ancestor) -> None:
        for decorator in ancestor.node.decorator_list:
            head = decorator.func if isinstance(decorator, ast.Call) else decorator
            name = self._name(head, ancestor.scope)
            if not name.startswith("dbos_typed.") and name not in _DATACLASS | _HARMLESS and name not in _ATTRS:
                raise _UnknownError

    def _name(self, node: ast.expr, scope: Scope) -> str:
        symbol = self._resolver.resolve(scope, node)
        if symbol is None:
            return ""
        return f"dbos_typed.{symbol.path}" if symbol.is_runtime else public(f"{symbol.module}.{symbol.path}")

    def _decorator(self, ancestor: _Ancestor, names: object) -> ast.expr | None:
        for decorator in ancestor.node.decorator_list:
            head = decorator.func if isinstance(decorator, ast.Call) else decorator
            if isinstance(names, frozenset | dict) and self._name(head, ancestor.scope) in names:
                return decorator
        return None

    # --- facts

    def _facts(self, name: str, found: _Ancestry) -> ClassFacts | None:
        kind = self._kind(found)
        bases = tuple(found.names[1:])
        if kind is ClassForm.DATA and any(outside.advice_for(base) is not None for base in bases):
            return None  # whether it can be put together without its own code depends on how the base is made
        fields: tuple[Field, ...] = ()
        if kind is ClassForm.PYDANTIC:
            fields = self._pydantic_fields(found)
        elif kind in (ClassForm.DATA, ClassForm.NAMED_TUPLE, ClassForm.TYPED_DICT):
            fields = tuple(self._fields(found, kind))
        is_protocol = self._is_protocol(found.ancestors[0])
        return ClassFacts(
            name=name,
            kind=kind,
            fields=fields,
            bases=bases,
            members=frozenset(member for ancestor in found.ancestors for member in _members(ancestor.node, kind=kind)),
            is_abstract=is_protocol or (found.has_abc and _is_abstract(found.ancestors)),
            makes_itself=self._makes_itself(found),
        )

    def _kind(self, found: _Ancestry) -> ClassForm:
        kinds = {_KIND_OF_BASE[name] for name in found.names if name in _KIND_OF_BASE}
        for kind in (
            ClassForm.EXCEPTION,
            ClassForm.TYPED_DICT,
            ClassForm.ENUM,
            ClassForm.NAMED_TUPLE,
            ClassForm.PYDANTIC,
        ):
            if kind in kinds:
                return kind
        is_data = any(
            self._decorator(ancestor, _DATACLASS) is not None or self._decorator(ancestor, _ATTRS) is not None
            for ancestor in found.ancestors
        )
        return ClassForm.DATA if is_data else ClassForm.PLAIN

    def _makes_itself(self, found: _Ancestry) -> bool:
        if any(name not in _BARE_BASES for name in found.names if not self._is_own(name, found)):
            return True
        return any(
            isinstance(statement, FunctionNode) and statement.name in ("__init__", "__new__")
            for ancestor in found.ancestors
            if not self._is_protocol(ancestor)
            for statement in ancestor.node.body
        )

    def _is_own(self, name: str, found: _Ancestry) -> bool:
        return any(name == f"{ancestor.scope.source.name}.{ancestor.path}" for ancestor in found.ancestors)

    def _is_protocol(self, ancestor: _Ancestor) -> bool:
        heads = [base.value if isinstance(base, ast.Subscript) else base for base in ancestor.node.bases]
        return any(self._name(head, ancestor.scope) == "typing.Protocol" for head in heads)

    def _fields(self, found: _Ancestry, kind: ClassForm) -> Iterator[Field]:
        fields: dict[str, Described] = {}
        for ancestor in reversed(found.ancestors):
            attrs = self._decorator(ancestor, _ATTRS)
            decorated = self._decorator(ancestor, _DATACLASS) is not None or attrs is not None
            makes_fields = kind in (ClassForm.NAMED_TUPLE, ClassForm.TYPED_DICT) or decorated
            only_marked = attrs is not None and not self._annotations_suffice(attrs, ancestor)
            for statement in ancestor.node.body:
                match statement:
                    case ast.AnnAssign(target=ast.Name(id=name)):
                        is_field = makes_fields and (not only_marked or _is_attrs_field(statement.value))
                        if (is_field or name in fields) and not self._is_no_field(statement.annotation, ancestor):
                            fields[name] = self._field_type(statement.annotation, ancestor)
                    case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call) if attrs is not None:
                        if _is_attrs_field(call):
                            declared = next((word.value for word in call.keywords if word.arg == "type"), None)
                            fields[name] = UNKNOWN if declared is None else self._field_type(declared, ancestor)
                    case _:
                        pass
        yield from (Field(name=name, type=described) for name, described in fields.items())

    def _annotations_suffice(self, decorator: ast.expr, ancestor: _Ancestor) -> bool:
        head = decorator.func if isinstance(decorator, ast.Call) else decorator
        for word in decorator.keywords if isinstance(decorator, ast.Call) else ():
            if word.arg == "auto_attribs" and isinstance(word.value, ast.Constant):
                return bool(word.value.value)
        return _ATTRS.get(self._name(head, ancestor.scope), True)

    def _pydantic_fields(self, found: _Ancestry) -> tuple[Field, ...]:
        fields: dict[str, Field] = {}
        if "pydantic.RootModel" in found.names:
            fields["root"] = Field(name="root", type=found.root_model)
        customised = _customised(found.ancestors)
        for ancestor in reversed(found.ancestors):
            for statement in ancestor.node.body:
                match statement:
                    case ast.AnnAssign(target=ast.Name(id=name)) if not name.startswith("_") and name != "model_config":
                        if self._is_no_field(statement.annotation, ancestor):
                            continue
                        fields[name] = Field(
                            name=name,
                            type=self._field_type(statement.annotation, ancestor),
                            is_customised=bool({name, "*"} & customised) or _is_special_field(statement.value),
                        )
                    case _:
                        pass
        return tuple(fields.values())

    def _is_no_field(self, annotation: ast.expr, ancestor: _Ancestor) -> bool:
        node = annotation
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value.rpartition(".")[2].startswith(_NO_FIELDS) or node.value.startswith(_NO_FIELDS)
        head = node.value if isinstance(node, ast.Subscript) else node
        return self._name(head, ancestor.scope).rpartition(".")[2] in (*_NO_FIELDS, "KW_ONLY")

    def _field_type(self, annotation: ast.expr, ancestor: _Ancestor) -> Described:
        # Names of the module win over those of the class: in `date: date | None = None` the type is meant.
        name = dotted(annotation)
        if name is not None and self._resolver.lookup(ancestor.scope, name) is None:
            inner = Scope(
                source=ancestor.scope.source,
                owner=ancestor.node,
                owner_path=ancestor.path,
                locals=ancestor.scope.locals,
            )
            return self._read(annotation, inner, ancestor.variables)
        return self._read(annotation, ancestor.scope, ancestor.variables)


def _members(node: ast.ClassDef, *, kind: ClassForm) -> Iterator[str]:
    for name, binding in collect(node.body, module="", is_package=False).names.items():
        statement = binding.node if isinstance(binding, Defined) else None
        is_data = kind in (ClassForm.DATA, ClassForm.PYDANTIC, ClassForm.TYPED_DICT) and isinstance(
            statement, ast.AnnAssign
        )
        if not is_data and not (isinstance(statement, ast.AnnAssign) and statement.value is None):
            yield name


def _is_abstract(ancestors: list[_Ancestor]) -> bool:
    left: set[str] = set()
    for ancestor in reversed(ancestors):
        for statement in ancestor.node.body:
            if isinstance(statement, FunctionNode):
                marks = [dotted(decorator) for decorator in statement.decorator_list]
                is_abstract = any(mark is not None and mark[-1].startswith("abstract") for mark in marks)
                (left.add if is_abstract else left.discard)(statement.name)
            elif isinstance(statement, ast.Assign):
                left.difference_update(target.id for target in statement.targets if isinstance(target, ast.Name))
    return bool(left)


def _is_attrs_field(value: ast.expr | None) -> bool:
    if not isinstance(value, ast.Call):
        return False
    name = dotted(value.func)
    return name is not None and name[-1] in _ATTRS_FIELDS


def _is_special_field(value: ast.expr | None) -> bool:
    """Whether ``Field(...)`` says more about a field than its default and its description."""
    if not isinstance(value, ast.Call):
        return False
    return any(word.arg not in _HARMLESS_FIELD_WORDS for word in value.keywords)


def _customised(ancestors: list[_Ancestor]) -> set[str]:
    """Return the names of fields that a model writes itself; ``*`` for all of them."""
    found: set[str] = set()
    for ancestor in ancestors:
        for node in ast.walk(ancestor.node):
            match node:
                case ast.FunctionDef(name="__get_pydantic_core_schema__") | ast.keyword(arg="json_encoders"):
                    found.add("*")
                case ast.Constant(value="json_encoders") | ast.Name(id="json_encoders"):
                    found.add("*")
                case ast.FunctionDef(decorator_list=decorators):
                    for decorator in decorators:
                        found.update(_serialized(decorator))
                case _:
                    pass
    return found


def _serialized(decorator: ast.expr) -> Iterator[str]:
    head = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = dotted(head)
    if name is None or not name[-1].endswith("serializer"):
        return
    given = decorator.args if isinstance(decorator, ast.Call) else []
    if name[-1] == "model_serializer" or not given:
        yield "*"
    for argument in given:
        yield argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else "*"
