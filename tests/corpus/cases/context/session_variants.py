from sqlalchemy import select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from dbos_typed import DBOS


class Base(DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


def add(session: Session, words: str) -> None:
    session.add(Note(text=words))


def finish() -> None:
    DBOS.sql_session.commit()  # E?: dbos-context


@DBOS.transaction()
def write(words: str) -> int:
    add(DBOS.sql_session, words)
    DBOS.sql_session.flush()
    count = len(DBOS.sql_session.scalars(select(Note)).all())
    finish()  # E: dbos-context
    return count


@DBOS.transaction()
def undo(words: str) -> None:
    session: Session = DBOS.sql_session
    try:
        session.execute(text(words))
    except ValueError:
        session.rollback()  # E: dbos-context
        raise


@DBOS.workflow()
def both(words: str) -> int:
    undo(words)
    add(DBOS.sql_session, words)  # E: dbos-context
    return write(words)
