from __future__ import annotations

from abc import ABC, abstractmethod

from dbos_typed import DBOS, DBOSConfiguredInstance


class Handler(ABC):
    @abstractmethod
    def handle(self, text: str) -> str: ...


class Recorder(Handler):
    def handle(self, text: str) -> str:
        DBOS.set_event("handled", text)
        return text


class Upper(Handler):
    def handle(self, text: str) -> str:
        return text.upper()


@DBOS.dbos_class()
class Dispatcher(DBOSConfiguredInstance):
    def __init__(self, name: str, handlers: dict[str, Handler]) -> None:
        super().__init__(name)
        self.handlers = handlers

    def dispatch(self, kind: str, text: str) -> str:
        return self.handlers[kind].handle(text)

    @DBOS.workflow()
    def run(self, kind: str, text: str) -> str:
        return self.dispatch(kind, text) + Recorder().handle(text)

    @DBOS.step()
    def step(self, kind: str, text: str) -> str:
        return self.dispatch(kind, text) + Upper().handle(text)

    @DBOS.step()
    def broken(self, text: str) -> str:
        return Recorder().handle(text)  # E: dbos-context


dispatcher = Dispatcher("main", {"upper": Upper()})
