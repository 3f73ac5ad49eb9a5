import threading
from typing import Any

from pydantic import BaseModel, ConfigDict

from dbos_typed import DBOS


class Prompt(BaseModel):
    text: str
    options: dict[str, Any] = {}


class Reply(BaseModel):
    prompt: Prompt
    tokens: list[int]


class Machine:
    def __init__(self) -> None:
        self.lock = threading.Lock()


@DBOS.workflow()
def complete(prompt: Prompt) -> Reply:
    return Reply(prompt=prompt, tokens=[])


@DBOS.step()
def build(prompt: Prompt) -> Machine:  # E: dbos-serializable
    print(prompt.text)
    return Machine()


@DBOS.step()
def builds(prompts: list[Prompt]) -> dict[str, Machine]:  # E: dbos-serializable
    return {prompt.text: Machine() for prompt in prompts}


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)
    at: tuple[int, int]


@DBOS.step()
def freeze(x: int) -> Frozen:
    return Frozen(at=(x, x))
