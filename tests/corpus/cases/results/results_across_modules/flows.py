from dataclasses import dataclass

from dbos_typed import DBOS


@dataclass(frozen=True)
class Score:
    value: float
    label: str


@DBOS.step()
def predict(text: str) -> float:
    return len(text) / 10


@DBOS.workflow()
def classify(text: str) -> Score:
    value = predict(text)
    return Score(value, "long" if value > 1 else "short")
