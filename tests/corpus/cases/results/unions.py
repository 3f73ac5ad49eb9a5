from dataclasses import dataclass

from dbos_typed import DBOS


@dataclass(frozen=True)
class Accepted:
    id: str


@dataclass(frozen=True)
class Rejected:
    reason: str


@DBOS.workflow()
def review(text: str) -> Accepted | Rejected:
    return Accepted(text) if text else Rejected("empty")


def tell(text: str) -> str:
    outcome = DBOS.start_workflow(review, text).get_result()
    if isinstance(outcome, Accepted):
        return outcome.id
    print(outcome.id)  # E: type
    return outcome.reason


def tell_badly(text: str) -> str:
    return review(text).reason  # E: type
