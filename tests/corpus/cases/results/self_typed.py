from typing import TypeVar

from typing_extensions import Self

from dbos_typed import DBOS, DBOSConfiguredInstance

NodeT = TypeVar("NodeT", bound="Node")


class Node(DBOSConfiguredInstance):
    def linked(self, other: Self) -> Self:
        return other

    @DBOS.workflow()
    def weigh(self, factor: float) -> float:
        return factor

    @classmethod
    @DBOS.workflow()
    def names(cls, prefix: str) -> list[str]:
        return [prefix + cls.__name__]


class Leaf(Node):
    def color(self) -> str:
        return "green"


def heaviest(nodes: list[NodeT]) -> NodeT:
    return max(nodes, key=lambda node: node.weigh(1.0))


leaf = Leaf("leaf")
print(heaviest([leaf]).color(), leaf.linked(leaf).color())
print(leaf.weigh(2.0).color())  # E: type
print(Leaf.names("a")[0].upper())
print(Leaf.names("a").upper())  # E: type
total: float = DBOS.start_workflow(leaf.weigh, 1).get_result()
label: str = DBOS.start_workflow(leaf.weigh, 1).get_result()  # E: type
