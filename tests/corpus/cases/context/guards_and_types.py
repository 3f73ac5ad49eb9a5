from __future__ import annotations

from typing import TYPE_CHECKING

from dbos_typed import DBOS, DBOSConfiguredInstance

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class Progress:
    """Methods that may be called from anywhere are nobody's mistake until somebody calls them."""

    def __init__(self, name: str) -> None:
        self.name = name

    def report(self, percent: int) -> None:
        DBOS.set_event(self.name, percent)

    def wait(self) -> object:
        return DBOS.recv(self.name)

    @property
    def session(self) -> Session:
        return DBOS.sql_session


class Base(DBOSConfiguredInstance):
    def on_done(self) -> None:
        DBOS.set_event("done", True)

    def unused(self) -> None:
        DBOS.sleep(1)


@DBOS.dbos_class()
class Worker(Base):
    @DBOS.transaction()
    def store(self, progress: Progress) -> int:
        return len(progress.session.dirty)

    @DBOS.step()
    def work(self, progress: Progress) -> str:
        progress.report(50)  # E: dbos-context
        return progress.name

    @DBOS.workflow()
    def run(self, name: str) -> str:
        progress = Progress(name)
        progress.report(0)
        progress.wait()
        done = self.work(progress)
        print(progress.session)  # E: dbos-context
        self.on_done()
        return done
