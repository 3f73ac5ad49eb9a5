"""Types as mypy knows them, described for the decision whether their values can be stored.

Nothing here reports or changes anything. What mypy drops is missing: the extra arguments of `Annotated`, so that the
fields of pydantic models, which may be told there how to be written, are left to those who read the source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mypy.expandtype import expand_type_by_instance
from mypy.maptype import map_instance_to_supertype
from mypy.nodes import Decorator, FuncDef, OverloadedFuncDef, TypeInfo, Var
from mypy.types import (
    AnyType,
    FunctionLike,
    Instance,
    LiteralType,
    NoneType,
    ProperType,
    TupleType,
    Type,
    TypeAliasType,
    TypedDictType,
    TypeType,
    TypeVarType,
    UnionType,
    UnpackType,
    get_proper_type,
)

from dbos_gen.rules.storable import outside
from dbos_gen.rules.storable.described import UNKNOWN, AnyOf, ClassFacts, ClassForm, Described, Field, FixedTuple, Named
from dbos_gen.rules.storable.names import public

HasSource = Callable[[str], bool]
"""Whether a module was read from Python source rather than from a stub."""

_PYDANTIC = "pydantic.main.BaseModel"
_METACLASSES = frozenset({"builtins.type", "abc.ABCMeta", "enum.EnumMeta", "enum.EnumType"})
_BARE = frozenset({"builtins.object", "typing.Generic", "typing.Protocol", "abc.ABC"})


def describe(described: Type, has_source: HasSource) -> Described:
    """Describe a type; what stubs say of classes is not taken for what they are when the program runs."""
    return _Describer(has_source).describe(described)


class _Describer:
    def __init__(self, has_source: HasSource) -> None:
        self._has_source = has_source
        self._open: set[str] = set()

    def describe(self, described: Type) -> Described:
        if isinstance(described, TypeAliasType) and described.is_recursive:
            return self._recursive(described)
        proper = get_proper_type(described)
        match proper:
            case UnionType(items=members):
                return AnyOf(tuple(map(self.describe, members)))
            case TypeVarType():
                return self._variable(proper)
            case TypedDictType():
                return self._typed_dict(proper)
            case TupleType():
                return self._tuple(proper)
            case Instance():
                return self._instance(proper)
            case _:
                return _plain(proper)

    def _variable(self, variable: TypeVarType) -> Described:
        if variable.values:
            return AnyOf(tuple(map(self.describe, variable.values)))
        return self.describe(variable.upper_bound)

    def _recursive(self, alias: TypeAliasType) -> Described:
        name = alias.alias.fullname if alias.alias is not None else ""
        if name in self._open:
            return UNKNOWN
        self._open.add(name)
        try:
            proper = get_proper_type(alias)
            return UNKNOWN if isinstance(proper, AnyType) else self.describe(proper)
        finally:
            self._open.discard(name)

    def _tuple(self, proper: TupleType) -> Described:
        if proper.partial_fallback.type.fullname != "builtins.tuple":
            return self._instance(proper.partial_fallback, items=proper.items)
        if any(isinstance(get_proper_type(item), UnpackType) for item in proper.items):
            return Named("builtins.tuple")
        return FixedTuple(tuple(map(self.describe, proper.items)))

    def _typed_dict(self, proper: TypedDictType) -> Described:
        name = public(proper.fallback.type.fullname)

        def look() -> ClassFacts:
            fields = tuple(Field(name=key, type=self.describe(item)) for key, item in proper.items.items())
            return ClassFacts(name=name, kind=ClassForm.TYPED_DICT, fields=fields)

        return Named(name, tuple(map(self.describe, proper.fallback.args)), look)

    def _instance(self, instance: Instance, items: list[Type] | None = None) -> Described:
        info = instance.type
        if info.is_newtype and info.bases:
            return self.describe(info.bases[0])
        if info.typeddict_type is not None:
            return self.describe(info.typeddict_type)
        if info.tuple_type is not None and items is None and info.fullname != "builtins.tuple":
            items = list(info.tuple_type.items)
        if info.has_base("builtins.function") or info.has_base("typing.NewType"):
            return Named("collections.abc.Callable")
        if info.has_base("builtins.type"):
            return Named("builtins.type")
        args = tuple(map(self.describe, instance.args))
        return Named(public(info.fullname), args, lambda: self._facts(instance, items))

    # --- classes

    def _facts(self, instance: Instance, items: list[Type] | None) -> ClassFacts | None:
        info = instance.type
        if not self._has_source(info.module_name) or info.fallback_to_any:
            return None
        metaclass = info.metaclass_type or info.declared_metaclass
        kind = self._kind(info)
        bases = tuple(public(base.fullname) for base in info.mro[1:] if base.fullname != "builtins.object")
        is_known_by_base = any(base in outside.BY_NAME for base in bases)
        has_own_metaclass = metaclass is not None and metaclass.type.fullname not in _METACLASSES
        if kind is None or (kind is ClassForm.PLAIN and has_own_metaclass and not is_known_by_base):
            return None
        strangers = set(self._strangers(info))
        if kind is ClassForm.PLAIN and not is_known_by_base and not all(map(outside.is_known_base, strangers)):
            return None
        if kind is ClassForm.DATA and any(outside.advice_for(base) is not None for base in bases):
            return None
        return ClassFacts(
            name=public(info.fullname),
            kind=kind,
            fields=tuple(self._fields(instance, kind, items)),
            bases=bases,
            members=frozenset(self._members(info)),
            is_abstract=info.is_protocol or bool(info.abstract_attributes and metaclass is not None),
            makes_itself=bool(strangers) or any(self._makes_itself(base) for base in info.mro),
        )

    def _kind(self, info: TypeInfo) -> ClassForm | None:
        if info.has_base("builtins.BaseException"):
            return ClassForm.EXCEPTION
        if info.is_enum:
            return ClassForm.ENUM
        if info.tuple_type is not None:
            return ClassForm.NAMED_TUPLE
        if info.has_base(_PYDANTIC):
            return ClassForm.PYDANTIC
        for base in info.mro:
            if "dataclass" in base.metadata:
                return ClassForm.DATA if _is_dataclass(base) else None
            if "attrs" in base.metadata:
                return ClassForm.DATA
        return ClassForm.PLAIN

    def _fields(self, instance: Instance, kind: ClassForm, items: list[Type] | None) -> Iterator[Field]:
        info = instance.type
        if kind is ClassForm.NAMED_TUPLE:
            owner = next((base for base in info.mro if "namedtuple" in base.metadata), None)
            names: list[str] = [] if owner is None else list(owner.metadata["namedtuple"]["fields"])
            for name, item in zip(names, items or (), strict=False):
                yield Field(name=name, type=self.describe(_expanded(item, instance)))
        elif kind is ClassForm.DATA:
            for name in _data_fields(info):
                yield Field(name=name, type=self._field_type(instance, name))

    def _field_type(self, instance: Instance, name: str) -> Described:
        for base in instance.type.mro:
            symbol = base.names.get(name)
            if symbol is not None and isinstance(symbol.node, Var) and symbol.node.type is not None:
                owner = map_instance_to_supertype(instance, base)
                return self.describe(expand_type_by_instance(symbol.node.type, owner))
        return UNKNOWN

    def _members(self, info: TypeInfo) -> Iterator[str]:
        for base in info.mro:
            if not self._has_source(base.module_name):
                continue
            for name, symbol in base.names.items():
                node = symbol.node
                is_method = isinstance(node, FuncDef | Decorator | OverloadedFuncDef)
                is_value = isinstance(node, Var) and not symbol.implicit and node.has_explicit_value
                if is_method or (is_value and not ({"dataclass", "attrs"} & base.metadata.keys())):
                    yield name

    def _strangers(self, info: TypeInfo) -> Iterator[str]:
        """The bases outside Python source that classes with source name."""
        for owner in info.mro:
            if self._has_source(owner.module_name):
                for base in owner.bases:
                    if not self._has_source(base.type.module_name) and base.type.fullname not in _BARE:
                        yield public(base.type.fullname)

    def _makes_itself(self, info: TypeInfo) -> bool:
        if info.is_protocol or not self._has_source(info.module_name):
            return False
        made = (info.names.get("__init__"), info.names.get("__new__"))
        return any(symbol is not None and not symbol.plugin_generated for symbol in made)


def _plain(proper: ProperType) -> Described:
    match proper:
        case NoneType():
            return Named("builtins.None")
        case LiteralType():
            return Named("typing.Literal")
        case TypeType():
            return Named("builtins.type")
        case FunctionLike():
            return Named("builtins.type" if proper.is_type_obj() else "collections.abc.Callable")
        case _:
            return UNKNOWN


def _is_dataclass(info: TypeInfo) -> bool:
    """Whether `dataclasses` made the class: others that look alike to mypy mark it with fields of type Any."""
    symbol = info.names.get("__dataclass_fields__")
    fields: ProperType | None = None
    if symbol is not None and isinstance(symbol.node, Var):
        fields = get_proper_type(symbol.node.type)
    if not isinstance(fields, Instance) or not fields.args:
        return False
    field = get_proper_type(fields.args[-1])
    return isinstance(field, Instance) and field.type.fullname == "dataclasses.Field"


def _data_fields(info: TypeInfo) -> Iterator[str]:
    for base in info.mro:
        for kind in ("dataclass", "attrs"):
            if kind in base.metadata:
                for attribute in base.metadata[kind]["attributes"]:
                    if not attribute.get("is_init_var", False):
                        yield str(attribute["name"])
                return


def _expanded(item: Type, instance: Instance) -> Type:
    return expand_type_by_instance(item, instance) if len(instance.args) == len(instance.type.type_vars) else item
