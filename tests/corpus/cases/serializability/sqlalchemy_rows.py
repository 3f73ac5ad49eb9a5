from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dbos_typed import DBOS


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


@DBOS.transaction()
def user(user_id: int) -> User | None:  # E: dbos-serializable
    return DBOS.sql_session.get(User, user_id)


@DBOS.transaction()
def user_name(user_id: int) -> str | None:
    found = DBOS.sql_session.get(User, user_id)
    return None if found is None else found.name


@DBOS.transaction()
def rows() -> list[Row[Any]]:  # E: dbos-serializable
    return list(DBOS.sql_session.execute(text("SELECT 1")).all())


@DBOS.transaction()
def tuples() -> list[tuple[Any, ...]]:
    return [tuple(row) for row in DBOS.sql_session.execute(text("SELECT 1"))]
