"""What a call may stand for: recorded functions, operations of the runtime, helpers and constructions."""

from __future__ import annotations

from dataclasses import dataclass

from dbos_gen.python.scopes.resolution import Scope
from dbos_gen.python.types.inference import FunctionScope
from dbos_gen.python.values.functions import Function
from dbos_gen.python.values.values import Made
from dbos_gen.syntax.bindings import FunctionNode
from dbos_gen.vocabulary.runtimes import Meaning


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recorded:
    """A workflow, step or transaction of the project; ``scope`` is where its annotations are looked up."""

    kind: str
    name: str
    node: FunctionNode
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A method of ``DBOS`` by its public name without ``_async``, or a method of a handle or of another instance."""

    name: str
    means: Meaning


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Helper:
    """A plain function of the project, which does what it does for its caller.

    ``scope`` is its own, without what a call passes; ``before`` are the calls of ``functools.partial`` around it.
    """

    scope: FunctionScope
    function: Function
    is_bound: bool
    before: tuple[Made, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Construction:
    """A class of the project, whose constructors run one after the other."""

    helpers: tuple[Helper, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A function that arrives as a value, or one of the runtime's that nothing is known of."""


Callee = Recorded | Operation | Helper | Construction | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What a call may stand for, each with a label; None for what records nothing.

    ``is_open`` when it may be something else that the source does not tell.
    """

    callees: tuple[tuple[str, Callee | None], ...] = ()
    is_open: bool = False

    @property
    def only(self) -> Callee | None:
        """Return the one thing that it stands for."""
        return self.callees[0][1] if len(self.callees) == 1 and not self.is_open else None
